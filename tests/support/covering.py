"""Cases of which ``make test`` runs a few that have every value of every argument, and ``make thorough`` the rest."""

import pytest


def covering(cases, *, of=1):
    """Return cases ``(value, ...)`` as parameters; those marked thorough are not needed to cover the values.

    The others have every value of every argument, and with ``of=2`` every pair of values of two arguments.
    Values are compared by ``==``; each case chosen is one with the most that the earlier ones do not have.
    """
    cases = [tuple(case) for case in cases]
    parts = [_parts(case, of) for case in cases]
    missing = set().union(*parts)
    kept = set()
    while missing:
        best = max(range(len(cases)), key=lambda i: (len(parts[i] & missing), -i))
        kept.add(best)
        missing -= parts[best]
    return [
        pytest.param(*case, marks=() if i in kept else pytest.mark.thorough) for i, case in enumerate(cases)
    ]


def _parts(case, of):
    """Return the values of a case with their places, or the pairs of them."""
    places = list(enumerate(case))
    if of == 1:
        return set(places)
    return {(a, b) for i, a in enumerate(places) for b in places[i + 1 :]}
