"""Trajectories of PyTorch's optimizers in float64, stored beside this script as ``trajectories.json``.

Run by hand where PyTorch is installed (``pip install torch``); the tests only
read the numbers. The functions are written out here, so that nothing of the
library under test takes part.
"""

import json
from pathlib import Path

import torch

STEPS = 50
SGD, OPTIM = torch.optim.SGD, torch.optim
RUNS = (
    ("gd", SGD, {}, {}),
    ("momentum", SGD, {"momentum": 0.9}, {}),
    ("nesterov", SGD, {"momentum": 0.9, "nesterov": True}, {}),
    ("adagrad", OPTIM.Adagrad, {}, {}),
    ("rmsprop", OPTIM.RMSprop, {}, {}),
    ("adam", OPTIM.Adam, {}, {}),
    ("adamw", OPTIM.AdamW, {}, {}),
    ("momentum", SGD, {"momentum": 0.7}, {"momentum": 0.7}),
    ("nesterov", SGD, {"momentum": 0.6, "nesterov": True}, {"momentum": 0.6}),
    ("adagrad", OPTIM.Adagrad, {"eps": 1e-3}, {"eps": 1e-3}),
    ("rmsprop", OPTIM.RMSprop, {"alpha": 0.9, "eps": 1e-4}, {"alpha": 0.9, "eps": 1e-4}),
    ("adam", OPTIM.Adam, {"betas": (0.8, 0.95), "eps": 1e-5}, {"beta1": 0.8, "beta2": 0.95, "eps": 1e-5}),
    ("adamw", OPTIM.AdamW, {"betas": (0.85, 0.99), "weight_decay": 0.1},
     {"beta1": 0.85, "beta2": 0.99, "weight_decay": 0.1}),
)  # fmt: skip
"""Our key, PyTorch's optimizer with its settings, and the same settings by our names."""
SCHEDULES = {
    "constant": lambda o: OPTIM.lr_scheduler.LambdaLR(o, lambda k: 1.0),
    "step": lambda o: OPTIM.lr_scheduler.StepLR(o, DECAYED // 3, 0.1),
    "cosine": lambda o: OPTIM.lr_scheduler.CosineAnnealingLR(o, DECAYED),
    "inverse": lambda o: OPTIM.lr_scheduler.LambdaLR(o, lambda k: 1 / (k + 1)),
}
DECAYED = 60


def himmelblau(p):
    x, y = p
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def bowl(p):
    return p[0] ** 2 + p[1] ** 2


FUNCTIONS = {"himmelblau": (himmelblau, (-0.5, -1.0), 0.004), "bowl": (bowl, (-2.2, 1.6), 0.05)}


def walk(f, start, optimizer_of, steps, schedule_of=None):
    p = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = optimizer_of([p])
    schedule = schedule_of(optimizer) if schedule_of else None
    path = [p.tolist()]
    for _ in range(steps):
        optimizer.zero_grad()
        f(p).backward()
        optimizer.step()
        if schedule:
            schedule.step()
        path.append(p.tolist())
    return path


def main():
    stored = []
    for function, (f, start, rate) in FUNCTIONS.items():
        for key, kind, theirs, ours in RUNS:
            path = walk(
                f, start, lambda ps, kind=kind, theirs=theirs, rate=rate: kind(ps, lr=rate, **theirs), STEPS
            )
            stored.append(
                {"function": function, "optimizer": key, "rate": rate, "settings": ours, "path": path}
            )
    f, start, _ = FUNCTIONS["himmelblau"]
    decayed = [
        {
            "schedule": key,
            "rate": 0.01,
            "path": walk(f, start, lambda ps: SGD(ps, lr=0.01), DECAYED, schedule_of),
        }
        for key, schedule_of in SCHEDULES.items()
    ]
    text = json.dumps({"made_with": f"torch {torch.__version__}", "runs": stored, "schedules": decayed})
    Path(__file__).with_name("trajectories.json").write_text(text)


if __name__ == "__main__":
    main()
