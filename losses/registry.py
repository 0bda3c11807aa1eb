"""Ordered, read-only catalogues whose records are found by key."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeVar


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=Keyed)


class Registry(Mapping[str, T]):
    """A catalogue of records in the order given, keyed by their ``key``.

    ``concept`` names what is listed, so that a wrong key can be answered with
    a sentence: ``loss must be one of mse, mae, ...; not 'mes'``.
    """

    def __init__(self, concept: str, records: Iterable[T]) -> None:
        self.concept = concept
        self._records: dict[str, T] = {}
        for record in records:
            if record.key in self._records:
                raise ValueError(f"two entries of the {concept} registry are called {record.key!r}")
            self._records[record.key] = record

    def __getitem__(self, key: str) -> T:
        try:
            return self._records[key]
        except (KeyError, TypeError):
            raise UnknownKey(self.concept, key, tuple(self._records)) from None

    def __contains__(self, key: object) -> bool:
        """As a mapping's, without the sentence for a key that is not there."""
        try:
            return key in self._records
        except TypeError:
            return False

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __repr__(self) -> str:
        return f"<{self.concept} registry: {', '.join(self)}>"


class UnknownKey(KeyError):
    """A key that is not in a registry; its message lists those that are."""

    def __init__(self, concept: str, key: object, allowed: tuple[str, ...]) -> None:
        super().__init__(concept, key, allowed)
        self.concept, self.key, self.allowed = concept, key, allowed

    def __str__(self) -> str:
        return f"{self.concept} must be one of {', '.join(self.allowed)}; not {self.key!r}"
