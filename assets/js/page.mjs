// The page: a scene comes in, views show it; controls, the start and the player cause the next request.

import { ExampleHandle } from "./controls/example_handle.mjs";
import { connectDetailView, createProbabilityHandle, linkCameras } from "./controls/linked_views.mjs";
import { openClass, resumeClass } from "./controls/class_start.mjs";
import { BendDialog } from "./controls/bend_dialog.mjs";
import { CsvDialog } from "./controls/csv_dialog.mjs";
import { openLessonForm } from "./controls/lesson_form_start.mjs";
import { LineHandles } from "./controls/line_handles.mjs";
import { Menu } from "./controls/menu.mjs";
import { PageButtons, connectCameraButtons } from "./controls/page_buttons.mjs";
import { PlaceHover } from "./controls/place_hover.mjs";
import { stepLengths } from "./controls/playback.mjs";
import { Player } from "./controls/player.mjs";
import { SetupSentence } from "./controls/setup_sentence.mjs";
import { ShareDialog } from "./controls/share_dialog.mjs";
import { Sliders } from "./controls/sliders.mjs";
import { StartHandle } from "./controls/start_handle.mjs";
import { ViewSwitch } from "./controls/view_switch.mjs";
import { decodeAll } from "./core/array_codec.mjs";
import { byId, inviteOnce } from "./core/dom.mjs";
import { message } from "./core/i18n.mjs";
import {
  IN_BROWSER,
  lessonLink,
  linkAt,
  spellNumbers,
  valueIn,
  withEdit,
  withValues,
  withoutHideAndEmbed,
  withoutKeys,
} from "./core/link.mjs";
import { CHECK_KEY, lostData, storePoints } from "./core/points_storage.mjs";
import { hasWebGL } from "./core/startup.mjs";
import { applyLinkOptions, applyTheme, onSchemeChange } from "./core/theme.mjs";
import { exampleCaption, probabilityCaption, stepCaption } from "./narration/captions.mjs";
import { Description } from "./narration/description.mjs";
import { AnswerLog, reportAnswers, tabStorage } from "./narration/answer_log.mjs";
import { LessonCard } from "./narration/lesson_card.mjs";
import { Sonification } from "./narration/sonification.mjs";
import { showConnection, showNotice, Status } from "./narration/status.mjs";
import { showStepTable } from "./narration/step_tables.mjs";
import { StepText } from "./narration/step_text.mjs";
import { AddressBar } from "./net/address_bar.mjs";
import { LivePreview } from "./net/live_preview.mjs";
import { connectReferenceTable } from "./net/reference_table.mjs";
import { SceneStore } from "./net/scene_store.mjs";
import { StepsByRate } from "./net/steps_by_rate.mjs";
import { arrange, showArrangement } from "./core/arrangement.mjs";
import { createViews, drawScene, missingViews } from "./plot/figure_set.mjs";
import { FogTrail, pinWindow } from "./plot/fog.mjs";
import { LandingMark } from "./plot/landing_mark.mjs";
import { ProgressiveBasins } from "./plot/progressive_basins.mjs";

/** @import { How } from "./net/scene_store.mjs" */
/** @import { FigureView } from "./plot/figure_view.mjs" */
/** @import { Motion } from "./plot/step_slices.mjs" */
/** @import { CsvPreview, Moment, Scene } from "./protocol.js" */
/** @import { CompleteScene, RunArrays } from "./types.js" */

/**
 * Whether a lesson of a scene asks for a place on the map.
 *
 * @param {CompleteScene} scene
 */
const asksForPlace = ({ lesson }) => Boolean(lesson?.asking && !lesson.choices.length);

/**
 * Whether a scene is the answer to the question that the lesson before it asked, from its first step.
 *
 * @param {CompleteScene} scene
 * @param {CompleteScene | null} before
 */
const isAnswered = (scene, before) =>
  Boolean(before?.lesson?.asking && scene.lesson && !scene.lesson.asking && scene.moment.step === 0);

/**
 * Whether the run of a scene plays by itself: that of a lesson which was just answered.
 *
 * @param {CompleteScene} scene
 * @param {CompleteScene | null} before
 */
