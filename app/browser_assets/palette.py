"""Colors by name: figures say ``var(--ink)``, the style sheet says what that is.

The browser resolves the names against the theme in force; tests and exports
resolve them here against one of the style sheet's palettes.
"""

import re
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any


@lru_cache(maxsize=1)
def assets_folder() -> Path:
    """``app/assets`` in an installed wheel, ``assets/`` beside ``app/`` in a checkout."""
    installed = Path(str(files("app"))) / "assets"
    return installed if installed.is_dir() else installed.parent.parent / "assets"


@lru_cache(maxsize=8)
def palette(theme: str = "light") -> dict[str, str]:
    """The named colors of a theme: the light one, overlaid with its own block."""
    css = (assets_folder() / "css" / "tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(r"/\* palette: (\w+) \*/[^{]*\{([^}]*)\}", css)
    colors: dict[str, str] = {}
    for name, body in blocks:
        if name in ("light", theme):
            colors |= dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body))
    return colors


def resolve_colors(figure: Any, theme: str = "light") -> Any:
    """A copy of a figure with every ``var(--name)`` replaced by the theme's color."""
    if isinstance(figure, dict):
        return {key: resolve_colors(value, theme) for key, value in figure.items()}
    if isinstance(figure, list | tuple):
        return [resolve_colors(value, theme) for value in figure]
    if isinstance(figure, str) and figure.startswith("var(--"):
        return palette(theme)[figure[4:-1]]
    return figure
