// Moves the traces of a landscape by hand: nothing else of the scene is made anew.

export class Solid {
  constructor(plot) {
    this.plot = plot;
  }

  forget() {}

  get scene() {
    return this.plot._fullLayout.scene._scene;
  }

  /** Put trace `index` at its new places; whether the scene has it. */
  move(index, places) {
    const trace = this.plot._fullData[index];
    const drawn = this.scene.traces[trace.uid];
    if (!drawn || trace.visible !== true) return false;
    Object.assign(trace, places);
    drawn.update(trace);
    // A path is not pointed at: without this the whole scene would be drawn once more for the pointer, and waited for.
    for (const part of [drawn.linePlot, drawn.scatterPlot, drawn.textMarkers]) if (part) part.dirty = false;
    return true;
  }

  done() {
    this.scene.glplot.redraw();
  }
}
