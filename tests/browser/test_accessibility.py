"""What axe-core can see: no violation of WCAG 2.2 AA in any of the page's states."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


@pytest.mark.parametrize(
    ("query", "press"),
    [
        ("", None),
        ("?rate=1.2", None),
        ("?theme=dark", None),
        ("?theme=projector", None),
        ("?rate=abc", None),
        ("?data=digits&view=bars", None),
        ("?view=step&opt=adam", None),
        ("?view=known&theme=dark", None),
        ("?fog=1", None),
        ("?data=spam&vs=mse&start=-6,6", None),
        ("?data=ravine&race=momentum,adam,newton,rmsprop&view=race&theme=dark", None),
        ("?data=himmelblau&basins=1&ghost=0.01,1,1", None),
        ("?view=rates&race=adam", "#word-opt"),
        ("", "#word-view"),
        ("", "#word-loss"),
        ("?opt=adam", "#word-opt"),
        ("", "#share"),
        ("", ".checked summary"),
    ],
)
def test_axe_finds_nothing(open_flat, query, press):
    page = open_flat(query)
    if press:
        page.click(press)
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == []


def test_axe_finds_nothing_on_the_landscape(open_page):
    found = Axe().run(open_page(width=390, height=844), options=RULES).response["violations"]
    assert [rule["id"] for rule in found] == []


def test_the_main_job_by_keyboard_alone(open_flat):
    """Pick a loss, set the start, turn the rate, step and share without a pointer."""
    page = open_flat()

    def tab_to(selector):
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("(s) => document.activeElement.matches(s)", selector):
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", f"{selector} shows no focus"
                return
        raise AssertionError(f"{selector} is not reached by Tab")

    tab_to("#word-loss")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("new URLSearchParams(location.search).get('loss') === 'mae'")
    page.keyboard.press("Escape")
    expect(page.locator("#word-loss")).to_be_focused()
    tab_to(".ring")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("new URLSearchParams(location.search).has('start')")
    tab_to("#step")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("Step 8 of 60")
    tab_to("#slide-rate")
    page.keyboard.press("PageUp")
    page.wait_for_function("new URLSearchParams(location.search).has('rate')")
    page.keyboard.press("Shift+Tab")
    page.locator("#share").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#share-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#share-dialog")).to_be_hidden()
