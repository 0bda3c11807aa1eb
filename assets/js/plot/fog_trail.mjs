// The start points that were tried in the fog: recorded per surface, and shown when the fog is lifted.

const ARRAY_NAMES = ["tried_u", "tried_v", "tried_h"];

export class FogTrail {
  /** Record the start of a new scene, and add the recorded points to its arrays. */
  record(scene, arrays) {
    if (scene.surfaceName !== this.surface) Object.assign(this, { surface: scene.surfaceName, points: [] });
    if (scene.fog) this.points.push([arrays.u.values[0], arrays.v.values[0], arrays.h.values[0]]);
    ARRAY_NAMES.forEach((name, i) => {
      arrays[name] = { values: Float32Array.from(this.points, (point) => point[i]), width: 0 };
    });
  }
}
