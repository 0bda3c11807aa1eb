// The types of everything that passes between server and browser.
// Written by `make generate` from app/protocol; do not edit.

/** A trace, a layout or an axis, as Plotly's own schema defines it. */
export type PlotlyObject = { [attribute: string]: any };

/** An array of a trace. */
export type PlotlyArray = Omit<TypedArray, "kind">;

/** A field of a menu. */
export type Setting = NumberSetting | TextSetting | SwitchSetting | ChoiceSetting | CheckboxesSetting | ButtonSetting | PasteSetting;

/** Arrays by name. */
export type Arrays = { [key: string]: EncodedArray };

export type Table = FactsTable | UpdateTable | RunsTable;

/** An array for `decode` of `core/array_codec.mjs`. */
export type EncodedArray = TypedArray | ProbabilityGridArray;

export type Scale = "linear" | "log";

/** Words of a sentence, or a word that opens a menu. */
export type SentencePart = string | Menu;

/** What a student tries: a start and a learning rate. */
export interface Attempt {
  start: [number, number];
  rate: number;
}

/** What a student chooses from when trying: a start on a map, and a learning rate. */
export interface AttemptField {
  /** The link whose runs are tried. */
  link: string;
  map: SmallMap;
  /** The lowest and the highest rate. */
  rates: [number, number];
  /** The steps of a run. */
  steps: number;
}

/** A picture of basins whose further tiles the browser requests. */
export interface BasinPicture {
  /** The link to request tiles with. */
  link: string;
  /** Points along a side of the grid of starts. */
  size: number;
  /** The spacing of the starts of the first tile, in points of the grid. */
  spacing: number;
  x: TypedArray;
  y: TypedArray;
  /** Minima closer to each other than this are the same. */
  tolerance: number;
  /** For each tile the number of starts that it and all tiles before it have. */
  tileEnds: number[];
  firstTile: BasinTile;
}

/** A part of a picture of basins: the minimum that the run from each start reaches. */
export interface BasinTile {
  /** The place of the tile in the picture, from 0. */
  number: number;
  /** The index of each start in the flat grid. */
  starts: TypedArray;
  /** For each start the index of its minimum in `minima`, −1 if it did not converge, −2 if it diverged. */
  found: TypedArray;
  /** For each start the number of steps. */
  steps: TypedArray;
  /** Coordinates and loss of each minimum. */
  minima: [number, number, number][];
}

/** What the teacher's screens read. */
export interface Board {
  face: Face;
  /** The link of the turn. */
  link: string;
  live: boolean;
  joined: number;
  /** The number of students whose phone was heard of lately. */
  here: number;
  /** The number of answers in this round. */
  answered: number;
  /** For each round the number of answers for each choice; empty while they are not to be seen. */
  counts: number[][];
  /** For each round the places of the answers; empty while they are not to be seen. */
  places: [number, number][][];
  /** The number, the start and the rate of each student who has tried; empty before they run. */
  attempts: [number, [number, number], number][];
  /** For each round the number of right answers; empty while they are not to be seen. */
  right: number[];
  /** How many changed from wrong to right in the second round, and from right to wrong. */
  changed: [number, number] | null;
  /** The link of the next lesson, once this one is over; empty if there is none. */
  following: string;
  /** Whether the screen that reads it has the key, not only a remote. */
  keyed: boolean;
  /** If the class was handed over to this screen: what brings it back under its code. */
  first: string;
}

/** A button that sets the key to its value. */
export interface ButtonSetting {
  kind: "button";
  key: string;
  label: string;
  value: string;
  /** The text of the button; `label` stands before it. */
  text: string;
}

/** What Dash's renderer sends to call the page's only callback on the server. */
export interface CallbackBody {
  output: string;
  outputs: CallbackOutput;
  inputs: [CallbackInput];
  changedPropIds: [string];
  parsedChangedPropsIds?: string[];
}

