"""Files that the browser gets: bundled scripts, styles and the palette."""
