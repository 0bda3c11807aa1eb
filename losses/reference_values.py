"""Published reference values, compared with what this library computes.

The tests, the table on the page and the one in the documentation are made from the same records.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np

from losses.certificate.certificate import Certificate
from losses.certificate.certify import certify
from losses.core.messages import FormattedNumber, message
from losses.descent.quadratic_rates import optimal_momentum, optimal_rate, spectral_radius
from losses.loss.catalogue import LOSSES
from losses.problem.benchmark_functions import test_function
from losses.problem.problem import problem


@dataclass(frozen=True)
class ReferenceValue:
    """A published value and how to compute it with this library."""

    quantity: str
    """What the value is of."""
    published: float
    compute: Callable[[], float] = field(repr=False)
    """Returns the computed value."""
    digits: float
    """The number of digits that must agree."""
    source: str

    def table_row(self) -> tuple[str, str, str, str, str]:
        """Return the cells of a table row in the order of ``COLUMN_TITLES``."""
        digits = self.agreeing_digits()
        agreement = message("all") if digits >= 15 else FormattedNumber(f"{digits:.1f}")
        published = FormattedNumber(f"{self.published:.15g}")
        computed = FormattedNumber(f"{self.compute():.12g}")
        return self.quantity, published, computed, agreement, self.source

    def agreeing_digits(self) -> float:
        """Return the number of digits that agree, at most 15: NIST's log relative error."""
        computed = self.compute()
        if computed == self.published:
            return 15.0
        return min(15.0, -math.log10(abs(computed - self.published) / abs(self.published)))


@cache
def _line_certificate(data: str, standardize: bool = False) -> Certificate:
    return certify(problem(data, "line", "mse", standardize=standardize))


def _optimum_coordinate(certificate: Certificate, i: int) -> float:
    return math.nan if certificate.optimum is None else float(certificate.optimum[i])


@cache
def _misra_certificate(start: tuple[float, float]) -> Certificate:
    return certify(problem("misra1a", "saturation", "mse"), start=start)


def _value_or_nan(value: float | None) -> float:
    return math.nan if value is None else value


MIN_CURVATURE, MAX_CURVATURE = 0.01, 1.0
"""The eigenvalues of the quadratic in Goh (2017) range between these."""


def _slowest_contraction(rate: float, momentum: float | None = None) -> float:
    """Return the factor by which the slowest component of the error shrinks in each step."""
    return max(
        spectral_radius(curvature, rate, momentum) for curvature in (MIN_CURVATURE, 0.1, MAX_CURVATURE)
    )


NIST_SOURCE: Final = message("NIST StRD")
GOH_SOURCE: Final = message("recomputed (Goh 2017)")
COLUMN_TITLES: Final = (
    message("what"),
    message("published"),
    message("computed here"),
    message("digits that agree"),
    message("source"),
)
SPECTOR_SOURCE: Final = message("Spector and Mazzeo 1980")
_LONGLEY_COEFFICIENTS: Final = (
    15.0618722713733,
    -0.0358191792925910,
    -2.02022980381683,
    -1.03322686717359,
    -0.0511041056535807,
    1829.15146461355,
    -3482258.63459582,
)
_SPECTOR_COEFFICIENTS: Final = (2.82611259, 0.09515766, 2.37868766, -13.02134686)
_ANSCOMBE_ERRORS: Final = (1.251154, 1.252390, 1.250563, 1.249317)


@cache
def _longley_certificate() -> Certificate:
    return certify(problem("longley", "line", "mse"))


@cache
def _spector_certificate() -> Certificate:
    return certify(problem("spector", "logistic", "bce"))


