"""Search an open page for violations of WCAG 2.2 AA with axe-core."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

HAS_AXE = "() => 'axe' in window"
RUN = """async (context) => {
    const values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const options = { runOnly: { type: "tag", values }, resultTypes: ["violations"] };
    const { violations } = await axe.run(context ?? document, options);
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}"""
"""A script that returns the violations alone: what passes is a megabyte."""


def violations(page: Page, context: str | None = None) -> list[str]:
    """Return rule and place of each violation on the page, or in the element of a CSS selector."""
    if not page.evaluate(HAS_AXE):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(RUN, context)
    return found
