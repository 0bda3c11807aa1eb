// Where a walker in the fog has stood: kept while the ground is the same, shown when the fog is lifted.

export class Trail {
  note(scene, arrays) {
    if (scene.ground !== this.ground) Object.assign(this, { ground: scene.ground, tried: [] });
    if (scene.fog) this.tried.push([arrays.u.values[0], arrays.v.values[0], arrays.h.values[0]]);
    ["tried_u", "tried_v", "tried_h"].forEach((name, i) => {
      arrays[name] = { values: Float32Array.from(this.tried, (place) => place[i]), width: 0 };
    });
  }
}
