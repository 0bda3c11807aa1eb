"""Models: the score from inputs and parameters with derivatives, output activations, default views."""
