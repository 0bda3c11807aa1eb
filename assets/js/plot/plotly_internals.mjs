// All that the page knows about the inside of Plotly and of the gl-vis libraries in it. No other module reads
// their private fields. Plotly is pinned to one version; tests/browser/test_plotly_internals.py checks that
// this version has what is read here.

/** @import { PlotlyObject } from "../protocol.js" */
/** @import { PlotElement } from "../types.js" */

/** Vertices per line segment, as gl-line3d lays them out. */
const VERTICES_PER_SEGMENT = 4;

/**
 * Fields that Plotly adds to the element of a plot.
 *
 * @typedef {PlotElement & { _fullLayout?: any, _fullData?: any[], calcdata?: any[] }} Plot
 */

/**
 * A drawing function of gl-vis: of a plot, `(camera)`, or of vertices, `(mode, count, offset)`.
 *
 * @typedef {(...parameters: any[]) => unknown} Draw
 */

/**
 * Whether a plot is drawn as large as its element.
 *
 * @param {Plot} plot
 */
export function fillsCard(plot) {
  const { width, height } = plot._fullLayout;
  return Math.abs(width - plot.clientWidth) < 1 && Math.abs(height - plot.clientHeight) < 1;
}

/* Flat plots. */

/** An axis of a flat plot: from values to pixels of the plot's element and back. */
export class FlatAxis {
  /** @param {any} axis Plotly's axis */
  constructor(axis) {
    this.axis = axis;
  }

  /** Pixels from the edge of the plot's element to the beginning of the axis. */
  get offset() {
    return /** @type {number} */ (this.axis._offset);
  }

  /** Length in pixels; 0 before Plotly has laid out the plot. */
  get length() {
    return /** @type {number} */ (this.axis._length ?? 0);
  }

  /** The values at both ends; of a logarithmic axis their logarithms. */
  get range() {
    return /** @type {[number, number]} */ (this.axis.range);
  }

  /**
   * The kind of the axis and a copy of its range.
   *
   * @returns {{ range: [number, number], type: string }}
   */
  get kindAndRange() {
    const [low, high] = this.range;
    return { range: [low, high], type: this.axis.type };
  }

  /** Pixels from the beginning of the axis to a value as in the data. */
  toPixel(/** @type {number} */ value) {
    return /** @type {number} */ (this.axis.d2p(value));
  }

  /** Pixels a unit of a linear axis. */
  get pixelsPerUnit() {
    const { range } = this;
    return this.length / Math.abs(range[1] - range[0]);
  }

  /** The value at a pixel from the beginning of the axis. */
  toValue(/** @type {number} */ pixel) {
    return /** @type {number} */ (this.axis.p2d(pixel));
  }
}

/** @type {WeakMap<object, FlatAxis>} */
const axisWrappers = new WeakMap();

/** @param {any} axis */
function wrapAxis(axis) {
  let wrapper = axisWrappers.get(axis);
  if (!wrapper) {
    wrapper = new FlatAxis(axis);
    axisWrappers.set(axis, wrapper);
  }
  return wrapper;
}

/**
 * The x and y axis of a flat plot; null before it is drawn, and for a plot in three dimensions.
 *
 * @param {Plot} plot
 * @returns {[FlatAxis, FlatAxis] | null}
 */
export function axesOf(plot) {
  const { xaxis, yaxis } = plot._fullLayout ?? {};
  return xaxis && yaxis ? [wrapAxis(xaxis), wrapAxis(yaxis)] : null;
}

/**
 * Forget the ranges from which the axes of equal scale were computed before other axes are drawn: Plotly
 * would go back to them where the card has changed its shape in the meantime.
 *
 * @param {Plot} plot
 */
export function forgetFormerAxes(plot) {
  const { xaxis, yaxis } = plot._fullLayout ?? {};
  for (const axis of [xaxis, yaxis]) if (axis) axis._inputRange = axis._inputDomain = undefined;
}

/** Of a number in a hover template, such as `%{y:.3~g}`: its significant digits. */
const HOVER_DIGITS = /\.(\d+)~[gr]$/;

/**
 * Write the numbers of hover templates as everywhere on the page until Plotly lays out the plot again.
 *
 * @param {Plot} plot
 * @param {(value: number, digits: number) => string} format
 */
