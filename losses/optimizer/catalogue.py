"""The optimizers: each an update function with its entry.

To add one, write both in this file and list the entry in ``OPTIMIZERS``.
Settings are named as in PyTorch, whose trajectories the functions reproduce.
"""

from typing import Final

import numpy as np

from losses.core.arrays import Array
from losses.core.hyperparameter import Setting
from losses.core.messages import message
from losses.core.registry import Registry
from losses.optimizer.base import Memory, MemoryArray, Optimizer, StepContext

UpdateResult = tuple[Array, Memory]

_MOMENTUM: Final = Setting("momentum", message("momentum β"), 0.9, 0.0, 0.999, symbol="β")
_EPS: Final = Setting("eps", message("ε against division by zero"), 1e-8, 0.0, 1.0, symbol="ε")
_BETAS: Final = (
    Setting("beta1", message("β₁, memory of the slope"), 0.9, 0.0, 0.999, symbol="β₁"),
    Setting("beta2", message("β₂, memory of its size"), 0.999, 0.0, 0.99999, symbol="β₂"),
    _EPS,
)


def gradient_descent(gradient: Array, memory: Memory, rate: float, context: StepContext) -> UpdateResult:
    return -rate * gradient, memory


GRADIENT_DESCENT: Final = Optimizer(
    key="gd",
    name=message("gradient descent"),
    formula=r"\theta \leftarrow \theta - \alpha\,\nabla L(\theta)",
    when=message("A step downhill, as long as the slope is steep times the learning rate."),
    update=gradient_descent,
)


def stochastic(
    gradient: Array, memory: Memory, rate: float, context: StepContext, batch: float
) -> UpdateResult:
    return -rate * gradient, memory


STOCHASTIC: Final = Optimizer(
    key="sgd",
    name=message("stochastic gradient descent"),
    formula=r"\theta \leftarrow \theta - \alpha\,\nabla L_B(\theta)",
    when=message("The slope of a few examples at a time: cheap steps that stagger."),
    update=stochastic,
    settings=(Setting("batch", message("examples a step"), 8, 1, 500, whole=True),),
    stochastic=True,
)


def heavy_ball(gradient: Array, v: Array, rate: float, context: StepContext, momentum: float) -> UpdateResult:
    v = momentum * v + gradient
    return -rate * v, v


HEAVY_BALL: Final = Optimizer(
    key="momentum",
    name=message("momentum"),
    when=message("A ball with inertia: it gathers speed along a valley (Polyak 1964)."),
    update=heavy_ball,
    settings=(_MOMENTUM,),
    memory=(MemoryArray("v"),),
    rule=("v = momentum * v_old + g", "theta = theta_old - rate * v"),
    has_inertia=True,
    momentum_setting="momentum",
)


def nesterov(gradient: Array, v: Array, rate: float, context: StepContext, momentum: float) -> UpdateResult:
    v = momentum * v + gradient
    return -rate * (gradient + momentum * v), v


NESTEROV: Final = Optimizer(
    key="nesterov",
    name=message("Nesterov momentum"),
    when=message("Momentum that looks a step ahead (Nesterov 1983)."),
    update=nesterov,
    settings=(_MOMENTUM,),
    memory=(MemoryArray("v"),),
    rule=("v = momentum * v_old + g", "theta = theta_old - rate * (g + momentum * v)"),
    has_inertia=True,
    momentum_setting="momentum",
)


def adagrad(gradient: Array, s: Array, rate: float, context: StepContext, eps: float) -> UpdateResult:
    s = s + np.square(gradient)
    return -rate * gradient / (np.sqrt(s) + eps), s


ADAGRAD: Final = Optimizer(
    key="adagrad",
    name=message("Adagrad"),
    when=message("A rate for each parameter that shrinks with all its slopes so far (Duchi et al. 2011)."),
    update=adagrad,
    settings=(Setting("eps", message("ε against division by zero"), 1e-10, 0.0, 1.0, symbol="ε"),),
    memory=(MemoryArray("s"),),
    rule=("s = s_old + g**2", "theta = theta_old - rate * g / (sqrt(s) + eps)"),
    rate_meaning="step_length",
)