/** The input of the callback with its value. */
export interface CallbackInput {
  id: string;
  property: string;
  value: Request;
}

/** The output of the callback. */
export interface CallbackOutput {
  id: string;
  property: string;
}

/** Any of several options, in the link separated by commas. */
export interface CheckboxesSetting {
  kind: "checkboxes";
  key: string;
  label: string;
  value: string[];
  options: Option[];
}

/** One of several options. */
export interface ChoiceSetting {
  kind: "choice";
  key: string;
  label: string;
  value: string;
  options: Option[];
}

/** The switches of the teacher. */
export interface ClassSettings {
  door: boolean;
  paused: boolean;
  /** Whether the projector shows the answers while the class is asked. */
  live: boolean;
}

/** A teacher starts a class, or finds it again. */
export interface ClassStart {
  key: string;
  /** What the teacher's page shows. */
  link?: string;
  /** The word that the server asks teachers for; empty if it asks for none. */
  word?: string;
  /** If the class was handed over: the digest of its first key, which its code is made of. */
  first?: string;
}

/** The counts of a turn of a class, which a teacher may keep. */
export interface ClassTally {
  turn: number;
  link: string;
  /** For each round the number of answers for each choice. */
  counts: number[][];
  /** For each round the number of answers. */
  answered: number[];
  /** The number of the right choice; null if the question asks for no choice. */
  correct: number | null;
  /** How many changed from wrong to right in the second round, and from right to wrong. */
  changed: [number, number] | null;
}

/** The runs of an order. Where they cost too much at once it is the first of them; ask for the others. */
export interface Cloud {
  /** The number of runs in this answer, one or more. */
  count: number;
  /** The steps of each run. */
  steps: number;
  /** The steps that are shown, from 0 to the last. */
  frames: number[];
  /** The first coordinate of each run at each frame, `(count, frames)`; NaN once it is not finite. */
  u: TypedArray;
  v: TypedArray;
  /** Its true height as a share of that of the landscape; below 0 or above 1 beyond its ends. */
  height: TypedArray;
  /** For each run the first step from which it has arrived at a minimum; −1 if it does not. */
  arrived: number[];
  /** Whether each run flies apart. */
  apart: boolean[];
  /** How the run ended, in words, if one was asked for. */
  verdict: string;
  limit: RateLimit;
}

/** Runs on the problem of a link, with its optimizer and its steps. */
export interface CloudOrder {
  link: string;
  /** The start of each run, by the two coordinates of the view plane. */
  starts: [number, number][];
  /** The learning rate of each run. */
  rates: number[];
}

/** The text of each step about a run that is compared with the main run. */
export interface ComparedRunText {
  /** The place in the order of colors and marker symbols; −1 is the ghost's. */
  styleIndex: number;
  /** It has the texts of a `ComparedText`. */
  runText: RunText;
}

/** The sentence about a compared run at one step. */
export interface ComparedText {
  styleIndex: number;
  text: string;
  /** Its loss and slope, where it has a picture of its own. */
  numbers: string;
}

/** All controls of the page except its buttons. */
export interface Controls {
  sentence: NamedSentence;
  /** The title of the detail card. */
  detailMenu: Menu;
  sliders: Slider[];
  /** What the share dialog can hide: the label of each control by its key. */
  hideable: { [key: string]: string };
}

/** A column of a table. */
export interface CsvColumn {
  name: string;
  /** Whether its cells are numbers or dates. */
  numeric: boolean;
}

/**
 * A text as a table and, if the choices make one, as a dataset. Without a problem `points` is the dataset.
 * `columns` is empty if the text is not a table.
 */
