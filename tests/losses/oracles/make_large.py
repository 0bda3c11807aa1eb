"""Gradients and paths of problems with hundreds of parameters by PyTorch in float64, stored as ``large.json``.

Run by hand where PyTorch is installed. Of each gradient its value, its size
and some entries are kept; of each path its losses and some entries of its end.
Points come from a sine, so that they need not be stored.
"""

import json
from pathlib import Path

import torch

import losses
from tests.losses.oracles.make_gradients import SCORES, T, cost
from tests.losses.oracles.make_trajectories import OPTIM, SGD

KEPT = 25
STEPS = 50
PROBLEMS = [("digits", model, loss) for model in ("softmax", "mlp") for loss in ("cce", "mse")]
RUNS = (
    ("gd", SGD, {}, 0.2),
    ("nesterov", SGD, {"momentum": 0.9, "nesterov": True}, 0.05),
    ("adam", OPTIM.Adam, {}, 0.02),
)


def point(dim, turn):
    """Where gradients are taken and paths begin, ``(dim,)``."""
    return [round(0.4 * torch.sin(torch.tensor(turn * (i + 1.0), dtype=T)).item(), 3) for i in range(dim)]


def entries(dim):
    return [round(i * (dim - 1) / (KEPT - 1)) for i in range(KEPT)]


def function(p):
    x, y = torch.tensor(p.x.copy(), dtype=T), torch.tensor(p.y.copy(), dtype=T)
    classes = len(p.data.classes)
    return lambda theta: cost(p.data.task, p.loss.key, SCORES[p.model.key](theta, x, classes), y).mean()


def main():
    gradients, paths = [], []
    for keys in PROBLEMS:
        p = losses.problem(*keys)
        f, some = function(p), entries(p.dim)
        for turn in (1.0, 2.3):
            theta = torch.tensor(point(p.dim, turn), dtype=T, requires_grad=True)
            value = f(theta)
            value.backward()
            row = {
                "value": value.item(),
                "size": theta.grad.norm().item(),
                "entries": theta.grad[some].tolist(),
            }
            gradients.append({"problem": keys, "turn": turn, **row})
        for key, kind, settings, rate in RUNS:
            theta = torch.tensor(point(p.dim, 1.0), dtype=T, requires_grad=True)
            optimizer, descent = kind([theta], lr=rate, **settings), []
            for _ in range(STEPS):
                optimizer.zero_grad()
                value = f(theta)
                value.backward()
                optimizer.step()
                descent.append(value.item())
            row = {"losses": descent, "end": theta.detach()[some].tolist()}
            paths.append({"problem": keys, "optimizer": key, "rate": rate, **row})
    text = json.dumps({"made_with": f"torch {torch.__version__}", "gradients": gradients, "paths": paths})
    Path(__file__).with_name("large.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
