// Moves the traces of a flat plot by hand: Plotly has drawn their marks once, here they only change place.

const HIDDEN = "scale(0)";
const NOTHING = "M0,0";
/** Pixels beyond which a screen cannot tell one line from another, and a browser cannot read them. */
const FAR = 1e6;
const near = (pixel) => Math.round(Math.max(-FAR, Math.min(FAR, pixel)) * 10) / 10;
const direction = (across, up) => (Math.atan2(up, across) * 180) / Math.PI;

/** Which way an arrow's mark points as it is drawn: from the middle of its foot to its tip at the origin. */
function pointing(mark) {
  const [, left = [0, 0], right = [0, 0]] = mark.getAttribute("d").match(/[^MLZ]+/g).map((pair) => pair.split(",").map(Number));
  return direction(-left[0] - right[0], -left[1] - right[1]);
}

export class Flat {
  constructor(plot) {
    this.plot = plot;
    this.forget();
  }

  /** Plotly has drawn anew: its marks are others now, and its axes may be. */
  forget() {
    this.known = new Map();
    this.courses = new WeakMap();
  }

  done() {}

  marks(index) {
    if (!this.known.has(index)) {
      const [first] = this.plot.calcdata?.[index] ?? [];
      const group = first?.trace?.type === "scatter" && first.trace.visible === true && first.node3?.node();
      this.known.set(index, group?.isConnected ? new Marks(group, first.trace, this.plot._fullLayout, this.courses) : null);
    }
    return this.known.get(index);
  }

  /** Put trace `index` at its new places; whether it has the marks for that. */
  move(index, { x = [], y = [], ...more }) {
    const marks = this.marks(index);
    const somewhere = x.some((value, i) => Number.isFinite(value) && Number.isFinite(y[i]));
    if (!somewhere) marks?.hide();
    return !somewhere || Boolean(marks?.move(x, y, more));
  }
}

/** What Plotly has drawn for one trace: a line, a filled form, points. */
class Marks {
  constructor(group, trace, layout, courses) {
    const axis = (id) => layout[`${id[0]}axis${id.slice(1)}`];
    const all = (selector) => [...group.querySelectorAll(selector)];
    Object.assign(this, { trace, courses, places: [], lines: all(".js-line"), fills: all(".js-fill"), points: all("path.point"), texts: all(".textpoint") });
    this.axes = [axis(trace.xaxis), axis(trace.yaxis)];
    if (trace.marker?.symbol === "arrow") this.ways = this.points.map(pointing);
  }

  /** Whether a mark points away from the one before it. */
  get follows() {
    return this.trace.marker?.angleref === "previous";
  }

  /** Where points are on the screen: of a run that is worked out once, for all its steps and all traces that show it. */
  course(x, y) {
    const alike = x.buffer && y.buffer && x.byteOffset === y.byteOffset && x.buffer.byteLength === y.buffer.byteLength;
    if (!alike) return this.pixels(x, y);
    const axes = this.trace.xaxis + this.trace.yaxis;
    let known = this.courses.get(x.buffer);
    if (known?.y !== y.buffer || known.axes !== axes) {
      known = { y: y.buffer, axes, ...this.pixels(new x.constructor(x.buffer), new y.constructor(y.buffer)) };
      this.courses.set(x.buffer, known);
    }
    const [from, to] = [x.byteOffset, x.byteOffset + x.byteLength].map((at) => at / x.BYTES_PER_ELEMENT);
    return { across: known.across.slice(from, to), up: known.up.slice(from, to), spelled: known.spelled.slice(from, to) };
  }

  pixels(x, y) {
    const [right, high] = this.axes;
    const [across, up] = [Array.from(x, (value) => right.c2p(value)), Array.from(y, (value) => high.c2p(value))];
    return { across, up, spelled: across.map((pixel, i) => spell(pixel, up[i])) };
  }

  hide() {
    for (const line of [...this.lines, ...this.fills]) line.setAttribute("d", NOTHING);
    for (const text of this.texts) text.setAttribute("transform", HIDDEN);
    this.points.forEach((_, i) => this.put(i, HIDDEN));
  }

  move(x, y, { "marker.angle": turns, ...more }) {
    const { mode } = this.trace;
    const lacks = (mode.includes("lines") && !this.lines.length && x.length > 1) || (mode.includes("markers") && !this.points.length);
    if (lacks || mode.includes("text") || Object.keys(more).length) return false;
    const course = this.course(x, y);
    if (this.lines.length || this.fills.length) {
      const way = (this.follows ? arrows(course, this.trace.marker.size) : path(course.spelled)) || NOTHING;
      this.lines.forEach((line, i) => line.setAttribute("d", i ? NOTHING : way));
      for (const fill of this.fills) fill.setAttribute("d", `${way}Z`);
    }
    this.place(course, turns);
    return true;
  }

  place({ across, up, spelled }, turns) {
    if (!this.points.length) return;
    let used = 0;
    for (let i = 0; i < spelled.length; i++) {
      if (!spelled[i]) continue;
      if (used === this.points.length) this.more();
      const turn = this.ways ? `rotate(${near(this.way(across, up, turns, i) - this.ways[used])})` : "";
      this.put(used++, `translate(${spelled[i]})${turn}`);
    }
    for (; used < this.points.length; used++) this.put(used, HIDDEN);
  }

  /** Most marks of a path stay where they are. */
  put(mark, place) {
    if (this.places[mark] === place) return;
    this.places[mark] = place;
    this.points[mark].setAttribute("transform", place);
  }

  /** Which way the arrow at a point is to point: from the point before, or so many degrees from straight up. */
  way(across, up, turns, i) {
    return this.follows ? direction(across[i] - across[i - 1], up[i] - up[i - 1]) || 0 : turns[i] - 90;
  }

  /** One mark more, like the last. */
  more() {
    const last = this.points.at(-1);
    const next = last.cloneNode();
    last.after(next);
    this.points.push(next);
    this.ways?.push(this.ways.at(-1));
  }
}

/** A point as SVG spells it; nothing of one that is nowhere. */
const spell = (across, up) => (Number.isFinite(across) && Number.isFinite(up) ? `${near(across)},${near(up)}` : "");

/** The share of an arrow's mark before which Plotly ends its line. */
const HEAD = 0.9;

/** Lines that each end where the head of an arrow begins. */
function arrows({ across, up, spelled }, size) {
  let drawn = "";
  for (let i = 1; i < across.length; i++) {
    const [x, y] = [across[i] - across[i - 1], up[i] - up[i - 1]];
    const head = (HEAD * (size[i] ?? size)) / Math.hypot(x, y);
    const rest = head < 1 ? 1 - head : 1;
    drawn += path([spelled[i - 1], spell(across[i - 1] + rest * x, up[i - 1] + rest * y)]);
  }
  return drawn;
}

/** A line through points, its pen lifted where there is none. */
function path(spelled) {
  let [drawn, down] = ["", false];
  for (const point of spelled) {
    if (point) drawn += `${down ? "L" : "M"}${point}`;
    down = Boolean(point);
  }
  return drawn;
}
