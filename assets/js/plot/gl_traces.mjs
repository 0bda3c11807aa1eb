// Move the traces of a three-dimensional plot without Plotly: nothing else of the scene is computed anew.

/** Vertices per line segment, as gl-line3d lays them out. */
const VERTICES_PER_SEGMENT = 4;
/** Runs with more points are not uploaded whole: a step may show a few of them only. */
const MOST_POINTS = 4096;

/** The traces of one plot's scene. */
export class GlTraces {
  constructor(plot) {
    this.plot = plot;
    this.reset();
  }

  /**
   * Plotly has drawn anew, perhaps in a card of another size. The size is measured now and fixed:
   * Plotly would measure it in every frame.
   */
  reset() {
    const { container, glplot, traces } = this.scene;
    for (const { traceSlice } of Object.values(traces)) traceSlice?.reset();
    for (const side of ["clientWidth", "clientHeight"]) {
      delete container[side];
      Object.defineProperty(container, side, { value: container[side], configurable: true });
    }
    glplot.redraw();
    this.cameraView = String(glplot.cameraParams.view);
  }

  /** Plotly's scene object. */
  get scene() {
    return this.plot._fullLayout.scene._scene;
  }

  /** Show trace `index` at new coordinates; return whether the scene has drawn that trace. */
  move(index, coordinates) {
    const trace = this.plot._fullData[index];
    const drawn = this.scene.traces[trace.uid];
    if (!drawn || trace.visible !== true) return false;
    Object.assign(trace, coordinates);
    drawn.traceSlice ??= new GlTraceSlice(drawn);
    drawn.traceSlice.show(trace, coordinates);
    return true;
  }

  /** Draw the scene. Plotly's own work after a frame is needed only if the camera has moved. */
  finish() {
    const { glplot } = this.scene;
    const { onrender } = glplot;
    glplot.onrender = () => {
      const view = String(glplot.cameraParams.view);
      if (view !== this.cameraView) onrender();
      this.cameraView = view;
    };
    glplot.redraw();
    glplot.onrender = onrender;
  }
}

/**
 * Shows a slice of the points in a trace's vertex buffers. A step of a run is a slice of the run's
 * points, so the whole run is uploaded once and each step only changes the range that is drawn.
 *
 * `uploaded` is the array buffer whose points the vertex buffers hold completely, null while Plotly's own
 * points are drawn; `drawnBefore[i]` the number of its points up to i that have vertices; `first` and
 * `last` are the slice shown; `previous` is the array buffer that was shown before.
 */
class GlTraceSlice {
  constructor(drawn) {
    this.drawn = drawn;
    const update = drawn.update.bind(drawn);
    drawn.update = (trace) => {
      this.uploaded = null; // Plotly uploads other points and draws them all
      update(trace);
    };
  }

  /** Treat the next array buffer as new. */
  reset() {
    this.previous = null;
  }

  show(trace, coordinates) {
    const { buffer, byteOffset, BYTES_PER_ELEMENT, length } = coordinates.x;
    if (!this.uploaded || this.uploaded !== buffer) this.upload(trace, coordinates, buffer);
    this.first = byteOffset / BYTES_PER_ELEMENT;
    this.last = this.first + length - 1;
  }

  /**
   * Upload the slice; or the whole run if the same buffer is shown a second time, for then the run is played.
   */
  upload(trace, coordinates, buffer) {
    const whole = this.previous === buffer && wholeArrays(coordinates);
    const drawnBefore = whole && countDrawn(whole, trace.mode);
    this.drawn.update(drawnBefore ? { ...trace, ...whole } : trace); // sets `uploaded` to null
    this.previous = buffer;
    if (drawnBefore) Object.assign(this, { uploaded: buffer, drawnBefore });
    // A trajectory needs no picking. Without this the scene would be drawn once more for the pointer.
    for (const plot of this.plots) this.patch(plot).dirty = false;
  }

  get plots() {
    const { linePlot, scatterPlot, textMarkers } = this.drawn;
    return [linePlot, scatterPlot, textMarkers].filter(Boolean);
  }

  /** Make a plot draw the vertices of the slice only; patched once. */
  patch(plot) {
    if (plot.drawsSlice) return plot;
    const { gl, vao } = plot;
    const [drawVertices, drawPlot] = [vao.draw.bind(vao), plot.draw.bind(plot)];
    plot.drawsSlice = true;
    // an empty plot would still set its uniforms
    plot.draw = (camera) => plot.vertexCount && drawPlot(camera);
    vao.draw = (mode, vertices, offset = 0) => {
      if (!this.uploaded) return drawVertices(mode, vertices, offset);
      const { first, last, drawnBefore } = this;
      const skipped = first ? drawnBefore[first - 1] : 0;
      const isLine = mode === gl.TRIANGLE_STRIP;
      const perPoint = isLine ? VERTICES_PER_SEGMENT : vertices / drawnBefore.at(-1);
      const count = drawnBefore[last] - skipped - (isLine ? 1 : 0);
      return count > 0 && drawVertices(mode, perPoint * count, offset + perPoint * skipped);
    };
    return plot;
  }
}

/**
 * The whole arrays of which coordinates are one common slice; null if they are none or have too many points.
 */
function wholeArrays(coordinates) {
  const { x, y, z } = coordinates;
  const sameSliceAsX = (other) =>
    other?.buffer &&
    other.byteOffset === x.byteOffset &&
    other.length === x.length &&
    other.buffer.byteLength === x.buffer.byteLength;
  if (Object.keys(coordinates).length !== 3 || ![x, y, z].every(sameSliceAsX)) return null;
  const whole = Object.fromEntries(
    Object.entries(coordinates).map(([axis, values]) => [axis, new values.constructor(values.buffer)]),
  );
  return whole.x.length <= MOST_POINTS ? whole : null;
}

/**
 * How many points up to each one have vertices: points that are not finite have none.
 * null if nothing is drawn, or if such a point leaves a gap in a line.
 */
function countDrawn({ x, y, z }, mode) {
  const drawnBefore = [];
  let drawn = 0;
  for (let i = 0; i < x.length; i++) {
    const finite = Number.isFinite(x[i]) && Number.isFinite(y[i]) && Number.isFinite(z[i]);
    if (finite && drawn < i && mode.includes("lines")) return null;
    drawn += finite;
    drawnBefore.push(drawn);
  }
  return drawn ? drawnBefore : null;
}
