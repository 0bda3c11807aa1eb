"""The numbers in the texts of lessons, one function for each lesson.

Each function returns numbers by the names that the texts put in braces. They are computed from the run that
the lesson opens with or from further runs on the same problem.
"""

import numpy as np

import losses
from losses.core.arrays import Array
from losses.descent.quadratic_rates import optimal_momentum

from .lesson import LessonContext


def at_optimum(context: LessonContext) -> dict[str, float]:
    """Return slope ``w``, intercept ``b`` and loss of the best line."""
    certificate = context.prepared.certificate
    return {"w": certificate.optimum[0], "b": certificate.optimum[1], "loss": certificate.loss}


def first_step(context: LessonContext) -> dict[str, float]:
    """Return where the first step lands, and the lengths of the first and the tenth step."""
    run = context.run
    step_lengths = np.linalg.norm(np.diff(run.theta, axis=0), axis=1)
    return {
        "w": run.theta[1, 0],
        "b": run.theta[1, 1],
        "slope": np.linalg.norm(run.gradient[0]),
        "rate": run.rate,
        "first": step_lengths[0],
        "tenth": step_lengths[9],
    }


def landing_point(context: LessonContext) -> Array:
    """Return the parameters after the first step, shape ``(d,)``."""
    theta_1: Array = context.run.theta[1]
    return theta_1


def _start_values(context: LessonContext) -> dict[str, float]:
    """Return the start by parameter: ``from_w``, ``from_b``, …"""
    return {
        f"from_{name}": value
        for name, value in zip(context.prepared.problem.parameters, context.run.theta[0], strict=True)
    }


def _steps_to_converge(run: losses.Descent) -> float:
    """Return the number of steps until convergence, −1 if the run does not converge."""
    return float(run.settled_at if run.settled_at is not None else -1)


def stability_limit(context: LessonContext) -> dict[str, float]:
    """Return the largest stable rate, and how many steps each offered rate takes (−1: it never arrives)."""
    problem, start = context.prepared.problem, context.run.theta[0]
    steps = {
        name: _steps_to_converge(losses.descend(problem, "gd", start=start, rate=rate, steps=200))
        for name, rate in (("slow", 0.03), ("middle", 0.40), ("last", 0.66), ("over", 0.70))
    }
    return steps | {"limit": context.prepared.certificate.critical_rate}


def outlier_effect(context: LessonContext) -> dict[str, float]:
    """Return the slopes that both losses fit with and without the outlier, and what the outlier costs.

    The outlier is the example of the warmest day. ``share`` is its percentage of the squared error of the
    line fitted without it.
    """
    data = context.prepared.problem.data
    optima = {
        f"{name}_{loss}": losses.certify(losses.problem(dataset, "line", loss)).optimum
        for name, dataset in (("clean", losses.DATASETS["icecream"]), ("bad", data))
        for loss in ("mse", "mae")
    }
    squared_errors = losses.problem(data, "line", "mse").example_losses(optima["clean_mse"])
    warmest = np.argmax(data.x)
    slopes = {name: theta[0] for name, theta in optima.items() if theta is not None}
    share = 100 * squared_errors[warmest] / squared_errors.sum()
    return {**slopes, "share": share, "typed": data.y[warmest]}


def cross_entropy_costs(context: LessonContext) -> dict[str, float]:
    """Return cross-entropy at 0.99 and 0.01 for the true class, and the squared error at 0.01."""
    return {"sure": -np.log(0.99), "wrong": -np.log(0.01), "square": 0.99**2}


def saturated_squared_error(context: LessonContext) -> dict[str, float]:
    """Return how much weaker the slope of the squared error is at the start, and how both runs end.

    For a score z with p = sigmoid(z) and target y, cross-entropy has the slope p − y and the squared error
    2 (p − y) p (1 − p), so their ratio is 1 / (2 p (1 − p)).
    """
    score = -6.0
    p = 1.0 / (1.0 + np.exp(-score))
    squared_error_run = context.comparison.run
    return {
        "times": 1.0 / (2.0 * p * (1.0 - p)),
        "score": score,
        "steps": _steps_to_converge(context.run),
        "left": squared_error_run.loss[-1],
        "last": len(squared_error_run.loss) - 1,
        **_start_values(context),
    }


