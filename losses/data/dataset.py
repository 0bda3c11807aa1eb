"""The definition of a dataset: inputs, targets, a task and a source, all validated."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final

import numpy as np

from losses.core.arrays import Array, as_float_array, frozen, make_rng
from losses.core.hyperparameter import Setting, resolve_settings
from losses.core.lazy import cached_property
from losses.core.records import CatalogueEntry, describe_names
from losses.data.frames import as_inputs, as_targets, names_of
from losses.loss.base import BINARY, MULTICLASS, REGRESSION

TASKS: Final = (REGRESSION, BINARY, MULTICLASS)
MAX_MAGNITUDE: Final = 1e100
"""The largest allowed absolute value; its inverse is the smallest allowed range of an input.

Beyond these, squares may overflow or underflow.
"""

DataGenerator = Callable[..., tuple[Array, Array]]
"""Returns inputs and targets for a random generator and settings as keyword arguments."""


@dataclass(frozen=True, eq=False, repr=False)
class Dataset(CatalogueEntry):
    """Examples of one task: inputs ``x``, ``(n,)`` or ``(n, k)``, and targets ``y``, ``(n,)``.

    Targets are numbers in a regression. With classes they are class numbers, 0 …
    K−1, or labels: texts, categories or whole numbers. Labels become class numbers in
    the order of ``classes`` or, without these, in the order of their categories or
    of the alphabet. ``x`` and ``y`` become read-only float64 arrays. Raises
    ValueError with the name of the field if an argument is invalid: not finite, of
    the wrong shape, or a column of x that does not vary.

    Series and data frames of pandas are taken as well, and their names used.

    Names and ``classes`` label the axes and classes of figures; ``source``,
    ``licence`` and ``note`` say where the data are from. :func:`losses.problem`
    accepts a dataset or its key in ``DATASETS``.

    >>> import losses
    >>> data = losses.Dataset("own", x=[1, 2, 3], y=[2, 4, 7], task="regression")
    >>> data.inputs.shape
    (3, 1)
    >>> round(float(losses.certify(losses.problem(data, "line", "mse")).loss), 4)
    0.0556
    """

    concept: ClassVar[str] = "data"

    key: str
    """Its key in ``DATASETS``, or any non-empty text."""
    x: Array = field(repr=False)
    y: Array = field(repr=False)
    task: str
    """``"regression"``, ``"binary"`` or ``"multiclass"``."""
    name: str = ""
    """Its name, for people; ``key`` if empty."""
    input_names: tuple[str, ...] = ()
    """A name for each input; if empty, the names of columns, or ``x``, or ``x1``, ``x2``, …."""
    target_name: str = "y"
    classes: tuple[str, ...] = ()
    """A name for each class, in the order of class numbers; the labels or the numbers if empty."""
    source: str = ""
    licence: str = ""
    made_up: bool = False
    """Whether it is synthetic."""
    standardize: bool = False
    """Whether the page standardizes it by default."""
    model: str = ""
    """The key of the model that the page fits by default; empty for the first that fits."""
    image: tuple[int, int] | None = None
    """Rows and columns if the inputs are the pixels of an image; only then may an input be constant."""
    note: str = ""
    """A sentence on what the data are."""
    generator: DataGenerator | None = field(default=None, repr=False)
    """Draws the data if they are synthetic; see :meth:`sample`."""
    settings: tuple[Setting, ...] = ()
    """The settings of the generator."""

    def __post_init__(self) -> None:
        self._check_texts()
        if not isinstance(self.task, str) or self.task not in TASKS:
            raise ValueError(f"task must be one of {', '.join(TASKS)}; not {self.task!r}")
        super().__post_init__()
        targets, labels = as_targets(self.y, self.task != REGRESSION, _as_names("classes", self.classes))
        x, y = _as_finite_array("x", as_inputs(self.x)), _as_finite_array("y", targets)
        if x.ndim not in (1, 2) or x.size == 0:
            raise ValueError(f"x must have shape (n,) or (n, k) with at least one row; not {x.shape}")
        if y.shape != (len(x),):
            raise ValueError(f"y must have shape ({len(x)},), one target for each row of x; not {y.shape}")
        _check_target(self.task, y)
        if not self.image:
            _check_inputs_vary(x)
        normalized: dict[str, Any] = {
            "x": frozen(x),
            "y": frozen(y),
            "input_names": self._input_names(1 if x.ndim == 1 else x.shape[1], names_of(self.x)),
            "target_name": self.target_name if self.target_name != "y" else "".join(names_of(self.y)) or "y",
            "name": self.name or self.key,
        }
        if self.task != REGRESSION:
            normalized["classes"] = self._class_names(y, labels)
        for name, value in normalized.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        inputs = describe_names(self.input_names, "inputs")
        facts = f"{self.task}, {len(self.y)} rows, {inputs} -> {self.target_name}"
        return f"<data {self.key}: {self.name}; {facts}>"

    def _input_names(self, n_inputs: int, names_of_columns: tuple[str, ...]) -> tuple[str, ...]:
        default = ("x",) if n_inputs == 1 else tuple(f"x{i + 1}" for i in range(n_inputs))
        names = _as_names("input_names", self.input_names) or names_of_columns or default
        if len(names) != n_inputs:
            raise ValueError(f"input_names must have {n_inputs} names, one for each input; not {len(names)}")
        return names

    def _class_names(self, y: Array, labels: tuple[str, ...]) -> tuple[str, ...]:
        numbers = tuple(f"{label:g}" for label in sorted(set(y.tolist())))
        names = _as_names("classes", self.classes)
        if names and len(names) != len(numbers):
            raise ValueError(f"classes must have {len(numbers)} names, one for each class; not {len(names)}")
        return names or labels or numbers

    def _check_texts(self) -> None:
        if not isinstance(self.key, str) or not self.key:
            raise ValueError(f"key must be a text that is not empty; not {self.key!r}")
        for name in ("name", "target_name", "source", "licence", "model", "note"):
            if not isinstance(text := getattr(self, name), str):
                raise ValueError(f"{name} must be a text; not {text!r}")

    @cached_property
    def inputs(self) -> Array:
        """The inputs as a matrix ``(n, k)``, also if ``x`` is ``(n,)``."""
        return self.x.reshape(len(self.x), -1)

    def sample(self, seed: int = 0, **settings: float) -> "Dataset":
        """Draw the synthetic data again with another seed or other settings.

        >>> import losses
        >>> losses.DATASETS["moons"].sample(seed=1, noise=0.3, n=50).x.shape
        (50, 2)

        Raises ValueError for real data and for settings that are unknown or out of range.
        """
        if self.generator is None:
            raise ValueError(f"{self.name} is real data; only made-up data can be drawn with a seed")
        values = resolve_settings(self.key, self.settings, settings)
        x, y = self.generator(make_rng(seed), **values)
        return replace(self, x=x, y=y)


def _as_finite_array(name: str, values: Any) -> Array:
    array = as_float_array(values, name)
    not_finite = np.argwhere(~np.isfinite(array) if array.ndim else ())
    if len(not_finite):
        raise ValueError(f"{name} must be finite; row {not_finite[0][0]} holds {array[tuple(not_finite[0])]}")
    large = np.argwhere(np.abs(array) > MAX_MAGNITUDE if array.ndim else ())
    if len(large):
        value = array[tuple(large[0])]
        raise ValueError(
            f"{name} must be at most {MAX_MAGNITUDE:g} in size; row {large[0][0]} holds {value:g}"
        )
    return array


def _as_names(field_name: str, values: Any) -> tuple[str, ...]:
    """Return the texts in a list or an array; raise ValueError for anything else."""
    try:
        names = tuple(values)
    except TypeError:
        names = (None,)
    if isinstance(values, str) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{field_name} must be a list of texts; not {values!r}")
    return names


def _check_inputs_vary(x: Array) -> None:
    ranges = np.ptp(x.reshape(len(x), -1), axis=0)
    constant = np.flatnonzero(ranges <= 1 / MAX_MAGNITUDE)
    if len(constant):
        column = constant[0]
        how = "is the same" if ranges[column] == 0 else f"differs by less than {1 / MAX_MAGNITUDE:g}"
        raise ValueError(f"x must vary; column {column} {how} in all {len(x)} rows")


def _check_target(task: str, y: Array) -> None:
    if task == REGRESSION:
        return
    labels = np.array(sorted(set(y.tolist())))  # np.unique would import numpy.ma, which takes long
    if task == BINARY and len(labels) > 2:
        raise ValueError(
            f'y must hold two classes for a binary task; it holds {len(labels)}. Give task="multiclass"'
        )
    not_whole = labels[labels % 1.0 != 0.0]
    if len(not_whole):
        raise ValueError(f"y must hold whole numbers or texts, one for each class; it holds {not_whole[0]:g}")
    if len(labels) < 2:
        raise ValueError(f"y must hold at least two classes; all {len(y)} targets are {labels[0]:g}")
