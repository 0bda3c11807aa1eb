// The page: a scene comes in, views show it; controls, the start and the player cause the next request.

import { ExampleHandle } from "./controls/example_handle.mjs";
import {
  connectDetailView,
  createProbabilityHandle,
  exampleCaption,
  linkCameras,
  probabilityCaption,
} from "./controls/linked_views.mjs";
import { CsvDialog } from "./controls/csv_dialog.mjs";
import { Menu } from "./controls/menu.mjs";
import { Player } from "./controls/player.mjs";
import { SetupSentence } from "./controls/setup_sentence.mjs";
import { ShareDialog, withoutHideAndEmbed } from "./controls/share_dialog.mjs";
import { Sliders } from "./controls/sliders.mjs";
import { StartHandle } from "./controls/start_handle.mjs";
import { decode } from "./core/array_codec.mjs";
import { byId, connectFullscreenButton } from "./core/dom.mjs";
import { connectLanguageMenu, message } from "./core/i18n.mjs";
import { hasWebGL, shellReady } from "./core/startup.mjs";
import { applyLinkOptions, applyTheme, prefersDark } from "./core/theme.mjs";
import { Description } from "./narration/description.mjs";
import { LessonCard } from "./narration/lesson_card.mjs";
import { Sonification } from "./narration/sonification.mjs";
import { showConnection, showNotice, Status } from "./narration/status.mjs";
import { showStepTable } from "./narration/step_tables.mjs";
import { StepText } from "./narration/step_text.mjs";
import { AddressBar, linkAt } from "./net/address_bar.mjs";
import { LivePreview } from "./net/live_preview.mjs";
import { connectReferenceTable } from "./net/reference_table.mjs";
import { SceneStore, storePoints } from "./net/scene_store.mjs";
import { createViews, drawScene } from "./plot/figure_set.mjs";
import { FogTrail } from "./plot/fog_trail.mjs";
import { ProgressiveBasins } from "./plot/progressive_basins.mjs";

const root = document.documentElement;
/** Keys of a link that stay when another lesson is opened. */
const LASTING_KEYS = ["hide", "embed", "theme", "lang"];
/** Eyes of the camera that look from above and from the side. */
const EYE_ABOVE = { x: 0, y: -0.01, z: 2.1 };
const EYE_BESIDE = { x: 0, y: -2.1, z: 0.25 };

/** A list of numbers as a link spells it, with six significant digits. */
const spellNumbers = (values) => values.map((value) => String(Number(value.toPrecision(6)))).join(",");

/**
 * State: `scene` is the last scene from the server, `arrays` its decoded arrays, `stepText` its texts.
 * A preview replaces parts of them until the next scene comes. `edits` are changed targets of examples
 * that the scene does not contain yet.
 */
class Page {
  constructor() {
    const webgl = hasWebGL();
    this.views = createViews(webgl);
    this.fogTrail = new FogTrail();
    this.preview = new LivePreview(this);
    this.createNarration(); // before the player: the lesson takes some of its keys
    this.createControls();
    this.connectServer();
    this.connectButtons();
    if (webgl) this.connectCameras();
    prefersDark.addEventListener("change", () => applyTheme(this.scene.theme) && this.redraw());
  }

  createControls() {
    this.startHandle = new StartHandle(this.views.map, {
      onPlace: (start) => this.place(start),
      onDrag: (start) => this.preview.dragStart(start, spellNumbers(start)),
      onStep: (k) => this.player.jump(k),
    });
    const fetchPreview = (key) => key === "rate" && this.preview.rates.fetch(this.link, this.player.k);
    const changeSetting = (set, dragging) => this.preview.changeSetting(set, dragging);
    this.sliders = new Sliders(byId("sliders"), changeSetting, fetchPreview);
    const csvDialog = new CsvDialog((points, travels) => this.useCustomData(points, travels));
    this.menu = new Menu(
      (set) => this.request(set, "push"),
      (points) => csvDialog.open(points),
    );
    this.sentence = new SetupSentence(byId("sentence"), this.menu);
    this.detailTitle = new SetupSentence(byId("detail-word"), this.menu);
    const pointAt = (row) => this.pointAt(row);
    this.exampleHandle = new ExampleHandle(this.views.data, pointAt, (row, target) => this.edit(row, target));
    this.probabilityHandle = createProbabilityHandle(this);
    this.player = new Player((k) => this.showStep(k));
    new ShareDialog(() => this.contentToShare());
  }

  createNarration() {
    this.lessonCard = new LessonCard(byId("lesson"), this);
    this.status = new Status();
    this.description = new Description(this.status);
    this.sonification = new Sonification();
    connectReferenceTable();
  }

