"""What is known about the rate above which runs of gradient descent fly apart."""

from typing import Final

import losses
from losses.certificate.certificate import SCOPE_BOUND, SCOPE_EXACT, SCOPE_START
from losses.core.messages import Message, format_number_down, joined, message

from ..figures.views.rate_sweep import LIMIT_LABELS
from ..protocol.cloud import RateLimit

NO_LIMIT: Final = {
    SCOPE_START: message(
        "L is known at the start only, so no line is drawn. The runs show the edge themselves."
    ),
}
UNKNOWN_LIMIT: Final = message("L is not known here, so no line is drawn. The runs show the edge themselves.")


def rate_limit(certificate: losses.Certificate, optimizer: losses.Optimizer, schedule: str) -> RateLimit:
    """Return what 2/L tells about the runs of an optimizer."""
    if not optimizer.is_gradient_descent:
        why = message(
            "2/L holds for gradient descent, not for {optimizer}. The runs show the edge themselves.",
            optimizer=optimizer.name,
        )
        return RateLimit(rate=None, label="", sentence=why)
    if not losses.SCHEDULES[schedule].is_constant:
        why = message(
            "2/L holds for a constant rate, and here it changes. The runs show the edge themselves."
        )
        return RateLimit(rate=None, label="", sentence=why)
    scope, rate = certificate.scope, certificate.critical_rate
    if scope not in LIMIT_LABELS or rate is None:
        return RateLimit(rate=None, label="", sentence=NO_LIMIT.get(scope, UNKNOWN_LIMIT))
    sentence: str = _sentence(scope, format_number_down(rate))
    if certificate.exists is losses.NO:
        sentence = joined(" ", (message("There is no lowest point, so no run arrives."), sentence))
    return RateLimit(rate=rate, label=LIMIT_LABELS[scope], sentence=sentence)


def _sentence(scope: str, rate: str) -> Message:
    """Return what a limit means, by what is known of L."""
    if scope == SCOPE_EXACT:
        return message(
            "2/L = {rate}: below it every run arrives in the end, above it runs fly apart.",
            rate=rate,
        )
    if scope == SCOPE_BOUND:
        return message(
            "L is a bound: below 2/L = {rate} no step raises the loss, from any start. "
            "The runs may stand higher rates.",
            rate=rate,
        )
    return message(
        "L is the curvature at the minimum: with a rate above 2/L = {rate} runs do not come to rest there. "
        "On its way a run may meet other curvature.",
        rate=rate,
    )
