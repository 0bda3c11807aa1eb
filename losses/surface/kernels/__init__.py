"""Fast evaluation of a problem on a grid of parameters."""
