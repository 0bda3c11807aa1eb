// Wires the page: a scene comes in, views draw it; controls, ring and player send the next question.

import { Address, linkAt } from "./address.mjs";
import { at } from "./dom.mjs";
import { Examples } from "./examples.mjs";
import { Exchange } from "./exchange.mjs";
import { Menu } from "./menu.mjs";
import { decode } from "./moment.mjs";
import { numbers } from "./numbers.mjs";
import { Player } from "./player.mjs";
import { Ring } from "./ring.mjs";
import { Sentence } from "./sentence.mjs";
import { Share } from "./share.mjs";
import { Sliders } from "./sliders.mjs";
import { notice, Speech } from "./speech.mjs";
import { Trail } from "./trail.mjs";
import { View } from "./view.mjs";

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function webgl() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(context);
}

/** The shell is drawn by Dash; wait until it is there. */
function shell() {
  return new Promise((ready) => {
    const look = () => at("losslab") && (watch.disconnect(), ready());
    const watch = new MutationObserver(look);
    watch.observe(document.body, { childList: true, subtree: true });
    look();
  });
}

/** The theme that is drawn: the link's, or the system's. */
function dress(theme) {
  const wanted = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
  const changed = root.dataset.theme !== wanted;
  root.dataset.theme = wanted;
  return changed;
}

class Page {
  constructor() {
    const solid = webgl();
    document.body.classList.toggle("no-3d", !solid);
    if (!solid) at("landscape").innerHTML = '<p class="flat">This browser cannot draw in three dimensions, so the map carries the picture: the same landscape seen from above.</p>';
    const drawn = ["landscape", "landscape-2", "map", "map-2", "data", "detail"].filter((view) => solid || !view.startsWith("landscape"));
    this.views = Object.fromEntries(drawn.map((view) => [view, new View(at(view))]));
    this.trail = new Trail();
    this.ring = new Ring(this.views.map, (start) => this.ask({ start: this.spellStart(start) }), (k) => this.player.jump(k));
    this.sliders = new Sliders(at("sliders"), (set) => this.ask(set));
    const menu = new Menu((set) => this.ask(set, "push"));
    this.sentence = new Sentence(at("sentence"), menu);
    this.title = new Sentence(at("detail-word"), menu);
    this.examples = new Examples(this.views.data, (row) => this.point(row), (row, target) => this.edit(row, target));
    this.player = new Player((k) => this.stand(k));
    this.speech = new Speech();
    this.address = new Address((link) => this.exchange.open(link));
    this.exchange = new Exchange((scene, how) => this.receive(scene, how), (lost) => this.lost(lost));
    new Share(() => linkAt(this.scene, this.player.k));
    at("theme").onclick = () => this.ask({ theme: root.dataset.theme === "dark" ? "light" : "dark" });
    at("fog").onclick = () => this.ask({ fog: this.scene.fog ? "0" : "1" }, "push");
    at("basins").onclick = () => this.ask({ basins: this.scene.basins ? "0" : "1" }, "push");
    at("ghost").onclick = () => this.ask({ ghost: this.scene.ghost ? "" : this.spellRun() }, "push");
    if (solid) this.aim();
    dark.addEventListener("change", () => dress(this.scene.theme) && this.redraw());
  }

  aim() {
    const { landscape } = this.views;
    turnTogether(landscape, this.views["landscape-2"]);
    at("top").onclick = () => landscape.look({ x: 0, y: -0.01, z: 2.1 });
    at("side").onclick = () => landscape.look({ x: 0, y: -2.1, z: 0.25 });
    at("home").onclick = () => landscape.look(null);
  }

  /** The changing card as a handle: a click on a step stands there, a pointer over it looks there. */
  link() {
    const { detail } = this.views;
    const first = (event) => event.points[0];
    const means = {
      curve: {
        click: ({ x }) => this.player.jump(Math.round(x)),
        hover: ({ x }) => this.peek(Math.round(x), detail),
        leave: () => this.peek(this.player.k, detail),
      },
      rates: {
        click: ({ x }) => this.ask({ rate: String(Number(x.toPrecision(4))) }, "push"),
        hover: ({ pointNumber }) => this.preview(pointNumber),
        leave: () => this.preview(null),
      },
      betas: { click: ({ x, y }) => this.ask({ opt: "momentum", rate: String(Number(x.toPrecision(4))), momentum: String(Number(y.toPrecision(3))) }, "push") },
      examples: {
        hover: ({ data, customdata }) => data.meta === "examples" && this.point(customdata, detail),
        leave: () => this.point(undefined, detail),
      },
    };
    const meant = () => means[this.scene.view] ?? means.examples;
    detail.element.on("plotly_click", (event) => meant().click?.(first(event)));
    detail.element.on("plotly_hover", (event) => meant().hover?.(first(event)));
    detail.element.on("plotly_unhover", () => meant().leave?.());
  }

  ask(changes, how) {
    root.dataset.ready = "false";
    this.exchange.ask(linkAt(this.scene, this.player.k), changes, how);
  }

  /** This run, as a ghost remembers it. */
  spellRun() {
    const rate = this.scene.controls.sliders.find(({ key }) => key === "rate").value;
    return [rate, ...this.scene.start].map((c) => String(Number(c.toPrecision(6)))).join(",");
  }