export function setHoverNumbers(plot, format) {
  const locale = plot._fullLayout?._d3locale;
  if (!locale || locale.ownNumberFormat) return;
  locale.ownNumberFormat = locale.numberFormat;
  locale.numberFormat = (/** @type {string} */ form) => {
    const digits = HOVER_DIGITS.exec(form)?.[1];
    if (!digits) return locale.ownNumberFormat(form);
    return (/** @type {number} */ value) => format(value, Number(digits));
  };
}

/**
 * What Plotly has drawn of a scatter trace.
 *
 * @typedef {object} DrawnScatter
 * @property {Element} group the element of the trace
 * @property {any} trace Plotly's complete trace
 * @property {string} axes names of the axes, as a key
 * @property {(value: number) => number} xPixel
 * @property {(value: number) => number} yPixel
 */

/**
 * The drawn scatter trace `index`; null if Plotly has drawn no such scatter trace.
 *
 * @param {Plot} plot
 * @param {number} index
 * @returns {DrawnScatter | null}
 */
export function drawnScatter(plot, index) {
  const [first] = plot.calcdata?.[index] ?? [];
  const { trace } = first ?? {};
  const group = trace?.type === "scatter" && trace.visible === true && first.node3?.node();
  if (!group?.isConnected) return null;
  const axis = (/** @type {string} */ id) => plot._fullLayout[`${id[0]}axis${id.slice(1)}`];
  const [x, y] = [axis(trace.xaxis), axis(trace.yaxis)];
  return {
    group,
    trace,
    axes: trace.xaxis + trace.yaxis,
    xPixel: (value) => x.c2p(value),
    yPixel: (value) => y.c2p(value),
  };
}

/**
 * A trace's coordinates along an axis: those to which the page has moved it, or those that Plotly decoded;
 * none before Plotly has computed them.
 *
 * @param {Plot} plot
 * @param {PlotlyObject} trace one of `plot.data`
 * @param {"x" | "y"} axis
 * @returns {ArrayLike<number>}
 */
export function coordinatesOf(plot, trace, axis) {
  if (!plot.calcdata) return [];
  if (trace[axis]?.length) return trace[axis];
  return plot._fullData?.find((one) => one.uid === trace.uid || one._input === trace)[axis];
}

/* Plots in three dimensions. */

/** Frames for which a scene looks whether it has to be drawn after a pointer or a camera has moved. */
const AWAKE_FRAMES = 60;
const STIRRING_EVENTS = ["pointerdown", "pointermove", "pointerup", "pointerleave", "wheel"];

/**
 * Scenes of gl-plot3d whose loop has ended.
 *
 * @type {WeakSet<object>}
 */
const loopless = new WeakSet();

/**
 * End the loop in which gl-plot3d asks in every frame whether anything has changed, so that a page at rest
 * does nothing. The loop ends in a frame in which the plot counts as stopped, only while the loop looks.
 *
 * @param {any} glplot
 */
function endLoop(glplot) {
  if (loopless.has(glplot)) return;
  loopless.add(glplot);
  const { camera, redraw } = glplot;
  const { tick } = camera;
  let isRedraw = false;
  glplot.redraw = () => {
    isRedraw = true;
    redraw();
    isRedraw = false;
  };
  camera.tick = () => {
    if (isRedraw) return tick.call(camera); // not from the loop
    camera.tick = tick;
    glplot.redraw = redraw;
    let wasStopped = true;
    // asked for before and after the loop asks for its next frame, so that they come before and after it
    requestAnimationFrame(() => {
      wasStopped = glplot._stopped;
      glplot._stopped = true;
    });
    queueMicrotask(() => requestAnimationFrame(() => (glplot._stopped = wasStopped)));
    return tick.call(camera);
  };
}

/** The WebGL scene of a plot. */
export class Scene {
  /** For how many more frames the scene looks whether it has to be drawn. */
  framesAwake = 0;
  /** Whether a pointer has moved since the last frame, and whether it was over something that is drawn. */
  isStirred = false;
  wasHovered = false;

  /** @param {any} scene Plotly's scene object */
  constructor(scene) {
    this.scene = scene;
    this.drawnView = "";
    const stir = () => {
      this.isStirred = true;
      this.wake();
    };
    for (const event of STIRRING_EVENTS)
      scene.container?.addEventListener?.(event, stir, { passive: true });
  }