REFERENCE_VALUES: Final = (
    ReferenceValue(
        message("Norris, slope"),
        1.00211681802045,
        lambda: _optimum_coordinate(_line_certificate("norris"), 0),
        9,
        NIST_SOURCE,
    ),
    ReferenceValue(
        message("Norris, intercept"),
        -0.262323073774029,
        lambda: _optimum_coordinate(_line_certificate("norris"), 1),
        9,
        NIST_SOURCE,
    ),
    ReferenceValue(
        message("Norris, residual standard deviation"),
        0.884796396144373,
        lambda: math.sqrt(_value_or_nan(_line_certificate("norris").loss) * 36 / 34),
        9,
        NIST_SOURCE,
    ),
    ReferenceValue(
        message("Norris, lowest mean squared error"),
        0.739372,
        lambda: _value_or_nan(_line_certificate("norris").loss),
        6,
        GOH_SOURCE,
    ),
    ReferenceValue(
        message("Norris, curvature L"),
        586865.27318,
        lambda: _value_or_nan(_line_certificate("norris").lipschitz),
        9,
        GOH_SOURCE,
    ),
    ReferenceValue(
        message("Norris, curvature μ"),
        0.8023786,
        lambda: _value_or_nan(_line_certificate("norris").strong_convexity),
        6,
        GOH_SOURCE,
    ),
    ReferenceValue(
        message("Norris, condition κ"),
        731406.97,
        lambda: _value_or_nan(_line_certificate("norris").condition),
        6,
        GOH_SOURCE,
    ),
    ReferenceValue(
        message("Norris, rate limit 2/L"),
        3.407937e-6,
        lambda: _value_or_nan(_line_certificate("norris").critical_rate),
        6,
        GOH_SOURCE,
    ),
    ReferenceValue(
        message("Norris standardized, κ"),
        1.0,
        lambda: _value_or_nan(_line_certificate("norris", True).condition),
        9,
        GOH_SOURCE,
    ),
    ReferenceValue(
        message("Norris standardized, curvature L"),
        2.0,
        lambda: _value_or_nan(_line_certificate("norris", True).lipschitz),
        9,
        GOH_SOURCE,
    ),
    *(
        ReferenceValue(
            message("Anscombe {name}, {what}", name=name, what=what),
            value,
            lambda i=i, read=read: read(_line_certificate(f"anscombe{i + 1}")),  # type: ignore[misc]
            digits,
            message("Anscombe 1973, recomputed"),
        )
        for i, name in enumerate(("I", "II", "III", "IV"))
        for what, value, read, digits in (
            (message("slope"), 0.500, lambda c: _optimum_coordinate(c, 0), 3),
            (message("intercept"), 3.00, lambda c: _optimum_coordinate(c, 1), 3),
            (message("mean squared error"), _ANSCOMBE_ERRORS[i], lambda c: _value_or_nan(c.loss), 6),
        )
    ),
    ReferenceValue(
        message("Anscombe, curvature L"),
        183.782351,
        lambda: _value_or_nan(_line_certificate("anscombe1").lipschitz),
        8,
        GOH_SOURCE,
    ),
    ReferenceValue(
        message("Anscombe, curvature μ"),
        0.217649,
        lambda: _value_or_nan(_line_certificate("anscombe1").strong_convexity),
        5.5,
        GOH_SOURCE,
    ),
    ReferenceValue(
        message("Anscombe, condition κ"),
        844.3988,
        lambda: _value_or_nan(_line_certificate("anscombe1").condition),
        6,
        GOH_SOURCE,
    ),
    ReferenceValue(
        message("Anscombe, rate limit 2/L"),
        0.01088244,
        lambda: _value_or_nan(_line_certificate("anscombe1").critical_rate),
        6,
        GOH_SOURCE,
    ),
    *(
        ReferenceValue(
            message("Misra1a, {name} from start {number}", name=name, number=number),
            value,
            lambda i=i, start=start: _optimum_coordinate(_misra_certificate(start), i),  # type: ignore[misc]
            9,
            NIST_SOURCE,
        )
        for i, (name, value) in enumerate((("a", 238.94212918), ("b", 5.5015643181e-4)))
        for number, start in enumerate(((500.0, 1e-4), (250.0, 5e-4)), 1)
    ),
    ReferenceValue(
        message("Misra1a, residual sum of squares"),
        0.12455138894,
        lambda: 14 * _value_or_nan(certify(problem("misra1a", "saturation", "mse")).loss),
        9,
        NIST_SOURCE,
    ),
    *(
        ReferenceValue(
            message("Longley, coefficient {name}", name=message("intercept") if i == 6 else i + 1),
            value,
            lambda i=i: _optimum_coordinate(_longley_certificate(), i),  # type: ignore[misc]
            8,
            NIST_SOURCE,
        )
        for i, value in enumerate(_LONGLEY_COEFFICIENTS)
    ),
    *(
        ReferenceValue(
            message("Spector, {name}", name=name),
            value,
            lambda i=i: _optimum_coordinate(_spector_certificate(), i),  # type: ignore[misc]
            6,
            SPECTOR_SOURCE,
        )
        for i, (name, value) in enumerate(
            zip(("GPA", "TUCE", "PSI", message("constant")), _SPECTOR_COEFFICIENTS, strict=True)
        )
    ),
    ReferenceValue(
        message("Spector, mean cross-entropy"),
        0.402801069,
        lambda: _value_or_nan(_spector_certificate().loss),
        6,
        SPECTOR_SOURCE,
    ),
    ReferenceValue(
        message("Rosenbrock, smallest curvature"),
        0.39936077,
        lambda: _value_or_nan(certify(test_function("rosenbrock")).strong_convexity),
        7,
        GOH_SOURCE,
    ),
    ReferenceValue(
        message("Rosenbrock, largest curvature"),
        1001.60063923,
        lambda: _value_or_nan(certify(test_function("rosenbrock")).lipschitz),
        9,
        GOH_SOURCE,
    ),
    ReferenceValue(
        message("Rosenbrock, rate limit at the minimum"),
        0.00199680,
        lambda: _value_or_nan(certify(test_function("rosenbrock")).critical_rate),
        5,
        GOH_SOURCE,
    ),
    *(
        ReferenceValue(message("λ from 0.01 to 1, {what}", what=what), value, compute, 6, GOH_SOURCE)
        for what, value, compute in (
            (
                message("best rate of gradient descent"),
                1.980198,
                lambda: optimal_rate(MIN_CURVATURE, MAX_CURVATURE),
            ),
            (
                message("factor each step of gradient descent"),
                0.980198,
                lambda: _slowest_contraction(optimal_rate(MIN_CURVATURE, MAX_CURVATURE)),
            ),
            (
                message("best rate with momentum"),
                3.305785,
                lambda: optimal_momentum(MIN_CURVATURE, MAX_CURVATURE)[0],
            ),
            (message("best momentum β"), 0.669421, lambda: optimal_momentum(MIN_CURVATURE, MAX_CURVATURE)[1]),
            (
                message("factor each step with momentum"),
                0.818182,
                lambda: _slowest_contraction(*optimal_momentum(MIN_CURVATURE, MAX_CURVATURE)),
            ),
        )
    ),
    ReferenceValue(
        message("Cross-entropy of guessing, ln 2"),
        math.log(2.0),
        lambda: float(LOSSES["bce"].value(np.float64(0.0), np.float64(1.0))),
        12,
        message("definition"),
    ),
    ReferenceValue(
        message("Cross-entropy of guessing among ten, ln 10"),
        math.log(10.0),
        lambda: float(LOSSES["cce"].value(np.zeros((1, 10)), np.zeros(1))[0]),
        12,
        message("definition"),
    ),
)
