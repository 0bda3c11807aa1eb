// Save one view or all views as a PNG file, with title, verdict and link as a caption.

import { element } from "../core/dom.mjs";
import { saveCanvas } from "../core/save_file.mjs";
import { themeValue } from "../core/theme.mjs";
import { paintLabels } from "./axis_labels.mjs";
import { sceneOf } from "./plotly_internals.mjs";

/** @import { Moment } from "../protocol.js" */
/** @import { PlotElement } from "../types.js" */

/** @typedef {{ image: HTMLImageElement, width: number, height: number }} ViewImage size in CSS pixels */

/** Device pixels a CSS pixel. */
const SCALE = 2;
const MARGIN = 16;
const LINE_HEIGHT = 20;
/** Smallest width and height of a flat view, and size of a cell when there are several views. */
const CELL_SIZE = /** @type {const} */ ([680, 420]);

/**
 * Break a text into lines of at most `width` pixels.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} width
 */
function wrapText(context, text, width) {
  const lines = [""];
  for (const word of text.split(/(?<=[ &?])/)) {
    const last = lines[lines.length - 1];
    if (context.measureText(last + word).width > width && last) lines.push("");
    lines[lines.length - 1] += word;
  }
  return lines;
}

/**
 * The image of a view.
 * A scene is copied as drawn: `Plotly.toImage` would draw it anew without the patches that keep the line
 * visible.
 *
 * @param {PlotElement} plot
 * @returns {Promise<ViewImage>}
 */
async function viewImage(plot) {
  const [box, [leastWidth, leastHeight]] = [plot.getBoundingClientRect(), CELL_SIZE];
  const scene = sceneOf(plot);
  const width = scene ? box.width : Math.max(box.width, leastWidth);
  const height = scene ? box.height : Math.max(box.height, leastHeight);
  const image = new Image();
  image.src =
    scene?.toImage() ?? (await Plotly.toImage(plot, { format: "png", width, height, scale: SCALE }));
  await image.decode();
  return { image, width, height };
}

/**
 * @typedef {object} Arrangement
 * @property {[HTMLImageElement, number, number, number, number][]} places image, left, top, width, height
 * @property {number} width
 * @property {number} height
 */

/**
 * Arrange images two in a row, each scaled to fit its cell; one alone keeps its size.
 *
 * @param {ViewImage[]} images
 * @returns {Arrangement}
 */
function arrange(images) {
  if (images.length === 1) {
    const [{ image, width, height }] = images;
    return { places: [[image, 0, 0, width, height]], width, height };
  }
  const [cellWidth, cellHeight] = CELL_SIZE;
  /** @type {Arrangement["places"]} */
  const places = images.map(({ image, width, height }, i) => {
    const scale = Math.min(cellWidth / width, cellHeight / height);
    const left = (i % 2) * cellWidth + (cellWidth - width * scale) / 2;
    const top = Math.floor(i / 2) * (cellHeight + LINE_HEIGHT) + LINE_HEIGHT;
    return [image, left, top, width * scale, height * scale];
  });
  const rows = Math.ceil(images.length / 2);
  return { places, width: 2 * cellWidth, height: rows * (cellHeight + LINE_HEIGHT) };
}

/**
 * Save the plots of `views`, given by their titles, with a caption below, as one PNG file.
 *
 * @param {Record<string, PlotElement>} views
 * @param {string} title
 * @param {{ title: string, moment: Moment }} content
 * @param {string} address
 */
export async function saveImage(views, title, { title: heading, moment }, address) {
  const { places, width, height } = arrange(await Promise.all(Object.values(views).map(viewImage)));
  const family = getComputedStyle(document.body).fontFamily;
  const canvas = element("canvas", { width: width * SCALE });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
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
    const [, left, top, shownWidth] = place;
    context.drawImage(...place);
    const plot = Object.values(views)[i];
    const scale = shownWidth / plot.clientWidth;
    paintLabels(context, plot, { left, top, scale, halo: themeValue("--card") });
    [context.font, context.fillStyle] = [fonts[0], themeValue("--ink-soft")];
    if (places.length > 1)
      context.fillText(Object.keys(views)[i], (i % 2) * CELL_SIZE[0] + MARGIN, place[2] - 4);
  });
  lines.forEach(({ font, color, line }, i) => {
    [context.font, context.fillStyle] = [font, color];
    context.fillText(line, MARGIN, height + MARGIN + LINE_HEIGHT * (i + 0.7));
  });
  await saveCanvas(canvas, `losslab-${title.toLowerCase().replaceAll(" ", "-")}.png`);
}