export interface CsvPreview {
  /** A sentence on what is wrong; empty if nothing is. */
  problem: string;
  /** The dataset in link syntax; empty if there is none. */
  points: string;
  /** The check of the dataset that its link carries: see `points_check`. */
  check: string;
  /** Whether the dataset is short enough for a link, escapes included. */
  travels: boolean;
  /** Sentences on what was left out and on readings that are not the only ones. */
  notes: string[];
  /** The same of the file that the text was in, such as hidden rows; they do not depend on the choices. */
  fileNotes: string[];
  columns: CsvColumn[];
  /** The first rows of the table. */
  rows: string[][];
  /** The number of rows of the table. */
  totalRows: number;
  /** The number of rows of the dataset; without one, of the table. */
  count: number;
  /** Whether the text holds the names of the columns. */
  header: boolean;
  /** The positions of the input columns. */
  inputs: number[];
  /** The position of the target column. */
  target: number;
  task: string;
  /** The decimal mark that was taken where the numbers leave it open; empty if they do not. */
  decimal: string;
  /** The number of rows that lack nothing but a label. */
  unlabeled: number;
  /** Whether these are kept as a class of their own. */
  keepsUnlabeled: boolean;
  /** The text of a file; null for a pasted text. */
  text: string | null;
  /** The names of the sheets of a workbook. */
  sheets: string[];
  /** The position of the sheet that is shown. */
  sheet: number;
}

/** What the detail card shows and how it reacts. */
export interface DetailCard {
  view: string;
  /** The update rule of the optimizer as MathML; empty if the view does not show it. */
  updateRule: string;
  /** What the points of the figure are. */
  points: "examples" | "runs" | "settings" | "steps";
  /** The keys of the link that a click sets to a coordinate of the clicked point. */
  clickSets: { [key: string]: "x" | "y" };
  /** The keys that the same click sets to a fixed value. */
  clickSetsFixed: { [key: string]: string };
}

/** What the user can change of the examples in the data view. */
export interface Examples {
  edits: "" | "class" | "value";
  /** The target of each example; empty if they cannot be changed. */
  targets: number[];
  classNames: string[];
}

/** What every phone of a class reads every few seconds. */
export interface Face {
  /** Differs if the class was forgotten and started again. */
  born: string;
  /** Rises with each press of the teacher. */
  version: number;
  turn: number;
  beat: "ask" | "explore" | "lobby" | "reveal" | "run" | "show" | "try";
  round: number;
  /** Seconds until the next look. */
  every: number;
  paused: boolean;
  /** Whether further phones may join. */
  door: boolean;
  /**
   * The numbers of the students whose dots are ringed, or 0: who arrived first, the nearest below the cliff,
   * and the first beyond it.
   */
  lit: number[];
}

/** Pairs of name and value. */
export interface FactsTable {
  kind: "facts";
  rows: [string, string][];
}

/** What is wrong with one field of the form. */
export interface FieldProblem {
  field: string;
  sentence: string;
}

/** A figure without the arrays of its moving traces. */
export interface FigureSpec {
  /** The traces that are the same at every step. */
  data: PlotlyObject[];
  /** The traces that follow the step, drawn over `data`. */
  moving: MovingTrace[];
  layout: PlotlyObject;
  /** On a map whose picture of basins is not complete. */
  basins: BasinPicture | null;
}

/** An answer of a student. */
export interface GivenAnswer {
  token: string;
  turn: number;
  round: number;
  /** The number of a choice, from 0, a place on the map, or what the student tries. */
  value: number | [number, number] | Attempt;
}

/** A lesson for the form, from a file or from the link of a lesson. */
export interface ImportedLesson {
  draft: LessonDraft;
  check: string;
}

/** A phone has joined. */
export interface Joined {
  /** The number of the student, from 1. */
  number: number;
}

/** What the card of a lesson shows once it is answered; the texts are HTML. */
export interface LessonAnswer {
  /** The answer compared with the correct one. */
  feedback: string;
  /** Whether the choice is the correct one; null for a place on the map, which is near or far. */
  right: boolean | null;
  explanation: string;
  /** What to try next. */
  suggestion: string;
}

