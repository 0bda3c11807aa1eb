"""The numbers of the lessons, each computed from the run that the lesson opens with or from runs beside it."""

import numpy as np

import losses
from losses.core.arrays import Array

from .lesson import LessonContext


def at_optimum(context: LessonContext) -> dict[str, float]:
    best = context.prepared.certificate
    return {"w": best.optimum[0], "b": best.optimum[1], "loss": best.loss}


def first_step(context: LessonContext) -> dict[str, float]:
    run = context.run
    moves = np.linalg.norm(np.diff(run.theta, axis=0), axis=1)
    landed = {"w": run.theta[1, 0], "b": run.theta[1, 1], "slope": np.linalg.norm(run.gradient[0])}
    return landed | {"rate": run.rate, "first": moves[0], "tenth": moves[9]}


def landing_point(context: LessonContext) -> Array:
    landed: Array = context.run.theta[1]
    return landed


def _start_values(context: LessonContext) -> dict[str, float]:
    """The start by the names of the parameters."""
    return {
        f"from_{name}": value
        for name, value in zip(context.prepared.problem.parameters, context.run.theta[0], strict=True)
    }


def stability_limit(context: LessonContext) -> dict[str, float]:
    found = {}
    for name, rate in (("slow", 0.03), ("middle", 0.40), ("last", 0.66), ("over", 0.70)):
        run = losses.descend(context.prepared.problem, "gd", start=context.run.theta[0], rate=rate, steps=200)
        found[name] = float(run.settled_at if run.settled_at is not None else -1)
    return found | {"limit": context.prepared.certificate.critical_rate}


def outlier_effect(context: LessonContext) -> dict[str, float]:
    p = context.prepared.problem
    plain = losses.DATASETS["icecream"]
    fits = {
        f"{name}_{loss}": losses.certify(losses.problem(data, "line", loss)).optimum
        for name, data in (("clean", plain), ("bad", p.data))
        for loss in ("mse", "mae")
    }
    cost = losses.problem(p.data, "line", "mse").example_losses(fits["clean_mse"])
    warmest = np.argmax(p.data.x)
    slopes = {name: theta[0] for name, theta in fits.items() if theta is not None}
    return {**slopes, "share": 100 * cost[warmest] / cost.sum(), "typed": p.data.y[warmest]}


def cross_entropy_costs(context: LessonContext) -> dict[str, float]:
    return {"sure": -np.log(0.99), "wrong": -np.log(0.01), "square": 0.99**2}


def saturated_squared_error(context: LessonContext) -> dict[str, float]:
    score = -6.0
    p = 1.0 / (1.0 + np.exp(-score))
    run, other = context.run, context.comparison.run
    steps = float(run.settled_at if run.settled_at is not None else -1)
    return {
        "times": 1.0 / (2.0 * p * (1.0 - p)),
        "score": score,
        "steps": steps,
        "left": other.loss[-1],
        "last": len(other.loss) - 1,
        **_start_values(context),
    }


def uniform_guess(context: LessonContext) -> dict[str, float]:
    run, steps = context.run, len(context.run.loss) - 1
    fast = float(f"{0.9 * context.prepared.certificate.critical_rate:.1g}")
    far = losses.descend(context.prepared.problem, "gd", start=run.theta[0], rate=fast, steps=steps).loss[-1]
    known = {"start": run.loss[0], "end": run.loss[-1], "hundred": np.log(100)}
    return known | {
        "parameters": context.prepared.problem.dim,
        "rate": run.rate,
        "steps": steps,
        "fast_rate": fast,
        "fast": far,
    }


def end_point(context: LessonContext) -> dict[str, float]:
    return {
        "w": context.run.theta[-1, 0],
        "v": context.run.theta[-1, 1],
        "loss": context.run.loss[-1],
        **_start_values(context),
    }


def saddle_escape(context: LessonContext) -> dict[str, float]:
    rate = 0.1

    def steps(offset: float) -> float:
        run = losses.descend(losses.TEST_FUNCTIONS["saddle"], "gd", start=(1.0, offset), rate=rate, steps=200)
        return float(np.argmax(np.abs(run.theta[:, 1]) >= 1.0))

    here = {"offset": abs(context.run.theta[0, 1]), "growth": 1.0 + 2.0 * rate}
    return here | {"rate": rate, "hair": steps(1e-6), "thousandth": steps(1e-3)}


def momentum_speedup(context: LessonContext) -> dict[str, float]:
    function, start = context.prepared.problem, context.run.theta[0]
    root = np.sqrt(50.0)
    rate, beta = 4.0 / (root + 1.0) ** 2, ((root - 1.0) / (root + 1.0)) ** 2
    gd = losses.descend(function, "gd", start=start, rate=2.0 / 51.0, steps=2000)
    heavy = losses.descend(function, "momentum", start=start, rate=rate, momentum=beta, steps=2000)
    far = [
        float(np.argmax(np.linalg.norm(r.theta, axis=1) <= 1e-2 * np.linalg.norm(start))) for r in (gd, heavy)
    ]
    return {"gd": far[0], "heavy": far[1], "beta": beta, "rate": rate, "kappa": 50.0}


def unit_conditioning(context: LessonContext) -> dict[str, float]:
    there, inputs = context.comparison.prepared.certificate, context.prepared.problem.data.x
    return {
        "low": np.round(inputs.min(), -1),
        "high": np.round(inputs.max(), -1),
        "raw": context.prepared.certificate.condition,
        "round": there.condition,
        "raw_rate": context.prepared.certificate.critical_rate,
        "round_rate": there.critical_rate,
    }


def best_swept_rate(context: LessonContext) -> dict[str, float]:
    to_three_digits = np.arange(1, 400) / 1e4
    found = losses.sweep(
        context.prepared.problem, "gd", start=context.run.theta[0], rates=to_three_digits, steps=600
    )
    return {
        "best_rate": found.rate[found.best],
        "best_steps": found.steps[found.best],
        **_start_values(context),
    }
