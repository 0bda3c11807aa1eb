"""Files for the browser: bundles of the page's modules and style sheets, Plotly's script, the colors."""