const playsByItself = (scene, before) => isAnswered(scene, before) && Boolean(scene.lesson?.plays);

export class Page {
  /**
   * The last scene from the server, null until the first has come; a preview replaces parts of it until the
   * next one comes.
   *
   * @type {CompleteScene}
   */
  scene = /** @type {any} */ (null);
  /**
   * The last scene from the server as it came.
   *
   * @type {CompleteScene | null}
   */
  received = null;
  /**
   * Its decoded arrays, and those that the page adds.
   *
   * @type {RunArrays}
   */
  arrays = {};
  /**
   * Its texts.
   *
   * @type {{ at(k: number): Moment }}
   */
  stepText = { at: () => this.scene.moment };
  /**
   * Changed targets of examples that the scene does not contain yet, as the link spells them.
   *
   * @type {string | null}
   */
  edits = null;
  /** The view that the user has chosen to be the largest, until another lesson or comparison is shown. */
  hero = "";
  /** What `hero` was chosen for. */
  heroSubject = "";
  /**
   * Sentences of the browser itself, shown with the next scene.
   *
   * @type {string[]}
   */
  ownNotices = [];

  constructor() {
    const webgl = hasWebGL();
    this.views = createViews(webgl);
    this.fogTrail = new FogTrail();
    this.preview = new LivePreview(this);
    // The narration comes before the player: the lesson takes some of its keys.
    this.answerLog = new AnswerLog(tabStorage());
    reportAnswers(this.answerLog);
    this.lessonCard = new LessonCard(byId("lesson"), this);
    this.status = new Status();
    this.description = new Description(this.status);
    this.sonification = new Sonification();
    connectReferenceTable();
    // The controls.
    this.startHandle = this.createStartHandle();
    this.sliders = this.createSliders();
    this.stepsByRate = new StepsByRate((curve) => this.sliders.showCurve(curve));
    this.menu = this.createMenu();
    this.sentence = new SetupSentence(byId("sentence"), this.menu);
    this.detailTitle = new SetupSentence(byId("detail-word"), this.menu);
    this.exampleHandle = new ExampleHandle(this.views.data, {
      onPoint: (row) => this.pointAt(row),
      onChange: (row, target) => this.edit(row, target),
      hold: (held) => this.hold(held),
    });
    this.probabilityHandle = createProbabilityHandle(this);
    this.lineHandles = this.createLineHandles();
    this.placeHover = new PlaceHover(this);
    this.landingMarks = ["map", "map-2"].map((name) => new LandingMark(this.views[name]));
    this.player = this.createPlayer();
    this.viewSwitch = new ViewSwitch(byId("views"), (view) => this.chooseHero(view));
    this.bendDialog = new BendDialog(webgl, () => this.link);
    new ShareDialog(
      () => this.contentToShare(),
      () => openClass(this),
      () => openLessonForm(this),
    );
    // The server.
    this.addressBar = new AddressBar((link) => this.store.open(link));
    const maps = [this.views.map, this.views["map-2"]];
    this.basins = new ProgressiveBasins(maps, (link, part) => this.store.requestBasins(link, part));
    this.store = this.createStore();
    this.views.map.onDrawn = () => this.placeStart();
    this.views.data.onDrawn = () => {
      if (!this.exampleHandle.dragging) this.exampleHandle.updateHandle();
      this.lineHandles.update();
    };
    this.buttons = new PageButtons(this);
    if (webgl) {
      linkCameras(this.views.landscape, this.views["landscape-2"]);
      connectCameraButtons(this.views.landscape);
    }
    onSchemeChange(() => applyTheme(this.scene.theme) && this.redraw());
  }

  createStartHandle() {
    return new StartHandle(this.views.map, {
      onPlace: (start) => this.place(start),
      onClick: (start) => this.startAt(start),
      onDrag: (start) => this.preview.dragStart(start, spellNumbers(start)),
      onStep: (k) => this.player.jump(k),
      hold: (held) => this.hold(held),
    });
  }

