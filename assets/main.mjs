// Wires the page: a scene comes in, views draw it; controls, ring and player send the next question.

import { Address, linkAt } from "./address.mjs";
import { at } from "./dom.mjs";
import { Exchange, keep } from "./exchange.mjs";
import { decode } from "./moment.mjs";
import { Paste } from "./paste.mjs";
import { Player } from "./player.mjs";
import { Ring } from "./ring.mjs";
import { Sentence } from "./sentence.mjs";
import { bare, Share } from "./share.mjs";
import { Sliders } from "./sliders.mjs";
import { notice, Speech } from "./speech.mjs";
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
    this.views = Object.fromEntries(["landscape", "map", "data", "curve"].filter((v) => solid || v !== "landscape").map((v) => [v, new View(at(v))]));
    this.ring = new Ring(this.views.map, (start) => this.ask({ start: this.spellStart(start) }));
    this.sliders = new Sliders(at("sliders"), (set) => this.ask(set));
    const paste = new Paste((points, travels) => this.use(points, travels));
    this.sentence = new Sentence(at("sentence"), (set) => this.ask(set, "push"), (points) => paste.open(points));
    this.player = new Player((k) => this.stand(k));
    this.speech = new Speech();
    this.address = new Address((link) => this.exchange.open(link));
    this.exchange = new Exchange((scene, how) => this.receive(scene, how), (lost) => this.lost(lost));
    new Share(() => this.moment());
    at("theme").onclick = () => this.ask({ theme: root.dataset.theme === "dark" ? "light" : "dark" });
    if (solid) this.aim();
    dark.addEventListener("change", () => dress(this.scene.theme) && this.redraw());
  }

  aim() {
    const { landscape } = this.views;
    at("top").onclick = () => landscape.look({ x: 0, y: -0.01, z: 2.1 });
    at("side").onclick = () => landscape.look({ x: 0, y: -2.1, z: 0.25 });
    at("home").onclick = () => landscape.look(null);
  }

  ask(changes, how) {
    root.dataset.ready = "false";
    this.exchange.ask(linkAt(this.scene, this.player.k), changes, how);
  }

  /** Show data of one's own: in the link where they fit, else kept in this tab and sent along. */
  use(points, travels) {
    if (!travels) keep(points);
    this.ask({ data: "own", points: travels ? points : "browser" }, "push");
  }

  /** What is shared: the link of this step, what it can hide, the title, and a picture of each view. */
  moment() {
    const link = linkAt(this.scene, this.player.k);
    const said = this.scene.run.moments[this.player.k];
    return { link, title: this.scene.title, said, hide: this.scene.hide, hideable: this.scene.controls.hideable, views: this.views };
  }

  /** Take away what the link hides, and in an embedding what is around the experiment. */
  strip({ hide, embed }) {
    root.dataset.hide = hide.join(" ");
    root.classList.toggle("embed", embed);
    this.ring.fixed = hide.includes("start");
    at("brand").target = embed ? "_blank" : "";
  }

  spellStart(start) {
    return start.map((c) => String(Number(c.toPrecision(6)))).join(",");
  }

  async receive(scene, how) {
    const before = this.scene;
    this.scene = scene;
    this.arrays = Object.fromEntries(Object.entries(scene.run.arrays).map(([name, array]) => [name, decode(array)]));
    document.title = `${scene.title} · Losslab`;
    const untold = this.sentence.show(scene.controls.sentence, scene.notices);
    if (how !== "replace" || untold.length) notice(at("notice"), untold, scene.plain);
    this.sliders.show(scene.controls.sliders);
    this.player.load(scene.run.moments.length - 1, scene.step);
    this.speech.say(scene.run.moments[this.player.k]);
    this.strip(scene);
    const undressed = dress(scene.theme);
    await Promise.all(Object.entries(this.views).map(([name, view]) => {
      const layout = scene.run.layout[name];
      const stands = before?.ground === scene.ground && !undressed && view.drawn;
      return stands ? view.show(this.arrays, this.player.k, layout) : view.draw(scene.still[name], this.arrays, this.player.k, layout);
    }));
    if (!this.ring.dragging) this.ring.place(scene.start);
    for (const [view, text] of Object.entries(scene.captions)) at(`${view}-caption`).textContent = text;
    this.caption();
    if (before) this.address.write(linkAt(scene, this.player.k), how);
    if (!this.exchange.busy) root.dataset.ready = "true";
  }

  stand(k) {
    for (const view of Object.values(this.views)) view.show(this.arrays, k);
    this.speech.say(this.scene.run.moments[k]);
    this.caption();
    this.address.write(linkAt(this.scene, k), "replace");
  }

  caption() {
    if (this.scene.embed) at("brand").href = bare(linkAt(this.scene, this.player.k)) || "?";
    at("data-caption").textContent = `step ${this.player.k}`;
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

await shell();
const page = new Page();
page.exchange.receive(JSON.parse(at("first-scene").textContent), "none");
page.exchange.restore(location.search);
