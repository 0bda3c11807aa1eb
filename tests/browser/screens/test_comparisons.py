"""Comparisons on the page: two losses, races, a sweep of rates, basins and the previous run."""

import base64
import math
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from app.figures.basin_heatmap import basins_trace
from app.url_state.state import parse
from tests.support.basins import all_basins
from tests.support.page_actions import (
    CAMERA_AT_REST,
    FILLS_CARD,
    choose_view,
    query,
    screen_position,
    trace,
    wait_for_query,
)
from tools.support.browser_pages import show_link, wait_until_drawn

HAS_TURNED = """(from) => {
    const eye = document.getElementById('landscape-2')._fullLayout.scene._scene.getCamera().eye;
    return Math.hypot(...['x', 'y', 'z'].map((c) => eye[c] - from[c])) > 0.05;
}"""
OVERLAPPING = """() => {
    const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
    return ['map', 'map-2', 'data', 'detail'].flatMap((view) => {
        const plot = document.getElementById(view), card = plot.getBoundingClientRect();
        const boxes = (selector) => [...plot.querySelectorAll(selector)]
            .map((one) => [one.textContent, one.getBoundingClientRect()]);
        const [titles, ticks] = [boxes('.ytitle, .xtitle'), boxes('.ytick, .xtick')];
        const outside = [...titles, ...ticks]
            .filter(([, box]) => box.left < card.left - 1 || box.right > card.right + 1);
        const over = titles.filter(([, title]) => ticks.some(([, tick]) => !apart(title, tick)));
        return [...outside, ...over].map(([text]) => `${view}: ${text}`);
    });
}"""
"""Axis titles that overlap tick labels, and text that a card cuts off."""
EYE_2 = CAMERA_AT_REST.replace("'landscape'", "'landscape-2'")


TITLE_TO_HEAD = """() => {
    const title = document.querySelector('#detail .ytitle').getBoundingClientRect();
    return title.top - document.querySelector('section.detail .caption').getBoundingClientRect().bottom;
}"""


@pytest.mark.parametrize("link", ["?vs=mae&k=7", "?data=spam&vs=mse&k=7"])
def test_a_comparison_on_a_projector_has_numbers_and_its_titles_touch_nothing(show_flat, link):
    page = show_flat(f"{link}&theme=projector", width=1920, height=1080)
    for numbers in (page.locator(".moment > .numbers"), page.locator("#beside .numbers")):
        expect(numbers).to_contain_text("Slope here")
        expect(numbers).to_be_visible()
    assert page.evaluate(TITLE_TO_HEAD) >= 4


def test_the_button_that_bends_a_landscape_is_above_it_as_ticks_are_below(show_flat):
    page = show_flat("?vs=mae&theme=projector", width=1920, height=1080)
    button = page.locator("button.bend:visible")
    card = button.locator("xpath=..").bounding_box()
    box = button.bounding_box()
    assert box["y"] + box["height"] < card["y"] + card["height"] / 4
    switch = page.locator(".switch").bounding_box()
    assert box["y"] >= switch["y"] + switch["height"]


def test_a_second_loss_is_added_and_removed(show_flat):
    page = show_flat("?data=spam&k=7")
    page.get_by_role("button", name=re.compile("^Loss:")).click()
    page.get_by_label("Compare with").select_option("mse")
    wait_until_drawn(page)
    wait_for_query(page, "vs", "mse")
    expect(page.locator("#map-2 .main-svg").first).to_be_visible()
    expect(page.locator("#beside")).to_contain_text("Mean squared error:")
    page.keyboard.press("Escape")
    assert trace(page, "map", "first") == trace(page, "map-2", "first")
    page.get_by_role("button", name="Step", exact=True).click()
    assert len(trace(page, "map-2", "past")[0]) == len(trace(page, "map", "past")[0]) == 9
    page.get_by_role("button", name=re.compile("^Beside it:")).click()
    page.get_by_role("radio", name="nothing").check()
    wait_until_drawn(page)
    expect(page.locator("#map-2")).to_be_hidden()
    assert "vs" not in query(page)