/** The card of a lesson. Introduction, question and choices are HTML; the title is a text. */
export interface LessonCard {
  key: string;
  /** Once answered the conclusion, in one sentence; empty if the lesson has none. */
  title: string;
  /** The place of the lesson among all, as a text. */
  number: string;
  introduction: string;
  question: string;
  /** Empty if the lesson is answered by a click on the map. */
  choices: string[];
  /** How to answer without choices. */
  instruction: string;
  /** Whether the question is not answered yet. */
  asking: boolean;
  /** Whether the run plays once the question is answered. */
  plays: boolean;
  /** Null while the lesson asks. */
  answer: LessonAnswer | null;
  /** The key of the previous lesson; empty for the first. */
  previous: string;
  next: string;
  /** The view that is shown largest, by the id of its element. */
  hero: string;
  /** The views that are shown, the hero among them; the others are folded into the tray. */
  views: string[];
}

/** A lesson as its form has it, finished or not. */
export interface LessonDraft {
  link: string;
  rows?: string;
  title?: string;
  text?: string;
  question?: string;
  choices?: string[];
  right?: number;
  place?: string;
  aha?: string;
  reveal?: string;
  drag?: string;
  note?: string;
  hero?: string;
}

/** The lessons of a file. */
export interface LessonImport {
  problem: string;
  lessons: ImportedLesson[];
}

/** What a draft makes: its cards, its link, and what is still wrong. */
export interface LessonPreview {
  query: string;
  complete: boolean;
  sentence: string;
  faults: FieldProblem[];
  asking: LessonCard;
  answered: LessonCard;
  numbers: NamedNumber[];
  places: NamedPlace[];
}

/**
 * What the two handles of a line over one input need: its scores at two inputs, by the place on the map.
 * The score at input `i` is `constant[i] + u[i] * place[0] + v[i] * place[1]`, and straight between.
 */
export interface LineHandles {
  inputs: [number, number];
  constant: [number, number];
  u: [number, number];
  v: [number, number];
  /** Whether the line that is drawn is the probability `1 / (1 + exp(-score))`, else it is the score. */
  isProbability: boolean;
}

/** A word of a sentence that opens a menu. */
export interface Menu {
  /** Tells the menus of a sentence apart: the key, unless several menus change the same key. */
  name: string;
  key: string;
  value: string;
  /** The word: usually the text of the chosen option. */
  text: string;
  label: string;
  options: Option[];
  settings: Setting[];
}

/** What the page says of a run at one step. */
export interface Moment {
  step: number;
  /** The number of the last step of the run. */
  lastStep: number;
  /** The key of the outcome if it is known at this step, else `running`. */
  tone: string;
  verdict: string;
  numbers: string;
  /** The arithmetic of the step in one parameter. */
  update: string;
  /** The text for screen readers. */
  status: string;
  compared: ComparedText[];
  /** The table of the detail card; null if that shows a figure. */
  table: Table | null;
  /** The part of the layout of the detail figure that depends on the run. */
  detailLayout: PlotlyObject;
}

/** Squared error bent into absolute error: the surfaces of losses between them. */
export interface Morph {
  u: TypedArray;
  v: TypedArray;
  labels: [string, string];
  title: string;
  start: [number, number];
  frames: MorphFrame[];
}

/** A loss between squared and absolute error, on the grid of its morph. */
export interface MorphFrame {
  /** Names δ and the factor. */
  text: string;
  z: TypedArray;
  /** The ends of the axis of heights. */
  range: [number, number];
  /** The loss at the start. */
  startLoss: number;
  /** The lowest point and its loss; null if it is not known. */
  optimum: [number, number, number] | null;
}

/** A trace that shows a slice of the run's arrays at each step. */
export interface MovingTrace {
  /** The name of the slice: a key of `STEP_SLICES` in `app/figures/step_slices.py`. */
  slice: string;
  /** The name of the slice while the run is played; empty if it is the same. */
  whilePlaying: string;
  /** The name of the array that each attribute of the trace shows. */
  arrays: { [key: string]: string };
  /** The trace without these attributes. */
  trace: PlotlyObject;
}

