"""A run that is played: what lies ahead is not drawn, and the point moves between two steps."""

import pytest
from playwright.sync_api import expect

from tests.support.page_actions import trace
from tools.support.browser_pages import wait_until_drawn

TAKE_CLOCK = """() => {
    window.clock = 0;
    window.waiting = [];
    performance.now = () => clock;
    window.framesOfBrowser ??= requestAnimationFrame;
    window.requestAnimationFrame = (callback) =>
        callback.name === "frame" ? waiting.push(callback) : framesOfBrowser(callback);
}"""
"""A script: frames of the player come when the test says so."""
GIVE_CLOCK_BACK = """() => {
    const play = document.getElementById('play');
    if (play.textContent === 'Pause') play.click();
    delete performance.now;
    window.requestAnimationFrame = window.framesOfBrowser ?? requestAnimationFrame;
}"""
SHOW_TIME = """(time) => {
    clock = time;
    for (const callback of waiting.splice(0)) callback(time);
}"""
"""A script: show the frame at a time since the run was played, in milliseconds."""
RAVINE = "?data=ravine&opt=momentum&rate=0.02&race=gd&steps=40&k=0"


@pytest.fixture
def film(show_flat):
    """Return a function that shows a link on the shared page, whose clock the test may take."""
    pages = []
    yield lambda link: pages.append(show_flat(link)) or pages[-1]
    pages[0].evaluate(GIVE_CLOCK_BACK)


def play_until(page, milliseconds):
    """Play the run up to a time and hold it there."""
    page.evaluate(TAKE_CLOCK)
    page.locator("#play").click()
    page.evaluate(SHOW_TIME, milliseconds)


@pytest.mark.parametrize("query", ["?k=0", "?data=spam&vs=mse&start=-6,6&k=0", RAVINE])
def test_while_a_run_is_played_nothing_lies_ahead(film, query):
    page = film(query)
    assert len(trace(page, "map", "future")[0]) > 2
    play_until(page, 2500)
    k = int(page.locator("#scrub input").input_value())
    assert k > 0
    for name in ("future", "next"):
        assert not trace(page, "map", name)[0]
    assert not trace(page, "detail", "future")[0]
    drawn = page.evaluate(
        """() => document.getElementById('detail').data
            .flatMap(({ x, mode }) => mode === 'lines' ? [...x] : [])"""
    )
    assert k <= max(drawn) <= k + 1
    page.locator("#play").click()
    expect(page.locator("#play")).to_have_text("Play")
    assert len(trace(page, "map", "future")[0]) > 2, "at rest the whole run is drawn"


def test_the_point_moves_between_two_steps_and_the_line_with_it(film):
    page = film("?k=0")
    play_until(page, 1)
    places, lines = [], []
    for milliseconds in range(20, 1400, 40):
        page.evaluate(SHOW_TIME, milliseconds)
        places.append(trace(page, "map", "now")[0][0])
        lines.append(
            page.evaluate("document.getElementById('data').data.findLast(({ line }) => line?.width > 2).y[0]")
        )
    step = trace(page, "map", "first")[0][0]
    assert len(set(places)) > 8
    assert len(set(lines)) > 8
    assert places == sorted(places), "the slope grows from the start on"
    assert step == places[0]


def test_a_run_ends_with_the_number_of_its_steps(film):
    page = film("?k=0")
    play_until(page, 1)
    page.evaluate(SHOW_TIME, 9000)
    expect(page.locator(".view.map .landing-mark")).to_have_text("in 60 steps")
    page.locator("#back").click()
    expect(page.locator(".view.map .landing-mark")).to_be_hidden()


def test_the_space_bar_plays_and_does_not_scroll(show_flat):
    page = show_flat("?k=0", width=700, height=500)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_text("Pause")
    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_text("Play")
    assert page.evaluate("scrollY") == 0
    page.locator("#sentence button").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_text("Play")
    expect(page.locator("#menu")).to_be_visible()


def test_another_rate_while_playing_goes_on_with_the_new_run(film):
    page = film("?k=0")
    play_until(page, 2500)
    assert not trace(page, "map", "future")[0]
    page.locator("#number-rate").fill("0.2")
    page.locator("#number-rate").press("Enter")
    wait_until_drawn(page)
    assert len(trace(page, "map", "past")[0]) > 1


FRAMES_ASKED_FOR = """() => new Promise((done) => {
    const original = window.requestAnimationFrame;
    let [asked, frames] = [0, 0];
    window.requestAnimationFrame = (callback) => { asked += 1; return original(callback); };
    const count = () => {
        if (++frames < 40) return original(count);
        window.requestAnimationFrame = original;
        done(asked);
    };
    original(count);
})"""
"""A script: how often the page asks for a frame in the time of 40 frames."""


def test_a_page_at_rest_asks_for_no_frame(show):
    page = show("?k=0", width=700, height=500)
    page.wait_for_function(f"({FRAMES_ASKED_FOR})().then((asked) => asked === 0)")
    box = page.locator("#landscape canvas").bounding_box()
    camera = "JSON.stringify(document.getElementById('landscape')._fullLayout.scene._scene.getCamera().eye)"
    before = page.evaluate(camera)
    page.mouse.move(box["x"] + 200, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 180, steps=5)
    page.mouse.up()
    page.wait_for_function(f"{camera} !== {before!r}")
    page.wait_for_function(f"({FRAMES_ASKED_FOR})().then((asked) => asked === 0)")
