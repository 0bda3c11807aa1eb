"""What every other package uses: arrays, registries, hyperparameters, messages and numerical helpers."""