/** A figure with the name under which the browser caches it. */
export interface NamedFigure {
  name: string;
  /** Null if the request said that the browser has it. */
  figure: FigureSpec | null;
}

/** A number that a text can name. */
export interface NamedNumber {
  name: string;
  meaning: string;
  value: string;
}

/** A place that can be the right one. */
export interface NamedPlace {
  key: string;
  title: string;
}

/** The sentence about the experiment, with the name under which the browser caches it. */
export interface NamedSentence {
  name: string;
  /** Null if the request said that the browser has it. */
  parts: SentencePart[] | null;
}

/** A number within limits. */
export interface NumberSetting {
  kind: "number";
  key: string;
  label: string;
  value: number;
  low: number;
  high: number;
  /** Whether it is an integer. */
  whole: boolean;
  scale: Scale;
  /** Null if the key has this number alone. */
  part: SettingPart | null;
}

/** The figure of an exported page: complete, at one step. */
export interface OfflineFigure {
  data: PlotlyObject[];
  layout: PlotlyObject;
  fog: boolean;
}

/** One of several choices. */
export interface Option {
  value: string;
  text: string;
  hint: string;
  /** The heading under which it stands; empty if the choices are not grouped. */
  group: string;
  /** Its formula in TeX; `/formulas` has the MathML of all formulas of catalogues. */
  tex: string;
  /** The formula as MathML, if it is in no catalogue. */
  mathml: string;
}

/** What a screen shows that waits to be paired. */
export interface Paired {
  digits: string;
}

/** A button that opens the dialog for custom data. */
export interface PasteSetting {
  kind: "paste";
  key: string;
  label: string;
  /** The custom data that are shown now; empty if there are none. */
  value: string;
}

/** A phone joins, or says that it is still there. */
export interface Phone {
  token: string;
}

/** What the model of a place on the map is like, while the place is pointed at. */
export interface PlacePreview {
  /** The names and values of the coordinates. */
  place: string;
  /** The loss at the place itself; empty where a lesson or the fog hides it. */
  loss: string;
  /** The same of what the experiment is compared with; empty without a comparison. */
  comparedLoss: string;
  /** The arrays that the data view shows of it. */
  arrays: Arrays;
}

/** The teacher moves the class to a turn and a beat. */
export interface Press {
  turn: number;
  link: string;
  beat: "ask" | "explore" | "lobby" | "reveal" | "run" | "show" | "try";
  round?: number;
  lit?: number[];
}

/**
 * A table of probabilities over a grid of inputs by the model that computes them in the browser.
 * `app/figures/probability_grid.py` explains it.
 */
export interface ProbabilityGridArray {
  kind: "probabilityGrid";
  /** The number of grid points along each input. */
  gridShape: number[];
  /** The value that stands for probability 1; null for a table of the scores. */
  scale: number | null;
  /** For each row the scores, or the inputs of each hidden neuron, at the corners of the grid. */
  cornerInputs: TypedArray;
  /** For each row the weights and the bias of a network's output; null for a linear model. */
  outputWeights: TypedArray | null;
  /** The activation function of the hidden neurons; empty for a linear model. */
  activation: string;
}

/** All that a phone knows of a turn. Question and choices are HTML; the title is a text. */
export interface Question {
  turn: number;
  title: string;
  question: string;
  /** Empty if the question asks for a place. */
  choices: string[];
  /** Null if the question has choices. */
  map: SmallMap | null;
  /** Null before the reveal. */
  reveal: TurnReveal | null;
}

/** What is known about the rate from which on runs fly apart. */
export interface RateLimit {
  /** The limit 2/L; null if it is not known, or does not hold for this optimizer. */
  rate: number | null;
  /** What is written beside the line that is drawn there. */
  label: string;
  /** What the limit means for these runs, or why there is none. */
  sentence: string;
}

