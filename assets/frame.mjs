// What of a figure depends on the card in which it is drawn: how far its camera stands, how its titles are broken, how large its letters are.

const ROOM = { width: 1.3, height: 500, letters: 30, slender: 340, low: 300, further: 0.45, lower: 0.4 };
const USUAL = { by: 1, low: 0 };
const LARGER = 1.2;
const SMALLEST = 0.75;
const APART = 2;
const pen = document.createElement("canvas").getContext("2d");

/** So much farther away a camera stands that a narrow card shows the whole, and so much lower it looks that a low one shows the letters of its axes. */
export function stance({ clientWidth: width, clientHeight: height }, size) {
  if (!width || !height) return USUAL;
  const large = size / 12;
  const low = Math.max(0, 1 - height / (large * ROOM.height));
  return { by: Math.max(1, (ROOM.width * height) / (width - large * ROOM.letters)) * (1 + ROOM.further * low), low: ROOM.lower * low };
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
