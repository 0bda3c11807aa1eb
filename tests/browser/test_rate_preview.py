"""The slider of the rate, held: everything follows, and the server is asked once, when the hand lets go."""

import pytest
from playwright.sync_api import expect

from app.experiment.experiment import Experiment
from app.page.scene import run_layout
from app.url_state.state import parse
from tools.support import browser_pages
from tools.support.browser_pages import settled


def hold(page, share):
    """Press on the slider of the rate and stay; the rate that the page shows."""
    slider = page.locator("#slide-rate")
    with page.expect_response("**/fan?*"):
        slider.hover()
    page.locator("html[data-fan]").wait_for(state="attached")
    page.mouse.down()
    return drag(page, share)


def drag(page, share):
    box = page.locator("#slide-rate").bounding_box()
    page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2, steps=4)
    return float(page.locator("#number-rate").input_value())


def shown(page):
    return page.evaluate(
        """() => ['map', 'data', 'detail'].map((view) => document.getElementById(view).data
            .filter((trace) => trace.x && trace.y).map((trace) => [Array.from(trace.x), Array.from(trace.y)]))"""
    )


def shown_and_told(page):
    return shown(page), page.locator("#verdict").text_content(), page.locator("#numbers").text_content()


def assert_shows(page, held):
    """The page shows and says what it did while the hand held on."""
    for one, other in zip(held[0], shown(page), strict=True):
        for (x, y), (u, v) in zip(one, other, strict=True):
            assert x == pytest.approx(u, rel=1e-4, abs=1e-5, nan_ok=True)
            assert y == pytest.approx(v, rel=1e-4, abs=1e-5, nan_ok=True)
    expect(page.locator("#verdict")).to_have_text(held[1])
    expect(page.locator("#numbers")).to_have_text(held[2])


@pytest.mark.parametrize("query", ["?rate=0.1", "?data=spam&vs=mse&k=60", "?data=moons&k=30"])
def test_a_held_slider_asks_nothing_and_says_nothing_stale(open_flat, query):
    page = open_flat(query)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    step = page.locator("#scrub input").input_value()
    low = hold(page, 0.3)
    first, said = shown(page), page.locator("#numbers").text_content()
    middle = drag(page, 0.6)
    assert low < middle
    assert shown(page) != first
    assert page.locator("#numbers").text_content() != said
    assert [url for url in asked if "fan?" not in url and "icon" not in url] == []
    held = shown_and_told(page)
    page.mouse.up()
    settled(page)
    assert len([url for url in asked if "_dash-update-component" in url]) == 1
    assert page.locator("#scrub input").input_value() == step
    assert float(page.locator("#number-rate").input_value()) == middle
    assert_shows(page, held)


@pytest.mark.parametrize(
    "query", ["?k=5", "?data=spam&vs=mse&k=60", "?data=moons&k=30", "?data=digits&k=9", "?race=adam&k=7"]
)
def test_a_held_start_is_glimpsed_and_told_when_it_is_let_go(open_flat, query):
    page = open_flat(query)
    asked, under_way, most = [], set(), [0]
    page.on("request", lambda request: asked.append(request.url))
    page.on("request", lambda request: "/glimpse?" in request.url and under_way.add(request))
    page.on("request", lambda _: most.append(len(under_way)))
    page.on("requestfinished", lambda request: under_way.discard(request))
    before, said = shown(page), page.locator("#numbers").text_content()
    step = page.locator("#scrub input").input_value()
    box = page.locator(".ring").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for far in range(1, 12):
        page.mouse.move(x + 4 * far, y - 3 * far)
    page.wait_for_function(browser_pages.BEGINS_HERE)
    assert shown(page) != before
    assert page.locator("#numbers").text_content() != said
    assert not [url for url in asked if "_dash-update-component" in url]
    assert max(most) == 1, "one at a time"
    began = page.evaluate(
        "(({ x, y }) => [x[0], y[0]])(document.getElementById('map').data.find((one) => one.name === 'first'))"
    )
    said = [float(page.locator(f"#number-start{i}").input_value().replace("−", "-")) for i in range(2)]
    assert said == pytest.approx(began, rel=1e-3), "the sliders stand where the run begins"
    held = shown_and_told(page)
    page.mouse.up()
    settled(page)
    assert len([url for url in asked if "_dash-update-component" in url]) == 1
    assert page.locator("#scrub input").input_value() == step
    assert_shows(page, held)


def test_axes_keep_still_under_a_hand_that_moves_a_little(open_flat):
    page = open_flat("?k=5")

    def seen():
        return page.evaluate("document.getElementById('detail')._fullLayout.yaxis.range")

    def drawn_for(link):
        return run_layout(Experiment(parse(link)[0]))["yaxis.range"]

    began = seen()
    box = page.locator(".ring").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 2, y)
    page.wait_for_function(browser_pages.BEGINS_HERE)
    assert seen() == began
    page.mouse.up()
    settled(page)
    page.wait_for_function("location.search.includes('start')")
    assert drawn_for(page.url.partition("?")[2]) != began
    assert seen() == pytest.approx(drawn_for(page.url.partition("?")[2]))
    page.mouse.down()
    page.mouse.move(x + 90, y)
    page.wait_for_function(browser_pages.BEGINS_HERE)
    page.wait_for_function(f"document.getElementById('detail')._fullLayout.yaxis.range[1] < {0.9 * began[1]}")
    page.mouse.up()


def test_where_there_are_no_glimpses_a_held_start_asks_as_a_placed_one(open_flat):
    """In the fog each start is a place that was tried."""
    page = open_flat("?fog=1&k=3")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    said = page.locator("#numbers").text_content()
    box = page.locator(".ring").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] - 20)
    expect(page.locator("#numbers")).not_to_have_text(said)
    page.mouse.up()
    settled(page)
    assert not [url for url in asked if "glimpse" in url]


def test_dragged_into_divergence_and_back_the_step_is_kept(open_flat):
    page = open_flat("?data=spam&model=logistic&loss=mse&k=40")
    hold(page, 0.5)
    drag(page, 0.99)
    drag(page, 0.4)
    page.mouse.up()
    settled(page)
    page.wait_for_function("new URLSearchParams(location.search).get('k') === '40'")


def test_the_rate_is_asked_for_where_there_is_no_fan(open_flat):
    page = open_flat("?race=adam")
    with page.expect_request("**/_dash-update-component"):
        hold(page, 0.7)
    settled(page)
    drag(page, 0.9)  # the answer has not taken the slider from the hand
    page.wait_for_function("Number(document.getElementById('number-rate').value) > 1")
    page.mouse.up()
    settled(page)


def test_a_held_slider_of_the_start_follows_from_answer_to_answer(open_flat):
    page = open_flat()
    box = page.locator("#slide-start0").bounding_box()
    at = [(box["x"] + share * box["width"], box["y"] + box["height"] / 2) for share in (0.2, 0.4, 0.8)]
    page.mouse.move(*at[0])
    page.mouse.down()
    starts = []
    for place in at[1:]:
        page.mouse.move(*place, steps=3)
        settled(page)
        starts.append(
            page.locator("#map").evaluate("map => map.data.find((one) => one.name === 'first').x[0]")
        )
    page.mouse.up()
    assert starts[0] < 0.8
    assert starts[1] > 1.5
