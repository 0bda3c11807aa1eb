"""Registries: ordered, read-only mappings from keys to records, and collections derived from them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Never, Protocol, TypeVar, overload


class Keyed(Protocol):
    """A record with a ``key``."""

    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=Keyed)
V = TypeVar("V")

_catalogues: "dict[str, Registry[Any]]" = {}
"""The first registry of each concept; by these, registries and their entries are pickled."""


def catalogue(concept: str) -> "Registry[Any]":
    """Return the registry of a concept."""
    return _catalogues[concept]


class Registry(dict[str, T]):
    """A catalogue: a read-only dictionary from keys to records, in the order of menus.

    ``LOSSES``, ``MODELS``, ``DATASETS``, ``OPTIMIZERS``, ``SCHEDULES`` and
    ``TEST_FUNCTIONS`` are registries. ``concept`` says what the records are, for
    error messages. Looking up an unknown key raises :class:`UnknownKey`; making a
    registry of two records with the same key raises ValueError, and changing one
    raises TypeError.

    >>> import losses
    >>> list(losses.SCHEDULES)
    ['constant', 'step', 'cosine', 'inverse']
    >>> losses.LOSSES["mse"].name
    'mean squared error'
    >>> losses.MODELS["cubic"]  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    losses.core.registry.UnknownKey: model must be one of line, linear, ...; not 'cubic'
    """

    def __init__(self, concept: str, records: Iterable[T]) -> None:
        super().__init__()
        self.concept = concept
        self._dependents: list[Callable[[], None]] = []
        for record in records:
            if record.key in self:
                raise ValueError(f"two entries of the {concept} registry are called {record.key!r}")
            super().__setitem__(record.key, record)
        _catalogues.setdefault(concept, self)

    def __missing__(self, key: str) -> T:
        raise UnknownKey(self.concept, key, tuple(self))

    def __contains__(self, key: object) -> bool:
        """Whether there is a record with this key; unhashable keys are not in any registry."""
        try:
            return super().__contains__(key)
        except TypeError:
            return False

    def _read_only(self, *_: object, **__: object) -> Never:
        raise TypeError(f"the {self.concept} registry is read-only")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _read_only

    def _replace(self, records: Mapping[str, T]) -> None:
        """Replace all records and rebuild what is derived from them; only tests call this."""
        super().clear()
        super().update(records)
        for rebuild in self._dependents:
            rebuild()

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        if _catalogues[self.concept] is self:
            return catalogue, (self.concept,)
        return Registry, (self.concept, tuple(self.values()))

    def __repr__(self) -> str:
        return f"<{self.concept} registry: {', '.join(self)}>"


class UnknownKey(KeyError):
    """Raised for a key that is not in a registry; a KeyError whose message lists the ``allowed`` keys."""

    def __init__(self, concept: str, key: object, allowed: tuple[str, ...]) -> None:
        super().__init__(concept, key, allowed)
        self.concept, self.key, self.allowed = concept, key, allowed

    def __str__(self) -> str:
        return f"{self.concept} must be one of {', '.join(self.allowed)}; not {self.key!r}"


class DerivedSequence(Sequence[V]):
    """A read-only sequence of what ``make`` returns, rebuilt when one of ``registries`` changes."""

    def __init__(self, make: Callable[[], Iterable[V]], registries: Iterable[Registry[Any]]) -> None:
        self._items: tuple[V, ...] = ()
        _keep_current(lambda: setattr(self, "_items", tuple(make())), registries)

    @overload
    def __getitem__(self, index: int) -> V: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[V, ...]: ...
    def __getitem__(self, index: int | slice) -> V | tuple[V, ...]:
        return self._items[index]

    def __iter__(self) -> Iterator[V]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


def derived_mapping(make: Callable[[], Mapping[str, V]], *registries: Registry[Any]) -> Mapping[str, V]:
    """Return a read-only mapping of what ``make`` returns, rebuilt when one of ``registries`` changes.

    Reading costs no more than from a dictionary. A mapping derived from another
    derived mapping must be declared after it and name the same registries.
    """
    items: dict[str, V] = {}

    def rebuild() -> None:
        new_items = make()
        items.clear()
        items.update(new_items)

    _keep_current(rebuild, registries)
    return MappingProxyType(items)


def _keep_current(rebuild: Callable[[], None], registries: Iterable[Registry[Any]]) -> None:
    """Call ``rebuild`` now and after every change of one of the registries."""
    rebuild()
    for registry in registries:
        registry._dependents.append(rebuild)