  /** The handles on the line, which begins a run where it is. */
  createLineHandles() {
    return new LineHandles(this.views.data, {
      onPlace: (start) => this.startAt(start),
      onDrag: (start) => {
        this.player.pause();
        this.startHandle.place(start);
        this.preview.dragStart(start, spellNumbers(start), 0);
      },
      hold: (held) => this.hold(held),
    });
  }

  createPlayer() {
    return new Player({
      onStep: (k, motion) => this.showStep(k, motion),
      onMotion: (k, motion) => this.playViews(k, motion),
      onLanding: () => {
        for (const mark of this.landingMarks) mark.show(this.arrays);
      },
      stepLengths: (count) => {
        const { figures } = this.scene;
        const landscapes = ["landscape", "landscape-2"].flatMap((name) => figures[name]?.figure ?? []);
        return stepLengths(landscapes, this.arrays, count);
      },
    });
  }

  createSliders() {
    const fetchPreview = (/** @type {string} */ key) => {
      if (key === "rate") this.preview.rates.fetch(this.link);
    };
    const changeSetting = (/** @type {Record<string, string>} */ set, /** @type {boolean} */ dragging) =>
      this.preview.changeSetting(set, dragging);
    const hold = (/** @type {string} */ key, /** @type {boolean} */ held) => {
      if (key === "start") this.hold(held);
    };
    return new Sliders(byId("sliders"), { onChange: changeSetting, onApproach: fetchPreview, onHold: hold });
  }

  createMenu() {
    const csvDialog = new CsvDialog((answer) => this.useCustomData(answer));
    return new Menu(
      (set) => this.request(set, "push"),
      (points) => csvDialog.open(points, this.scene.link),
    );
  }

  createStore() {
    return new SceneStore(
      (scene, how) => this.receive(scene, how),
      (tile) => this.basins.receive(tile),
      (lost) => showConnection(byId("notice"), lost, this.link),
      (sentence) => this.showRefusal(sentence),
      (link) => this.addressBar.reload(withValues(link, { k: String(this.player.k) })),
    );
  }

  /**
   * A request was refused: show what was before it, on the controls, too, and say why.
   *
   * @param {string} sentence the server's; empty if it has none
   */
  showRefusal(sentence) {
    const own = message("The server could not answer that. The page shows what it showed before.");
    this.edits = null;
    this.ownNotices.push(sentence || own);
    if (this.received) this.receive(this.received, "replace");
    byId("notice").dataset.lost = "true"; // the next answer hides it
    // A field that has the focus is left alone, but it shows what was refused.
    const field = document.activeElement;
    if (field?.classList.contains("number")) field.dispatchEvent(new Event("blur"));
  }

