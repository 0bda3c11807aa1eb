"""Models: from inputs and parameters to a score, with derivatives."""
