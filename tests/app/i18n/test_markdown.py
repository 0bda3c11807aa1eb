"""The little Markdown of lessons: what it renders, and that nothing of a text becomes markup or a program."""

import re

import pytest

from app.i18n.markdown import render_markdown, without_markup

ALLOWED = re.compile(
    r"</?(em|strong|ul|ol|li|p|br|span|div|code|math|mrow|mi|mn|mo|mtext|mspace|mstyle|mpadded|msup|msub|msubsup"
    r"|mfrac|msqrt|mroot|mover|munder|munderover|mtable|mtr|mtd)( (class|display|stretchy|fence|mathvariant"
    r"|columnalign|xmlns|start)=\"[\w:/. -]*\")*( /)?>"
)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("plain", "plain"),
        ("*em* and **strong**", "<em>em</em> and <strong>strong</strong>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("w_1 · w_2, 2 * 3 * 4", "w_1 · w_2, 2 * 3 * 4"),
        ("$5 and $6", "$5 and $6"),
        ("a < b & c", "a &lt; b &amp; c"),
    ],
)
def test_what_is_rendered(source, html):
    assert render_markdown(source) == html


def test_a_formula_is_mathml():
    html = render_markdown("so $\\frac{w^2}{2}$")
    assert "<mfrac>" in html
    assert without_markup(html) == "so w22"


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "![a](http://evil.example/x.png)",
        "<http://evil.example>",
        "[a]: http://evil.example\n\n[a]",
        "`<b>` ```\n<i>\n```",
        "# heading <b>",
        "> quote <b>",
        "| a | b |\n|---|---|\n| <b> | c |",
        "&lt;b&gt; &#60;b&#62;",
        "$\\href{javascript:alert(1)}{x}$",
        "$\\text{<script>alert(1)</script>}$",
        "$\\style{background:url(x)}{y}$",
        "$\\class{a}{b}$",
        "$\\color{red}{x}$ $\\unicode{60}$",
        "$<script>alert(1)</script>$",
        "$$<img src=x onerror=alert(1)>$$",
        "$" + "{" * 300 + "$",
        "$\\left($ $\\frac$ $\\begin{matrix}$ $^$ $_$ $&$",
        "*" * 600,
        "- " * 250,
        "$" * 599,
        '" onmouseover="alert(1)',
    ],
)
def test_nothing_becomes_markup(source):
    html = render_markdown(source)
    rest = ALLOWED.sub("", html)
    assert "<" not in rest, rest
    assert "javascript:" not in "".join(re.findall(r"<[^>]*>", html))
