"""What a control is made of: menus, choices with their formulas, numbers."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from latex2mathml.converter import convert

import losses

Control = dict[str, Any]


def menu(
    key: str, value: str, label: str, options: list[Control], settings: Iterable[Control] = ()
) -> Control:
    chosen = next(option["text"] for option in options if option["value"] == value)
    return {
        "key": key,
        "value": value,
        "text": chosen,
        "label": label,
        "options": options,
        "settings": list(settings),
    }


def named(registry: Mapping[str, Any], keys: Iterable[str]) -> list[Control]:
    """Choices with the sentence that says what each is for."""
    return [
        {
            "value": key,
            "text": record.name,
            "hint": getattr(record, "when", "") or record.note,
            "formula": typeset(record.formula) if isinstance(record, losses.Loss | losses.Optimizer) else "",
        }
        for key in keys
        for record in [registry[key]]
    ]


@lru_cache(maxsize=256)
def typeset(formula: str) -> str:
    """TeX as MathML, which browsers set by themselves."""
    return str(convert(formula))


def number(key: str, label: str, value: float, low: float, high: float, whole: bool = True) -> Control:
    step = 1 if whole else "any"
    return {
        "kind": "number",
        "key": key,
        "label": label,
        "value": value,
        "low": low,
        "high": high,
        "step": step,
    }
