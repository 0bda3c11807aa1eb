// Wires the page: a scene comes in, views draw it; controls, ring and player send the next question.

import { Address, linkAt } from "./net/address_bar.mjs";
import { Basins } from "./plot/progressive_basins.mjs";
import { shell, webgl } from "./core/startup.mjs";
import { at, fillsScreen } from "./core/dom.mjs";
import { dark, dress, strip } from "./core/theme.mjs";
import { Examples } from "./controls/example_handle.mjs";
import { Exchange, keep } from "./net/scene_store.mjs";
import { Glimpses } from "./net/live_preview.mjs";
import { costs, lead, leaning, shared, turnTogether } from "./controls/linked_views.mjs";
import { Lesson } from "./narration/lesson_card.mjs";
import { Menu } from "./controls/menu.mjs";
import { decode } from "./core/array_codec.mjs";
import { numbers } from "./narration/step_tables.mjs";
import { Paste } from "./controls/csv_dialog.mjs";
import { Player } from "./controls/player.mjs";
import { published } from "./net/reference_table.mjs";
import { Ring } from "./controls/start_handle.mjs";
import { languages, say } from "./core/i18n.mjs";
import { Sentence } from "./controls/setup_sentence.mjs";
import { bare, Share } from "./controls/share_dialog.mjs";
import { Sliders } from "./controls/sliders.mjs";
import { Sound } from "./narration/sonification.mjs";
import { away, notice, Speech } from "./narration/status.mjs";
import { Telling } from "./narration/step_text.mjs";
import { Trail } from "./plot/fog_trail.mjs";
import { draw, views } from "./plot/figure_set.mjs";
import { Words } from "./narration/description.mjs";

