"""Render the little Markdown that texts of lessons may have: emphasis, lists and formulas between dollars.

A text is never markup: HTML in it stands as it is written, and there are no links and no pictures.
"""

import re
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from .mathml import tex_to_mathml

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

RULES: Final = ("emphasis", "list", "escape", "newline", "math_inline", "balance_pairs", "fragments_join")
"""The rules of Markdown that hold, besides those of paragraphs."""
MATHML_ATTRIBUTES: Final = frozenset({"display", "stretchy", "fence", "mathvariant", "columnalign", "xmlns"})
"""Attributes of MathML that formulas may have: none that loads, links or styles anything."""
MATHML_ELEMENTS: Final = frozenset(
    (
        *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mstyle", "mpadded"),
        *("msup", "msub", "msubsup", "mfrac", "msqrt", "mroot", "mover", "munder", "munderover"),
        *("mtable", "mtr", "mtd"),
    )
)
_MARKUP: Final = re.compile(r"<[^>]*>")


@lru_cache(maxsize=512)
def render_markdown(source: str) -> str:
    """Return a text as HTML; one paragraph without its element, so that it can stand in any other."""
    parser = _parser()
    html = parser.render(source).strip()
    single = re.fullmatch(r"<p>((?:(?!</?p>).)*)</p>", html, re.DOTALL)
    return single[1] if single else html


def formula_html(tex: str) -> str:
    """Return a formula as MathML with harmless elements and attributes only; else the TeX as it is."""
    try:
        root = ElementTree.fromstring(tex_to_mathml(tex))
    except Exception:  # the converter raises many kinds, RecursionError among them
        return f"<code>{escape(tex)}</code>"
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
        if node.tag not in MATHML_ELEMENTS:
            return f"<code>{escape(tex)}</code>"
        node.attrib = {name: text for name, text in node.attrib.items() if name in MATHML_ATTRIBUTES}
    return ElementTree.tostring(root, encoding="unicode")


def without_markup(html: str) -> str:
    """Return the text of rendered Markdown, for places that show no markup."""
    return unescape(_MARKUP.sub("", html))


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # importing it takes a part of a worker's start-up
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("zero", {"html": False, "breaks": True})
    parser.use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,  # so that two sums of money are no formula
        allow_digits=False,
        renderer=lambda tex, _: formula_html(tex),
    )
    parser.enable(list(RULES))
    return parser
