"""Dragging the rate or the start updates the page at once; the server is asked at the end."""

import re

import pytest
from playwright.sync_api import expect

from app.experiment.experiment import Experiment
from app.page.scene import run_layout
from app.url_state.state import parse
from tools.support import browser_pages
from tools.support.browser_pages import wait_until_drawn


def press_slider(page, fraction):
    """Press on the slider of the rate and drag it to a fraction; return the rate that the page shows."""
    slider = page.locator("#slide-rate")
    with page.expect_response("**/fan?*"):
        slider.hover()
    page.locator("html[data-fan]").wait_for(state="attached")
    page.mouse.down()
    return drag_slider(page, fraction)


def drag_slider(page, fraction):
    """Drag the pressed slider to a fraction of its width; return the rate that the page shows."""
    box = page.locator("#slide-rate").bounding_box()
    page.mouse.move(box["x"] + fraction * box["width"], box["y"] + box["height"] / 2, steps=4)
    return float(page.locator("#number-rate").input_value())


def traces(page):
    """Return x and y of all traces of three views."""
    return page.evaluate(
        """() => ['map', 'data', 'detail'].map((view) => document.getElementById(view).data
            .filter((trace) => trace.x && trace.y)
                .map((trace) => [Array.from(trace.x), Array.from(trace.y)]))"""
    )


def traces_and_texts(page):
    return traces(page), page.locator("#verdict").text_content(), page.locator("#numbers").text_content()


def assert_unchanged(page, before):
    """Assert that the page shows the same traces and texts as before."""
    for view_before, view in zip(before[0], traces(page), strict=True):
        for (x, y), (u, v) in zip(view_before, view, strict=True):
            assert x == pytest.approx(u, rel=1e-4, abs=1e-5, nan_ok=True)
            assert y == pytest.approx(v, rel=1e-4, abs=1e-5, nan_ok=True)
    expect(page.locator("#verdict")).to_have_text(before[1])
    expect(page.locator("#numbers")).to_have_text(before[2])


@pytest.mark.parametrize("query", ["?rate=0.1&k=7", "?data=spam&vs=mse&k=60", "?data=moons&k=30"])
def test_dragging_the_rate_sends_no_request_and_updates_the_page(show_flat, query):
    page = show_flat(query)
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    step = page.locator("#scrub input").input_value()
    low = press_slider(page, 0.3)
    first, numbers = traces(page), page.locator("#numbers").text_content()
    middle = drag_slider(page, 0.6)
    assert low < middle
    assert traces(page) != first
    assert page.locator("#numbers").text_content() != numbers
    assert [url for url in requests if not re.search(r"fan\?|icon|arrivals\?", url)] == []
    dragged = traces_and_texts(page)
    page.mouse.up()
    wait_until_drawn(page)
    assert len([url for url in requests if "_dash-update-component" in url]) == 1
    assert page.locator("#scrub input").input_value() == step
    assert float(page.locator("#number-rate").input_value()) == middle
    assert_unchanged(page, dragged)


@pytest.mark.parametrize(
    "query",
    ["?k=5", "?data=spam&vs=mse&k=60", "?data=moons&k=30", "?data=digits&k=9", "?race=adam&rate=0.1&k=7"],
)
def test_dragging_the_start_shows_previews_and_sends_one_request_at_the_end(show_flat, query):
    page = show_flat(query)
    requests, under_way, concurrent = [], set(), [0]
    page.on("request", lambda request: requests.append(request.url))
    page.on("request", lambda request: "/glimpse?" in request.url and under_way.add(request))
    page.on("request", lambda _: concurrent.append(len(under_way)))
    page.on("requestfinished", lambda request: under_way.discard(request))
    before, numbers = traces(page), page.locator("#numbers").text_content()
    step = page.locator("#scrub input").input_value()
    box = page.locator(".ring").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for distance in range(1, 12):
        page.mouse.move(x + 4 * distance, y - 3 * distance)
    page.wait_for_function(browser_pages.TRAJECTORY_BEGINS_AT_HANDLE)
    assert traces(page) != before
    assert page.locator("#numbers").text_content() != numbers
    assert not [url for url in requests if "_dash-update-component" in url]
    assert max(concurrent) == 1, "one at a time"
    initial = page.evaluate(
        """(({ x, y }) => [x[0], y[0]])(
            document.getElementById('map').data.find((trace) => trace.name === 'first'))"""
    )
    slider_values = [
        float(page.locator(f"#number-start{i}").input_value().replace("−", "-")) for i in range(2)
    ]
    assert slider_values == pytest.approx(initial, rel=1e-3), "the sliders stand where the run begins"
    dragged = traces_and_texts(page)
    page.mouse.up()
    wait_until_drawn(page)
    assert len([url for url in requests if "_dash-update-component" in url]) == 1
    assert page.locator("#scrub input").input_value() == step
    assert_unchanged(page, dragged)