def rmsprop(
    gradient: Array, s: Array, rate: float, context: StepContext, alpha: float, eps: float
) -> UpdateResult:
    s = alpha * s + (1.0 - alpha) * np.square(gradient)
    return -rate * gradient / (np.sqrt(s) + eps), s


RMSPROP: Final = Optimizer(
    key="rmsprop",
    name=message("RMSprop"),
    when=message("Adagrad that forgets: a rate for each parameter by its recent slopes (Hinton 2012)."),
    update=rmsprop,
    settings=(Setting("alpha", message("memory of the slope's size"), 0.99, 0.0, 0.9999, symbol="ρ"), _EPS),
    memory=(MemoryArray("s"),),
    rule=(
        "s = alpha * s_old + (1 - alpha) * g**2",
        "theta = theta_old - rate * g / (sqrt(s) + eps)",
    ),
    rate_meaning="step_length",
)


def zero_moments(theta: Array) -> tuple[Array, Array, int]:
    """The memory of Adam: the mean gradient, the mean of its square, and the number of steps."""
    return np.zeros_like(theta), np.zeros_like(theta), 0


def adam(
    gradient: Array,
    memory: Memory,
    rate: float,
    context: StepContext,
    beta1: float,
    beta2: float,
    eps: float,
) -> UpdateResult:
    m, v, k = memory
    k += 1
    m = beta1 * m + (1.0 - beta1) * gradient
    v = beta2 * v + (1.0 - beta2) * np.square(gradient)
    size = np.sqrt(v) / np.sqrt(1.0 - beta2**k) + eps
    return -rate / (1.0 - beta1**k) * m / size, (m, v, k)


_MOMENT_LINES: Final = ("m = beta1 * m_old + (1 - beta1) * g", "v = beta2 * v_old + (1 - beta2) * g**2")
_ADAM_STEP: Final = "rate * (m / (1 - beta1**k)) / (sqrt(v / (1 - beta2**k)) + eps)"

ADAM: Final = Optimizer(
    key="adam",
    name=message("Adam"),
    formula=r"\theta \leftarrow \theta - \alpha\,\hat m/(\sqrt{\hat v}+\varepsilon)",
    when=message("Momentum and a rate for each parameter at once (Kingma and Ba 2015)."),
    update=adam,
    init=zero_moments,
    settings=_BETAS,
    memory=(MemoryArray("m"), MemoryArray("v")),
    rule=(*_MOMENT_LINES, f"theta = theta_old - {_ADAM_STEP}"),
    has_inertia=True,
    rate_meaning="step_length",
)


def adamw(
    gradient: Array, memory: Memory, rate: float, context: StepContext, weight_decay: float, **betas: float
) -> UpdateResult:
    delta, memory = adam(gradient, memory, rate, context, **betas)
    return delta - rate * weight_decay * context.theta, memory


ADAMW: Final = Optimizer(
    key="adamw",
    name=message("AdamW"),
    formula=r"\theta \leftarrow (1-\alpha\lambda)\theta - \alpha\,\hat m/(\sqrt{\hat v}+\varepsilon)",
    when=message("Adam with a weight decay of its own (Loshchilov and Hutter 2019)."),
    update=adamw,
    init=zero_moments,
    settings=(*_BETAS, Setting("weight_decay", message("weight decay λ"), 0.01, 0.0, 1.0, symbol="λ")),
    memory=(MemoryArray("m"), MemoryArray("v")),
    rule=(*_MOMENT_LINES, f"theta = (1 - rate * weight_decay) * theta_old - {_ADAM_STEP}"),
    has_inertia=True,
    rate_meaning="step_length",
)


