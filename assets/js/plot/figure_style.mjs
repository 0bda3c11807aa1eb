// Colors, strokes and single values of a figure.

/** The value of a style sheet's custom property in the theme in force. */
export const themeValue = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Copy a part of a figure with every `var(--name)` replaced by its value in the theme in force. */
export function resolveColors(part) {
  if (typeof part === "string") return part.startsWith("var(--") ? themeValue(part.slice(4, -1)) : part;
  if (Array.isArray(part)) return part.map(resolveColors);
  if (part?.constructor !== Object) return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, resolveColors(value)]));
}

/** Multiply the widths and sizes of a trace's lines and markers by `factor`, in place. */
export function scaleStrokes(trace, factor) {
  for (const part of [trace.line, trace.marker, trace.marker?.line]) {
    for (const size of ["width", "size"]) if (typeof part?.[size] === "number") part[size] *= factor;
  }
  return trace;
}

/** Set values of a layout or a trace at dotted paths, such as `xaxis.range`, in place. */
export function setAtPaths(target, changes) {
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop();
    keys.reduce((parent, key) => (parent[key] ??= {}), target)[last] = value;
  }
  return target;
}
