// The script of an exported surface, a file that needs no network; app/api/export.py writes its page.

import { byId } from "./core/dom.mjs";
import { applyFog } from "./plot/fog.mjs";
import { patchScene } from "./plot/gl_patches.mjs";
import { sceneOf } from "./plot/plotly_internals.mjs";

/** @import { OfflineFigure } from "./protocol.js" */

/** Run Plotly's script, which the page holds compressed by gzip, in base64. */
async function loadPlotly() {
  const characters = atob(byId("plotly").textContent ?? "");
  const bytes = Uint8Array.from(characters, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const source = await new Response(stream).text();
  document.head.append(Object.assign(document.createElement("script"), { textContent: source }));
}

/**
 * Draw the figure that the page holds.
 *
 * @param {HTMLElement} landscape
 */
async function drawSurface(landscape) {
  /** @type {OfflineFigure} */
  const { data, layout, fog } = JSON.parse(byId("figure").textContent ?? "");
  if (fog) applyFog(data);
  await Plotly.newPlot(landscape, data, layout, { displayModeBar: false, responsive: true });
  patchScene(sceneOf(landscape));
  sceneOf(landscape)?.redraw();
}

async function start() {
  const landscape = byId("landscape");
  if ("DecompressionStream" in window) {
    await loadPlotly();
    await drawSurface(landscape);
  } else {
    landscape.textContent = landscape.dataset.unsupported ?? "";
  }
}

if (globalThis.document) await start();
