"""Compute a slice with loss-landscapes and PyTorch, for ``slices.py``, which runs this script."""

import sys
import time

import loss_landscapes
import loss_landscapes.metrics
import numpy as np
import torch

torch.set_num_threads(1)


def network(theta: np.ndarray, inputs: int, classes: int, width: int) -> torch.nn.Module:
    """Return a network with the given parameters; ``width`` is 0 for one without a hidden layer.

    ``theta`` has the layers one after another, each as rows of the weights of an output and its bias.
    """
    sizes = [(inputs, width), (width, classes)] if width else [(inputs, classes)]
    layers, begin = [], 0
    for fan_in, fan_out in sizes:
        rows = theta[begin : begin + fan_out * (fan_in + 1)].reshape(fan_out, fan_in + 1)
        begin += rows.size
        layer = torch.nn.Linear(fan_in, fan_out)
        with torch.no_grad():
            layer.weight.copy_(torch.tensor(rows[:, :-1]))
            layer.bias.copy_(torch.tensor(rows[:, -1]))
        layers += [layer, torch.nn.Tanh()]
    return torch.nn.Sequential(*layers[:-1])


def main(input_file: str, output_file: str) -> None:
    """Read data and three points of a plane from a file; write surface and processor time to another."""
    data = np.load(input_file)
    x, y = torch.tensor(data["x"], dtype=torch.float32), torch.tensor(data["y"], dtype=torch.long)
    width, steps = int(data["width"]), int(data["steps"])
    nets = [network(theta, x.shape[1], int(y.max()) + 1, width) for theta in data["points"]]
    metric = loss_landscapes.metrics.Loss(torch.nn.CrossEntropyLoss(), x, y)
    times = []
    for _ in range(3):
        begin = time.process_time()
        with torch.no_grad():
            z = loss_landscapes.planar_interpolation(*nets, metric, steps=steps)
        times.append(time.process_time() - begin)
    np.savez(output_file, seconds=min(times), z=z)


if __name__ == "__main__":
    main(*sys.argv[1:])
