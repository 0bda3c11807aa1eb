"""Trajectories of PyTorch's optimizers in float64, stored beside this script as ``trajectories.json``.

Run by hand where PyTorch is installed (``pip install torch``); the tests only
read the numbers. The functions are written out here, so that nothing of the
library under test takes part.
"""

import json
from pathlib import Path

import torch

STEPS = 50
RUNS = {
    "sgd": (torch.optim.SGD, {}, "gd"),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}, "momentum"),
    "nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}, "nesterov"),
    "adagrad": (torch.optim.Adagrad, {}, "adagrad"),
    "rmsprop": (torch.optim.RMSprop, {}, "rmsprop"),
    "adam": (torch.optim.Adam, {}, "adam"),
    "adamw": (torch.optim.AdamW, {}, "adamw"),
}


def himmelblau(p):
    x, y = p
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def bowl(p):
    return p[0] ** 2 + p[1] ** 2


FUNCTIONS = {"himmelblau": (himmelblau, (-0.5, -1.0), 0.004), "bowl": (bowl, (-2.2, 1.6), 0.05)}


def main():
    stored = []
    for function, (f, start, rate) in FUNCTIONS.items():
        for kind, settings, ours in RUNS.values():
            p = torch.tensor(start, dtype=torch.float64, requires_grad=True)
            optimizer = kind([p], lr=rate, **settings)
            path = [p.tolist()]
            for _ in range(STEPS):
                optimizer.zero_grad()
                f(p).backward()
                optimizer.step()
                path.append(p.tolist())
            stored.append({"function": function, "optimizer": ours, "rate": rate, "path": path})
    text = json.dumps({"made_with": f"torch {torch.__version__}", "runs": stored})
    Path(__file__).with_name("trajectories.json").write_text(text)


if __name__ == "__main__":
    main()
