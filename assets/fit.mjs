// Axes of a flat plot fitted to the room that they have: fewer ticks on a short one, a long title smaller or in two lines.

const FLAT = /^[xy]axis\d*$/;
/** Letters are about so wide, in their own size. */
const LETTER = 0.56;
/** A title is so much larger than a tick where there is room, and so much smaller at least. */
const [LARGE, SMALL] = [1.17, 0.85];
/** A tick takes so many sizes of a letter, across and upward. */
const APART = { x: 3.2, y: 1.8 };
const FEWEST = 3;
/** In space a tick's letters grow with the square of their size, from this one on. */
const USUAL = 12;
const MOST = 6;

/** What the axes of `layout` are to be in a box of `width` times `height` whose letters have `size`, by dotted key. */
export function fit({ margin: { l, r, t, b }, ...layout }, { width, height, size }) {
  if (layout.scene) return Object.fromEntries(["x", "y", "z"].map((axis) => [`scene.${axis}axis.tickfont.size`, Math.sqrt(USUAL * size)]));
  const room = { x: width - l - r, y: height - t - b };
  const axes = Object.entries(layout).filter(([name, axis]) => FLAT.test(name) && axis.title);
  let below = b;
  const fitted = axes.flatMap(([name, { title, nticks = MOST }]) => {
    const [long, apart] = [room[name[0]], APART[name[0]] * size];
    const inOne = long / (LETTER * size * title.text.length);
    const text = inOne < SMALL ? halved(title.text) : title.text;
    if (text !== title.text && name[0] === "x") below = b + LARGE * size;
    return [
      [`${name}.title.text`, text],
      [`${name}.title.font.size`, size * Math.max(SMALL, Math.min(LARGE, text === title.text ? inOne : 1))],
      [`${name}.nticks`, Math.max(FEWEST, Math.min(nticks, Math.floor(long / apart)))],
    ];
  });
  return Object.fromEntries([...fitted, ["margin.b", below]]);
}

/** A text in two lines, as even as its words allow. */
function halved(text) {
  const middle = text.length / 2;
  const gaps = [...text.matchAll(/ /g)].map(({ index }) => index);
  if (!gaps.length) return text;
  const at = gaps.reduce((best, gap) => (Math.abs(gap - middle) < Math.abs(best - middle) ? gap : best));
  return `${text.slice(0, at)}<br>${text.slice(at + 1)}`;
}
