"""Numbers as they are read aloud."""

import math
from functools import lru_cache

MINUS = "−"


@lru_cache(maxsize=4096)  # a run says most of its numbers twice
def num(value: float, digits: int = 3) -> str:
    """A number for reading: three significant digits at most, a true minus, 5e−9 for the very small."""
    value = float(value)  # NumPy's own scalars compare and format several times slower
    if not math.isfinite(value):
        return "beyond numbers"
    if value == 0:
        return "0"
    size = abs(value)
    if 1e-3 <= size < min(999, 10**digits - 1):  # what is said most often, and four times as fast
        return f"{value:.{digits}g}".replace("-", MINUS)
    if 1e-3 <= size < 10**6:
        decimals = max(0, digits - 1 - math.floor(math.log10(size)))
        text = f"{value:,.{decimals}f}".replace(",", "\u202f")
        text = text.rstrip("0").rstrip(".") if decimals else text
    else:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        text = f"{float(mantissa):g}e{int(exponent)}"
    return text.replace("-", MINUS)
