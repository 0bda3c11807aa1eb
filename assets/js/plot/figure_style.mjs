// A figure as it is dressed: colors by their names, strokes of the theme, what changes put in its place.

export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A copy of a figure with every `var(--name)` as the color it has in the theme in force. */
export function resolve(part) {
  if (typeof part === "string") return part.startsWith("var(--") ? token(part.slice(4, -1)) : part;
  if (Array.isArray(part)) return part.map(resolve);
  if (part?.constructor === Object) return Object.fromEntries(Object.entries(part).map(([k, v]) => [k, resolve(v)]));
  return part;
}

/** Lines and marks of a resolved trace, `by` times as thick. */
export function thicken(trace, by) {
  for (const part of [trace.line, trace.marker, trace.marker?.line]) {
    for (const size of ["width", "size"]) if (typeof part?.[size] === "number") part[size] *= by;
  }
  return trace;
}

/** `layout` with the dotted keys of `changes` put in their places. */
export function patched(layout, changes) {
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split(".");
    const last = steps.pop();
    steps.reduce((at, step) => (at[step] ??= {}), layout)[last] = value;
  }
  return layout;
}