/** The runs at all stops of the rate's slider, as they are drawn at one step. */
export interface RatePreview {
  /** The rates, ascending; empty if there is no preview. */
  stops: number[];
  moments: Moment[];
  /** The arrays that differ between stops, each with a row for each stop. */
  arrays: Arrays;
  /** Arrays that count the steps of a run: by name, the array that has as many elements. */
  stepNumbers: { [key: string]: string };
}

/** A teacher types the digits of a screen, which then becomes the remote or takes the class over. */
export interface RemoteDigits {
  digits: string;
}

/** A change of controls, or the request of a tile of basins. */
export interface Request {
  /** The query of the page's state before the change. */
  link?: string;
  /** The changed values by link key, as a link writes them. */
  changes?: { [key: string]: string };
  /** Names of the figures, and of the sentence, that the browser has. */
  knownFigures?: string[];
  /** Custom data that are too long for the link. */
  points?: string;
  /** The number of a tile of basins, from 1; 0 asks for the scene. */
  tile?: number;
  /** The query of the state whose windows the scene keeps while something is dragged; empty for its own. */
  keptAxes?: string;
}

/** The run at all steps. */
export interface Run {
  /** The arrays that moving traces name. */
  arrays: Arrays;
  /** Its kinds of text are the texts of a `Moment`. */
  runText: RunText;
  compared: ComparedRunText[];
  /** The table of the detail card at each step, or a single one for all steps; empty for a figure. */
  tables: Table[];
}

/** A run in a table of runs. */
export interface RunRow {
  name: string;
  /** Null for the main run. */
  styleIndex: number | null;
  cells: string[];
}

/** The texts of every step of a run; `app/narration/step_text.py` explains the placeholders. */
export interface RunText {
  lastStep: number;
  /** Values that are the same at each step, by placeholder. */
  constants: { [key: string]: string };
  /** A number for each step, by placeholder. */
  columns: { [key: string]: TypedArray };
  /** The texts by kind. */
  texts: { [key: string]: StepTemplates };
}

/** A row for each run. */
export interface RunsTable {
  kind: "runs";
  heads: string[];
  rows: RunRow[];
  note: string;
}

/** Everything that the browser needs to draw a state. */
export interface Scene {
  /** The link of the state with its step, which the browser replaces. */
  link: string;
  /** The same without what has its default. */
  shortLink: string;
  title: string;
  /** Sentences on invalid parts of the link. */
  notices: string[];
  theme: string;
  lang: string;
  rate: number;
  start: [number, number];
  /** The keys of hidden controls. */
  hide: string[];
  embed: boolean;
  fog: boolean;
  /** Whether basins are drawn; null if the problem has none. */
  basins: boolean | null;
  /** Whether axes whose units differ have one scale; null if none do. */
  sameScale: boolean | null;
  /** Whether an earlier run stays visible. */
  ghost: boolean;
  /** Whether the page offers to bend one loss of the comparison into the other. */
  bends: boolean;
  /** Tells surfaces apart. */
  surfaceName: string;
  detail: DetailCard;
  lesson: LessonCard | null;
  examples: Examples;
  /** What the handles of the line in the data view need; null if it has none or the start is hidden. */
  lineHandles: LineHandles | null;
  /** The input of each example that can be dragged in the detail view; null if none can. */
  draggableInputs: number[] | null;
  controls: Controls;
  /** The alternative text of each figure. */
  altTexts: { [key: string]: string };
  captions: { [key: string]: string };
  /** The figures by the id of their element. */
  figures: { [key: string]: NamedFigure };
  moment: Moment;
  run: Run;
}

/** Where a setting stands in a value of the link that has several parts. */
export interface SettingPart {
  name: string;
  /** The value with which it is not written. */
  default: number | null;
  /** The text of the link before the parts. */
  before: string;
  after: string;
}

/** A slider with a number field. */
export interface Slider {
  key: string;
  label: string;
  value: number;
  low: number;
  high: number;
  scale: Scale;
  /** Which number of a list this is; null if the key has one number alone. */
  index: number | null;
  marks: SliderMark[];
  note: string;
}

