"""An optimizer that the catalogue does not have, as somebody else would write it."""

import numpy as np

import losses
from losses.optimizer.base import MemoryArray


def update(gradient, memory, rate, context, alpha, eps):
    """Adadelta (M. D. Zeiler, 2012), with means ``s`` of squared gradients and ``u`` of squared steps."""
    s, u = memory
    s = alpha * s + (1 - alpha) * gradient**2
    step = np.sqrt(u + eps) / np.sqrt(s + eps) * gradient
    return -rate * step, (s, alpha * u + (1 - alpha) * step**2)


ADADELTA = losses.Optimizer(
    key="foreign_adadelta",
    name="Adadelta",
    when="A rate for each parameter from its own steps.",
    update=update,
    settings=(
        losses.Setting("alpha", "memory", 0.9, 0.0, 0.999, symbol="ρ"),
        losses.Setting("eps", "ε", 1e-2, 0.0, 1.0, symbol="ε"),
    ),
    memory=(MemoryArray("s"), MemoryArray("u")),
    rule=(
        "s = alpha * s_old + (1 - alpha) * g**2",
        "u = alpha * u_old + (1 - alpha) * (u_old + eps) / (s + eps) * g**2",
        "theta = theta_old - rate * sqrt(u_old + eps) / sqrt(s + eps) * g",
    ),
    rate_meaning="step_length",
)
"""Its last line uses the old ``u`` after the line that assigns the new one."""
