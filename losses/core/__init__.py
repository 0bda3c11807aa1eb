"""Arrays, registries, hyperparameters and messages: what every other package uses."""
