"""Base classes of records: one-line descriptions, read-only arrays in copies, pickling by reference."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache, partial
from typing import Any, ClassVar, Final

import numpy as np

from losses.core.arrays import check_bool
from losses.core.registry import Registry, catalogue

MAX_NUMBERS: Final = 4
"""The number of coordinates of a point up to which a description shows them all."""


class ReadOnlyArrays:
    """A record whose arrays are read-only, also in its copies and after it was pickled."""

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        for value in state.values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
        vars(self).update(state)


@dataclass(frozen=True)
class _FieldOfEntry:
    """Stands in a pickle for a function that is a field of a catalogue's entry, with settings bound to it."""

    concept: str
    key: str
    field: str
    settings: dict[str, float]

    def resolve(self) -> Callable[..., Any]:
        """Return the function."""
        function: Callable[..., Any] = getattr(catalogue(self.concept)[self.key], self.field)
        if not self.settings:
            return function
        return partial(function, **self.settings)


class CatalogueEntry:
    """A dataclass with a ``key`` and a ``name`` that may be in a catalogue.

    Raises TypeError if a field that is a claim, such as ``convex``, is neither True nor False.

    Entries of a catalogue are pickled as their key. Of other entries, for instance those with other settings,
    only those functions are pickled by key that are fields of the catalogue's entry of the same key.
    """

    concept: ClassVar[str]
    """The concept of the catalogue."""
    key: str
    name: str

    def __post_init__(self) -> None:
        for claim in _claims(type(self)):  # type: ignore[arg-type]
            check_bool(getattr(self, claim), claim)

    def __repr__(self) -> str:
        settings = ", ".join(f"{s.name}={s.default:g}" for s in getattr(self, "settings", ()))
        return f"<{self.concept} {self.key}: {self.name}{'; ' * bool(settings)}{settings}>"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        registry: Registry[Any] = catalogue(self.concept)
        original = registry.get(self.key)
        if original is self:
            return _entry, (self.concept, self.key)
        names = [field.name for field in fields(self) if field.init]  # type: ignore[arg-type]
        values = {name: self._by_reference(name, getattr(self, name), original) for name in names}
        return _rebuilt, (type(self), values)

    def _by_reference(self, name: str, value: Any, original: object) -> Any:
        function, settings = _unbound(value)
        is_in_catalogue = callable(function) and function is _unbound(getattr(original, name, None))[0]
        return _FieldOfEntry(self.concept, self.key, name, settings) if is_in_catalogue else value


def _unbound(value: Any) -> tuple[Any, dict[str, float]]:
    """Return a function without the settings that are bound to it, and these settings."""
    if isinstance(value, partial) and not value.args:
        return value.func, value.keywords
    return value, {}


@lru_cache
def _claims(cls: type) -> tuple[str, ...]:
    """Return the names of the fields that are annotated as bool."""
    return tuple(field.name for field in fields(cls) if field.type is bool)


def _entry(concept: str, key: str) -> Any:
    return catalogue(concept)[key]


def _rebuilt(cls: type, values: Mapping[str, Any]) -> Any:
    return cls(
        **{
            name: value.resolve() if isinstance(value, _FieldOfEntry) else value
            for name, value in values.items()
        }
    )


def describe_point(theta: Any) -> str:
    """Return a point ``(d,)`` in a few characters: all coordinates, or the first and their number.

    >>> describe_point([1.0, -0.26232307])
    '(1, -0.2623)'
    >>> describe_point(range(64))
    '(0, 1, 2, ... 64 numbers)'
    """
    shown = theta if len(theta) <= MAX_NUMBERS else theta[: MAX_NUMBERS - 1]
    numbers = ", ".join(f"{float(value):.4g}" for value in shown)
    return f"({numbers})" if len(theta) <= MAX_NUMBERS else f"({numbers}, ... {len(theta)} numbers)"


def describe_names(names: Iterable[str], noun: str) -> str:
    """Return the names joined by commas; if there are many, their number and the ``noun``.

    >>> describe_names(("w", "b"), "parameters")
    'w, b'
    >>> describe_names("abcdef", "parameters")
    '6 parameters'
    """
    names = tuple(names)
    return ", ".join(names) if len(names) <= MAX_NUMBERS else f"{len(names)} {noun}"


def describe_counts(names: Iterable[str]) -> str:
    """Return how often each name occurs, the most frequent first.

    >>> describe_counts(["CONVERGED", "DIVERGED", "CONVERGED"])
    '2 CONVERGED, 1 DIVERGED'
    """
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return ", ".join(f"{counts[name]} {name}" for name in sorted(counts, key=lambda name: -counts[name]))
