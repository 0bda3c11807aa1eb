"""Accessibility: no violations of WCAG 2.2 AA that axe-core detects, keyboard operation, sound."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.lesson_kinds import OF_EACH_ARRANGEMENT
from tools.support.axe import violations

CUSTOM_DATA = "binary_size,price,sold_52,186.5,yes_71,240,no_64,221,yes_90,302.25,no"


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
        *((f"?s={key}", None) for key in OF_EACH_ARRANGEMENT),
        ("?s=mismatch&a=1&theme=dark", "#lessons summary"),
        ("?s=step&a=0,0", None),
        ("?data=spam&vs=mse&start=-6,6", None),
        ("?data=ravine&race=momentum,adam,newton,rmsprop&view=race&theme=dark", None),
        ("?data=himmelblau&basins=1&ghost=0.01,1,1", None),
        ("?view=rates&race=adam", "#word-opt"),
        ("", "#word-view"),
        ("", "#word-loss"),
        ("?opt=adam", "#word-opt"),
        ("", "#share"),
        ("?loss=own", "#word-loss"),
        ("?hide=rate,start,verdict,detail", None),
        ("?embed=1", None),
        ("", "#checked summary"),
        ("?theme=dark", "#words summary"),
    ],
)
def test_axe_finds_nothing(show_flat, query, press):
    page = show_flat(query)
    if press:
        page.click(press)
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_dialogs(show_flat, theme):
    page = show_flat(f"?theme={theme}&data=own&points={CUSTOM_DATA}")
    page.click("#share")
    for part in page.locator("#share-dialog summary").all():
        part.click()
        assert violations(page) == [], part.inner_text()
    page.locator("#share-dialog summary", has_text="QR code").click()
    page.click(".code")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.click("#word-data")
    page.click(".menu .wide")
    page.wait_for_selector("#paste-dialog table")
    assert violations(page) == []
    page.fill("#paste-dialog textarea", "x,y\n1,2\nfoo,3\n4,5")
    page.wait_for_selector("#paste-dialog .wrong")
    assert violations(page) == []


FARTHEST_CORNER = """() => {
    const plot = document.getElementById('landscape');
    const { _scene: scene } = plot._fullLayout.scene;
    const { view, projection, model } = scene.glplot.cameraParams;
    const through = (m, p) => [0, 1, 2, 3].map((i) =>
        p.reduce((sum, value, j) => sum + m[4 * j + i] * value, 0));
    const [surface] = plot._fullData;
    const points = Array.from(surface.y, (y, j) => Array.from(surface.x, (x, i) => [x, y, surface.z[j][i]]));
    const at = points.flat().map((point) => {
        const placed = point.map((value, i) => value * scene.dataScale[i]).concat(1);
        return through(projection, through(view, through(model, placed)));
    });
    return Math.max(...at.map(([x, y, , w]) => Math.max(Math.abs(x / w), Math.abs(y / w))));
}"""
"""The distance of the surface's farthest point from the middle of its card; the edge is at 1."""


def test_the_landscape_fits_a_phone_and_axe_finds_nothing_there(open_page):
    page = open_page(width=320, height=640)
    assert page.evaluate(FARTHEST_CORNER) < 1
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert violations(page) == []


def test_the_main_job_by_keyboard_alone(open_flat):
    """Choose a loss, set the start and the rate, step and share without a pointer."""
    page = open_flat()

    def tab_to(selector):
        """Press Tab until an element has the focus, which must be visible."""
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
    tab_to("#play")
    page.keyboard.press("Enter")
    expect(page.locator("#play")).to_have_text("Pause")
    page.keyboard.press("Enter")
    expect(page.locator("#play")).to_have_text("Play")
    tab_to(".scrub input")
    page.keyboard.press("Home")
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#step")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("Step 8 of 60")
    tab_to("#slide-rate")
    page.keyboard.press("PageUp")
    page.wait_for_function("new URLSearchParams(location.search).has('rate')")
    tab_to("#share")
    page.keyboard.press("Enter")
    expect(page.locator("#share-dialog")).to_be_visible()
    expect(page.get_by_role("button", name="Copy the link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#share-dialog")).to_be_hidden()
    expect(page.locator("#share")).to_be_focused()


def test_the_moment_has_a_description_and_a_table_of_steps(show_flat):
    page = show_flat("?k=0&steps=12")
    assert "One minimum, 0.292" in page.get_attribute("#landscape", "aria-label")
    page.keyboard.press("F2")
    expect(page.locator("#status")).to_contain_text("Ready: 12 steps to go.")
    expect(page.locator("#status")).to_contain_text("36 examples")
    page.click("#words summary")
    expect(page.locator("#steps tbody tr")).to_have_count(13)
    page.click("#step")
    expect(page.locator("#steps [aria-current] td").first).to_have_text("1")
    with page.expect_download() as file:
        page.get_by_role("button", name="Every step as CSV").click()
    rows = Path(file.value.path()).read_text().splitlines()
    shown = page.locator("#steps [aria-current] td").nth(1).inner_text()
    assert float(shown) == pytest.approx(float(rows[2].split(",")[1]), rel=1e-5)


def test_in_fog_the_table_of_steps_shows_no_future_steps(show_flat):
    page = show_flat("?fog=1&k=2")
    page.click("#words summary")
    expect(page.locator("#steps tbody tr:visible")).to_have_count(3)


def test_a_tone_follows_the_loss(open_flat):
    page = open_flat("?k=0")
    page.evaluate("""() => {
        window.tones = [];
        const plain = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (when) {
            tones.push(this.frequency.value);
            plain.call(this, when);
        };
    }""")
    page.click("#step")
    page.click("#words summary")
    page.get_by_role("button", name="Sound while stepping").click()
    for _ in range(3):
        page.click("#step")
    tones = page.evaluate("tones")
    assert len(tones) == 3, "no tone before it is switched on"
    assert tones[0] > tones[1] > tones[2] > 160
