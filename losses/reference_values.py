"""Published values and what this library computes for them.

The same records make the tests, the table on the page and the one in the README.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np

from losses.certificate.certificate import Certificate
from losses.certificate.certify import certify
from losses.core.messages import Number, say
from losses.descent.quadratic_rates import best_ball, best_rate, radius
from losses.loss.catalogue import LOSSES
from losses.problem.benchmark_functions import test_function
from losses.problem.problem import problem


@dataclass(frozen=True)
class Check:
    """A published value, how to compute it here, and how many digits must agree."""

    what: str
    published: float
    compute: Callable[[], float] = field(repr=False)
    digits: float
    source: str

    def row(self) -> tuple[str, str, str, str, str]:
        """What, published, computed, digits of agreement and source, for a table."""
        digits = self.agreement()
        agreed = say("all") if digits >= 15 else Number(f"{digits:.1f}")
        published, computed = Number(f"{self.published:.15g}"), Number(f"{self.compute():.12g}")
        return self.what, published, computed, agreed, self.source

    def agreement(self) -> float:
        """NIST's log relative error, the number of digits that agree; at most 15."""
        computed = self.compute()
        if computed == self.published:
            return 15.0
        return min(15.0, -math.log10(abs(computed - self.published) / abs(self.published)))


@cache
def _line(data: str, standardize: bool = False) -> Certificate:
    return certify(problem(data, "line", "mse", standardize=standardize))


def _optimum(certificate: Certificate, i: int) -> float:
    return math.nan if certificate.optimum is None else float(certificate.optimum[i])


@cache
def _misra_fit(start: tuple[float, float]) -> Certificate:
    return certify(problem("misra1a", "saturation", "mse"), start=start)


def _number(value: float | None) -> float:
    return math.nan if value is None else value


LOW, HIGH = 0.01, 1.0


def _slowest(rate: float, momentum: float | None = None) -> float:
    return max(radius(curvature, rate, momentum) for curvature in (LOW, 0.1, HIGH))


NIST: Final = say("NIST StRD")
GOH: Final = say("recomputed (Goh 2017)")
HEADS: Final = (say("what"), say("published"), say("computed here"), say("digits that agree"), say("source"))
SPECTOR: Final = say("Spector and Mazzeo 1980")
_LONGLEY: Final = (
    15.0618722713733,
    -0.0358191792925910,
    -2.02022980381683,
    -1.03322686717359,
    -0.0511041056535807,
    1829.15146461355,
    -3482258.63459582,
)
_SPECTOR: Final = (2.82611259, 0.09515766, 2.37868766, -13.02134686)
_ANSCOMBE: Final = (1.251154, 1.252390, 1.250563, 1.249317)


@cache
def _longley() -> Certificate:
    return certify(problem("longley", "line", "mse"))


@cache
def _spector() -> Certificate:
    return certify(problem("spector", "logistic", "bce"))


