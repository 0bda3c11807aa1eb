"""What every answer says about itself: what may run on the page, who may embed it, what it reveals."""

import os
import re
from collections.abc import Iterable
from typing import Final

FRAME_ANCESTORS_VARIABLE: Final = "LOSSLAB_FRAME_ANCESTORS"
"""Who may embed the page, as CSP spells it: ``*`` by default, ``'none'``, ``'self' https://school.example``."""

FIXED_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def content_security_policy(script_hashes: Iterable[str]) -> str:
    """The content security policy of the page; ``script_hashes`` are of the scripts within it.

    Plotly writes styles as it draws, hence ``unsafe-inline`` for styles, and
    only for them.
    """
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *(f"{digest}" for digest in script_hashes)]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' blob: data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": check_frame_ancestors(os.environ.get(FRAME_ANCESTORS_VARIABLE, "*")),
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def check_frame_ancestors(text: str) -> str:
    """The setting, checked; ValueError for what would be another rule or another header."""
    if not re.fullmatch(r"[\w.:/*'-]+( [\w.:/*'-]+)*", text):
        raise ValueError(
            f"{FRAME_ANCESTORS_VARIABLE} must be sources with a space between them; not {text!r}"
        )
    return text


def security_headers(script_hashes: Iterable[str]) -> dict[str, str]:
    """The headers of every response; ``script_hashes`` are of the scripts within the page."""
    return {**FIXED_HEADERS, "Content-Security-Policy": content_security_policy(script_hashes)}