def direction(page, view):
    """Return the direction in which a camera at rest looks, as a vector of length 1.

    Its centre differs between views, because each is fitted to its own card and surface.
    """
    page.evaluate(CAMERA_AT_REST.replace("'landscape'", f"'{view}'"))
    camera = page.evaluate(f"document.getElementById('{view}')._fullLayout.scene._scene.getCamera()")
    gaze = [camera["eye"][c] - camera["center"][c] for c in "xyz"]
    return [part / math.hypot(*gaze) for part in gaze]


def test_each_run_has_its_color_in_all_views_and_cameras_turn_together(show):
    page = show("?vs=mae&k=5", width=900, height=640)
    color = "(view) => document.getElementById(view).data.find(({ name }) => name === 'now').marker.color"
    first, second = (page.evaluate(color, view) for view in ("map", "map-2"))
    assert first != second
    assert page.evaluate(color, "landscape") == first
    assert page.evaluate(color, "landscape-2") == second
    curve = page.evaluate(
        "() => document.getElementById('detail').data.map(({ line, marker }) => marker?.color ?? line?.color)"
    )
    assert {first, second} <= set(curve)
    page.get_by_role("button", name="Side", exact=True).click()
    assert direction(page, "landscape-2") == pytest.approx(direction(page, "landscape"), abs=0.02)
    eye = page.evaluate(EYE_2)
    box = page.locator("#landscape-2 canvas").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 100)
    page.mouse.down()
    for step in range(1, 5):
        page.mouse.move(box["x"] + 200 + 20 * step, box["y"] + 100 + 5 * step)
        page.evaluate("new Promise(requestAnimationFrame)")
    page.mouse.up()
    page.wait_for_function(HAS_TURNED, arg=eye)
    assert direction(page, "landscape") == pytest.approx(direction(page, "landscape-2"), abs=0.02)
    page.locator("#home").click()


def test_a_comparison_fits_on_the_first_screen(show_flat):
    page = show_flat("?data=spam&vs=mse")
    for name in (".map", ".map-2", ".data", ".detail", ".dock", ".sliders"):
        box = page.locator(f"section{name}").bounding_box()
        assert box["y"] + box["height"] <= 802, f"{name} does not fit on the first screen"
    assert page.locator("#sentence").bounding_box()["height"] < 40, "the sentence needs two lines"
    show_link(page, "?data=norris&vs=raw")
    assert page.evaluate(OVERLAPPING) == []
    narrow = show_flat("?data=spam&vs=mse", width=360, height=740)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 360


TITLES_AND_PLOTS = """(texts) => {
    const heads = [...document.querySelectorAll('[data-role="hero"] > .caption span')];
    const plots = () => heads.map((head) => head.closest('.view').querySelector('.plot').clientHeight);
    const before = plots();
    heads.forEach((head, i) => (head.textContent = texts[i]));
    const cut = heads.filter((e) => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight + 1);
    return [cut.map((e) => e.textContent), before, plots()];
}"""
"""A script: the titles of two pictures that are cut off, and the heights of the plots before and after."""


def test_a_long_title_of_a_picture_has_two_lines_and_moves_nothing(show_flat):
    page = show_flat("?data=spam&vs=mse&k=30")
    titles = ["categorical cross-entropy with a penalty", "mean squared error"]
    cut, before, after = page.evaluate(TITLES_AND_PLOTS, titles)
    assert cut == []
    assert before == after
    assert before[0] == before[1]


def test_the_verdict_of_the_second_run_ends_at_the_end_of_the_bar(show_flat):
    page = show_flat("?data=spam&vs=mse&k=30")
    right = "(name) => document.querySelector(name).getBoundingClientRect().right"
    assert page.evaluate(right, "#beside") == pytest.approx(page.evaluate(right, ".moment"), abs=1)
    assert page.locator("#beside p").bounding_box()["height"] < 45, "a line and the numbers below it"


