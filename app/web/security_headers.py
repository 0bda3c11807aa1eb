"""Security headers of every response: content security policy, embedding, referrer, permissions."""

import re
from collections.abc import Iterable
from typing import Final

from ..common.environment import FRAME_ANCESTORS

FRAME_ANCESTORS_VARIABLE: Final = FRAME_ANCESTORS.name
"""Environment variable with the sites that may embed the page, as the CSP directive ``frame-ancestors`` takes
them: ``*`` by default, or for example ``'none'`` or ``'self' https://school.example``."""

FIXED_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def content_security_policy(script_hashes: Iterable[str]) -> str:
    """Return the content security policy; ``script_hashes`` are the CSP hashes of the page's inline scripts.

    Styles may be inline because Plotly adds some while it draws. Scripts may not.
    Raises ValueError if ``FRAME_ANCESTORS_VARIABLE`` is set to something that is not a list of sources.
    """
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *(f"{digest}" for digest in script_hashes)]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' blob: data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": check_frame_ancestors(FRAME_ANCESTORS.read()),
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def check_frame_ancestors(text: str) -> str:
    """Return ``text`` if it is a list of CSP sources.

    Raises ValueError otherwise, above all for text that would add a directive or a header.
    """
    if not re.fullmatch(r"[\w.:/*'-]+( [\w.:/*'-]+)*", text):
        raise ValueError(
            f"{FRAME_ANCESTORS_VARIABLE} must be sources with a space between them; not {text!r}"
        )
    return text


def security_headers(script_hashes: Iterable[str]) -> dict[str, str]:
    """Return the headers of every response; ``script_hashes`` are those of the scripts within the page."""
    return {**FIXED_HEADERS, "Content-Security-Policy": content_security_policy(script_hashes)}
