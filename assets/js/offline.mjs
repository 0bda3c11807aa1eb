// A landscape in a file of its own, as `app/export.py` writes it: it asks nobody for anything.

import { veil } from "./plot/fog.mjs";
import { settle } from "./plot/gl_patches.mjs";

const { data, layout, fog } = JSON.parse(document.getElementById("figure").textContent);
if (fog) veil(data);
await Plotly.newPlot("landscape", data, layout, { displayModeBar: false, responsive: true });
settle(document.getElementById("landscape")._fullLayout.scene._scene);
