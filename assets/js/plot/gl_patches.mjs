// Patches of Plotly's WebGL scene: a trajectory on the surface stays visible, and so does text.

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
const SURFACE_OFFSET = [16, 1];

/**
 * Draw without the depth test: a label half hidden by a hill reads as another label. A halo draws it nine
 * times.
 */
function drawInFront({ gl }, draw, halo) {
  return (...parameters) => {
    const size = [gl.drawingBufferWidth, gl.drawingBufferHeight];
    gl.disable(gl.DEPTH_TEST);
    for (const [x, y] of halo ? HALO_DIRECTIONS : NO_HALO) {
      gl.viewport(x * HALO_OFFSET, y * HALO_OFFSET, ...size);
      draw(...parameters);
    }
    gl.viewport(0, 0, ...size);
    gl.enable(gl.DEPTH_TEST);
  };
}

/** Fix the size of a text plot and draw it in front of everything. */
function patchText(textPlot, halo) {
  const update = textPlot.update.bind(textPlot);
  textPlot.patched = true;
  textPlot.update = (options) => {
    textPlot.pixelRatio = TEXT_PIXEL_RATIO;
    update(options);
  };
  for (const method of ["draw", "drawTransparent"]) {
    textPlot[method] = drawInFront(textPlot, textPlot[method].bind(textPlot), halo);
  }
}

/** Move a surface back in depth alone, so that it does not cover a line at its true height. */
function patchSurface({ gl, _vao: triangles }) {
  const draw = triangles.draw.bind(triangles);
  triangles.patched = true;
  triangles.draw = (...parameters) => {
    gl.enable(gl.POLYGON_OFFSET_FILL);
    gl.polygonOffset(...SURFACE_OFFSET);
    draw(...parameters);
    gl.disable(gl.POLYGON_OFFSET_FILL);
  };
}

/** Patch the traces of a scene that are not patched yet, and redraw it. Does nothing without a scene. */
export function patchScene(scene) {
  for (const { surface, textMarkers, data } of Object.values(scene?.traces ?? {})) {
    if (textMarkers && !textMarkers.patched) patchText(textMarkers, data.meta === "halo");
    if (surface?._vao && !surface._vao.patched) patchSurface(surface);
  }
  scene?.glplot.redraw();
}
