// A landscape that is slow to draw follows at rest, a fast one at once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { RedrawPace } from "../../assets/js/plot/redraw_pace.mjs";

/** A page whose frames last as long as `cost()` says after a redraw. */
function createPage(cost) {
  const page = { time: 0, frames: [], timers: new Map(), drawn: [], held: 0 };
  const clock = {
    now: () => page.time,
    nextFrame: (callback) => page.frames.push(callback),
    later: (callback, delay) => {
      const timer = Symbol("timer");
      page.timers.set(timer, { callback, due: page.time + delay });
      return timer;
    },
    cancel: (timer) => page.timers.delete(timer),
  };
  const draw = () => {
    page.drawn.push(page.time);
    page.held = cost();
  };
  page.pace = new RedrawPace(draw, clock);
  page.frame = () => {
    page.time += 16 + page.held;
    page.held = 0;
    for (const callback of page.frames.splice(0)) callback();
    for (const [timer, { callback, due }] of page.timers) {
      if (due > page.time) continue;
      page.timers.delete(timer);
      callback();
    }
  };
  page.run = (frames, isPlayed) => {
    for (let i = 0; i < frames; i++) {
      if (isPlayed !== undefined) page.pace.request(isPlayed);
      page.frame();
    }
  };
  return page;
}

test("a fast landscape is drawn at every move", () => {
  const page = createPage(() => 5);
  page.run(20, false);
  page.run(20, true);
  assert.equal(page.drawn.length, 40);
  assert.ok(!page.pace.slow);
});

test("a slow landscape is drawn when the hand rests", () => {
  const page = createPage(() => 300);
  page.run(6, false);
  assert.ok(page.pace.slow);
  const before = page.drawn.length;
  page.run(50, false);
  assert.equal(page.drawn.length, before, "it holds the page during a drag");
  page.run(40);
  assert.equal(page.drawn.length, before + 1);
});

test("a slow landscape is drawn a quarter of the time while a run is played, and at its end", () => {
  const page = createPage(() => 300);
  page.run(6, true);
  const [begin, before] = [page.time, page.drawn.length];
  page.run(200, true);
  const share = ((page.drawn.length - before) * 300) / (page.time - begin);
  assert.ok(share > 0.1 && share <= 0.26, `${share}`);
  const last = page.drawn.length;
  page.pace.request(false);
  page.run(60);
  assert.equal(page.drawn.length, last + 1);
});

test("a page that is held once is not slow, and a machine may recover", () => {
  const costs = [100, 5, 5];
  const once = createPage(() => costs.shift() ?? 5);
  once.run(30, false);
  assert.ok(!once.pace.slow);
  let cost = 300;
  const page = createPage(() => cost);
  page.run(10, false);
  assert.ok(page.pace.slow);
  cost = 5;
  for (let i = 0; i < 4; i++) {
    page.pace.request(false);
    page.run(30);
  }
  assert.ok(!page.pace.slow);
});

test("a landscape does not wait for as long as its tab was hidden", () => {
  let cost = 600_000;
  const page = createPage(() => cost);
  page.run(6, false);
  cost = 300;
  const before = page.drawn.length;
  page.pace.request(false);
  page.run(120);
  assert.equal(page.drawn.length, before + 1);
});