const root = document.documentElement;
const spell = (values) => values.map((value) => String(Number(value.toPrecision(6)))).join(",");
class Page {
  constructor() {
    const solid = webgl();
    this.views = views(solid);
    this.trail = new Trail();
    this.glimpses = new Glimpses(this);
    this.ring = new Ring(this.views.map, (start) => this.place(start), (start) => this.glimpses.drag(start, spell(start)), (k) => this.player.jump(k));
    this.sliders = new Sliders(at("sliders"), (set, held) => this.glimpses.turn(set, held), (key) => key === "rate" && this.glimpses.fan.fetch(this.link, this.player.k));
    const paste = new Paste((points, travels) => this.use(points, travels));
    this.menu = new Menu((set) => this.ask(set, "push"), (points) => paste.open(points));
    this.sentence = new Sentence(at("sentence"), this.menu);
    this.title = new Sentence(at("detail-word"), this.menu);
    this.examples = new Examples(this.views.data, (row) => this.point(row), (row, target) => this.edit(row, target));
    this.leaning = leaning(this);
    this.lesson = new Lesson(at("lesson"), this);
    this.player = new Player((k) => this.stand(k));
    this.speech = new Speech();
    this.words = new Words(this.speech);
    published();
    this.sound = new Sound();
    this.address = new Address((link) => this.exchange.open(link));
    this.basins = new Basins([this.views.map, this.views["map-2"]], (link, part) => this.exchange.refine(link, part));
    this.exchange = new Exchange((scene, how) => this.receive(scene, how), (piece) => this.basins.take(piece), (silent) => away(at("notice"), silent, this.link));
    new Share(() => this.moment());
    at("theme").onclick = () => this.ask({ theme: root.dataset.theme === "dark" ? "light" : "dark" });
    languages(at("language"), (lang) => this.ask({ lang }, "push"));
    fillsScreen(at("full"));
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

  ask(changes, how) {
    root.dataset.ready = "false";
    this.exchange.ask(this.link, changes, how);
  }

  get link() {
    return linkAt(this.scene, this.player.k);
  }

  /** This run, as a ghost remembers it. */
  spellRun() {
    return spell([this.scene.rate, ...this.scene.start]);
  }

  /** Show data of one's own: in the link where they fit, else kept in this tab and sent along. */
  use(points, travels) {
    if (!travels) keep(points);
    this.ask({ data: "own", points: travels ? points : "browser" }, "push");
  }

  /** What is shared: the link of this step, what it can hide, the title, and a picture of each view. */
  moment() {
    const said = this.telling.at(this.player.k);
    return { link: this.link, title: this.scene.title, said, lesson: this.scene.lesson, hide: this.scene.hide, hideable: this.scene.controls.hideable, sliders: this.scene.controls.sliders, views: this.views };
  }

  /** A place on the map: the answer to a lesson that asks for one, else the start. */
  place(at, more = {}) {
    const { lesson } = this.scene;
    if (lesson?.asking && !lesson.choices.length) this.answer(spell(at));
    else this.ask({ start: spell(at), ...more });
    this.glimpses.drop();
  }

  answer(a) {
    this.ask({ a }, "push");
  }

  /** Another lesson, in the same dress and with the same things hidden. */
  open(lesson) {
    const here = new URLSearchParams(this.scene.link);
    const kept = ["hide", "embed", "theme", "lang"].filter((key) => here.has(key)).map((key) => `&${key}=${here.get(key)}`);
    this.address.show(`?s=${lesson}${kept.join("")}`);
  }

  /** The lesson from its beginning, as the link had it that was opened. */
  again(lesson) {
    const { begun } = this.address;
    if (new URLSearchParams(begun).get("s") === lesson) this.address.show(begun.replace(/&a=[^&]*/, ""));
    else this.open(lesson);
  }

  free() {
    this.ask({ s: "" }, "push");
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
    if (before && before.lang !== scene.lang) return this.address.reload(linkAt(scene, scene.step), how);
    this.scene = scene;
    this.edits = null;
    this.arrays = Object.fromEntries(Object.entries(scene.run.arrays).map(([name, array]) => [name, decode(array)]));
    this.telling = new Telling(scene.run);
    this.trail.note(scene, this.arrays);
    document.title = `${scene.title} · Losslab`;
    this.menu.heed(scene.notices);
    this.sentence.show(scene.controls.sentence);
    this.title.show([scene.controls.detail]);
    const { untold } = this.menu;
    if (how !== "replace" || untold.length) notice(at("notice"), untold, scene.plain);
    this.sliders.show(scene.controls.sliders);
    const asking = scene.lesson?.asking;
    root.classList.toggle("asking", Boolean(asking));
    this.ring.guessing = asking && !scene.lesson.choices.length;
    this.player.load(asking ? 0 : this.telling.last, scene.step);
    this.lesson.show(scene.lesson);
    at("fog").textContent = scene.fog ? say("Lift fog") : say("Fog");
    for (const key of ["fog", "basins", "ghost"]) at(key).ariaPressed = String(Boolean(scene[key]));
    at("basins").disabled = scene.basins === null;
    strip(scene);
    this.ring.fixed = scene.hide.includes("start");
    const undressed = dress(scene.theme);
    this.words.show(scene);
    this.say();
    await draw(this.views, scene, this.arrays, this.player.k, (name) => before?.figures[name]?.name === scene.figures[name].name && !undressed);
    if (!before) lead(this);
    if (!this.ring.dragging) this.ring.place(scene.start);
    this.examples.show(scene.examples);
    this.leaning.show({ kind: scene.leaned ? "chance" : "" });
    for (const [view, text] of Object.entries(scene.captions)) at(`${view}-caption`).textContent = text;
    this.address.write(linkAt(scene, this.player.k), how);
    if (before?.lesson?.asking && scene.lesson && !asking && scene.step === 0) this.player.play();
    if (this.exchange.busy) return;
    root.dataset.ready = "true";
    this.basins.follow();
  }

  /** The playhead has come to step k. */
  stand(k) {
    this.peek(k);
    this.tell();
    this.sound.stand(this.arrays.loss.values, k);
    this.address.write(linkAt(this.scene, k), "replace");
  }

  /** Every view at step k, without going there; `from` stays, or it would lose the pointer over it. */
  peek(k, from) {
    for (const view of Object.values(this.views)) if (view !== from) view.show(this.arrays, k);
    this.mark(k);
  }

  /** What stands at the views themselves. */
  mark(k) {
    this.caption(k);
    this.ring.steps = { u: this.arrays.u.values, v: this.arrays.v.values, k };
  }

  say() {
    this.tell();
    this.mark(this.player.k);
  }

  tell() {
    const moment = this.telling.at(this.player.k);
    this.speech.say(moment);
    this.words.stand(moment, this.player.k);
    numbers(at("detail-table"), moment, this.scene.rule);
  }

  /** One example is meant in every view that shows it; `from` points at it by itself. */
  point(row, from) {
    for (const view of [this.views.data, this.views.detail]) if (view !== from) view.pointAt(row);
    this.caption(this.player.k, row);
  }

  caption(k, row) {
    if (this.scene.embed) at("brand").href = bare(this.link) || "?";
    at("detail-caption").textContent = costs(this, row);
    at("data-caption").textContent = row === undefined ? say("step {k}", { k }) : shared(this.arrays, k, row);
  }

  redraw() {
    for (const view of Object.values(this.views)) view.redraw();
  }
}

await shell();
const page = new Page();
page.exchange.receive(JSON.parse(at("first-scene").textContent), "none");
page.exchange.restore(location.search);
