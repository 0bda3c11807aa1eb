"""Compute trajectories of PyTorch's optimizers in float64; write ``trajectories.json``.

Run by hand; needs PyTorch (``pip install torch``). The test functions are written
here, so that the library under test is not used.
"""

import json
from functools import partial
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
"""The key in ``losses``, PyTorch's optimizer and its settings, and the same settings as in ``losses``."""
SCHEDULES = {
    "constant": lambda o: OPTIM.lr_scheduler.LambdaLR(o, lambda k: 1.0),
    "step": lambda o: OPTIM.lr_scheduler.StepLR(o, SCHEDULED_STEPS // 3, 0.1),
    "cosine": lambda o: OPTIM.lr_scheduler.CosineAnnealingLR(o, SCHEDULED_STEPS),
    "inverse": lambda o: OPTIM.lr_scheduler.LambdaLR(o, lambda k: 1 / (k + 1)),
}
SCHEDULED_STEPS = 60


def himmelblau(p):
    x, y = p
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def bowl(p):
    return p[0] ** 2 + p[1] ** 2


FUNCTIONS = {"himmelblau": (himmelblau, (-0.5, -1.0), 0.004), "bowl": (bowl, (-2.2, 1.6), 0.05)}


def trajectory(f, start, make_optimizer, steps, make_schedule=None):
    """Return the start and the points after each step."""
    p = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make_optimizer([p])
    schedule = make_schedule(optimizer) if make_schedule else None
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
    runs = []
    for function, (f, start, rate) in FUNCTIONS.items():
        for key, optimizer_class, torch_settings, settings in RUNS:
            make_optimizer = partial(optimizer_class, lr=rate, **torch_settings)
            path = trajectory(f, start, make_optimizer, STEPS)
            runs.append(
                {"function": function, "optimizer": key, "rate": rate, "settings": settings, "path": path}
            )
    f, start, _ = FUNCTIONS["himmelblau"]
    scheduled_runs = [
        {
            "schedule": key,
            "rate": 0.01,
            "path": trajectory(f, start, partial(SGD, lr=0.01), SCHEDULED_STEPS, make_schedule),
        }
        for key, make_schedule in SCHEDULES.items()
    ]
    text = json.dumps({"made_with": f"torch {torch.__version__}", "runs": runs, "schedules": scheduled_runs})
    Path(__file__).with_name("trajectories.json").write_text(text)


if __name__ == "__main__":
    main()
