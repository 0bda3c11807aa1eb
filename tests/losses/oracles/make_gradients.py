"""Compute gradients with PyTorch's automatic differentiation in float64; write ``gradients.json``.

Run by hand; needs PyTorch. Models and losses are written here in PyTorch; only the
data and the list of problems come from the library under test. A model or loss of
the catalogue that is not written here is left out.
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

import losses
from tests.support.problem_cases import pairings

T = torch.float64
POINTS = 2
"""The number of points for each problem."""


def affine(theta, x):
    return x @ theta[:-1] + theta[-1]


def network(theta, x, classes, width=4):
    n_inner = width * (x.shape[1] + 1)
    inner, outer = theta[:n_inner].reshape(width, -1), theta[n_inner:].reshape(classes, width + 1)
    hidden = torch.tanh(x @ inner[:, :-1].T + inner[:, -1])
    return (hidden @ outer[:, :-1].T + outer[:, -1]).squeeze(-1)


SCORES = {
    "line": lambda t, x, k: affine(t, x),
    "linear": lambda t, x, k: affine(t, x),
    "logistic": lambda t, x, k: affine(t, x),
    "saturation": lambda t, x, k: t[0] * (1 - torch.exp(-t[1] * x[:, 0])),
    "power": lambda t, x, k: t[0] * x[:, 0] ** t[1],
    "neuron": lambda t, x, k: t[1] * torch.tanh(t[0] * x[:, 0]),
    "softmax": lambda t, x, k: x @ t.reshape(k, -1)[:, :-1].T + t.reshape(k, -1)[:, -1],
    "mlp": network,
}
"""Scores by the key of the model, for theta, the inputs and the number of classes."""


def margin(z, y):
    return (2 * y - 1) * z


LOSSES_OF_RESIDUALS = {
    "mse": lambda r: r**2,
    "mae": lambda r: r.abs(),
    "huber": lambda r: functional.huber_loss(r, torch.zeros_like(r), reduction="none", delta=1.0),
    "logcosh": lambda r: torch.log(torch.cosh(r)),
    "quantile": lambda r: torch.maximum(0.9 * -r, (0.9 - 1) * -r),
}
LOSSES_OF_SCORES = {
    "bce": lambda z, y: functional.binary_cross_entropy_with_logits(z, y, reduction="none"),
    "hinge": lambda z, y: torch.relu(1 - margin(z, y)),
    "squared_hinge": lambda z, y: torch.relu(1 - margin(z, y)) ** 2,
    "focal": lambda z, y: torch.sigmoid(-margin(z, y)) ** 2 * functional.softplus(-margin(z, y)),
    "exponential": lambda z, y: torch.exp(-margin(z, y)),
    "zero_one": lambda z, y: 0 * z,
    "cce": lambda z, y: functional.cross_entropy(z, y.long(), reduction="none"),
}


def cost(task, loss, z, y):
    """Return the loss of each example for scores z and targets y."""
    if loss in LOSSES_OF_SCORES:
        return LOSSES_OF_SCORES[loss](z, y)
    if task == "binary":
        return LOSSES_OF_RESIDUALS[loss](torch.sigmoid(z) - y)
    if task == "multiclass":
        return LOSSES_OF_RESIDUALS[loss](torch.softmax(z, -1) - functional.one_hot(y.long()).to(T)).sum(-1)
    return LOSSES_OF_RESIDUALS[loss](z - y)


def main():
    made_for = {
        "data_keys": list(losses.DATASETS),
        "model_keys": list(SCORES),
        "loss_keys": [*LOSSES_OF_RESIDUALS, *LOSSES_OF_SCORES],
    }
    rows, rng = [], np.random.default_rng(5)
    for data, model, loss in pairings(**made_for):
        p = losses.problem(data, model, loss, standardize=True)
        if p.dim > 100:
            continue
        x, y = torch.tensor(p.x.copy(), dtype=T), torch.tensor(p.y.copy(), dtype=T)
        for _ in range(POINTS):
            point = np.round(rng.normal(0.3, 0.7, p.dim), 3)
            theta = torch.tensor(point, dtype=T, requires_grad=True)
            z = SCORES[model](theta, x, len(p.data.classes) if p.data.task == "multiclass" else 1)
            value = cost(p.data.task, loss, z, y).mean()
            value.backward()
            row = {"at": point.tolist(), "value": value.item(), "gradient": theta.grad.tolist()}
            rows.append({"problem": [data, model, loss], **row})
    text = json.dumps({"made_with": f"torch {torch.__version__}", "made_for": made_for, "rows": rows})
    Path(__file__).with_name("gradients.json").write_text(text)


if __name__ == "__main__":
    main()
