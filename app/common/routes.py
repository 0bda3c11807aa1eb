"""Declare the routes besides Dash's own, each with what requests to it may be and cost."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from dash import hooks

from . import limits

View = TypeVar("View", bound=Callable[..., Any])

SAFE_METHODS: Final = ("GET", "HEAD")


@dataclass(frozen=True)
class Route:
    """A kind of request: its name in logs and metrics, and which requests it accepts."""

    name: str
    methods: tuple[str, ...] = SAFE_METHODS
    max_body_bytes: int = limits.MAX_BODY_BYTES
    computes: bool = False
    """Whether it must be admitted by the admission queue."""
    longest_wait: float | None = None
    """Seconds after which it is refused if it has not been admitted; None for as long as a queue has room."""
    light: bool = False
    """Whether it is sent every few seconds by many: it is not logged and does not age a worker."""


ROUTES: Final[dict[str, Route]] = {}
"""The declared routes by their rule, which is relative to the path under which the page is served."""


def route(
    rule: str,
    name: str,
    *,
    methods: tuple[str, ...] = ("GET",),
    max_body_bytes: int = limits.MAX_BODY_BYTES,
    computes: bool = False,
    longest_wait: float | None = None,
    light: bool = False,
) -> Callable[[View], View]:
    """Return a decorator that adds a view function to every application by ``dash.hooks.route``.

    ``rule`` is one of Flask's, such as ``static/<name>``; GET allows HEAD, too. The middleware reads
    the rest: see ``Route``.
    """

    def declare(view: View) -> View:
        hooks.route(rule, methods)(view)
        accepted = (*methods, "HEAD") if "GET" in methods else methods
        ROUTES[rule] = Route(name, accepted, max_body_bytes, computes, longest_wait, light)
        return view

    return declare
