"""Registries with a further entry for the length of a test."""

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
"""Cached functions whose results come from files or texts, not from a registry. Making some of them takes seconds."""


@contextmanager
def registered(registry: Registry[Any], *entries: Any, first: bool = False) -> Iterator[None]:
    """Add ``entries`` to a registry, behind all others or before them, and take them away at the end.

    Mappings derived from the registry follow at once. Caches of the
    packages are emptied before and after.
    """
    before = dict(registry)
    new = {entry.key: entry for entry in entries}
    if clash := new.keys() & before.keys():
        raise ValueError(f"{registry!r} has an entry {', '.join(sorted(clash))} already")
    registry._replace({**new, **before} if first else {**before, **new})
    clear_caches()
    try:
        yield
    finally:
        registry._replace(before)
        clear_caches()


@contextmanager
def all_registered(*pairs: tuple[Registry[Any], Any]) -> Iterator[None]:
    """Several registries with a further entry each."""
    with ExitStack() as stack:
        for registry, entry in pairs:
            stack.enter_context(registered(registry, entry))
        yield


def clear_caches() -> None:
    """Empty every cache of ``app`` and ``losses`` that may hold what depends on a registry."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in ("app", "losses"):
            continue
        for thing in list(vars(module).values()):
            if isinstance(thing, type) or getattr(thing, "__name__", "") in STATIC:
                continue
            if callable(clear := getattr(thing, "cache_clear", None)):
                clear()