  connectServer() {
    this.addressBar = new AddressBar((link) => this.store.open(link));
    const requestBasins = (link, part) => this.store.requestBasins(link, part);
    this.basins = new ProgressiveBasins([this.views.map, this.views["map-2"]], requestBasins);
    this.store = new SceneStore(
      (scene, how) => this.receive(scene, how),
      (tile) => this.basins.receive(tile),
      (lost) => showConnection(byId("notice"), lost, this.link),
    );
  }

  connectButtons() {
    const toggleTheme = () => (root.dataset.theme === "dark" ? "light" : "dark");
    byId("theme").onclick = () => this.request({ theme: toggleTheme() });
    byId("fog").onclick = () => this.request({ fog: this.scene.fog ? "0" : "1" }, "push");
    byId("basins").onclick = () => this.request({ basins: this.scene.basins ? "0" : "1" }, "push");
    byId("ghost").onclick = () => this.request({ ghost: this.scene.ghost ? "" : this.spellRun() }, "push");
    connectLanguageMenu(byId("language"), (lang) => this.request({ lang }, "push"));
    connectFullscreenButton(byId("full"));
  }

  connectCameras() {
    const { landscape } = this.views;
    linkCameras(landscape, this.views["landscape-2"]);
    byId("top").onclick = () => landscape.lookFrom(EYE_ABOVE);
    byId("side").onclick = () => landscape.lookFrom(EYE_BESIDE);
    byId("home").onclick = () => landscape.lookFrom(null);
  }

  /** Request a change of keys of the link; `how` the address bar records it: "push" or "replace". */
  request(changes, how) {
    root.dataset.ready = "false";
    this.store.request(this.link, changes, how);
  }

  /** Whether a request is under way. */
  get busy() {
    return this.store.busy;
  }

  /** The link of the present step. */
  get link() {
    return linkAt(this.scene, this.player.k);
  }

  /** The present run as the link's key `ghost` spells it. */
  spellRun() {
    return spellNumbers([this.scene.rate, ...this.scene.start]);
  }

  /** Show custom data: in the link where they fit, else kept in this tab and sent along. */
  useCustomData(points, travels) {
    if (!travels) storePoints(points);
    this.request({ data: "own", points: travels ? points : "browser" }, "push");
  }

  /** What the share dialog offers. */
  contentToShare() {
    const { title, lesson, hide, controls } = this.scene;
    const { hideable, sliders } = controls;
    const moment = this.stepText.at(this.player.k);
    return { link: this.link, title, moment, lesson, hide, hideable, sliders, views: this.views };
  }

  /** A place on the map was chosen: the answer to a lesson that asks for one, else the start. */
  place(position, changes = {}) {
    const { lesson } = this.scene;
    if (lesson?.asking && !lesson.choices.length) this.answer(spellNumbers(position));
    else this.request({ start: spellNumbers(position), ...changes });
    this.preview.cancel();
  }

  /** Answer the lesson's question. */
  answer(choice) {
    this.request({ a: choice }, "push");
  }

  /** Open a lesson; theme, language and hidden parts stay. */
  openLesson(key) {
    const keys = new URLSearchParams(this.scene.link);
    const lasting = LASTING_KEYS.filter((name) => keys.has(name)).map((name) => `&${name}=${keys.get(name)}`);
    this.addressBar.open(`?s=${key}${lasting.join("")}`);
  }

  /** Open a lesson from its beginning, with the settings of the link by which it was opened. */
  restartLesson(key) {
    const { begun } = this.addressBar;
    if (new URLSearchParams(begun).get("s") !== key) this.openLesson(key);
    else this.addressBar.open(begun.replace(/&a=[^&]*/, ""));
  }

  /** Leave the lesson; everything else stays. */
  leaveLesson() {
    this.request({ s: "" }, "push");
  }

  /** Change the target of an example, beside the targets that are changed already. */
  edit(row, target) {
    const edits = this.edits ?? new URLSearchParams(this.scene.link).get("edit") ?? "";
    const others = edits.split(",").filter((part) => part && Number(part.split(":")[0]) !== row);
    this.edits = [...others, `${row}:${Number(target.toPrecision(4))}`].join(",");
    this.request({ edit: this.edits });
  }

