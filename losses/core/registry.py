"""Ordered, read-only catalogues whose records are found by key."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Never, Protocol, TypeVar, overload


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=Keyed)
V = TypeVar("V")


class Registry(dict[str, T]):
    """A read-only catalogue of records in the order given, keyed by their ``key``.

    It is a dictionary, so that a lookup costs no more than one. ``concept`` names
    what is listed, for the message of a wrong key: ``loss must be one of mse,
    mae, ...; not 'mes'``. TypeError for an attempt to change it.
    """

    def __init__(self, concept: str, records: Iterable[T]) -> None:
        super().__init__()
        self.concept = concept
        self._dependents: list[Callable[[], None]] = []
        for record in records:
            if record.key in self:
                raise ValueError(f"two entries of the {concept} registry are called {record.key!r}")
            super().__setitem__(record.key, record)

    def __missing__(self, key: str) -> T:
        raise UnknownKey(self.concept, key, tuple(self))

    def __contains__(self, key: object) -> bool:
        """Whether there is such a key; False for what cannot be one, such as a list."""
        try:
            return super().__contains__(key)
        except TypeError:
            return False

    def _read_only(self, *_: object, **__: object) -> Never:
        raise TypeError(f"the {self.concept} registry is read-only")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _read_only

    def _replace(self, records: Mapping[str, T]) -> None:
        """Replace all records and rebuild what was derived from them. Only tests do this."""
        super().clear()
        super().update(records)
        for rebuild in self._dependents:
            rebuild()

    def __repr__(self) -> str:
        return f"<{self.concept} registry: {', '.join(self)}>"


class UnknownKey(KeyError):
    """A key that is not in a registry; its message lists those that are."""

    def __init__(self, concept: str, key: object, allowed: tuple[str, ...]) -> None:
        super().__init__(concept, key, allowed)
        self.concept, self.key, self.allowed = concept, key, allowed

    def __str__(self) -> str:
        return f"{self.concept} must be one of {', '.join(self.allowed)}; not {self.key!r}"


class DerivedSequence(Sequence[V]):
    """A read-only sequence that is rebuilt when a registry changes."""

    def __init__(self, make: Callable[[], Iterable[V]], registries: Iterable[Registry[Any]]) -> None:
        self._items: tuple[V, ...] = ()
        _keep_current(lambda: setattr(self, "_items", tuple(make())), registries)

    @overload
    def __getitem__(self, place: int) -> V: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[V, ...]: ...
    def __getitem__(self, place: int | slice) -> V | tuple[V, ...]:
        return self._items[place]

    def __iter__(self) -> Iterator[V]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


def derived_mapping(make: Callable[[], Mapping[str, V]], *registries: Registry[Any]) -> Mapping[str, V]:
    """A read-only mapping that is rebuilt when one of ``registries`` changes.

    It costs no more to read than a dictionary. A mapping derived from another
    derived one is declared after it and names the same registries.
    """
    held: dict[str, V] = {}

    def rebuild() -> None:
        made = make()
        held.clear()
        held.update(made)

    _keep_current(rebuild, registries)
    return MappingProxyType(held)


def _keep_current(rebuild: Callable[[], None], registries: Iterable[Registry[Any]]) -> None:
    """Call ``rebuild`` now and after every change of one of the registries."""
    rebuild()
    for registry in registries:
        registry._dependents.append(rebuild)
