"""Three-valued claims: true, false or unknown.

The operators are those of Kleene's strong logic of indeterminacy (S. C. Kleene, *Introduction to
Metamathematics*, 1952, §64): a result is known wherever the known operands decide it.
"""

from typing import Final, final

import numpy as np


class UnknownClaim(ValueError):
    """A claim that is neither proved nor disproved was used as a truth value."""


@final
class Ternary:
    """A claim that is true, false or unknown; it equals ``True`` or ``False`` where it is known.

    ``bool()`` of an unknown claim raises UnknownClaim, so that ``if claim:`` cannot take unknown for no; ask
    ``claim == True`` or ``claim.is_known`` instead. ``&``, ``|`` and ``~`` combine claims with each other and
    with bools. ``Ternary(None)`` is unknown. There are only three instances.
    """

    __slots__ = ("_value",)
    _value: bool | None
    _instances: "dict[bool | None, Ternary]" = {}  # noqa: RUF012 - a ClassVar cannot name its own class

    def __new__(cls, value: "bool | np.bool_ | Ternary | None") -> "Ternary":
        if isinstance(value, Ternary):
            return value
        if not (value is None or isinstance(value, bool | np.bool_)):
            raise TypeError(f"a claim is made of True, False or None, not of {value!r}")
        key = None if value is None else bool(value)
        if key not in cls._instances:
            instance = super().__new__(cls)
            instance._value = key
            cls._instances[key] = instance
        return cls._instances[key]

    @property
    def is_known(self) -> bool:
        """Whether the claim is proved or disproved."""
        return self._value is not None

    @property
    def value(self) -> bool | None:
        """True, False, or None where the claim is unknown."""
        return self._value

    def __bool__(self) -> bool:
        if self._value is None:
            raise UnknownClaim("this is neither proved nor disproved; compare with True or False instead")
        return self._value

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Ternary):
            return self is other
        if isinstance(other, bool | np.bool_):
            return self._value is bool(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self._value)

    def __invert__(self) -> "Ternary":
        return Ternary(None if self._value is None else not self._value)

    def __and__(self, other: "bool | np.bool_ | Ternary") -> "Ternary":
        if not isinstance(other, bool | np.bool_ | Ternary):
            return NotImplemented
        values = (self._value, Ternary(other)._value)
        return Ternary(False if False in values else None if None in values else True)

    def __or__(self, other: "bool | np.bool_ | Ternary") -> "Ternary":
        if not isinstance(other, bool | np.bool_ | Ternary):
            return NotImplemented
        return ~(~self & ~Ternary(other))

    __rand__ = __and__
    __ror__ = __or__

    def __repr__(self) -> str:
        return "UNKNOWN" if self._value is None else repr(self._value)

    def __reduce__(self) -> "tuple[type[Ternary], tuple[bool | None]]":
        return Ternary, (self._value,)


YES: Final = Ternary(True)
NO: Final = Ternary(False)
UNKNOWN: Final = Ternary(None)
