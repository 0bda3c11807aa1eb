// What of a layout follows a run: whether axes must be drawn anew, and how little of them.

/** So much of a range may change while a hand holds on: half of the margin that it has. */
const SLACK = 0.035;

const isRange = (key) => key.endsWith(".range");
const other = (layout, before) => Object.keys(layout).filter((key) => JSON.stringify(layout[key]) !== JSON.stringify(before[key]));

/** Whether two layouts are the same. */
export const alike = (layout, before) => !other(layout, before).length;

/** The ends of the ranges that are not as before, for which Plotly draws no more than axes anew; null where more has changed, or nothing. */
export function ends(layout, before) {
  const ranges = other(layout, before);
  if (!ranges.length || !ranges.every(isRange)) return null;
  return Object.fromEntries(ranges.flatMap((key) => layout[key].map((end, i) => [`${key}[${i}]`, end])));
}

/** Whether what is to be seen stands well on the axes there are; under a hand that moves it they would tremble. */
export function roomy(layout, before) {
  const near = (key) => {
    const [[from, to], [low, high]] = [layout[key], before[key]];
    return Math.max(Math.abs(from - low), Math.abs(to - high)) < SLACK * Math.abs(high - low);
  };
  return other(layout, before).every((key) => isRange(key) && near(key));
}