def newton(gradient: Array, memory: Memory, rate: float, context: StepContext) -> UpdateResult:
    """A fraction of the step to the stationary point of the quadratic model.

    In directions without curvature the step is 0, as with the pseudoinverse.
    Where the Hessian is not finite the step is NaN.
    """
    hessian = context.problem.hessian(context.theta)
    finite = np.asarray(np.isfinite(hessian).all(axis=(-2, -1)))[..., None]
    eigenvalues, eigenvectors = np.linalg.eigh(np.where(finite[..., None], hessian, 0.0))
    sizes = np.abs(eigenvalues)
    eps = np.finfo(np.float64).eps
    curved = sizes > sizes.shape[-1] * eps * sizes.max(axis=-1, keepdims=True)
    along = (gradient[..., None, :] @ eigenvectors)[..., 0, :]
    along = np.where(curved, along / np.where(curved, eigenvalues, 1.0), 0.0)
    step = -rate * (eigenvectors @ along[..., None])[..., 0]
    return np.where(finite, step, np.nan), memory


NEWTON: Final = Optimizer(
    key="newton",
    name=message("Newton's method"),
    formula=r"\theta \leftarrow \theta - \alpha\, H^{-1}\nabla L",
    when=message("Jumps to the bottom of the local parabola: one step on a bowl, lost on a saddle."),
    update=newton,
    rule=("theta = theta_old + step",),
    code="step = -rate * np.linalg.pinv(hessian(theta), hermitian=True) @ g",
    uses_hessian=True,
    rate_meaning="newton_fraction",
    step_cost=lambda rows, dim: rows * dim**2 / 12 + dim**3 / 4 + 150,
)

HALVINGS: Final = [0.5 ** np.arange(count) for count in (1, 3, 8, 16, 32)]
"""Step lengths that a line search tries together, as fractions of the current one; the first usually suffices."""
SUFFICIENT_DECREASE: Final = 1e-4
"""The constant of Armijo's condition: the loss falls by at least this fraction of what the slope promises."""


def line_search(gradient: Array, memory: Memory, rate: float, context: StepContext) -> UpdateResult:
    """Backtracking: the largest of rate, rate/2, rate/4, … with sufficient decrease, or a step that moves nothing.

    L. Armijo, Minimization of functions having Lipschitz continuous first partial derivatives, 1966.
    """
    squared_norm = np.square(gradient).sum(axis=-1)
    loss = context.problem.value(context.theta)
    length = np.broadcast_to(rate, gradient.shape)[..., 0]
    for fractions in HALVINGS:
        lengths = np.multiply.outer(fractions, length)
        trials = context.theta - lengths[..., None] * gradient
        enough = context.problem.value(trials) <= loss - SUFFICIENT_DECREASE * lengths * squared_norm
        enough |= ~(np.isfinite(loss) & (trials != context.theta).any(axis=-1))
        first = np.where(enough.any(axis=0), enough.argmax(axis=0), len(fractions))
        length = length * 0.5**first
        if (first < len(fractions)).all():
            break
    return -length[..., None] * gradient, memory


LINE_SEARCH: Final = Optimizer(
    key="line_search",
    name=message("gradient descent with line search"),
    formula=r"\theta \leftarrow \theta - \alpha_k\,\nabla L,\quad \alpha_k = \alpha/2^j",
    when=message("Halves the rate until the step wins enough: it cannot overshoot (Armijo 1966)."),
    update=line_search,
    rule=("theta = theta_old - length * g",),
    code="length = rate\n"
    "while length > 1e-18 * rate and not loss(theta - length * g) <= loss(theta) - 1e-4 * length * (g @ g):\n"
    "    length = length / 2",
    rate_meaning="upper_bound",
    step_cost=lambda rows, dim: 6 * rows * dim + 100,
)

OPTIMIZERS: Final = Registry(
    "optimizer",
    (
        GRADIENT_DESCENT,
        STOCHASTIC,
        HEAVY_BALL,
        NESTEROV,
        ADAGRAD,
        RMSPROP,
        ADAM,
        ADAMW,
        NEWTON,
        LINE_SEARCH,
    ),
)
DEFAULT: Final = GRADIENT_DESCENT.key
"""The optimizer of a run or a link that names none."""
