// Patches of Plotly's WebGL scene: a trajectory on the surface stays visible, and so does text.

/** @import { Draw, Scene } from "./plotly_internals.mjs" */

/**
 * Device pixels a point at which Plotly rasterizes text first. Later updates of Plotly use another
 * ratio, which would change the size of the text.
 */
const TEXT_PIXEL_RATIO = 1;
/** Offset of the copies that form a halo, in pixels. */
const HALO_OFFSET = 2;
const HALO_DIRECTIONS = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => [x, y]));
const NO_HALO = [[0, 0]];
/** Arguments of `gl.polygonOffset` that put the surface about the width of a line behind its true depth. */
const SURFACE_OFFSET = /** @type {const} */ ([16, 1]);
/** The same for the fog, which is behind any ground; the second number counts the finest steps of depth. */
const FOG_OFFSET = /** @type {const} */ ([64, 65536]);

/**
 * Draw without the depth test: a label half hidden by a hill reads as another label. A halo draws it nine
 * times.
 *
 * @param {WebGLRenderingContext} gl
 * @param {Draw} draw
 * @param {() => unknown} meta
 * @returns {Draw}
 */
function drawInFront(gl, draw, meta) {
  return (...parameters) => {
    const directions = meta() === "halo" ? HALO_DIRECTIONS : NO_HALO;
    const width = gl.drawingBufferWidth;
    const height = gl.drawingBufferHeight;
    gl.disable(gl.DEPTH_TEST);
    for (const [x, y] of directions) {
      gl.viewport(x * HALO_OFFSET, y * HALO_OFFSET, width, height);
      draw(...parameters);
    }
    gl.viewport(0, 0, width, height);
    gl.enable(gl.DEPTH_TEST);
  };
}

/**
 * Move a surface back in depth alone, so that it does not cover a line at its true height.
 *
 * @param {WebGLRenderingContext} gl
 * @param {Draw} draw
 * @param {() => unknown} name of the trace
 * @returns {Draw}
 */
function drawBehindLines(gl, draw, name) {
  return (...parameters) => {
    gl.enable(gl.POLYGON_OFFSET_FILL);
    const [factor, units] = name() === "fog" ? FOG_OFFSET : SURFACE_OFFSET;
    gl.polygonOffset(factor, units);
    draw(...parameters);
    gl.disable(gl.POLYGON_OFFSET_FILL);
  };
}

/**
 * Patch the traces of a scene that are not patched yet, before it is drawn again. Without a scene: nothing.
 *
 * @param {Scene | null} scene
 */
export function patchScene(scene) {
  scene?.wrapDrawing(drawInFront, drawBehindLines, TEXT_PIXEL_RATIO);
}
