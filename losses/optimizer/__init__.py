"""Optimizers: pure update rules, each with one entry in ``catalogue.py``."""

from losses.optimizer.base import Memory, MemoryArray, Optimizer, StepContext
from losses.optimizer.catalogue import DEFAULT, GRADIENT_DESCENT, HEAVY_BALL, LINE_SEARCH, OPTIMIZERS
from losses.optimizer.rule_line import OLD, THETA, RuleLine

__all__ = [
    "DEFAULT",
    "GRADIENT_DESCENT",
    "HEAVY_BALL",
    "LINE_SEARCH",
    "OLD",
    "OPTIMIZERS",
    "THETA",
    "Memory",
    "MemoryArray",
    "Optimizer",
    "RuleLine",
    "StepContext",
]
