// The start points that were tried in the fog: recorded per surface, and shown when the fog is lifted.

import { singleRow } from "../core/array_codec.mjs";

/** @import { Scene } from "../protocol.js" */
/** @import { RunArrays } from "../types.js" */

const ARRAY_NAMES = ["tried_u", "tried_v", "tried_h"];

export class FogTrail {
  surface = "";
  /** @type {number[][]} */
  points = [];

  /**
   * Record the start of a new scene, and add the recorded points to its arrays.
   *
   * @param {Pick<Scene, "surfaceName" | "fog">} scene
   * @param {RunArrays} arrays
   */
  record(scene, arrays) {
    if (scene.surfaceName !== this.surface) {
      this.surface = scene.surfaceName;
      this.points = [];
    }
    if (scene.fog) this.points.push([arrays.u.values[0], arrays.v.values[0], arrays.h.values[0]]);
    ARRAY_NAMES.forEach((name, i) => {
      arrays[name] = singleRow(Float32Array.from(this.points, (point) => point[i]));
    });
  }
}