def test_axes_hold_still_while_the_start_is_dragged_and_then_suit_the_run(show_flat):
    page = show_flat("?k=5")
    detail_range = "document.getElementById('detail')._fullLayout.yaxis.range"

    def range_for(link):
        return run_layout(Experiment(parse(link)[0]))["yaxis.range"]

    initial = page.evaluate(detail_range)
    box = page.locator(".ring").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for distance in (2, 90):
        page.mouse.move(x + distance, y)
        page.wait_for_function(browser_pages.TRAJECTORY_BEGINS_AT_HANDLE)
        assert page.evaluate(detail_range) == initial
    page.mouse.up()
    wait_until_drawn(page)
    page.wait_for_function("location.search.includes('start')")
    wanted = range_for(page.url.partition("?")[2])
    assert wanted[1] < 0.9 * initial[1]
    page.wait_for_function(f"(top) => Math.abs({detail_range}[1] - top) < 1e-6", arg=wanted[1])
    assert page.evaluate(detail_range) == pytest.approx(wanted)


def test_without_previews_a_dragged_start_is_requested_like_a_placed_one(show_flat):
    """In fog each start counts as a try."""
    page = show_flat("?fog=1&k=3")
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    numbers = page.locator("#numbers").text_content()
    box = page.locator(".ring").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] - 20)
    expect(page.locator("#numbers")).not_to_have_text(numbers)
    page.mouse.up()
    wait_until_drawn(page)
    assert not [url for url in requests if "glimpse" in url]


def test_the_step_is_kept_after_dragging_into_divergence_and_back(show_flat):
    page = show_flat("?data=spam&model=logistic&loss=mse&k=40")
    press_slider(page, 0.5)
    drag_slider(page, 0.99)
    drag_slider(page, 0.4)
    page.mouse.up()
    wait_until_drawn(page)
    page.wait_for_function("new URLSearchParams(location.search).get('k') === '40'")


def test_the_rate_is_requested_if_there_is_no_preview(show_flat):
    page = show_flat("?race=adam")
    with page.expect_request("**/_dash-update-component"):
        press_slider(page, 0.7)
    wait_until_drawn(page)
    drag_slider(page, 0.9)  # the response has not interrupted the drag
    page.wait_for_function("Number(document.getElementById('number-rate').value) > 1")
    page.mouse.up()
    wait_until_drawn(page)


def test_dragging_a_slider_of_the_start_shows_each_response(show_flat):
    page = show_flat()
    box = page.locator("#slide-start0").bounding_box()
    y = box["y"] + box["height"] / 2
    places = [(box["x"] + fraction * box["width"], y) for fraction in (0.2, 0.4, 0.8)]
    page.mouse.move(*places[0])
    page.mouse.down()
    starts = []
    for place in places[1:]:
        page.mouse.move(*place, steps=3)
        wait_until_drawn(page)
        starts.append(
            page.locator("#map").evaluate("map => map.data.find((one) => one.name === 'first').x[0]")
        )
    page.mouse.up()
    assert starts[0] < 0.8
    assert starts[1] > 1.5
