// Keeps a path at its true height from being buried in the surface that it runs on, and letters in space as large as they began.

/** Letters are set for this many pixels a point when they are made; Plotly sets them in another size when it moves them. */
const AS_MADE = 1;
const HALO = 2;
const AROUND = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => [x, y]));

/** Text is drawn as if it stood before everything, for half a word behind a hill says something else; a halo all around its letters. */
function inFront({ gl }, draw, halo) {
  return (...how) => {
    const whole = [gl.drawingBufferWidth, gl.drawingBufferHeight];
    gl.disable(gl.DEPTH_TEST);
    for (const [x, y] of halo ? AROUND : [[0, 0]]) {
      gl.viewport(x * HALO, y * HALO, ...whole);
      draw(...how);
    }
    gl.viewport(0, 0, ...whole);
    gl.enable(gl.DEPTH_TEST);
  };
}

/** Push a scene's surface triangles a path's width back, in depth alone. */
export function settle(scene) {
  for (const { surface, textMarkers, data } of Object.values(scene?.traces ?? {})) {
    if (textMarkers && !textMarkers.settled) {
      const update = textMarkers.update.bind(textMarkers);
      textMarkers.settled = true;
      textMarkers.update = (given) => {
        textMarkers.pixelRatio = AS_MADE;
        update(given);
      };
      for (const way of ["draw", "drawTransparent"]) textMarkers[way] = inFront(textMarkers, textMarkers[way].bind(textMarkers), data.meta === "halo");
    }
    const triangles = surface?._vao;
    if (!triangles || triangles.settled) continue;
    const { gl } = surface;
    const draw = triangles.draw.bind(triangles);
    triangles.settled = true;
    triangles.draw = (...how) => {
      gl.enable(gl.POLYGON_OFFSET_FILL);
      gl.polygonOffset(16, 1);
      draw(...how);
      gl.disable(gl.POLYGON_OFFSET_FILL);
    };
  }
  scene?.glplot.redraw();
}
