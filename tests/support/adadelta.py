"""An optimizer that the catalogue does not have, written as a user would write it.

Its key, its setting ``offset`` and its memory ``u`` do not occur in the
catalogue, so code that depends on known names fails with it.
"""

import numpy as np

import losses
from losses.optimizer.base import MemoryArray


def update(gradient, memory, rate, context, alpha, offset):
    """Adadelta (M. D. Zeiler, 2012), with means ``s`` of squared gradients and ``u`` of squared steps."""
    s, u = memory
    s = alpha * s + (1 - alpha) * gradient**2
    step = np.sqrt(u + offset) / np.sqrt(s + offset) * gradient
    return -rate * step, (s, alpha * u + (1 - alpha) * step**2)


ADADELTA = losses.Optimizer(
    key="zeiler",
    name="a foreign optimizer",
    when="A rate for each parameter from its own steps.",
    update=update,
    settings=(
        losses.Setting("alpha", "memory", 0.9, 0.0, 0.999, symbol="ρ"),
        losses.Setting("offset", "offset", 1e-2, 1e-6, 1.0, symbol="ε"),
    ),
    memory=(MemoryArray("s"), MemoryArray("u")),
    rule=(
        "s = alpha * s_old + (1 - alpha) * g**2",
        "u = alpha * u_old + (1 - alpha) * (u_old + offset) / (s + offset) * g**2",
        "theta = theta_old - rate * sqrt(u_old + offset) / sqrt(s + offset) * g",
    ),
    rate_meaning="step_length",
)
"""The last line uses the old ``u`` after the line that assigns the new one."""
