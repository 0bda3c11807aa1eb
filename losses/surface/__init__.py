"""Loss surfaces on a grid, and the planes on which they are plotted."""
