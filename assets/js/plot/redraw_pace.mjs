// When a landscape that was moved is drawn. A machine without a graphics card takes long for it and holds the
// whole page meanwhile: there everything else moves at once, and the landscape follows.

/** A redraw is slow if it holds a frame this long in milliseconds, or two of three at least half as long. */
const SLOW = 150;
/** Redraws are fast again if the last ones were all below this. */
const FAST = 40;
/** A redraw counts as this long at most: a hidden tab draws no frames, and nothing may wait for one. */
const LONGEST = 1000;
/** How many redraws are judged together. */
const JUDGED = 3;
/** Frames after a redraw that it can hold: the browser draws behind the page. */
const HELD_FRAMES = 3;
/** Milliseconds without a move after which a slow landscape is drawn, and in redraws. */
const REST = 250;
const REST_IN_REDRAWS = 1.5;
/** While a run is played a slow landscape is drawn at most this share of the time. */
const PLAYED_SHARE = 1 / 4;

const browserClock = {
  now: () => performance.now(),
  nextFrame: (/** @type {() => void} */ callback) => void requestAnimationFrame(callback),
  later: (/** @type {() => void} */ callback, /** @type {number} */ delay) =>
    window.setTimeout(callback, delay),
  cancel: (/** @type {number} */ timer) => clearTimeout(timer),
};

/** Draws at once where that is fast; where it is slow, at rest, and now and then while a run is played. */
export class RedrawPace {
  /** Whether redraws are slow on this machine. */
  slow = false;
  /**
   * The longest frame after each of the last redraws, in milliseconds.
   *
   * @type {number[]}
   */
  costs = [];
  measuring = false;
  measuredAt = -Infinity;
  timer = 0;

  /**
   * @param {() => void} draw
   * @param {typeof browserClock} [clock]
   */
  constructor(draw, clock = browserClock) {
    this.draw = draw;
    this.clock = clock;
  }

  /**
   * Something was moved.
   *
   * @param {boolean} isPlayed whether by a run that is played
   */
  request(isPlayed) {
    if (!this.slow || (isPlayed && this.hasRested)) this.drawNow();
    else {
      this.clock.cancel(this.timer);
      this.timer = this.clock.later(() => this.drawNow(), Math.max(REST, REST_IN_REDRAWS * this.cost));
    }
  }

  /** Whether the last redraw is long enough ago, compared with what it cost. */
  get hasRested() {
    const rested = this.clock.now() - this.measuredAt;
    return !this.measuring && rested > this.cost / PLAYED_SHARE - this.cost;
  }

  /** What the last redraw cost, in milliseconds. */
  get cost() {
    return this.costs[this.costs.length - 1] ?? 0;
  }

  drawNow() {
    this.clock.cancel(this.timer);
    this.draw();
    if (!this.measuring) this.measure();
  }

  /** Measure the frames that the redraw holds. */
  measure() {
    this.measuring = true;
    let [before, longest, left] = [this.clock.now(), 0, HELD_FRAMES];
    const countFrame = () => {
      const now = this.clock.now();
      longest = Math.max(longest, now - before);
      before = now;
      if (--left) this.clock.nextFrame(countFrame);
      else this.record(Math.min(longest, LONGEST));
    };
    this.clock.nextFrame(countFrame);
  }

  /** @param {number} cost */
  record(cost) {
    this.measuring = false;
    this.measuredAt = this.clock.now();
    this.costs = [...this.costs, cost].slice(-JUDGED);
    const long = this.costs.filter((one) => one > SLOW / 2).length;
    this.slow = this.slow ? Math.max(...this.costs) > FAST : cost > SLOW || long > JUDGED / 2;
  }
}
