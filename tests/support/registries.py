"""Add entries to registries during a test."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from losses.core.registry import Registry

STATIC = {
    "assets_folder",
    "assets_version",
    "format_number",
    "message",
    "page_bundles",
    "palette",
    "plotly_javascript",
    "plotly_version",
    "script_bundle",
    "_inline_plotly",
}
"""Cached functions whose results do not depend on a registry. Some of them take seconds to compute again."""


@contextmanager
def registered(registry: Registry[Any], *entries: Any, first: bool = False) -> Iterator[None]:
    """Add ``entries`` to a registry, after all others or ``first``, and remove them at the end.

    Mappings that are derived from the registry are updated. Caches of ``app``
    and ``losses`` are cleared before and after. Raises ValueError if the
    registry has an entry with the same key.
    """
    original = dict(registry)
    new = {entry.key: entry for entry in entries}
    if clash := new.keys() & original.keys():
        raise ValueError(f"{registry!r} has an entry {', '.join(sorted(clash))} already")
    registry._replace({**new, **original} if first else {**original, **new})
    clear_caches()
    try:
        yield
    finally:
        registry._replace(original)
        clear_caches()


@contextmanager
def all_registered(*pairs: tuple[Registry[Any], Any]) -> Iterator[None]:
    """Add entries to several registries, given as pairs of a registry and an entry."""
    with ExitStack() as stack:
        for registry, entry in pairs:
            stack.enter_context(registered(registry, entry))
        yield


def clear_caches() -> None:
    """Clear all caches of functions in ``app`` and ``losses``, except those in ``STATIC``."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in ("app", "losses"):
            continue
        for value in list(vars(module).values()):
            if isinstance(value, type) or getattr(value, "__name__", "") in STATIC:
                continue
            if callable(clear := getattr(value, "cache_clear", None)):
                clear()
