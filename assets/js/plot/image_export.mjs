// Save one view or all views as a PNG file, with title, verdict and link as a caption.

import { element } from "../core/dom.mjs";
import { themeValue } from "./figure_style.mjs";

/** Device pixels a CSS pixel. */
const SCALE = 2;
const MARGIN = 16;
const LINE_HEIGHT = 20;
/** Smallest width and height of a flat view, and size of a cell when there are several views. */
const CELL_SIZE = [680, 420];

/** The WebGL scene of a view's element; undefined for a flat view. */
const sceneOf = (plot) => plot._fullLayout.scene?._scene;

/** Break a text into lines of at most `width` pixels. */
function wrapText(context, text, width) {
  const lines = [""];
  for (const word of text.split(/(?<=[ &?])/)) {
    if (context.measureText(lines.at(-1) + word).width > width && lines.at(-1)) lines.push("");
    lines[lines.length - 1] += word;
  }
  return lines;
}

/**
 * The image of a view, with its width and height in CSS pixels.
 * A scene is copied as drawn: `Plotly.toImage` would draw it anew without the patches that keep the line
 * visible.
 */
async function viewImage(plot) {
  const [box, [leastWidth, leastHeight]] = [plot.getBoundingClientRect(), CELL_SIZE];
  const scene = sceneOf(plot);
  const width = scene ? box.width : Math.max(box.width, leastWidth);
  const height = scene ? box.height : Math.max(box.height, leastHeight);
  const image = new Image();
  image.src =
    scene?.toImage("png") ?? (await Plotly.toImage(plot, { format: "png", width, height, scale: SCALE }));
  await image.decode();
  return { image, width, height };
}

/** Arrange images two in a row, each scaled to fit its cell. */
function arrangeInGrid(images) {
  const [cellWidth, cellHeight] = CELL_SIZE;
  const places = images.map(({ image, width, height }, i) => {
    const scale = Math.min(cellWidth / width, cellHeight / height);
    const left = (i % 2) * cellWidth + (cellWidth - width * scale) / 2;
    const top = Math.floor(i / 2) * (cellHeight + LINE_HEIGHT) + LINE_HEIGHT;
    return [image, left, top, width * scale, height * scale];
  });
  const rows = Math.ceil(images.length / 2);
  return { places, width: 2 * cellWidth, height: rows * (cellHeight + LINE_HEIGHT) };
}

/** Offer the canvas for download. */
async function downloadCanvas(canvas, title) {
  const file = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  const href = URL.createObjectURL(file);
  element("a", { href, download: `losslab-${title.toLowerCase().replaceAll(" ", "-")}.png` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

/** Save the plots of `views`, given by their titles, with a caption below, as one PNG file. */
export async function saveImage(views, title, { title: heading, moment }, address) {
  const images = await Promise.all(Object.values(views).map((plot) => viewImage(plot)));
  const [first] = images;
  const alone = {
    places: [[first.image, 0, 0, first.width, first.height]],
    width: first.width,
    height: first.height,
  };
  const { places, width, height } = images.length > 1 ? arrangeInGrid(images) : alone;
  const family = getComputedStyle(document.body).fontFamily;
  const canvas = element("canvas", { width: width * SCALE });
  const context = canvas.getContext("2d");
  const fonts = [`600 14px ${family}`, `13px ${family}`, `11px ${family}`];
  const paragraphs = [heading, `${title}. ${moment.verdict} ${moment.numbers}`, address];
  const lines = paragraphs.flatMap((text, i) => {
    context.font = fonts[i];
    const color = themeValue(i ? "--ink-soft" : "--ink");
    return wrapText(context, text, width - 2 * MARGIN).map((line) => ({ font: fonts[i], color, line }));
  });
  canvas.height = (height + 2 * MARGIN + LINE_HEIGHT * lines.length) * SCALE; // resets the context
  context.scale(SCALE, SCALE);
  context.fillStyle = themeValue("--card");
  context.fillRect(0, 0, canvas.width, canvas.height);
  places.forEach((place, i) => {
    context.drawImage(...place);
    [context.font, context.fillStyle] = [fonts[0], themeValue("--ink-soft")];
    if (places.length > 1)
      context.fillText(Object.keys(views)[i], (i % 2) * CELL_SIZE[0] + MARGIN, place[2] - 4);
  });
  lines.forEach(({ font, color, line }, i) => {
    [context.font, context.fillStyle] = [font, color];
    context.fillText(line, MARGIN, height + MARGIN + LINE_HEIGHT * (i + 0.7));
  });
  await downloadCanvas(canvas, title);
}
