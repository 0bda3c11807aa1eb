"""An oracle of verdicts that shares no code with them: it goes on from the end of a run by other means.

``false_claims`` returns what a verdict claims and the oracle refutes. Minima are sought by SciPy's trust
region method (A. Conn, N. Gould and P. Toint, Trust-Region Methods, 2000, section 7.3) and by the simplex
method of J. Nelder and R. Mead (1965); runs are gone on with, and recommended rates are tried.
"""

import re
from contextlib import suppress

import numpy as np
from scipy.optimize import minimize

import losses
from losses.core.messages import format_number
from losses.core.ternary import NO

NUMBER = "[−0-9.\u202f\u00a0×⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*[0-9⁰¹²³⁴⁵⁶⁷⁸⁹]"
"""A number as ``format_number`` writes it."""
LOST = 1e-4
"""A minimum is refuted if this share of the height of the start can still be lost nearby ..."""
LOST_OF_LOSS = 1e-3
"""... and this share of the loss itself, counted from that of perfect predictions."""


SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def read_number(text):
    """Return the number that ``format_number`` wrote."""
    factor, _, power = text.replace("−", "-").replace("\u202f", "").rpartition("10")
    if power.translate(SUPERSCRIPTS) == power:  # no power of ten: the digits 10 are part of a number
        return float(factor + _ + power)
    factor = factor.replace("\u00a0×\u00a0", "") or "1"
    return float(f"{factor.replace('-', '-1') if factor == '-' else factor}e{power.translate(SUPERSCRIPTS)}")


def lowest_nearby(problem, theta, window):
    """Return the lowest point that the oracle finds from ``theta``, and its loss."""
    best = theta, float(problem.value(theta))
    scale = np.where(problem.reach > 0, problem.reach, 1.0)

    def value(u):
        with np.errstate(all="ignore"):
            loss = float(problem.value(theta + scale * u))
        return loss if np.isfinite(loss) else 1e300

    def gradient(u):
        return problem.gradient(theta + scale * u) * scale

    def hessian(u):
        return problem.hessian(theta + scale * u) * np.outer(scale, scale)

    zero, results = np.zeros(problem.dim), []
    methods = ({"method": "trust-exact", "hess": hessian}, {"method": "BFGS"}) if problem.smooth else ()
    for more in methods:
        with np.errstate(all="ignore"), suppress(np.linalg.LinAlgError, ValueError):
            results.append(minimize(value, zero, jac=gradient, options={"maxiter": 200}, **more).x)
    for size in (window, 0.1 * window):
        simplex = np.vstack([np.zeros(problem.dim), size * np.eye(problem.dim)])
        options = {"initial_simplex": simplex, "maxiter": 400, "xatol": 1e-12, "fatol": 0.0}
        results.append(minimize(value, np.zeros(problem.dim), method="Nelder-Mead", options=options).x)
    for u in results:
        loss = value(u)
        if loss < best[1]:
            best = theta + scale * u, loss
    return best


def perfect_loss(problem):
    """Return the loss of perfect predictions of a problem, or 0."""
    if not isinstance(problem, losses.DataProblem) or problem.data.task == "multiclass":
        return 0.0
    z = problem.y if problem.data.task == "regression" else 60.0 * (2 * problem.y - 1)
    with np.errstate(all="ignore"):
        loss = float(problem.of_score.value(z).mean())
    return loss if np.isfinite(loss) else 0.0


def height(problem, run):
    """Return the loss of the start, or of the default start, above the end."""
    with np.errstate(all="ignore"):
        default = float(problem.value(problem.start))
    heights = [float(run.loss[0] - run.loss[-1]), default - float(run.loss[-1]), 0.0]
    return max(h for h in heights if np.isfinite(h))


def false_claims(problem, run, again):
    """Return a list of false claims. ``again(rate, steps)`` repeats the run with other numbers."""
    name, sentence = run.outcome.name, str(run.outcome.sentence)
    checks = {
        "CONVERGED": _refute_minimum,
        "PLATEAU": _refute_plateau,
        "DIVERGED": _refute_divergence,
        "OSCILLATING": _refute_oscillation,
        "NO_MINIMUM": _refute_no_minimum,
        "RUNNING": _refute_running,
    }
    return checks[name](problem, run, sentence, again) + _refute_advice(problem, run, sentence, again)


def _lost(problem, run, lowest):
    """Whether so much less than the run's last loss that it was no minimum."""
    lost = float(run.loss[-1]) - lowest
    rounding = 1e-13 * np.abs(run.loss[-1])
    own = abs(float(run.loss[-1]) - perfect_loss(problem))
    return lost > rounding + min(
        LOST * height(problem, run), max(LOST_OF_LOSS * own, 1e-9 * height(problem, run))
    )


def _refute_minimum(problem, run, sentence, again):
    claims = []
    theta, lowest = lowest_nearby(problem, run.theta[-1], 1e-3)
    if _lost(problem, run, lowest):
        claims.append(f"no minimum: {float(run.loss[-1])} but {lowest} at {theta}")
    elif "as low as it gets" in sentence:
        _, elsewhere = lowest_nearby(problem, problem.start, 0.3)
        if _lost(problem, run, elsewhere):
            claims.append(f"not the lowest: {float(run.loss[-1])} but {elsewhere}")
    return claims