  /** Draw only what this class is asked to draw, and while a pointer or a camera moves. */
  drawOnDemand() {
    endLoop(this.scene.glplot);
  }

  /** Look for a while in every frame whether the scene has to be drawn: its camera may roll on. */
  wake() {
    const isAwake = this.framesAwake > 0;
    this.framesAwake = AWAKE_FRAMES;
    if (isAwake) return;
    const look = () => {
      this.framesAwake = this.drawIfChanged() ? AWAKE_FRAMES : this.framesAwake - 1;
      if (this.framesAwake) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }

  /** Draw the scene if its camera has moved or a pointer moves over it; return whether it was drawn. */
  drawIfChanged() {
    const { glplot } = this.scene;
    if (!glplot) return false;
    const isHovered = Boolean(glplot.selection?.object);
    const isPointed = this.isStirred && (isHovered || this.wasHovered);
    [this.isStirred, this.wasHovered] = [false, isHovered];
    const isChanged = glplot.camera.tick() || isPointed;
    if (isChanged) glplot.redraw();
    return isChanged;
  }

  /** The camera as it is now, perhaps turned since Plotly's last own update. */
  get camera() {
    return this.scene.getCamera();
  }

  /** A PNG of the scene as it is drawn, as a data address. */
  toImage() {
    return /** @type {string} */ (this.scene.toImage("png"));
  }

  /** Draw the scene in the next frame. */
  redraw() {
    this.scene.glplot.redraw();
  }

  /**
   * Fix the size of the card, which Plotly would otherwise measure in every frame, at what it is now.
   * When the scene is drawn next, Plotly's own work is needed.
   */
  fixSize() {
    const { container } = this.scene;
    for (const side of ["clientWidth", "clientHeight"]) {
      delete container[side];
      Object.defineProperty(container, side, { value: container[side], configurable: true });
    }
    this.drawnView = "";
  }

  /** Draw the scene now. Plotly's own work after a frame is needed only if the camera has moved. */
  redrawMoved() {
    const { glplot } = this.scene;
    const { onrender } = glplot;
    glplot.onrender = () => {
      const view = String(glplot.cameraParams.view);
      if (view !== this.drawnView) onrender();
      this.drawnView = view;
    };
    glplot.redraw();
    glplot.onrender = onrender;
  }

  /**
   * Replace how texts and surfaces are drawn, each once. `wrapText(gl, draw, meta)` and
   * `wrapSurface(gl, draw, name)` return the new drawing function; `meta()` and `name()` are those of
   * the trace that is drawn: Plotly takes what it has for another trace in the next figure.
   *
   * @param {(gl: WebGLRenderingContext, draw: Draw, meta: () => unknown) => Draw} wrapText
   * @param {(gl: WebGLRenderingContext, draw: Draw, name: () => unknown) => Draw} wrapSurface
   * @param {number} textPixelRatio device pixels a point at which every text is rasterized
   */
  wrapDrawing(wrapText, wrapSurface, textPixelRatio) {
    for (const trace of Object.values(this.scene.traces)) {
      const { surface, textMarkers } = trace;
      if (textMarkers && !textMarkers.isWrapped) {
        fixPixelRatio(textMarkers, textPixelRatio);
        for (const method of ["draw", "drawTransparent"]) {
          const draw = textMarkers[method].bind(textMarkers);
          textMarkers[method] = wrapText(textMarkers.gl, draw, () => trace.data.meta);
        }
        textMarkers.isWrapped = true;
      }
      const triangles = surface?._vao;
      if (triangles && !triangles.isWrapped) {
        const draw = triangles.draw.bind(triangles);
        triangles.draw = wrapSurface(surface.gl, draw, () => trace.data.name);
        triangles.isWrapped = true;
      }
    }
  }
}

/**
 * Let a text plot rasterize with one pixel ratio at every update.
 *
 * @param {any} textPlot
 * @param {number} ratio
 */
function fixPixelRatio(textPlot, ratio) {
  const update = textPlot.update.bind(textPlot);
  textPlot.update = (/** @type {unknown} */ options) => {
    textPlot.pixelRatio = ratio;
    update(options);
  };
}

/** @type {WeakMap<object, Scene>} */
const sceneWrappers = new WeakMap();

/**
 * The scene of a plot in three dimensions; null for a flat plot, and before the plot is drawn.
 *
 * @param {Plot} plot
 * @returns {Scene | null}
 */
export function sceneOf(plot) {
  const scene = plot._fullLayout?.scene?._scene;
  if (!scene) return null;
  let wrapper = sceneWrappers.get(scene);
  if (!wrapper) {
    wrapper = new Scene(scene);
    sceneWrappers.set(scene, wrapper);
  }
  return wrapper;
}

/**
 * Remove a plot with its WebGL context; a browser has few, and Plotly leaves it to the garbage collector.
 *
 * @param {Plot} plot
 */
export function removePlot(plot) {
  const context = plot._fullLayout?.scene?._scene.glplot?.gl;
  Plotly.purge(plot);
  context?.getExtension("WEBGL_lose_context")?.loseContext();
}

/**
 * The points of a trace that its plots draw: while `limited`, `count` of the `total` points that have
 * vertices, after `skipped` others. Plain numbers, for they are read in every frame.
 *
 * @typedef {{ limited: boolean, skipped: number, count: number, total: number }} PointRange
 */

/** A trace of a scene as it is drawn. */
export class DrawnTrace {
  /** @param {any} drawn Plotly's object of the trace */
  constructor(drawn) {
    this.drawn = drawn;
    /**
     * Plotly's complete trace.
     *
     * @type {PlotlyObject}
     */
    this.trace = {};
    /** @type {PointRange} */
    this.range = { limited: false, skipped: 0, count: 0, total: 0 };
    const update = drawn.update.bind(drawn);
    drawn.update = (/** @type {unknown} */ trace) => {
      this.range.limited = false; // other points are uploaded, and all of them drawn
      update(trace);
    };
  }