  /** The path that another rate of the chart would take, on the map; none without a number. */
  preview(rate) {
    const { fan_u: u, fan_v: v } = this.arrays;
    const [from, to] = rate === null || !u ? [0, 0] : [rate * u.width, (rate + 1) * u.width];
    Object.assign(this.arrays, {
      preview_u: { values: u?.values.subarray(from, to) ?? new Float32Array(), width: 0 },
      preview_v: { values: v?.values.subarray(from, to) ?? new Float32Array(), width: 0 },
    });
    this.views.map.show(this.arrays, this.player.k);
  }

  spellStart(start) {
    return start.map((c) => String(Number(c.toPrecision(6)))).join(",");
  }

  /** An example's target by hand: one more entry among those that the link holds. */
  edit(row, target) {
    const held = this.edits ?? new URLSearchParams(this.scene.link).get("edit") ?? "";
    const others = held.split(",").filter((part) => part && Number(part.split(":")[0]) !== row);
    this.edits = [...others, `${row}:${Number(target.toPrecision(4))}`].join(",");
    this.ask({ edit: this.edits });
  }

  async receive(scene, how) {
    const before = this.scene;
    this.scene = scene;
    this.edits = null;
    this.arrays = Object.fromEntries(Object.entries(scene.run.arrays).map(([name, array]) => [name, decode(array)]));
    this.trail.note(scene, this.arrays);
    document.title = `${scene.title} · Losslab`;
    if (how !== "replace" || scene.notices.length) notice(at("notice"), scene.notices, scene.plain);
    this.sentence.show(scene.controls.sentence);
    this.title.show([scene.controls.detail]);
    this.sliders.show(scene.controls.sliders);
    this.player.load(scene.run.moments.length - 1, scene.step);
    at("fog").textContent = scene.fog ? "Lift fog" : "Fog";
    for (const key of ["fog", "basins", "ghost"]) at(key).ariaPressed = String(scene[key]);
    document.body.classList.toggle("versus", "map-2" in scene.figures);
    const undressed = dress(scene.theme);
    this.say();
    await Promise.all(Object.entries(this.views).map(([name, view]) => {
      if (!scene.figures[name]) return view.clear();
      const layout = scene.run.layout[name];
      const stands = before?.figures[name]?.name === scene.figures[name].name && !undressed && view.drawn;
      if (stands) return view.show(this.arrays, this.player.k, layout);
      return view.draw(scene.figures[name].figure, { run: this.arrays, k: this.player.k, fog: scene.fog, layout });
    }));
    if (!before) this.link();
    if (!this.ring.dragging) this.ring.place(scene.start);
    this.examples.show(scene.examples);
    for (const [view, text] of Object.entries(scene.captions)) at(`${view}-caption`).textContent = text;
    if (before) this.address.write(linkAt(scene, this.player.k), how);
    if (!this.exchange.busy) root.dataset.ready = "true";
  }

  /** The playhead has come to step k. */
  stand(k) {
    this.peek(k);
    this.say();
    this.address.write(linkAt(this.scene, k), "replace");
  }

  /** Every view at step k, without going there; `from` stays, or it would lose the pointer over it. */
  peek(k, from) {
    for (const view of Object.values(this.views)) if (view !== from) view.show(this.arrays, k);
    this.caption(k);
    this.ring.steps = { u: this.arrays.u.values, v: this.arrays.v.values, k };
  }

  say() {
    const moment = this.scene.run.moments[this.player.k];
    this.speech.say(moment);
    numbers(at("detail-table"), moment, this.scene.rule);
    this.caption(this.player.k);
    this.ring.steps = { u: this.arrays.u.values, v: this.arrays.v.values, k: this.player.k };
  }

  /** One example is meant in every view that shows it; `from` points at it by itself. */
  point(row, from) {
    for (const view of [this.views.data, this.views.detail]) if (view !== from) view.pointAt(row);
    this.caption(this.player.k, row);
  }

  caption(k, row) {
    at("data-caption").textContent = row === undefined ? `step ${k}` : `example ${row}${this.share(k, row)}`;
  }

  /** What share of the loss an example has, where that is known here. */
  share(k, row) {
    const { who, share } = this.arrays;
    const place = who ? who.values.subarray(k * who.width, (k + 1) * who.width).indexOf(row) : -1;
    return place < 0 ? "" : `, ${Number(share.values[k * share.width + place].toPrecision(2))} % of the loss`;
  }

  redraw() {
    for (const view of Object.values(this.views)) view.redraw();
  }

  lost(silent) {
    if (silent) {
      notice(at("notice"), ["The server does not answer just now. Playing, the camera and the link go on working."], linkAt(this.scene, this.player.k));
      setTimeout(() => this.exchange.again(), 3000);
    }
  }
}

/** What one landscape's camera does, the other's does too. */
function turnTogether(...views) {
  for (const view of views) {
    const [twin] = views.filter((other) => other !== view);
    let turning = false;
    const follow = () => {
      if (twin.drawn && view.drawn) twin.take(view.scene.getCamera());
      if (turning) requestAnimationFrame(follow);
    };
    view.element.addEventListener("pointerdown", () => { turning = true; follow(); });
    addEventListener("pointerup", () => (turning = false));
    view.turned = () => twin.drawn && twin.take(view.scene.getCamera());
  }
}

await shell();
const page = new Page();
page.exchange.receive(JSON.parse(at("first-scene").textContent), "none");