def _refute_plateau(problem, run, sentence, again):
    theta, h = run.theta[-1], max(height(problem, run), 1e-300)
    scale = np.where(problem.reach > 0, problem.reach, 1.0)
    rng = np.random.default_rng(0)
    rounding = 1e-14 * abs(float(run.loss[-1]))
    for radius in (1e-4, 1e-2, 0.3, 1.0):
        points = theta + radius * scale * rng.normal(size=(200, problem.dim))
        with np.errstate(all="ignore"):
            if (problem.value(points) < run.loss[-1] - rounding).mean() > 0.02:
                return []
    if isinstance(problem, losses.DataProblem) and problem.loss.counts_mistakes:
        return []
    if found := re.search(rf"can be as low as ({NUMBER})\. ", sentence):
        _, elsewhere = lowest_nearby(problem, problem.start, 0.3)
        below = run.loss[-1] - max(min(elsewhere, read_number(found[1])), read_number(found[1]) - 1e-2 * h)
        if below > 0.02 * h and np.abs(run.gradient[-1] * scale).max() < 1e-3 * below:
            return []
    _, lowest = lowest_nearby(problem, theta, 0.1)
    return [] if lowest < run.loss[-1] - 1e-9 * h else ["a plateau, but it is lower nowhere near"]


def _refute_divergence(problem, run, sentence, again):
    if len(run.loss) <= run.steps or not np.isfinite(run.loss[0]):
        if "fallen" in sentence and run.loss[-1] > run.loss[0]:
            return ["fell, but it rose"]
        return []
    more = again(None, 20 * run.steps + 50)
    if len(more.loss) <= more.steps:
        return []
    if more.loss[-1] < run.loss[-1] and more.loss[-1] <= run.loss[0]:
        return [f"flies apart, but comes back from {run.loss[-1]} to {more.loss[-1]}"]
    return []


def _refute_oscillation(problem, run, sentence, again):
    more = again(None, run.steps + 2 * max(10, min(20, run.steps)))
    if len(more.loss) <= more.steps:
        return ["jumps to and fro, but escapes soon"]
    before, after = run.loss.min(), more.loss.min()
    if before - after > 0.02 * (run.loss[0] - after):
        return [f"no progress, but it goes on from {before} to {after}"]
    return []


def _refute_no_minimum(problem, run, sentence, again):
    if not problem.smooth:
        return []
    scale = np.where(problem.reach > 0, problem.reach, 1.0)
    theta, lowest = lowest_nearby(problem, run.theta[-1], 0.1)
    with np.errstate(all="ignore"):
        g, h = problem.gradient(theta) * scale, problem.hessian(theta) * np.outer(scale, scale)
    if not (np.isfinite(g).all() and np.isfinite(h).all()):
        return []
    values = np.linalg.eigvalsh(h)
    # Positive curvature that a loss falling to an infimum does not have: it would have gone on.
    if values[0] > 1e-3 * max(height(problem, run), 1e-300) and np.abs(g).max() < 1e-8 * values[0]:
        return [f"no minimum exists, but there is one at {theta}"]
    return []


def _refute_running(problem, run, sentence, again):
    found = re.search(rf"({NUMBER}) is the lowest possible", sentence)
    if found and "Not there" in sentence and run.loss[-1] <= read_number(found[1]):
        return ["not there, but it is as low as possible"]
    return []


def _refute_advice(problem, run, sentence, again):
    claims = _refute_recommended_rate(run, sentence, again)
    if "give it more steps" in sentence:
        more = again(None, 2 * run.steps + 10)
        if not more.loss.min() < run.loss[-1]:
            claims.append("more steps do not help")
    limit = problem_limit(problem)
    if "the limit, " in sentence and limit is not None and run.rate < limit * (1 - 1e-9):
        claims.append("above the limit, but it is below")
    reads_alike = format_number(run.rate) == format_number(limit or 0.0)
    if "above the limit" in sentence and reads_alike and "just above" not in sentence:
        claims.append("a rate that reads like the limit")
    if "There is no lowest point" in sentence and losses.certify(problem).exists is not NO:
        claims.append("no lowest point without a proof")
    return claims


def _refute_recommended_rate(run, sentence, again):
    found = re.search(
        rf"(larger|smaller) rate is faster[:.] ({NUMBER}) comes as low in ({NUMBER}) s", sentence
    )
    if not found:
        return ["a larger rate, without saying which"] if "larger rate" in sentence else []
    claims, rate, steps = [], read_number(found[2]), int(read_number(found[3]))
    if (rate > run.rate) != (found[1] == "larger"):
        claims.append(f"{found[1]} rate {rate} than {run.rate}")
    other = again(rate, steps)
    if not other.loss[-1] <= run.loss[-1] + 1e-9 * abs(run.loss[-1]):
        claims.append(f"rate {rate} comes to {other.loss[-1]} in {steps}, not to {run.loss[-1]}")
    return [*claims, "no faster"] if steps >= run.steps else claims


def problem_limit(problem):
    """Return 2 divided by the largest eigenvalue of the Hessian of a quadratic problem, else None."""
    if not problem.quadratic:
        return None
    return 2.0 / float(np.linalg.eigvalsh(problem.hessian(problem.start))[-1])