  /**
   * Upload the points of a complete trace to the vertex buffers; all of them are drawn.
   *
   * @param {PlotlyObject} trace
   */
  upload(trace) {
    this.drawn.update(trace);
    const { linePlot, scatterPlot, textMarkers } = this.drawn;
    for (const plot of [linePlot, scatterPlot, textMarkers]) {
      if (!plot) continue;
      limitVertices(plot, this.range);
      // A trajectory needs no picking. Without this the scene would be drawn once more for the pointer.
      plot.dirty = false;
    }
  }
}

/**
 * Let a plot draw the vertices of a range only; done once.
 *
 * @param {any} plot
 * @param {PointRange} range
 */
function limitVertices(plot, range) {
  if (plot.isLimited) return;
  plot.isLimited = true;
  const { gl, vao } = plot;
  const drawPlot = plot.draw.bind(plot);
  const drawVertices = vao.draw.bind(vao);
  // an empty plot would still set its uniforms
  plot.draw = (/** @type {unknown} */ camera) => plot.vertexCount && drawPlot(camera);
  vao.draw = (/** @type {number} */ mode, /** @type {number} */ vertices, offset = 0) => {
    if (!range.limited) return drawVertices(mode, vertices, offset);
    const isLine = mode === gl.TRIANGLE_STRIP;
    const perPoint = isLine ? VERTICES_PER_SEGMENT : vertices / range.total;
    const count = range.count - (isLine ? 1 : 0);
    return count > 0 && drawVertices(mode, perPoint * count, offset + perPoint * range.skipped);
  };
}

/** @type {WeakMap<object, DrawnTrace>} */
const traceWrappers = new WeakMap();

/** @param {any} drawn */
function wrapTrace(drawn) {
  let wrapper = traceWrappers.get(drawn);
  if (!wrapper) {
    wrapper = new DrawnTrace(drawn);
    traceWrappers.set(drawn, wrapper);
  }
  return wrapper;
}

/**
 * Trace `index` of a scene; null if the scene has not drawn it.
 *
 * @param {Plot} plot
 * @param {number} index
 * @returns {DrawnTrace | null}
 */
export function drawnSceneTrace(plot, index) {
  const trace = plot._fullData?.[index];
  const drawn = plot._fullLayout.scene._scene.traces[trace.uid];
  if (!drawn || trace.visible !== true) return null;
  const wrapper = wrapTrace(drawn);
  wrapper.trace = trace;
  return wrapper;
}
