"""Fast evaluation of the mean loss on a grid, for problems with a suitable structure."""