  /**
   * Request a change of keys of the link.
   *
   * @param {Record<string, string>} changes
   * @param {How} [how]
   */
  request(changes, how) {
    document.documentElement.dataset.ready = "false";
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

  /**
   * Show custom data: in the link where they fit, else kept in this tab and sent along.
   *
   * @param {CsvPreview} answer
   */
  useCustomData({ points, check, travels }) {
    if (travels) return this.request({ data: "own", points }, "push");
    if (!storePoints(check, points)) {
      this.ownNotices.push(message("This browser stores nothing: a reload loses these data."));
    }
    return this.request({ data: "own", points: IN_BROWSER, [CHECK_KEY]: check }, "push");
  }

  /** What the share dialog offers. */
  contentToShare() {
    const { title, lesson, hide, controls } = this.scene;
    const { hideable, sliders } = controls;
    const moment = this.stepText.at(this.player.k);
    return { link: this.link, title, moment, lesson, hide, hideable, sliders, views: this.views };
  }

  /**
   * A place on the map was chosen: the answer to a lesson that asks for one, else the start.
   *
   * @param {Scene["start"]} position
   * @param {Record<string, string>} [changes]
   */
  place(position, changes = {}) {
    if (asksForPlace(this.scene)) this.answer(spellNumbers(position));
    else this.request({ start: spellNumbers(position), ...changes });
    this.preview.cancel();
  }

  /**
   * A place on the map or the landscape was clicked: the answer to a lesson that asks for one, else the start
   * of a run that waits to be played.
   *
   * @param {Scene["start"]} position
   */
  startAt(position) {
    if (this.scene.hide.includes("start")) return;
    this.player.pause();
    this.place(position, { k: "0" });
  }

  /**
   * A drag has begun: all axes hold still until it ends, and then move to what suits what is shown. The
   * server computes the surfaces of a dragged example on the windows that are held.
   *
   * @param {boolean} held
   */
  hold(held) {
    this.store.keptAxes = held ? this.link : null;
    if (held) for (const view of Object.values(this.views)) view.holdAxes();
    else if (this.store.keepsAxes) this.request({});
    // What ends the drag may request a scene, which then releases the axes.
    if (!held) requestAnimationFrame(() => this.releaseAxes());
  }

  /** Whether what a place is like may be shown under a pointer: not while something is dragged or plays. */
  get canPoint() {
    return Boolean(this.scene) && this.store.keptAxes === null && this.preview.canPreviewStart;
  }

  /**
   * Stop playing and forget what was dragged, turned or pointed at, because another link was opened.
   *
   * @param {CompleteScene} scene
   */
  clearInteractions({ figures }) {
    this.player.stop();
    this.preview.cancel();
    this.placeHover.leave();
    this.store.keptAxes = null;
    for (const [name, view] of Object.entries(this.views)) view.clearInteraction(figures[name]?.figure);
    this.lineHandles.forgetInputs();
    for (const handle of [this.exampleHandle, this.probabilityHandle]) handle.forget();
  }

  /** Let axes move unless something is dragged or requested. */
  releaseAxes() {
    if (this.store.keptAxes !== null || this.busy) return;
    for (const view of Object.values(this.views)) view.releaseAxes();
  }

  /**
   * Answer the lesson's question; where a live class leads through it, the class does.
   *
   * @param {string} choice
   */
  answer(choice) {
    if (!this.lessonCard.led) this.reveal(choice);
    else this.placeStart();
  }

  /**
   * Show what is so, beside an answer to the lesson's question.
   *
   * @param {string} choice
   */
  reveal(choice) {
    this.request({ a: choice }, "push");
  }

  /**
   * Open a lesson; theme, language and hidden parts stay.
   *
   * @param {string} key
   */
  openLesson(key) {
    this.addressBar.open(lessonLink(key, this.scene.link));
  }

  /**
   * Open a lesson from its beginning, with the settings of the link by which it was opened.
   *
   * @param {string} key
   */
  restartLesson(key) {
    const { begun } = this.addressBar;
    if (valueIn(begun, "s") !== key) this.openLesson(key);
    else this.addressBar.open(withoutKeys(begun, "a"));
  }

  /** Open the completion slip of the lessons that were answered in this tab. */
  openSlip() {
    open(`slip?${this.answerLog.slipQuery()}`, "_blank", "noopener");
  }

  /** Leave the lesson; everything else stays. */
  leaveLesson() {
    this.request({ s: "" }, "push");
  }

  /**
   * Change the target of an example, beside the targets that are changed already.
   *
   * @param {number} row
   * @param {number} target
   */
  edit(row, target) {
    const edits = this.edits ?? valueIn(this.scene.link, "edit") ?? "";
    this.edits = withEdit(edits, row, target);
    this.views.data.heldAxes.reach("yaxis", target);
    this.request({ edit: this.edits });
  }

  /**
   * Show a scene from the server, in this order: the player needs the step texts, the texts need the player's
   * step, views need that and the theme, and what is placed on a view needs its axes. What needs the whole
   * page comes last: an answered lesson plays, the basins are completed.
   *
   * @param {CompleteScene} scene
   * @param {How} how
   */
  async receive(scene, how) {
    // A slider that is moved changes its control.
    this.received = { ...scene, controls: structuredClone(scene.controls) };
    const before = this.scene;
    if (before && before.lang !== scene.lang) return this.reloadFor(scene, how);
    if (before && how === "none") this.clearInteractions(scene);
    this.takeOver(scene);
    this.answerLog.record(scene, before, this.arrays);
    this.showControls(scene, how);
    applyLinkOptions(scene);
    const themeChanged = applyTheme(scene.theme);
    this.description.show(scene);
    this.showTexts();
    this.arrange(scene);
    await this.drawViews(scene, themeChanged ? null : before);
    if (!before) this.begin(scene);
    this.placeOnViews(scene);
    if (scene.lesson) this.addressBar.renameLesson(scene.lesson.key);
    this.addressBar.write(linkAt(scene, this.player.k), how);
    if (playsByItself(scene, before)) this.player.play();
    if (!this.busy) this.finish();
    return undefined;
  }

  /**
   * Load the page again in the language of a scene. A link that was opened is loaded as it is, so that the
   * page says what is wrong with it.
   *
   * @param {CompleteScene} scene
   * @param {How} how
   */
  reloadFor(scene, how) {
    const link = how === "none" ? location.search : linkAt(scene, scene.moment.step);
    this.addressBar.reload(link, how === "push");
  }

  /**
   * Connect what the first scene has brought.
   *
   * @param {CompleteScene} scene
   */
  begin(scene) {
    connectDetailView(this);
    this.placeHover.connect();
    if (scene.moment.step === 0) inviteOnce(byId("play"));
    resumeClass(this);
  }

  /**
   * Make a scene the present one.
   *
   * @param {CompleteScene} scene
   */
  takeOver(scene) {
    this.scene = scene;
    this.edits = null;
    this.arrays = decodeAll(scene.run.arrays);
    this.stepText = new StepText(scene);
    const window = pinWindow(scene.figures.landscape?.figure?.layout.scene);
    this.fogTrail.record(scene, this.arrays, window);
    document.title = `${scene.title} · Losslab`;
  }

  /**
   * @param {CompleteScene} scene
   * @param {How} how
   */
  showControls(scene, how) {
    this.menu.setNotices(scene.notices);
    this.sentence.show(scene.controls.sentence.parts);
    this.detailTitle.show([scene.controls.detailMenu]);
    const notices = [...this.menu.otherNotices, ...this.ownNotices.splice(0)];
    if (how !== "replace" || notices.length) {
      // A link whose data did not arrive whole has no corrected form: its sender has to send it again.
      const corrected = lostData(location.search, scene.link) ? null : scene.shortLink;
      showNotice(byId("notice"), notices, corrected);
    }
    this.sliders.show(scene.controls.sliders);
    const asking = Boolean(scene.lesson?.asking);
    document.documentElement.classList.toggle("asking", asking);
    document.documentElement.classList.toggle("plays", Boolean(scene.lesson?.plays));
    this.startHandle.guessing = asksForPlace(scene);
    this.startHandle.fixed = scene.hide.includes("start");
    this.player.load(asking ? 0 : scene.moment.lastStep, scene.moment.step);
    this.lessonCard.show(scene.lesson);
    this.bendDialog.offer(scene.bends);
    this.buttons.show(scene);
  }

  /**
   * Give each view its place.
   *
   * @param {CompleteScene} scene
   */
  arrange(scene) {
    const { lesson, figures, controls } = scene;
    const compares = "map-2" in figures;
    const subject = `${lesson?.key} ${compares}`;
    if (subject !== this.heroSubject) this.hero = "";
    this.heroSubject = subject;
    const arrangement = arrange({
      lesson,
      compares,
      missing: missingViews(this.views, scene),
      chosen: this.hero,
    });
    showArrangement(arrangement);
    this.viewSwitch.show(arrangement, controls.detailMenu.text);
  }

  /**
   * Show a view largest.
   *
   * @param {string} view
   */
  chooseHero(view) {
    this.hero = view;
    this.arrange(this.scene);
  }

  /**
   * Draw the figures of a scene; those that `before` has, too, are only moved.
   *
   * @param {CompleteScene} scene
   * @param {CompleteScene | null} before
   */
  drawViews(scene, before) {
    const isSame = (/** @type {string} */ name) => before?.figures[name]?.name === scene.figures[name].name;
    return drawScene(this.views, { scene, arrays: this.arrays, k: this.player.k, isSame });
  }

  /**
   * Place the handles on the views that are drawn now, and write the captions.
   *
   * @param {CompleteScene} scene
   */
  placeOnViews(scene) {
    this.placeStart();
    this.exampleHandle.show(scene.examples);
    this.showLineHandles(this.player.k);
    this.probabilityHandle.show({ edits: scene.draggableInputs ? "chance" : "" });
    for (const [view, text] of Object.entries(scene.captions)) {
      const caption = byId(`${view}-caption`);
      caption.textContent = text;
      /** @type {HTMLElement} */ (caption.parentElement).title = text; // where there is no room for it
    }
    this.showCaptions(this.player.k);
  }

  /** Put the handle of the start where the map has it, unless it is dragged. */
  placeStart() {
    if (this.scene && !this.startHandle.dragging) this.startHandle.place(this.scene.start);
  }

  /** Nothing is under way any more. */
  finish() {
    document.documentElement.dataset.ready = "true";
    this.releaseAxes();
    if (this.store.keptAxes !== null) return;
    this.basins.update();
    this.stepsByRate.show(this.link);
  }

  /**
   * Show step k in views and texts.
   *
   * @param {number} k
   * @param {Motion | null} motion where the run is after it, while it is played
   */
  showStep(k, motion) {
    this.fogTrail.visit(this.scene.fog, this.arrays, k);
    if (motion) {
      this.playViews(k, motion);
      this.updateViewTexts(k);
    } else this.previewStep(k);
    this.showStepText();
    this.sonification.playStep(this.arrays.loss.values, k);
    this.addressBar.write(linkAt(this.scene, k), "replace");
  }

  /**
   * Show where a run that is played is, in the views alone.
   *
   * @param {number} k
   * @param {Motion} motion
   */
  playViews(k, motion) {
    for (const name in this.views) this.views[name].play(this.arrays, k, motion);
  }

  /**
   * Show step k in the views alone; the view `except` is left as it is, or it would lose the pointer over it.
   *
   * @param {number} k
   * @param {FigureView} [except]
   */
  previewStep(k, except) {
    for (const name in this.views) if (this.views[name] !== except) this.views[name].show(this.arrays, k);
    this.updateViewTexts(k);
  }

  /**
   * Update captions and the steps that can be clicked on the map.
   *
   * @param {number} k
   */
  updateViewTexts(k) {
    for (const mark of this.landingMarks) mark.hide();
    this.showCaptions(k);
    this.startHandle.steps = { u: this.arrays.u.values, v: this.arrays.v.values, k };
    if (!this.player.playing) this.showLineHandles(k); // they are not visible while a run is played
  }

  /**
   * Put the handles on the line of step k, unless one is dragged.
   *
   * @param {number} k
   */
  showLineHandles(k) {
    const { u, v } = this.arrays;
    if (this.lineHandles.dragged) return;
    this.lineHandles.show(this.scene.lineHandles, [u.values[k], v.values[k]]);
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

  /**
   * Point at an example in every view but `except`, which points at it by itself.
   *
   * @param {number} [row]
   * @param {FigureView} [except]
   */
  pointAt(row, except) {
    for (const view of [this.views.data, this.views.detail]) if (view !== except) view.pointAt(row);
    this.showCaptions(this.player.k, row);
  }

  /**
   * @param {number} k
   * @param {number} [row] the example that is pointed at
   */
  showCaptions(k, row) {
    const /** @type {HTMLAnchorElement} */ brand = byId("brand");
    if (this.scene.embed) brand.href = withoutHideAndEmbed(this.link) || "?";
    byId("detail-caption").textContent = probabilityCaption(this.probabilityHandle.placeOf(row));
    const { figure } = this.views.data;
    byId("data-caption").textContent =
      row === undefined ? stepCaption(figure, this.arrays, k) : exampleCaption(this.arrays, k, row);
  }

  redraw() {
    for (const view of Object.values(this.views)) view.redraw();
  }
}
