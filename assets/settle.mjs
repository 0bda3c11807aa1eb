// Keeps a path at its true height from being buried in the surface that it runs on.

/** Push a scene's surface triangles a path's width back, in depth alone. */
export function settle(scene) {
  for (const { surface } of Object.values(scene?.traces ?? {})) {
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
