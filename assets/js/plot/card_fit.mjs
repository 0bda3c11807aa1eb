// What of a figure depends on the card in which it is drawn: how far its camera stands, how its titles are broken, how large its letters are.

const ROOM = { width: 1.3, height: 500, letters: 30, slender: 400, low: 300, further: 0.45, lower: 0.4, names: 70, ticks: 44 };
/** Half of a landscape's box, as its aspect ratio has it; how wide Plotly's camera sees; and where no room helps any more. */
const HALF = { x: 0.625, y: 0.625, z: 0.425 };
const LENS = Math.tan(Math.PI / 8);
const FARTHEST = 3;
const USUAL = { by: 1, low: 0 };
const LARGER = 1.2;
const SMALLEST = 0.75;
const APART = 2;
const pen = document.createElement("canvas").getContext("2d");

const FLAT = /^[xy]axis\d*$/;
/** Letters are about so wide, in their own size. */
const LETTER = 0.56;
/** A title is so much larger than a tick where there is room, and so much smaller at least. */
const [LARGE, SMALL] = [1.17, 0.85];
/** A tick takes so many sizes of a letter, across and upward. */
const TICK_ROOM = { x: 3.2, y: 1.8 };
const FEWEST = 3;
/** In space a tick's letters grow with the square of their size, from this one on. */
const SCENE_LETTERS = 12;
const MOST = 6;

/** So much farther away a camera stands that a narrow card shows the whole, and so much lower it looks that a low one shows the letters of its axes. */
export function stance({ clientWidth: width, clientHeight: height }, size, camera) {
  if (!width || !height) return USUAL;
  const large = size / 12;
  const low = Math.max(0, 1 - height / (large * ROOM.height));
  const by = Math.max(1, (ROOM.width * height) / (width - large * ROOM.letters)) * (1 + ROOM.further * low);
  const letters = large * (width < ROOM.slender * large ? ROOM.ticks : ROOM.names);
  return { by: camera ? beside(camera, by, width / height, 1 - (2 * letters) / width) : by, low: ROOM.lower * low };
}

/** How far away a camera stands, `by` at least, for which the landscape's left edge leaves room to the letters beside it. */
function beside({ eye, center }, by, wide, edge) {
  const flat = Math.hypot(eye.x, eye.y);
  const far = Math.hypot(flat, eye.z);
  const leftmost = (away) => Math.max(...[-1, 1].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].map((z) => {
    const [u, v, w] = [x * HALF.x - center.x, y * HALF.y - center.y, z * HALF.z - center.z];
    return (u * eye.y - v * eye.x) / flat / (far * away - (u * eye.x + v * eye.y + w * eye.z) / far) / (LENS * wide);
  }))));
  while (by < FARTHEST && leftmost(by) > edge) by *= 1.02;
  return by;
}

/** A parameter's own name, as a title ends with it. */
const NAME = /\s(\p{Letter}[₀-₉\u202f]*)$/u;

/** Names of a landscape's axes for the room there is: none beside a slender one, parameters by their letters below a low one. */
export function entitle({ xaxis, yaxis, zaxis }, { clientWidth: width, clientHeight: height }, size) {
  const large = size / 12;
  if (width < ROOM.slender * large) zaxis.title.text = "";
  if (height < ROOM.low * large) for (const { title } of [xaxis, yaxis]) title.text = title.text.match(NAME)?.[1] ?? title.text;
}

/** A camera that stood as one card asked, as another asks. */
export function moved({ eye, center, ...camera }, to, from = USUAL) {
  const farther = Object.fromEntries(Object.entries(eye).map(([axis, value]) => [axis, (value * to.by) / from.by]));
  return { ...camera, eye: farther, center: { ...center, z: center.z + from.low - to.low } };
}

/** A title along `room` pixels: broken in two where it is longer, and then smaller, so that nothing is cut off; none where it would be. */
function titled(text, room, size, family) {
  const large = Math.round(size * LARGER);
  pen.font = `${large}px ${family}`;
  const length = (lines) => Math.max(...lines.map((line) => pen.measureText(line).width));
  const broken = [...text.matchAll(/ /g)].map(({ index }) => [text.slice(0, index), text.slice(index + 1)]);
  const two = length([text]) <= room ? [text] : broken.reduce((best, lines) => (length(lines) < length(best) ? lines : best), [text]);
  const tries = [two, [text.split(",")[0]], [""]]; // what comes after a comma is the unit
  const lines = tries.find((lines) => SMALLEST * length(lines) <= Math.max(0, room));
  return { text: lines.join("<br>"), font: { size: large * Math.max(SMALLEST, Math.min(1, room / (length(lines) || room))) } };
}

/** The titles of a layout's upright axes, and how many ticks, as they fit into the card above `below`: by their dotted places. */
export function upright({ layout }, element, { family, size }, below) {
  const room = element.clientHeight - below + (layout.margin.t * size) / 12;
  const said = ["yaxis", "yaxis2"].filter((axis) => layout[axis]?.nticks);
  return Object.fromEntries(said.flatMap((axis) => {
    const { text, font } = titled(layout[axis].title?.text ?? "", room, size, family);
    const ticks = Math.max(2, Math.min(layout[axis].nticks, Math.floor(room / (size * APART))));
    return [[`${axis}.title.text`, text], [`${axis}.title.font.size`, font.size], [`${axis}.nticks`, ticks]];
  }));
}

/** What the axes of `layout` are to be in a box of `width` times `height` whose letters have `size`, by dotted key. */
function fit({ margin: { l, r, t, b }, ...layout }, { width, height, size }) {
  if (layout.scene) return Object.fromEntries(["x", "y", "z"].map((axis) => [`scene.${axis}axis.tickfont.size`, Math.sqrt(SCENE_LETTERS * size)]));
  const room = { x: width - l - r, y: height - t - b };
  const axes = Object.entries(layout).filter(([name, axis]) => FLAT.test(name) && axis.title);
  let below = b;
  const fitted = axes.flatMap(([name, { title, nticks = MOST }]) => {
    const [long, apart] = [room[name[0]], TICK_ROOM[name[0]] * size];
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

/** Axes that suit the room there is, by dotted key. */
export function fitted(figure, element, letters) {
  const { margin, ...layout } = figure.layout;
  const wide = Object.fromEntries(Object.entries(margin).map(([side, room]) => [side, (room * letters.size) / 12]));
  const room = { width: element.clientWidth, height: element.clientHeight, size: letters.size };
  const axes = fit({ margin: wide, ...layout }, room);
  return { ...axes, ...upright(figure, element, letters, axes["margin.b"]) };
}
