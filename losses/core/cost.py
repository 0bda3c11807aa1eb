"""What an evaluation of a problem costs, estimated from its size before anything is computed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EvaluationCost:
    """Upper estimates for one point among many, in multiplications and in bytes.

    A multiplication is a nanosecond of one core of 2020, element by element in an array that fits its cache.
    Other operations count as several. ``bytes`` are those of the arrays of one evaluation of the gradient.
    """

    dim: int
    """The number of parameters."""
    value: float
    gradient: float
    hessian: float
    """Multiplications of the loss, of its gradient and of its second derivatives."""
    bytes: float
    call: float = 60_000.0
    """Multiplications that a call takes besides, however many points it has."""

    @property
    def hessian_bytes(self) -> float:
        """Bytes of second derivatives and of what is computed from them at one point."""
        return 8.0 * 6.0 * self.dim**2 + self.bytes
