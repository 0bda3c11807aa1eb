"""Compute gradients and runs of large problems with PyTorch in float64; write ``large.json``.

Run by hand; needs PyTorch. The problems have hundreds of parameters. To keep the
file small, it holds for each gradient the loss, the norm and some entries, and for
each run the losses and some entries of the last point. Points are computed from a
sine, so that they need not be stored.
"""

import json
from pathlib import Path

import torch

import losses
from tests.losses.oracles.make_gradients import SCORES, T, cost
from tests.losses.oracles.make_trajectories import OPTIM, SGD

ENTRIES = 25
"""The number of entries of a vector that are stored."""
STEPS = 50
PROBLEMS = [("digits", model, loss) for model in ("softmax", "mlp") for loss in ("cce", "mse")]
RUNS = (
    ("gd", SGD, {}, 0.2),
    ("nesterov", SGD, {"momentum": 0.9, "nesterov": True}, 0.05),
    ("adam", OPTIM.Adam, {}, 0.02),
)


def point(dim, turn):
    """Return a point ``(dim,)``: a sine whose argument grows by ``turn`` from entry to entry."""
    return [round(0.4 * torch.sin(torch.tensor(turn * (i + 1.0), dtype=T)).item(), 3) for i in range(dim)]


def stored_indices(dim):
    """Return ``ENTRIES`` evenly spaced indices from 0 to dim − 1."""
    return [round(i * (dim - 1) / (ENTRIES - 1)) for i in range(ENTRIES)]


def objective(p):
    """Return the mean loss of a problem as a function of a tensor."""
    x, y = torch.tensor(p.x.copy(), dtype=T), torch.tensor(p.y.copy(), dtype=T)
    classes = len(p.data.classes)
    return lambda theta: cost(p.data.task, p.loss.key, SCORES[p.model.key](theta, x, classes), y).mean()


def main():
    gradients, paths = [], []
    for keys in PROBLEMS:
        p = losses.problem(*keys)
        f, indices = objective(p), stored_indices(p.dim)
        for turn in (1.0, 2.3):
            theta = torch.tensor(point(p.dim, turn), dtype=T, requires_grad=True)
            value = f(theta)
            value.backward()
            row = {
                "value": value.item(),
                "size": theta.grad.norm().item(),
                "entries": theta.grad[indices].tolist(),
            }
            gradients.append({"problem": keys, "turn": turn, **row})
        for key, optimizer_class, settings, rate in RUNS:
            theta = torch.tensor(point(p.dim, 1.0), dtype=T, requires_grad=True)
            optimizer, values = optimizer_class([theta], lr=rate, **settings), []
            for _ in range(STEPS):
                optimizer.zero_grad()
                value = f(theta)
                value.backward()
                optimizer.step()
                values.append(value.item())
            row = {"losses": values, "end": theta.detach()[indices].tolist()}
            paths.append({"problem": keys, "optimizer": key, "rate": rate, **row})
    text = json.dumps({"made_with": f"torch {torch.__version__}", "gradients": gradients, "paths": paths})
    Path(__file__).with_name("large.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
