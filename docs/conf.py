"""Configuration of Sphinx. `make docs` builds a web site that loads nothing from other hosts."""

import sys
from pathlib import Path
from typing import Any, NoReturn
from xml.etree import ElementTree

import numpy.typing
from docutils.nodes import SkipNode
from latex2mathml.converter import convert

sys.path.insert(0, str(Path(__file__).parents[1]))


class Array:
    """Stands for an array in signatures, where ``NDArray[...]`` would be spelled out."""

    __module__ = "builtins"

    def __class_getitem__(cls, _dtype: Any) -> type:
        return cls


class ArrayLike:
    """Stands for what NumPy makes an array of, where the union of its types would be spelled out."""

    __module__ = "builtins"


numpy.typing.NDArray = Array  # type: ignore[misc,assignment]
numpy.typing.ArrayLike = ArrayLike  # type: ignore[misc,assignment]

import losses  # noqa: E402 - after the change to NumPy

project = "Losslab"
author = "The Losslab authors"
copyright = "the Losslab authors"
release = version = losses.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
root_doc = "index"
exclude_patterns = ["_build"]
nitpicky = False
# Decisions stand in the table of their page and not in the list beside every page.
suppress_warnings = ["toc.not_included"]

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4

add_module_names = False
numpydoc_show_class_members = False
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


def mathml(tex: str, display: str) -> str:
    """Return MathML for TeX, which browsers draw without a script."""
    text = convert(tex, display=display)
    ElementTree.fromstring(text)  # raises an error if it is not well formed
    return text


def visit_math(self: Any, node: Any) -> NoReturn:
    """Write a formula within a line."""
    self.body.append(mathml(node.astext(), "inline"))
    raise SkipNode


def visit_displaymath(self: Any, node: Any) -> NoReturn:
    """Write a formula of its own line."""
    self.body.append(f"<p>{mathml(node.astext(), 'block')}</p>")
    raise SkipNode


def without_bound_signature(
    _app: Any, _what: str, name: str, _entry: Any, _options: Any, signature: str, result: str
) -> tuple[str, str]:
    """Drop the signature of a field whose default is a function: without its first argument it is wrong."""
    owner, _, field = name.removeprefix("losses.").rpartition(".")
    fields = getattr(getattr(losses, owner, None), "__dataclass_fields__", {})
    return ("", "") if signature and field in fields else (signature, result)


def setup(app: Any) -> None:
    """Install the renderer of formulas, and mend signatures."""
    app.connect("autodoc-process-signature", without_bound_signature)
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_displaymath, None))