def test_a_race_is_started_from_the_menu_of_optimizers(show_flat):
    page = show_flat("?data=ravine")
    page.get_by_role("button", name=re.compile("^Optimizer:")).click()
    page.get_by_role("checkbox", name="momentum", exact=True).check()
    wait_until_drawn(page)
    page.get_by_role("checkbox", name="Adam", exact=True).check()
    wait_until_drawn(page)
    wait_for_query(page, "race", "momentum,adam")
    page.keyboard.press("Escape")
    expect(page.locator("#beside p")).to_have_count(2)
    names = page.evaluate("document.getElementById('map').data.map((t) => t.name)")
    assert {"momentum", "Adam"} <= set(names)
    choose_view(page, "The race")
    expect(page.locator("#detail-table")).to_contain_text("each at the best rate found for it")


def test_a_rate_of_the_sweep_is_previewed_and_chosen(show_flat):
    page = show_flat("?view=rates")
    page.wait_for_function(FILLS_CARD, arg="detail")
    rate, steps = page.evaluate(
        """() => { const t = document.getElementById('detail')._fullData[0];
        const i = Array.from(t.y).findIndex((y) => y > 0 && y < 30);
        return [t.x[i], t.y[i]]; }"""
    )
    left, top = page.evaluate(
        """([x, y]) => { const e = document.getElementById('detail');
        const { xaxis, yaxis } = e._fullLayout; const box = e.getBoundingClientRect();
        return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)]; }""",
        [rate, steps],
    )
    page.mouse.move(left - 2, top)
    page.mouse.move(left, top)
    page.wait_for_function(
        "document.getElementById('map').data.find((t) => t.name === 'preview').x.length > 10"
    )
    page.mouse.click(left, top)
    wait_until_drawn(page)
    page.wait_for_function("new URLSearchParams(location.search).has('rate')")
    assert float(query(page)["rate"]) == pytest.approx(rate, rel=1e-3)


def test_basins_are_drawn(show_flat):
    page = show_flat("?data=himmelblau&rate=0.01")
    page.get_by_role("button", name="Basins").click()
    wait_until_drawn(page)
    wait_for_query(page, "basins", "1")
    names = page.evaluate("document.getElementById('map').data.map((t) => t.name)")
    assert {"basins", "minima"} <= set(names)


def test_a_ghost_stays_until_it_is_cleared(show_flat):
    page = show_flat("?rate=0.05&k=7")
    before = trace(page, "map", "past")
    page.get_by_role("button", name="Ghost").click()
    wait_until_drawn(page)
    page.locator("#number-rate").fill("0.4")
    page.locator("#number-rate").press("Enter")
    wait_until_drawn(page)
    ghost = trace(page, "map", "the earlier run, at rate 0.05, path")
    assert ghost[0] == pytest.approx(before[0], abs=1e-5)
    assert trace(page, "map", "past") != before
    page.get_by_role("button", name="Ghost").click()
    wait_until_drawn(page)
    page.wait_for_function("!new URLSearchParams(location.search).has('ghost')")
    expect(page.locator("#beside p")).to_have_count(0)


def test_a_click_on_the_second_map_does_not_place_the_start(show_flat):
    page = show_flat("?vs=mae")
    page.mouse.click(*screen_position(page, "map-2", 0.5, 0.5))
    assert "start" not in query(page)


def test_an_optimizer_of_a_race_has_its_own_settings(show_flat):
    page = show_flat("?data=ravine&race=adam,momentum&fair=0&rate=0.01&view=race")
    before = trace(page, "map", "momentum, path")
    page.get_by_role("button", name="Racer: Adam").click()
    page.get_by_label("β₁, memory of the slope (usually 0.9)", exact=True).fill("0.8")
    page.get_by_label("β₁, memory of the slope (usually 0.9)", exact=True).press("Enter")
    page.get_by_label("learning rate", exact=True).fill("0.3")
    page.get_by_label("learning rate", exact=True).press("Enter")
    wait_until_drawn(page)
    wait_for_query(page, "race", "adam:beta1=0.8:rate=0.3,momentum")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Racer: Adam (β₁ 0.8, rate 0.3)")).to_be_visible()
    expect(page.locator("#detail-table tbody tr").nth(1)).to_contain_text("Adam (β₁ 0.8, rate 0.3)")
    assert trace(page, "map", "momentum, path") == before
    page.get_by_role("button", name="Racer: momentum").click()
    page.get_by_role("radio", name="RMSprop").check()
    wait_until_drawn(page)
    wait_for_query(page, "race", "adam:beta1=0.8:rate=0.3,rmsprop")


