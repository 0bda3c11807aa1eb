// Moves the traces of a landscape by hand: nothing else of the scene is made anew.

/** Vertices of a piece of a line between two points, as gl-line3d lays them out. */
const PIECE = 4;
/** Points of a run that are worth giving to the graphics at once, for steps that show a few of them. */
const MOST = 4096;

export class Solid {
  constructor(plot) {
    this.plot = plot;
    this.forget();
  }

  /** Plotly has drawn anew, in a card that may have another size: measured now, and not again in every frame as Plotly does. */
  forget() {
    const { container, glplot, traces } = this.scene;
    for (const { stretch } of Object.values(traces)) stretch?.forget();
    for (const side of ["clientWidth", "clientHeight"]) {
      delete container[side];
      Object.defineProperty(container, side, { value: container[side], configurable: true });
    }
    glplot.redraw();
    this.from = String(glplot.cameraParams.view);
  }

  get scene() {
    return this.plot._fullLayout.scene._scene;
  }

  /** Put trace `index` at its new places; whether the scene has it. */
  move(index, places) {
    const trace = this.plot._fullData[index];
    const drawn = this.scene.traces[trace.uid];
    if (!drawn || trace.visible !== true) return false;
    Object.assign(trace, places);
    stretch(drawn).show(trace, places);
    return true;
  }

  /** Draw the scene as it stands. Only if its camera has turned is there anything that Plotly has to measure and set anew. */
  done() {
    const { glplot } = this.scene;
    const { onrender } = glplot;
    glplot.onrender = () => {
      const from = String(glplot.cameraParams.view);
      if (from !== this.from) onrender();
      this.from = from;
    };
    glplot.redraw();
    glplot.onrender = onrender;
  }
}

/** The one stretch of a trace that a scene has drawn. */
const stretch = (drawn) => (drawn.stretch ??= new Stretch(drawn));

/** Shows a stretch of the points that the graphics have: a step of a run is another stretch of the same points. */
class Stretch {
  constructor(drawn) {
    this.drawn = drawn;
    const update = drawn.update.bind(drawn);
    drawn.update = (trace) => {
      this.given = null; // Plotly gives the graphics other points, and means them all
      update(trace);
    };
  }

  /** What is shown next is no second time. */
  forget() {
    this.seen = null;
  }

  show(trace, places) {
    const { buffer, byteOffset, BYTES_PER_ELEMENT, length } = places.x;
    if (!this.given || this.given !== buffer) {
      // Points that are shown a second time will be shown again: a run is being played.
      const whole = this.seen === buffer && entire(places);
      const counted = whole && counts(whole, trace.mode);
      this.drawn.update(counted ? { ...trace, ...whole } : trace);
      this.seen = buffer;
      if (counted) Object.assign(this, { given: buffer, counted });
      // A path is not pointed at: without this the whole scene would be drawn once more for the pointer, and waited for.
      for (const plot of this.plots) this.cut(plot).dirty = false;
    }
    this.first = byteOffset / BYTES_PER_ELEMENT;
    this.last = this.first + length - 1;
  }

  get plots() {
    const { linePlot, scatterPlot, textMarkers } = this.drawn;
    return [linePlot, scatterPlot, textMarkers].filter(Boolean);
  }

  /** Have a plot draw the stretch that is shown of what it was given. */
  cut(plot) {
    if (plot.stretched) return plot;
    const { gl, vao } = plot;
    const [draw, all] = [vao.draw.bind(vao), plot.draw.bind(plot)];
    plot.stretched = true;
    plot.draw = (camera) => plot.vertexCount && all(camera); // of nothing, too, a dozen things would be set
    vao.draw = (kind, vertices, offset = 0) => {
      if (!this.given) return draw(kind, vertices, offset);
      const { first, last, counted } = this;
      const before = first ? counted[first - 1] : 0;
      const line = kind === gl.TRIANGLE_STRIP;
      const each = line ? PIECE : vertices / counted.at(-1);
      const many = counted[last] - before - (line ? 1 : 0);
      return many > 0 && draw(kind, each * many, offset + each * before);
    };
    return plot;
  }
}

/** All the points of which places are a stretch; null if they are no such stretch, or of too many to be worth it. */
function entire(places) {
  const { x, y, z } = places;
  const alike = (other) => other?.buffer && other.byteOffset === x.byteOffset && other.length === x.length && other.buffer.byteLength === x.buffer.byteLength;
  if (Object.keys(places).length !== 3 || ![x, y, z].every(alike)) return null;
  const whole = Object.fromEntries(Object.entries(places).map(([axis, values]) => [axis, new values.constructor(values.buffer)]));
  return whole.x.length <= MOST ? whole : null;
}

/** How many points are drawn up to each of them, for one that is nowhere is not; null where that makes a gap in a line. */
function counts({ x, y, z }, mode) {
  const counted = [];
  let drawn = 0;
  for (let i = 0; i < x.length; i++) {
    const there = Number.isFinite(x[i]) && Number.isFinite(y[i]) && Number.isFinite(z[i]);
    if (there && drawn < i && mode.includes("lines")) return null;
    counted.push((drawn += there));
  }
  return drawn ? counted : null;
}
