// Save what the browser has made as a file.

import { element } from "./dom.mjs";

/** Milliseconds after which the browser has read a file that it was given. */
const READ_MS = 1000;

/**
 * Offer a file for download.
 *
 * @param {Blob} file
 * @param {string} name
 */
export function saveFile(file, name) {
  const href = URL.createObjectURL(file);
  element("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), READ_MS);
}

/**
 * Offer a canvas for download as a PNG file.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} name
 */
export async function saveCanvas(canvas, name) {
  const file = await new Promise((/** @type {(file: Blob | null) => void} */ resolve) =>
    canvas.toBlob(resolve, "image/png"),
  );
  if (file) saveFile(file, name);
}
