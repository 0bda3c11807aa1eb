// Colors, strokes and single values of a figure.

import { themeValue } from "../core/theme.mjs";

/** @import { PlotlyObject } from "../protocol.js" */

/**
 * Copy a part of a figure with every `var(--name)` replaced by its value, as app/browser_assets/palette.py
 * does.
 *
 * @param {any} part
 * @param {(name: string) => string} [valueOf] the value of a custom property; that of the theme in force
 * @returns {any}
 */
export function resolveColors(part, valueOf = themeValue) {
  if (typeof part === "string") return part.startsWith("var(--") ? valueOf(part.slice(4, -1)) : part;
  if (Array.isArray(part)) return part.map((one) => resolveColors(one, valueOf));
  if (part?.constructor !== Object) return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, resolveColors(value, valueOf)]));
}

/**
 * Multiply the widths and sizes of a trace's lines, markers and texts by `factor`, in place.
 *
 * @param {PlotlyObject} trace
 * @param {number} factor
 */
export function scaleStrokes(trace, factor) {
  for (const part of [trace.line, trace.marker, trace.marker?.line, trace.textfont]) {
    for (const size of ["width", "size"]) if (typeof part?.[size] === "number") part[size] *= factor;
  }
  return trace;
}

/**
 * Set values of a layout or a trace at dotted paths, such as `xaxis.range`, in place.
 *
 * @template {PlotlyObject} Target
 * @param {Target} target
 * @param {PlotlyObject} changes
 * @returns {Target}
 */
export function setAtPaths(target, changes) {
  for (const path in changes) {
    const keys = path.split(".");
    const last = /** @type {string} */ (keys.pop());
    /** @type {PlotlyObject} */
    let parent = target;
    for (const key of keys) parent = parent[key] ??= {};
    parent[last] = changes[path];
  }
  return target;
}

/**
 * Font family and text size in pixels of a plot.
 *
 * @param {Element} element
 */
export function textStyleOf(element) {
  const rootSize = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const size = Number(themeValue("--text-plot")) * rootSize;
  return { family: getComputedStyle(element).fontFamily, size };
}
