"""Lowest points of convex problems with kinks."""

from losses.kinks.interior import lowest
from losses.kinks.record import Kinks

__all__ = ["Kinks", "lowest"]
