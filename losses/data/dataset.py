"""Datasets: inputs, targets, a task, and where they come from."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from losses.core.arrays import Array, as_float_array, frozen, make_rng
from losses.core.hyperparameter import Setting, resolve_settings
from losses.loss.base import BINARY, MULTICLASS, REGRESSION

TASKS: Final = (REGRESSION, BINARY, MULTICLASS)
MAX_MAGNITUDE: Final = 1e100
"""What is larger, or varies by less than its inverse, leaves the numbers when it is squared."""

DataGenerator = Callable[..., tuple[Array, Array]]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples of one task.

    ``x`` is ``(n,)`` or ``(n, k)``, ``y`` is ``(n,)``: numbers for a
    regression, 0 or 1 for binary, 0 .. K-1 for multiclass. Both are kept as
    read-only float64 copies in the shape given; ``inputs`` is always
    ``(n, k)``. Raises ValueError naming the field, what was given and what is
    allowed.
    """

    key: str
    x: Array = field(repr=False)
    y: Array = field(repr=False)
    task: str
    name: str = ""
    input_names: tuple[str, ...] = ()
    target_name: str = "y"
    classes: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""
    made_up: bool = False
    standardize: bool = False
    """Whether the page measures it in standard deviations unless told otherwise."""
    model: str = ""
    """The key of the model that the page fits first; empty for the first that fits."""
    image: tuple[int, int] | None = None
    """Rows and columns of the images whose pixels the inputs are; only these may have inputs that never vary."""
    note: str = ""
    generator: DataGenerator | None = field(default=None, repr=False)
    settings: tuple[Setting, ...] = ()
    """What the generator takes beside a seed."""

    def __post_init__(self) -> None:
        self._check_texts()
        if not isinstance(self.task, str) or self.task not in TASKS:
            raise ValueError(f"task must be one of {', '.join(TASKS)}; not {self.task!r}")
        x, y = _as_finite_array("x", self.x), _as_finite_array("y", self.y)
        if x.ndim not in (1, 2) or x.size == 0:
            raise ValueError(f"x must have shape (n,) or (n, k) with at least one row; not {x.shape}")
        if y.shape != (len(x),):
            raise ValueError(f"y must have shape ({len(x)},), one target for each row of x; not {y.shape}")
        _check_target(self.task, y)
        given: dict[str, Any] = {"x": frozen(x), "y": frozen(y)}
        count = 1 if x.ndim == 1 else x.shape[1]
        spread = np.ptp(x.reshape(len(x), -1), axis=0)
        constant = np.flatnonzero(spread <= 1 / MAX_MAGNITUDE)
        if len(constant) and not self.image:
            how = "is the same" if spread[constant[0]] == 0 else f"differs by less than {1 / MAX_MAGNITUDE:g}"
            raise ValueError(f"x must vary; column {constant[0]} {how} in all {len(x)} rows")
        names = _as_names("input_names", self.input_names) or (
            ("x",) if count == 1 else tuple(f"x{i + 1}" for i in range(count))
        )
        if len(names) != count:
            raise ValueError(f"input_names must have {count} names, one for each input; not {len(names)}")
        given |= {"input_names": names, "name": self.name or self.key}
        if self.task != REGRESSION:
            labels = tuple(f"{label:g}" for label in sorted(set(y.tolist())))
            classes = _as_names("classes", self.classes)
            if classes and len(classes) != len(labels):
                raise ValueError(
                    f"classes must have {len(labels)} names, one for each class; not {len(classes)}"
                )
            given["classes"] = classes or labels
        for name, value in given.items():
            object.__setattr__(self, name, value)

    def _check_texts(self) -> None:
        if not isinstance(self.key, str) or not self.key:
            raise ValueError(f"key must be a text that is not empty; not {self.key!r}")
        for name in ("name", "target_name", "source", "licence", "model", "note"):
            if not isinstance(text := getattr(self, name), str):
                raise ValueError(f"{name} must be a text; not {text!r}")

    @cached_property
    def inputs(self) -> Array:
        """The inputs as ``(n, k)``."""
        return self.x.reshape(len(self.x), -1)

    def sample(self, seed: int = 0, **settings: float) -> "Dataset":
        """The same made-up data drawn anew with ``seed``; ValueError for real data."""
        if self.generator is None:
            raise ValueError(f"{self.name} is real data; only made-up data can be drawn with a seed")
        values = resolve_settings(self.key, self.settings, settings)
        x, y = self.generator(make_rng(seed), **values)
        return replace(self, x=x, y=y)


def _as_finite_array(name: str, values: Any) -> Array:
    array = as_float_array(values, name)
    bad = np.argwhere(~np.isfinite(array) if array.ndim else ())
    if len(bad):
        raise ValueError(f"{name} must be finite; row {bad[0][0]} holds {array[tuple(bad[0])]}")
    large = np.argwhere(np.abs(array) > MAX_MAGNITUDE if array.ndim else ())
    if len(large):
        held = array[tuple(large[0])]
        raise ValueError(
            f"{name} must be at most {MAX_MAGNITUDE:g} in size; row {large[0][0]} holds {held:g}"
        )
    return array


def _as_names(name: str, given: Any) -> tuple[str, ...]:
    """Names in a row, such as a list or an array of texts; ValueError where they are none."""
    try:
        found = tuple(given)
    except TypeError:
        found = (None,)
    if isinstance(given, str) or not all(isinstance(one, str) for one in found):
        raise ValueError(f"{name} must be a list of texts; not {given!r}")
    return found


def _check_target(task: str, y: Array) -> None:
    if task == REGRESSION:
        return
    labels = np.array(sorted(set(y.tolist())))  # np.unique would import masked arrays
    if task == BINARY and not np.isin(labels, (0.0, 1.0)).all():
        raise ValueError(
            f"y must be 0 or 1 for a binary task; it holds {labels[~np.isin(labels, (0, 1))][0]:g}"
        )
    if task == MULTICLASS and not np.array_equal(labels, np.arange(len(labels))):
        raise ValueError("y must be the class numbers 0, 1, 2, ... for a multiclass task, none left out")
    if len(labels) < 2:
        raise ValueError(f"y must hold at least two classes; all {len(y)} targets are {labels[0]:g}")
