"""Resolve the colors of figures by the palettes in ``assets/css/tokens.css``.

Figures name colors by CSS variables such as ``var(--ink)``. The browser resolves them by the current theme;
exports and tests resolve them here, by the palette of a theme.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any


@lru_cache(maxsize=1)
def assets_folder() -> Path:
    """Return the folder of browser files: ``losslab/assets`` if installed, else ``assets`` beside ``app``."""
    installed = Path(__file__).parents[1] / "assets"
    return installed if installed.is_dir() else installed.parent.parent / "assets"


@lru_cache(maxsize=8)
def palette(theme: str = "light") -> dict[str, str]:
    """Return the colors of a theme by name, such as ``--ink``; the light theme defines the rest."""
    css = (assets_folder() / "css" / "tokens.css").read_text(encoding="utf-8")
    palettes = re.findall(r"/\* palette: (\w+) \*/[^{]*\{([^}]*)\}", css)
    colors: dict[str, str] = {}
    for name, declarations in palettes:
        if name in ("light", theme):
            colors |= dict(re.findall(r"(--[\w-]+):\s*([^;]+);", declarations))
    return colors


def resolve_colors(figure: Any, theme: str = "light") -> Any:
    """Return a copy of a figure with every ``var(--name)`` replaced by the theme's color."""
    if isinstance(figure, dict):
        return {key: resolve_colors(value, theme) for key, value in figure.items()}
    if isinstance(figure, list | tuple):
        return [resolve_colors(value, theme) for value in figure]
    if isinstance(figure, str) and figure.startswith("var(--"):
        return palette(theme)[figure[4:-1]]
    return figure