  /**
   * Show a scene from the server. The order matters: the player needs the step texts, views need the
   * player's step and the theme, and what is placed on a view needs its axes.
   */
  async receive(scene, how) {
    const before = this.scene;
    if (before && before.lang !== scene.lang) return this.addressBar.reload(linkAt(scene, scene.moment.step), how);
    this.takeOver(scene);
    this.showControls(scene, how);
    applyLinkOptions(scene);
    const themeChanged = applyTheme(scene.theme);
    this.description.show(scene);
    this.showTexts();
    const isSame = (name) => before?.figures[name]?.name === scene.figures[name].name && !themeChanged;
    await drawScene(this.views, scene, this.arrays, this.player.k, isSame);
    if (!before) connectDetailView(this);
    this.placeOnViews(scene);
    this.addressBar.write(linkAt(scene, this.player.k), how);
    if (before?.lesson?.asking && scene.lesson && !scene.lesson.asking && scene.moment.step === 0)
      this.player.play();
    if (this.busy) return;
    root.dataset.ready = "true";
    this.basins.update();
  }

  /** Make a scene the present one. */
  takeOver(scene) {
    const decoded = Object.entries(scene.run.arrays).map(([name, array]) => [name, decode(array)]);
    Object.assign(this, { scene, edits: null, arrays: Object.fromEntries(decoded) });
    this.stepText = new StepText(scene);
    this.fogTrail.record(scene, this.arrays);
    document.title = `${scene.title} · Losslab`;
  }

  showControls(scene, how) {
    const asking = scene.lesson?.asking;
    this.menu.setNotices(scene.notices);
    this.sentence.show(scene.controls.sentence.parts);
    this.detailTitle.show([scene.controls.detailMenu]);
    const { otherNotices } = this.menu;
    if (how !== "replace" || otherNotices.length) showNotice(byId("notice"), otherNotices, scene.shortLink);
    this.sliders.show(scene.controls.sliders);
    root.classList.toggle("asking", Boolean(asking));
    this.startHandle.guessing = asking && !scene.lesson.choices.length;
    this.startHandle.fixed = scene.hide.includes("start");
    this.player.load(asking ? 0 : scene.moment.lastStep, scene.moment.step);
    this.lessonCard.show(scene.lesson);
    byId("fog").textContent = scene.fog ? message("Lift fog") : message("Fog");
    for (const key of ["fog", "basins", "ghost"]) byId(key).ariaPressed = String(Boolean(scene[key]));
    byId("basins").disabled = scene.basins === null;
  }

  /** Place the handles on the views that are drawn now, and write the captions. */
  placeOnViews(scene) {
    if (!this.startHandle.dragging) this.startHandle.place(scene.start);
    this.exampleHandle.show(scene.examples);
    this.probabilityHandle.show({ edits: scene.draggableInputs ? "chance" : "" });
    for (const [view, text] of Object.entries(scene.captions)) byId(`${view}-caption`).textContent = text;
  }

  /** Show step k in views and texts. */
  showStep(k) {
    this.previewStep(k);
    this.showStepText();
    this.sonification.playStep(this.arrays.loss.values, k);
    this.addressBar.write(linkAt(this.scene, k), "replace");
  }

  /**
   * Show step k in the views alone; the view `except` is left as it is, or it would lose the pointer over it.
   */
  previewStep(k, except) {
    for (const view of Object.values(this.views)) if (view !== except) view.show(this.arrays, k);
    this.updateViewTexts(k);
  }

  /** Update captions and the steps that can be clicked on the map. */
  updateViewTexts(k) {
    this.showCaptions(k);
    this.startHandle.steps = { u: this.arrays.u.values, v: this.arrays.v.values, k };
  }

  /** Show all texts of the present step. */
  showTexts() {
    this.showStepText();
    this.updateViewTexts(this.player.k);
  }

  showStepText() {
    const moment = this.stepText.at(this.player.k);
    this.status.show(moment);
    this.description.showStep(moment, this.player.k);
    showStepTable(byId("detail-table"), moment.table, this.scene.detail.updateRule);
  }

  /** Point at an example in every view but `except`, which points at it by itself. */
  pointAt(row, except) {
    for (const view of [this.views.data, this.views.detail]) if (view !== except) view.pointAt(row);
    this.showCaptions(this.player.k, row);
  }

  showCaptions(k, row) {
    if (this.scene.embed) byId("brand").href = withoutHideAndEmbed(this.link) || "?";
    byId("detail-caption").textContent = probabilityCaption(this, row);
    const caption = row === undefined ? message("step {k}", { k }) : exampleCaption(this.arrays, k, row);
    byId("data-caption").textContent = caption;
  }

  redraw() {
    for (const view of Object.values(this.views)) view.redraw();
  }
}

await shellReady();
const page = new Page();
page.store.receive(JSON.parse(byId("first-scene").textContent), "none");
page.store.restore(location.search);
