"""Loss surfaces on a grid and the planes they are drawn in."""
