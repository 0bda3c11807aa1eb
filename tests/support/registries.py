"""Add entries to registries for the duration of a test, with the caches of functions cleared."""

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
"""Names of cached functions whose results do not depend on a registry; their caches are not cleared.

Some of them take seconds to compute again.
"""


@contextmanager
def registered(registry: Registry[Any], *entries: Any, first: bool = False) -> Iterator[None]:
    """Add ``entries`` to a registry while the context is active.

    They come after the other entries or, if ``first``, before them. Mappings
    derived from the registry are updated. On entry and exit the caches of
    ``app`` and ``losses`` are cleared. Raises ValueError if the registry has
    an entry with the same key.
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
    """Add entries, given as pairs of a registry and an entry, while the context is active."""
    with ExitStack() as stack:
        for registry, entry in pairs:
            stack.enter_context(registered(registry, entry))
        yield


def clear_caches() -> None:
    """Clear the caches of all functions in ``app`` and ``losses`` except those named in ``STATIC``."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in ("app", "losses"):
            continue
        for value in list(vars(module).values()):
            if isinstance(value, type) or getattr(value, "__name__", "") in STATIC:
                continue
            if callable(clear := getattr(value, "cache_clear", None)):
                clear()
