"""From link values to a problem: registries, custom data, view planes, learning rates."""