RASTRIGIN = "?data=rastrigin&basins=1&rate=0.002&steps=1000"


def test_basins_are_refined_until_they_equal_those_of_one_call(show_flat):
    page = show_flat("?data=rastrigin&rate=0.002&steps=1000")
    page.get_by_role("button", name="Basins").click()
    bar = page.get_by_role("progressbar", name=re.compile(r"^Basins: \d+ %$"))
    expect(bar).to_have_count(1)
    expect(page.locator("#map-caption")).to_have_text("10\u202f201 starts")
    expect(bar).to_have_count(0, timeout=30_000)
    state, _ = parse(RASTRIGIN)
    expected, _ = all_basins(state)
    axes = [np.linspace(low, high, 101) for low, high in state.view_plane.plane.box]
    values = np.frombuffer(base64.b64decode(basins_trace(expected, *axes)["z"]["bdata"]), "<f4").reshape(
        101, 101
    )
    shown = page.evaluate(
        """document.getElementById('map').data.find((trace) => trace.name === 'basins')
            .z.map((row) => Array.from(row))"""
    )
    assert np.array(shown) == pytest.approx(values, abs=1e-5)
    crosses = np.transpose(trace(page, "map", "minima"))
    assert crosses == pytest.approx(expected.minima, abs=1e-5)


def test_basins_are_not_refined_after_the_state_has_changed(open_flat):
    page = open_flat("?data=rastrigin&rate=0.002&steps=1000")
    asked, held = [], []

    def answer(route):
        body = route.request.post_data_json["inputs"][0]["value"]
        if "tile" in body:
            asked.append(body["tile"])
            held.append(route)
        else:
            route.continue_()

    page.route("**/_dash-update-component", answer)
    with page.expect_request(lambda request: '"tile"' in (request.post_data or "")):
        page.get_by_role("button", name="Basins").click()
    bar = page.get_by_role("progressbar")
    expect(bar).to_have_count(1)
    page.locator("#number-rate").fill("0.004")
    page.locator("#number-rate").press("Enter")
    page.get_by_role("button", name="Basins").click()
    held[0].continue_()
    wait_until_drawn(page)
    expect(bar).to_have_count(0, timeout=30_000)
    expect(page.get_by_role("button", name="Basins")).to_have_attribute("aria-pressed", "false")
    assert asked == [1]


STALE_PART = """async () => {
    const bundle = document.querySelector("script[src*='losslab.mjs']").src;
    const module = bundle.replace("losslab.mjs", "js/plot/progressive_basins.mjs");
    const { ProgressiveBasins } = await import(module);
    const figure = JSON.parse(document.getElementById("first-scene").textContent).figures.map.figure;
    const other = { ...structuredClone(figure), basins: { ...figure.basins, link: "other" } };
    const view = { element: document.getElementById("map"), drawn: true, figure, repaint() {} };
    let said;
    const links = [];
    const next = () => new Promise((done) => (said = done));
    const basins = new ProgressiveBasins([view], (link) => (links.push(link), said(), true));
    const first = next();
    basins.update();
    await first;
    const second = next();
    view.figure = other;
    basins.update();
    await second;
    basins.requested = basins.images.get(figure);
    const third = next();
    basins.receive({ ...figure.basins.firstTile, number: 1 });
    await third;
    const apart = basins.images.get(other).tilesDone;
    basins.receive({ ...figure.basins.firstTile, number: 1 });
    return [links.at(-1), apart, basins.images.get(other).tilesDone];
}"""


def test_a_part_of_another_image_is_ignored(open_flat, home):
    page = open_flat("")
    page.goto(home + RASTRIGIN)
    assert page.evaluate(STALE_PART) == ["other", 1, 2]
