// A view as a picture: what is drawn, its title, the verdict of the moment and the link.

import { element } from "../core/dom.mjs";

const SCALE = 2;
const EDGE = 16;
const LINE = 20;
const LEAST = [680, 420];

/** The scene of a view in three dimensions: Plotly would draw it anew, with the path buried in the surface. */
const solid = (view) => view._fullLayout.scene?._scene;

/** Words in lines of at most `width` pixels. */
function wrapped(pen, text, width) {
  const lines = [""];
  for (const word of text.split(/(?<=[ &?])/)) {
    if (pen.measureText(lines.at(-1) + word).width > width && lines.at(-1)) lines.push("");
    lines[lines.length - 1] += word;
  }
  return lines;
}

/** What a view draws, as an image of `width` by `height`, a flat one at least so large. */
async function picture(view) {
  const [shown, [wide, high]] = [view.getBoundingClientRect(), LEAST];
  const [width, height] = solid(view) ? [shown.width, shown.height] : [Math.max(shown.width, wide), Math.max(shown.height, high)];
  const image = new Image();
  image.src = solid(view)?.toImage("png") ?? await Plotly.toImage(view, { format: "png", width, height, scale: SCALE });
  await image.decode();
  return { image, width, height };
}

/** Pictures in cells of one size, two in a row, each whole in its own. */
function laid(pictures) {
  const [wide, high] = LEAST;
  const places = pictures.map(({ image, width, height }, i) => {
    const scale = Math.min(wide / width, high / height);
    const [w, h] = [width * scale, height * scale];
    return [image, (i % 2) * wide + (wide - w) / 2, Math.floor(i / 2) * (high + LINE) + LINE, w, h];
  });
  return { places, width: 2 * wide, height: Math.ceil(pictures.length / 2) * (high + LINE) };
}

/** Draw a view with its caption, or all of `views` by their titles, and hand it over as a PNG file. */
export async function savePicture(views, title, { title: sentence, said }, address) {
  const pictures = await Promise.all(Object.values(views).map((view) => picture(view)));
  const [alone] = pictures;
  const single = { places: [[alone.image, 0, 0, alone.width, alone.height]], width: alone.width, height: alone.height };
  const { places, width, height } = pictures.length > 1 ? laid(pictures) : single;
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const family = getComputedStyle(document.body).fontFamily;
  const canvas = element("canvas", { width: width * SCALE });
  const pen = canvas.getContext("2d");
  const fonts = [`600 14px ${family}`, `13px ${family}`, `11px ${family}`];
  const texts = [sentence, `${title}. ${said.verdict} ${said.numbers}`, address];
  const lines = texts.flatMap((text, i) => {
    pen.font = fonts[i];
    return wrapped(pen, text, width - 2 * EDGE).map((line) => [fonts[i], line, i]);
  });
  canvas.height = (height + 2 * EDGE + LINE * lines.length) * SCALE;
  pen.scale(SCALE, SCALE);
  pen.fillStyle = token("--card");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  places.forEach((place, i) => {
    pen.drawImage(...place);
    [pen.font, pen.fillStyle] = [fonts[0], token("--ink-soft")];
    if (places.length > 1) pen.fillText(Object.keys(views)[i], (i % 2) * LEAST[0] + EDGE, place[2] - 4);
  });
  lines.forEach(([font, line, i], row) => {
    pen.font = font;
    pen.fillStyle = token(i ? "--ink-soft" : "--ink");
    pen.fillText(line, EDGE, height + EDGE + LINE * (row + 0.7));
  });
  const file = await new Promise((ready) => canvas.toBlob(ready, "image/png"));
  const href = URL.createObjectURL(file);
  element("a", { href, download: `losslab-${title.toLowerCase().replaceAll(" ", "-")}.png` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}
