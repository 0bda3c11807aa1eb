// The script of an exported surface, a file that needs no network; app/api/export.py writes its page.

import { applyFog } from "./plot/fog.mjs";
import { patchScene } from "./plot/gl_patches.mjs";

const { data, layout, fog } = JSON.parse(document.getElementById("figure").textContent);
if (fog) applyFog(data);
await Plotly.newPlot("landscape", data, layout, { displayModeBar: false, responsive: true });
patchScene(document.getElementById("landscape")._fullLayout.scene._scene);
