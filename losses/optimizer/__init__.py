"""Optimizers: pure update rules, one entry each."""

from typing import Final

from losses.optimizer import rules
from losses.optimizer.record import Here, Memory, Optimizer
from losses.registry import Registry
from losses.setting import Setting
from losses.words import say

__all__ = ["OPTIMIZERS", "Here", "Memory", "Optimizer"]

_MOMENTUM: Final = Setting("momentum", say("momentum β"), 0.9, 0.0, 0.999, symbol="β")
_EPS: Final = Setting("eps", say("ε against division by zero"), 1e-8, 0.0, 1.0, symbol="ε")
_BETAS: Final = (
    Setting("beta1", say("β₁, memory of the slope"), 0.9, 0.0, 0.999, symbol="β₁"),
    Setting("beta2", say("β₂, memory of its size"), 0.999, 0.0, 0.99999, symbol="β₂"),
    _EPS,
)

_MOMENTS: Final = (
    "{m} = {beta1} × {m0} + (1 − {beta1}) × {g}",
    "{v} = {beta2} × {v0} + (1 − {beta2}) × {g}²",
)

OPTIMIZERS: Final[Registry[Optimizer]] = Registry(
    "optimizer",
    (
        Optimizer(
            key="gd",
            name=say("gradient descent"),
            formula=r"\theta \leftarrow \theta - \alpha\,\nabla L(\theta)",
            when=say("A step downhill, as long as the slope is steep times the learning rate."),
            update=rules.gd,
        ),
        Optimizer(
            key="sgd",
            name=say("stochastic gradient descent"),
            formula=r"\theta \leftarrow \theta - \alpha\,\nabla L_B(\theta)",
            when=say("The slope of a few examples at a time: cheap steps that stagger."),
            update=rules.sgd,
            settings=(Setting("batch", say("examples a step"), 8, 1, 500, whole=True),),
            stochastic=True,
        ),
        Optimizer(
            key="momentum",
            name=say("momentum"),
            formula=r"v \leftarrow \beta v + \nabla L,\quad \theta \leftarrow \theta - \alpha v",
            when=say("A ball with inertia: it gathers speed along a valley (Polyak 1964)."),
            update=rules.momentum,
            settings=(_MOMENTUM,),
            memory=("v",),
            inertia=True,
            lines=("{v} = {momentum} × {v0} + {g}", "{new} = {old} − {rate} × {v}"),
        ),
        Optimizer(
            key="nesterov",
            name=say("Nesterov momentum"),
            formula=r"v \leftarrow \beta v + \nabla L,\quad \theta \leftarrow \theta - \alpha(\nabla L + \beta v)",
            when=say("Momentum that looks a step ahead (Nesterov 1983)."),
            update=rules.nesterov,
            settings=(_MOMENTUM,),
            memory=("v",),
            inertia=True,
            lines=("{v} = {momentum} × {v0} + {g}", "{new} = {old} − {rate} × ({g} + {momentum} × {v})"),
        ),
        Optimizer(
            key="adagrad",
            name=say("Adagrad"),
            formula=r"s \leftarrow s + g^2,\quad \theta \leftarrow \theta - \alpha\, g/(\sqrt{s}+\varepsilon)",
            when=say(
                "A rate for each parameter that shrinks with all its slopes so far (Duchi et al. 2011)."
            ),
            update=rules.adagrad,
            rate_is="length",
            settings=(Setting("eps", say("ε against division by zero"), 1e-10, 0.0, 1.0, symbol="ε"),),
            memory=("s",),
            lines=("{s} = {s0} + {g}²", "{new} = {old} − {rate} × {g} / (√{s} + {eps})"),
        ),
        Optimizer(
            key="rmsprop",
            name=say("RMSprop"),
            formula=r"s \leftarrow \rho s + (1-\rho) g^2,\quad \theta \leftarrow \theta - \alpha\, g/(\sqrt{s}+\varepsilon)",
            when=say("Adagrad that forgets: a rate for each parameter by its recent slopes (Hinton 2012)."),
            update=rules.rmsprop,
            rate_is="length",
            settings=(
                Setting("alpha", say("memory of the slope's size"), 0.99, 0.0, 0.9999, symbol="ρ"),
                _EPS,
            ),
            memory=("s",),
            lines=(
                "{s} = {alpha} × {s0} + (1 − {alpha}) × {g}²",
                "{new} = {old} − {rate} × {g} / (√{s} + {eps})",
            ),
        ),
        Optimizer(
            key="adam",
            name=say("Adam"),
            formula=r"\theta \leftarrow \theta - \alpha\,\hat m/(\sqrt{\hat v}+\varepsilon)",
            when=say("Momentum and a rate for each parameter at once (Kingma and Ba 2015)."),
            update=rules.adam,
            rate_is="length",
            init=rules.two_moments,
            settings=_BETAS,
            memory=("m", "v"),
            inertia=True,
            lines=(
                *_MOMENTS,
                "{new} = {old} − {rate} × ({m} / (1 − {beta1}^{k})) / (√({v} / (1 − {beta2}^{k})) + {eps})",
            ),
        ),
        Optimizer(
            key="adamw",
            name=say("AdamW"),
            formula=r"\theta \leftarrow (1-\alpha\lambda)\theta - \alpha\,\hat m/(\sqrt{\hat v}+\varepsilon)",
            when=say("Adam with a weight decay of its own (Loshchilov and Hutter 2019)."),
            update=rules.adamw,
            rate_is="length",
            init=rules.two_moments,
            settings=(*_BETAS, Setting("weight_decay", say("weight decay λ"), 0.01, 0.0, 1.0, symbol="λ")),
            memory=("m", "v"),
            inertia=True,
            lines=(
                *_MOMENTS,
                "{new} = (1 − {rate} × {weight_decay}) × {old} − {rate} × ({m} / (1 − {beta1}^{k})) / (√({v} / (1 − {beta2}^{k})) + {eps})",
            ),
        ),
        Optimizer(
            key="newton",
            name=say("Newton's method"),
            formula=r"\theta \leftarrow \theta - \alpha\, H^{-1}\nabla L",
            when=say("Jumps to the bottom of the local parabola: one step on a bowl, lost on a saddle."),
            update=rules.newton,
            rate_is="share",
            work=lambda rows, dim: rows * dim**2 / 12 + dim**3 / 4 + 150,
            lines=("{new} = {old} + {step}",),
            code="step = -rate * np.linalg.pinv(hessian(theta), hermitian=True) @ g",
        ),
        Optimizer(
            key="line_search",
            name=say("gradient descent with line search"),
            formula=r"\theta \leftarrow \theta - \alpha_k\,\nabla L,\quad \alpha_k = \alpha/2^j",
            when=say("Halves the rate until the step wins enough: it cannot overshoot (Armijo 1966)."),
            update=rules.line_search,
            rate_is="most",
            work=lambda rows, dim: 6 * rows * dim + 100,
            lines=("{new} = {old} − {length} × {g}",),
            code="length = rate\n"
            "while length > 1e-18 * rate and not loss(theta - length * g) <= loss(theta) - 1e-4 * length * (g @ g):\n"
            "    length = length / 2",
        ),
    ),
)
