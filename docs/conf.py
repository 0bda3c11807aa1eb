"""Configuration of Sphinx: `make docs` builds the documents as a web site that loads nothing from other hosts."""

import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from latex2mathml.converter import convert

sys.path.insert(0, str(Path(__file__).parents[1]))

import losses

project = "Losslab"
author = "The Losslab authors"
copyright = "the Losslab authors"  # noqa: A001 - the name that Sphinx reads
release = version = losses.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "index"
exclude_patterns = ["_build"]
nitpicky = False

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]

add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "exclude-members": "concept"}

html_theme = "furo"
html_title = f"Losslab {release}"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {"footer_icons": []}
html_math_renderer = "mathml"

LONG_NAMES = {
    "numpy.ndarray[tuple[Any, ...], numpy.dtype[numpy.float64]]": "Array",
    "ndarray[tuple[Any, ...], dtype[float64]]": "Array",
    "ndarray[tuple[Any, ...], dtype[Any]]": "Array",
}
"""What signatures call an array of float64, and how the source calls it."""


def mathml(tex: str, display: str) -> str:
    """Return MathML for TeX, which browsers draw without a script."""
    text = convert(tex, display=display)
    ElementTree.fromstring(text)  # raises an error if it is not well formed
    return text


def visit_math(self: Any, node: Any) -> None:
    """Write a formula within a line."""
    self.body.append(mathml(node.astext(), "inline"))
    raise _skip()


def visit_displaymath(self: Any, node: Any) -> None:
    """Write a formula of its own line."""
    self.body.append(f"<p>{mathml(node.astext(), 'block')}</p>")
    raise _skip()


def _skip() -> Exception:
    from docutils.nodes import SkipNode

    return SkipNode()


def shorten_types(
    _app: Any, _what: str, _name: str, _object: Any, _options: Any, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Write the types of arrays in signatures as the source does."""
    texts = [signature, returns]
    for long, short in LONG_NAMES.items():
        texts = [text and text.replace(long, short) for text in texts]
    return texts[0], texts[1]


def setup(app: Any) -> None:
    """Install the renderer of formulas and the short names of types."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_displaymath, None))
    app.connect("autodoc-process-signature", shorten_types)