/** A marked value of a slider. */
export interface SliderMark {
  value: number;
  text: string;
  /** A text for hovering, if `text` is empty. */
  title: string;
}

/** A map that is small enough for a phone. */
export interface SmallMap {
  /** The lowest and the highest value of the first coordinate. */
  u: [number, number];
  v: [number, number];
  /** The names of both coordinates. */
  names: [string, string];
  start: [number, number];
  /** For each place of a square grid its height from 0 to 255, row by row upward; null in the fog. */
  heights: TypedArray | null;
  /** In how many bands heights are drawn. */
  bands: number;
}

/** The run from another start, as it is drawn at one step. */
export interface StartPreview {
  moment: Moment;
  /** Each array, or its row of this step if it has one for each step. */
  arrays: Arrays;
}

/** The class that a teacher has started. */
export interface StartedClass {
  code: string;
  born: string;
  /** If the teacher's own address works on this machine alone: those that phones can open. */
  addresses: string[];
}

/** The texts of one kind: the templates, and which of them each step has. */
export interface StepTemplates {
  templates: string[];
  /** The index of the template at each step; null if all steps have the first. */
  index: TypedArray | null;
}

/** After how many steps the run arrives at rates of the slider: the curve that the slider carries. */
export interface StepsByRate {
  /** Ascending; empty where a lesson or the fog hides how runs end, and for runs that cost too much. */
  rates: number[];
  /** Null for a rate that does not arrive. */
  steps: (number | null)[];
  /** The number of steps of a run. */
  most: number;
}

/** Something that is on or off, in the link 1 or 0. */
export interface SwitchSetting {
  kind: "switch";
  key: string;
  label: string;
  value: boolean;
  hint: string;
}

/** The counts of all turns of a class. */
export interface Tallies {
  turns: ClassTally[];
}

/** The translations of the texts in browser modules. */
export interface TextCatalogue {
  /** The key of the language, by BCP 47; its rules say which plural a number has. */
  language: string;
  /** Translations by English template. */
  texts: { [key: string]: string };
  /** The forms of plurals by the English template for 1 and by category, such as `few`. */
  plurals: { [key: string]: { [key: string]: string } };
  decimalMark: string;
}

/** A part of a line. */
export interface TextPiece {
  text: string;
  /** The CSS class of its color. */
  role: string;
}

/** A text that is typed, such as a formula. */
export interface TextSetting {
  kind: "text";
  key: string;
  label: string;
  value: string;
  hint: string;
  maxLength: number;
}

/** The answer to a request for a basin tile. */
export interface TileAnswer {
  /** Null if the link has no such tile. */
  tile: BasinTile | null;
}

/** What is so. */
export interface TurnReveal {
  /** The number of the right choice; null if the question asks for a place. */
  correct: number | null;
  /** The right place; null if the question has choices. */
  target: [number, number] | null;
  /** It and the suggestion are HTML. */
  explanation: string;
  conclusion: string;
  suggestion: string;
  /** What *Explore* opens. */
  link: string;
  /** What the class may try; null if the turn has no descent with a rate. */
  attempt: AttemptField | null;
}

/** An array by the bytes of its elements, in the format of Plotly's typed arrays. */
export interface TypedArray {
  kind: "typed";
  dtype: "f4" | "f8" | "u1";
  /** The bytes in row-major order, in base64. */
  bdata: string;
  /** The length of each dimension, separated by commas. */
  shape: string;
}

/** The update rule with the numbers of one parameter, line by line. */
export interface UpdateBlock {
  name: string;
  lines: TextPiece[][];
}

/** The update rule with the numbers of one step. */
export interface UpdateTable {
  kind: "update";
  /** A block for each shown parameter; none at the end of the run. */
  blocks: UpdateBlock[];
}

/** The MathML of the formulas of losses and optimizers, by their TeX. */
export type MenuFormulas = { [key: string]: string };
