// When Plotly catches up with what a view shows: after the browser has painted, or when a step rests.

/** A step that is shown this long, in milliseconds, is written to Plotly's own data, for hovering. */
const REST = 500;

/** Runs the updates of one view, never two at the same time. */
export class DeferredUpdate {
  /**
   * The update that is due.
   *
   * @type {Promise<unknown> | null}
   */
  pending = null;
  restTimer = 0;

  /**
   * @param {() => unknown} update
   * @param {() => boolean} mustWait whether a pointer holds the view, so that no update may run
   */
  constructor(update, mustWait) {
    this.update = update;
    this.mustWait = mustWait;
  }

  /** Update after the browser has painted, and not while a pointer holds the view. */
  schedule() {
    this.pending ??= new Promise((resolve) => {
      const update = () => {
        this.pending = null;
        resolve(this.update());
      };
      const schedule = () => {
        if (this.mustWait()) addEventListener("pointerup", schedule, { once: true });
        else requestAnimationFrame(() => setTimeout(update));
      };
      schedule();
    });
    return this.pending;
  }

  /**
   * Update when what is shown rests, unless `isCurrent()` is false by then: where frames are slow, the next
   * step may come before that is done.
   *
   * @param {() => boolean} isCurrent
   */
  scheduleAtRest(isCurrent) {
    this.cancelRest();
    const update = () => isCurrent() && this.schedule();
    this.restTimer = window.setTimeout(() => requestAnimationFrame(update), REST);
  }

  /** Something else is shown: what rested is not current any more. */
  cancelRest() {
    clearTimeout(this.restTimer);
  }
}
