"""Attributes that are computed when they are first asked for."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Value = TypeVar("Value")


class cached_property(Generic[Value]):  # noqa: N801  # named and used like functools.cached_property
    """Compute an attribute on first access and keep it in the instance's ``__dict__``.

    It is ``functools.cached_property`` without its lock. Up to Python 3.11 that lock is one for all instances
    of a class: while one thread computes the attribute of one object, no other thread can compute that of
    another. Two threads that ask for the same attribute of the same object at once may both compute it here.
    """

    def __init__(self, function: Callable[[Any], Value]) -> None:
        self.function = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> Self | Value:
        if instance is None:
            return self
        value = self.function(instance)
        return vars(instance).setdefault(self.name, value)  # type: ignore[no-any-return]
