// The curve on the slider of the rate: the steps to arrive by rate, low where the run is fast.

/** @import { StepsByRate } from "../protocol.js" */

/**
 * The height of a number of steps, from 0 to 1. Its square root shows the best rate of a long run, too.
 *
 * @param {number} steps
 * @param {number} most
 */
const heightOf = (steps, most) => Math.sqrt(Math.min(1, steps / Math.max(1, most)));

/** A curve over less of the slider, in hundredths, is left out: it would look like a speck of dirt. */
const LEAST_WIDTH = 3;

const inSvg = (/** @type {number} */ number) => String(Math.round(number * 1000) / 1000);

/**
 * The curve as an SVG path in a box from (0, 0) to (100, 1), whose top is 0. A rate that does not arrive
 * breaks it; empty if none does, or only rates that are nearly the same.
 *
 * @param {StepsByRate} curve
 * @param {(rate: number) => number} toShare where on the slider a rate is, from 0 to 1
 */
export function curvePath({ rates, steps, most }, toShare) {
  const places = rates.filter((_, i) => steps[i] !== null).map((rate) => 100 * toShare(rate));
  if (!places.length || Math.max(...places) - Math.min(...places) < LEAST_WIDTH) return "";
  let path = "";
  let isDrawing = false;
  rates.forEach((rate, i) => {
    const count = steps[i];
    if (count !== null) {
      const point = `${inSvg(100 * toShare(rate))},${inSvg(1 - heightOf(count, most))}`;
      path += `${isDrawing ? "L" : "M"}${point}`;
    }
    isDrawing = count !== null;
  });
  return path;
}

/**
 * The path of the area below the curve, in the same box.
 *
 * @param {StepsByRate} curve
 * @param {(rate: number) => number} toShare
 */
export const areaPath = (curve, toShare) =>
  curvePath(curve, toShare)
    .split("M")
    .filter(Boolean)
    .map((part) => {
      const points = part.split("L");
      const [first, last] = [points[0], points[points.length - 1]].map((point) => point.split(",")[0]);
      return `M${first},1L${part}L${last},1Z`;
    })
    .join("");
