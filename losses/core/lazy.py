"""Attributes that are computed when they are first asked for."""

import functools
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, TypeVar

Value = TypeVar("Value")


class cached_property(functools.cached_property[Value]):  # noqa: N801  # named and used like its base
    """``functools.cached_property`` without its lock, which Python 3.12 removed.

    Up to Python 3.11 that lock is one for all instances of a class: while one thread computes the attribute
    of one object, no other thread can compute that of another. Two threads that ask for the same attribute of
    the same object at once may both compute it here.
    """

    def __init__(self, function: Callable[[Any], Value]) -> None:
        super().__init__(function)
        self.lock = nullcontext()
