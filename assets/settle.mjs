// Keeps a path at its true height from being buried in the surface that it runs on, and letters in space as large as they began.

/** Letters are set for this many pixels a point when they are made; Plotly sets them in another size when it moves them. */
const AS_MADE = 1;

/** Push a scene's surface triangles a path's width back, in depth alone. */
export function settle(scene) {
  for (const { surface, textMarkers } of Object.values(scene?.traces ?? {})) {
    if (textMarkers && !textMarkers.settled) {
      const update = textMarkers.update.bind(textMarkers);
      textMarkers.settled = true;
      textMarkers.update = (given) => {
        textMarkers.pixelRatio = AS_MADE;
        update(given);
      };
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