CHECKS: Final = (
    Check(say("Norris, slope"), 1.00211681802045, lambda: _optimum(_line("norris"), 0), 9, NIST),
    Check(say("Norris, intercept"), -0.262323073774029, lambda: _optimum(_line("norris"), 1), 9, NIST),
    Check(
        say("Norris, residual standard deviation"),
        0.884796396144373,
        lambda: math.sqrt(_number(_line("norris").loss) * 36 / 34),
        9,
        NIST,
    ),
    Check(say("Norris, lowest mean squared error"), 0.739372, lambda: _number(_line("norris").loss), 6, GOH),
    Check(say("Norris, curvature L"), 586865.27318, lambda: _number(_line("norris").lipschitz), 9, GOH),
    Check(say("Norris, curvature μ"), 0.8023786, lambda: _number(_line("norris").strong_convexity), 6, GOH),
    Check(say("Norris, condition κ"), 731406.97, lambda: _number(_line("norris").condition), 6, GOH),
    Check(say("Norris, rate limit 2/L"), 3.407937e-6, lambda: _number(_line("norris").critical_rate), 6, GOH),
    Check(say("Norris standardized, κ"), 1.0, lambda: _number(_line("norris", True).condition), 9, GOH),
    Check(
        say("Norris standardized, curvature L"), 2.0, lambda: _number(_line("norris", True).lipschitz), 9, GOH
    ),
    *(
        Check(
            say("Anscombe {name}, {what}", name=name, what=what),
            value,
            lambda i=i, of=of: of(_line(f"anscombe{i + 1}")),  # type: ignore[misc]
            digits,
            say("Anscombe 1973, recomputed"),
        )
        for i, name in enumerate(("I", "II", "III", "IV"))
        for what, value, of, digits in (
            (say("slope"), 0.500, lambda c: _optimum(c, 0), 3),
            (say("intercept"), 3.00, lambda c: _optimum(c, 1), 3),
            (say("mean squared error"), _ANSCOMBE[i], lambda c: _number(c.loss), 6),
        )
    ),
    Check(say("Anscombe, curvature L"), 183.782351, lambda: _number(_line("anscombe1").lipschitz), 8, GOH),
    Check(
        say("Anscombe, curvature μ"), 0.217649, lambda: _number(_line("anscombe1").strong_convexity), 5.5, GOH
    ),
    Check(say("Anscombe, condition κ"), 844.3988, lambda: _number(_line("anscombe1").condition), 6, GOH),
    Check(
        say("Anscombe, rate limit 2/L"), 0.01088244, lambda: _number(_line("anscombe1").critical_rate), 6, GOH
    ),
    *(
        Check(
            say("Misra1a, {name} from start {number}", name=name, number=number),
            value,
            lambda i=i, start=start: _optimum(_misra_fit(start), i),  # type: ignore[misc]
            9,
            NIST,
        )
        for i, (name, value) in enumerate((("a", 238.94212918), ("b", 5.5015643181e-4)))
        for number, start in enumerate(((500.0, 1e-4), (250.0, 5e-4)), 1)
    ),
    Check(
        say("Misra1a, residual sum of squares"),
        0.12455138894,
        lambda: 14 * _number(certify(problem("misra1a", "saturation", "mse")).loss),
        9,
        NIST,
    ),
    *(
        Check(
            say("Longley, coefficient {name}", name=say("intercept") if i == 6 else i + 1),
            value,
            lambda i=i: _optimum(_longley(), i),  # type: ignore[misc]
            8,
            NIST,
        )
        for i, value in enumerate(_LONGLEY)
    ),
    *(
        Check(
            say("Spector, {name}", name=name),
            value,
            lambda i=i: _optimum(_spector(), i),  # type: ignore[misc]
            6,
            SPECTOR,
        )
        for i, (name, value) in enumerate(zip(("GPA", "TUCE", "PSI", say("constant")), _SPECTOR, strict=True))
    ),
    Check(say("Spector, mean cross-entropy"), 0.402801069, lambda: _number(_spector().loss), 6, SPECTOR),
    Check(
        say("Rosenbrock, smallest curvature"),
        0.39936077,
        lambda: _number(certify(test_function("rosenbrock")).strong_convexity),
        7,
        GOH,
    ),
    Check(
        say("Rosenbrock, largest curvature"),
        1001.60063923,
        lambda: _number(certify(test_function("rosenbrock")).lipschitz),
        9,
        GOH,
    ),
    Check(
        say("Rosenbrock, rate limit at the minimum"),
        0.00199680,
        lambda: _number(certify(test_function("rosenbrock")).critical_rate),
        5,
        GOH,
    ),
    *(
        Check(say("λ from 0.01 to 1, {what}", what=what), value, compute, 6, GOH)
        for what, value, compute in (
            (say("best rate of gradient descent"), 1.980198, lambda: best_rate(LOW, HIGH)),
            (say("factor each step of gradient descent"), 0.980198, lambda: _slowest(best_rate(LOW, HIGH))),
            (say("best rate with momentum"), 3.305785, lambda: best_ball(LOW, HIGH)[0]),
            (say("best momentum β"), 0.669421, lambda: best_ball(LOW, HIGH)[1]),
            (
                say("factor each step with momentum"),
                0.818182,
                lambda: _slowest(*best_ball(LOW, HIGH)),
            ),
        )
    ),
    Check(
        say("Cross-entropy of guessing, ln 2"),
        math.log(2.0),
        lambda: float(LOSSES["bce"].value(np.float64(0.0), np.float64(1.0))),
        12,
        say("definition"),
    ),
    Check(
        say("Cross-entropy of guessing among ten, ln 10"),
        math.log(10.0),
        lambda: float(LOSSES["cce"].value(np.zeros((1, 10)), np.zeros(1))[0]),
        12,
        say("definition"),
    ),
)