def uniform_guess(context: LessonContext) -> dict[str, float]:
    """Return the loss of guessing, and where the run ends at its rate and at a faster one.

    The faster rate is 0.9 of the critical rate, rounded to one digit as a student would set it.
    """
    run, prepared = context.run, context.prepared
    steps = len(run.loss) - 1
    fast_rate = float(f"{0.9 * prepared.certificate.critical_rate:.1g}")
    fast_run = losses.descend(prepared.problem, "gd", start=run.theta[0], rate=fast_rate, steps=steps)
    return {
        "start": run.loss[0],
        "end": run.loss[-1],
        "hundred": np.log(100),
        "parameters": prepared.problem.dim,
        "rate": run.rate,
        "steps": steps,
        "fast_rate": fast_rate,
        "fast": fast_run.loss[-1],
    }


def end_point(context: LessonContext) -> dict[str, float]:
    """Return the start, and the parameters and loss at the end of the run."""
    return {
        "w": context.run.theta[-1, 0],
        "v": context.run.theta[-1, 1],
        "loss": context.run.loss[-1],
        **_start_values(context),
    }


def saddle_escape(context: LessonContext) -> dict[str, float]:
    """Return how fast the offset from the ridge of x² − y² grows, and after how many steps it exceeds 1.

    A step of gradient descent multiplies y by 1 + 2 · rate.
    """
    rate = 0.1

    def steps_to_escape(offset: float) -> float:
        run = losses.descend(losses.TEST_FUNCTIONS["saddle"], "gd", start=(1.0, offset), rate=rate, steps=200)
        return float(np.argmax(np.abs(run.theta[:, 1]) >= 1.0))

    return {
        "offset": abs(context.run.theta[0, 1]),
        "growth": 1.0 + 2.0 * rate,
        "rate": rate,
        "hair": steps_to_escape(1e-6),
        "thousandth": steps_to_escape(1e-3),
    }


def momentum_speedup(context: LessonContext) -> dict[str, float]:
    """Return the steps after which gradient descent and momentum have arrived.

    The curvatures of the ravine are 1 and κ = 50. Both methods have their optimal rate; momentum also has its
    optimal β, to three digits. B. Polyak, Some methods of speeding up the convergence of iteration methods,
    1964.
    """
    problem, start = context.prepared.problem, context.run.theta[0]
    kappa = 50.0
    rate, beta = (float(f"{value:.3g}") for value in optimal_momentum(1.0, kappa))
    momentum_run = losses.descend(problem, "momentum", start=start, rate=rate, momentum=beta, steps=400)
    return {
        "gd": _steps_to_converge(
            losses.descend(problem, "gd", start=start, rate=context.run.rate, steps=400)
        ),
        "heavy": _steps_to_converge(momentum_run),
        "beta": beta,
        "rate": rate,
        "kappa": kappa,
    }


def unit_conditioning(context: LessonContext) -> dict[str, float]:
    """Return condition number and critical rate in raw units and standardized, and the range of the input.

    The range is rounded to tens.
    """
    raw, standardized = context.prepared.certificate, context.comparison.prepared.certificate
    inputs = context.prepared.problem.data.x
    return {
        "low": np.round(inputs.min(), -1),
        "high": np.round(inputs.max(), -1),
        "raw": raw.condition,
        "round": standardized.condition,
        "raw_rate": raw.critical_rate,
        "round_rate": standardized.critical_rate,
    }


def best_swept_rate(context: LessonContext) -> dict[str, float]:
    """Return the best rate of at most four decimals below 0.04, and the steps that it takes."""
    rates = np.arange(1, 400) / 1e4
    sweep = losses.sweep(context.prepared.problem, "gd", start=context.run.theta[0], rates=rates, steps=600)
    return {
        "best_rate": sweep.rate[sweep.best],
        "best_steps": sweep.steps[sweep.best],
        **_start_values(context),
    }
