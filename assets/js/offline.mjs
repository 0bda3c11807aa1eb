// The script of an exported surface, a file that needs no network; app/api/export.py writes its page.

import { byId } from "./core/dom.mjs";
import { applyFog } from "./plot/fog.mjs";
import { patchScene } from "./plot/gl_patches.mjs";
import { sceneOf } from "./plot/plotly_internals.mjs";

async function start() {
  const { data, layout, fog } = JSON.parse(byId("figure").textContent ?? "");
  if (fog) applyFog(data);
  await Plotly.newPlot("landscape", data, layout, { displayModeBar: false, responsive: true });
  patchScene(sceneOf(byId("landscape")));
}

if (globalThis.document) await start();
