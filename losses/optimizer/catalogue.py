"""The catalogue of optimizers: each is an update function and its entry.

To add an optimizer, write both here and append the entry to ``OPTIMIZERS``.
Settings have the names of PyTorch, whose trajectories the functions reproduce.
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
MIN_EPS: Final = 1e-16
"""With ε = 0 a slope of zero would be divided by zero."""
_EPS: Final = Setting("eps", message("ε against division by zero"), 1e-8, MIN_EPS, 1.0, symbol="ε")
_BETAS: Final = (
    Setting("beta1", message("β₁, memory of the slope"), 0.9, 0.0, 0.999, symbol="β₁"),
    Setting("beta2", message("β₂, memory of its size"), 0.999, 0.0, 0.99999, symbol="β₂"),
    _EPS,
)


def gradient_descent(gradient: Array, memory: Memory, rate: float, context: StepContext) -> UpdateResult:
    """Step by minus the rate times the gradient."""
    return -rate * gradient, memory


GRADIENT_DESCENT: Final = Optimizer(
    key="gd",
    name=message("gradient descent"),
    formula=r"\theta \leftarrow \theta - \alpha\,\nabla L(\theta)",
    when=message("Step downhill. Step length = learning rate × slope."),
    update=gradient_descent,
)


def stochastic(
    gradient: Array, memory: Memory, rate: float, context: StepContext, batch: float
) -> UpdateResult:
    """Step as gradient descent does; ``gradient`` is that of a mini-batch of ``batch`` examples."""
    return -rate * gradient, memory


STOCHASTIC: Final = Optimizer(
    key="sgd",
    name=message("stochastic gradient descent"),
    formula=r"\theta \leftarrow \theta - \alpha\,\nabla L_B(\theta)",
    when=message("The slope of a few examples at a time: cheap, wobbly steps."),
    update=stochastic,
    settings=(Setting("batch", message("examples a step"), 8, 1, 500, whole=True),),
    stochastic=True,
)


def heavy_ball(gradient: Array, v: Array, rate: float, context: StepContext, momentum: float) -> UpdateResult:
    """Step along a decaying sum of gradients (Polyak 1964)."""
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
    """Step as ``heavy_ball`` with one further momentum term (Nesterov 1983, as in PyTorch)."""
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
    """Divide the gradient by the root of the sum of its squares (Duchi et al. 2011)."""
    s = s + np.square(gradient)
    return -rate * gradient / (np.sqrt(s) + eps), s


ADAGRAD: Final = Optimizer(
    key="adagrad",
    name=message("Adagrad"),
    when=message("A rate for each parameter that shrinks with all its slopes so far (Duchi et al. 2011)."),
    update=adagrad,
    settings=(Setting("eps", message("ε against division by zero"), 1e-10, MIN_EPS, 1.0, symbol="ε"),),
    memory=(MemoryArray("s"),),
    rule=("s = s_old + g**2", "theta = theta_old - rate * g / (sqrt(s) + eps)"),
    rate_meaning="step_length",
)


def rmsprop(
    gradient: Array, s: Array, rate: float, context: StepContext, alpha: float, eps: float
) -> UpdateResult:
    """Divide the gradient by the root of a moving average of its squares (Hinton 2012)."""
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
    """Return the initial memory of Adam: first moment, second moment, and the number of steps."""
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
    """Divide the bias-corrected first moment by the root of the second (Kingma and Ba 2015)."""
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
    """Step as Adam does, and shrink theta by the factor 1 − rate · λ (Loshchilov and Hutter 2019)."""
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
    """Step by the rate times the Newton step, toward the stationary point of the quadratic model.

    Components along eigenvectors with eigenvalue 0 are 0, as with the
    pseudoinverse. If the Hessian is not finite, the step is NaN.
    """
    hessian = context.problem.hessian(context.theta)
    is_finite = np.asarray(np.isfinite(hessian).all(axis=(-2, -1)))[..., None]
    eigenvalues, eigenvectors = np.linalg.eigh(np.where(is_finite[..., None], hessian, 0.0))
    sizes = np.abs(eigenvalues)
    eps = np.finfo(np.float64).eps
    is_nonzero = sizes > sizes.shape[-1] * eps * sizes.max(axis=-1, keepdims=True)
    components = (gradient[..., None, :] @ eigenvectors)[..., 0, :]
    components = np.where(is_nonzero, components / np.where(is_nonzero, eigenvalues, 1.0), 0.0)
    step = -rate * (eigenvectors @ components[..., None])[..., 0]
    return np.where(is_finite, step, np.nan), memory


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
    step_cost=lambda cost: cost.hessian + cost.dim**3 / 2.0 + 2_000.0,
)

HALVINGS: Final = [0.5 ** np.arange(count) for count in (1, 3, 8, 16, 32)]
"""The groups of step lengths that a line search tries at once, as fractions of the current length.

The groups grow because the first length usually suffices.
"""
TRIED_LENGTHS: Final = 14
"""The lengths of the first groups, with which nearly every step ends, and the loss before."""
SUFFICIENT_DECREASE: Final = 1e-4
"""The constant of Armijo's condition: the loss must decrease by this fraction of the linear prediction."""


def line_search(gradient: Array, memory: Memory, rate: float, context: StepContext) -> UpdateResult:
    """Backtrack: step by the largest of rate, rate/2, rate/4, … that decreases the loss sufficiently.

    A length is also accepted if the loss is not finite or if the step is too short
    to change theta. L. Armijo, Minimization of functions having Lipschitz
    continuous first partial derivatives, 1966.
    """
    squared_norm = np.square(gradient).sum(axis=-1)
    loss = context.problem.value(context.theta)
    length = np.broadcast_to(rate, gradient.shape)[..., 0]
    for fractions in HALVINGS:
        lengths = np.multiply.outer(fractions, length)
        trials = context.theta - lengths[..., None] * gradient
        is_accepted = context.problem.value(trials) <= loss - SUFFICIENT_DECREASE * lengths * squared_norm
        is_accepted |= ~(np.isfinite(loss) & (trials != context.theta).any(axis=-1))
        n_halvings = np.where(is_accepted.any(axis=0), is_accepted.argmax(axis=0), len(fractions))
        length = length * 0.5**n_halvings
        if (n_halvings < len(fractions)).all():
            break
    return -length[..., None] * gradient, memory


LINE_SEARCH: Final = Optimizer(
    key="line_search",
    name=message("gradient descent with line search"),
    formula=r"\theta \leftarrow \theta - \alpha_k\,\nabla L,\quad \alpha_k = \alpha/2^j",
    when=message("Halves the step until the loss drops enough: it cannot overshoot (Armijo 1966)."),
    update=line_search,
    rule=("theta = theta_old - length * g",),
    code="length = rate\n"
    "while length > 1e-18 * rate and not loss(theta - length * g) <= loss(theta) - 1e-4 * length * (g @ g):\n"
    "    length = length / 2",
    rate_meaning="upper_bound",
    step_cost=lambda cost: cost.gradient + TRIED_LENGTHS * cost.value + 500.0,
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
DEFAULT_OPTIMIZER: Final = GRADIENT_DESCENT.key
"""The key of the default optimizer."""
