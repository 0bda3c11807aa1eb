"""All views show the same step, and each of them can change it."""

import math
import re
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import expect

from app.url_state.state import parse
from tests.support.page_actions import (
    CAMERA_AT_REST,
    FILLS_CARD,
    choose_view,
    is_made_at_rest,
    move_slider,
    query,
    screen_position,
    trace,
    wait_for_query,
)
from tools.support.browser_pages import PHONE, show_link, wait_until_drawn

PROBABILITY = """(row) => {
    const dots = document.getElementById('detail').data.find((trace) => trace.meta === 'examples');
    return dots.x[dots.customdata.indexOf(row)];
}"""
"""The probability of an example in the loss lens."""


def test_the_detail_view_is_chosen_and_is_in_the_link(show_flat):
    page = show_flat()
    for name, key in (("Who is pulling", "shares"), ("Loss lens", "lens"), ("Loss by step", None)):
        choose_view(page, name)
        page.wait_for_function("(key) => new URLSearchParams(location.search).get('view') === key", arg=key)
        expect(page.locator("#word-view")).to_have_text(name)
    reopened = show_flat("?view=lens")
    expect(reopened.locator("#word-view")).to_have_text("Loss lens")


def test_a_click_on_the_curve_goes_to_its_step(show_flat):
    page = show_flat("?k=7")
    _, loss = trace(page, "detail", "future")
    page.mouse.click(*screen_position(page, "detail", 30, loss[30 - 7]))
    expect(page.locator("#verdict")).to_contain_text("Step 30 of 60")
    assert len(trace(page, "map", "past")[0]) == 31


def test_a_pointer_over_the_curve_previews_its_step(show_flat):
    page = show_flat("?k=7")
    _, loss = trace(page, "detail", "future")
    page.mouse.move(*screen_position(page, "detail", 20, loss[20 - 7]))
    page.wait_for_function("document.getElementById('data-caption').textContent === 'step 20'")
    assert len(trace(page, "map", "past")[0]) == 21
    expect(page.locator("#verdict")).to_contain_text("Step 7")
    page.mouse.move(5, 5)
    page.wait_for_function("document.getElementById('data-caption').textContent === 'step 7'")
    assert len(trace(page, "map", "past")[0]) == 8


def test_a_click_on_an_iterate_goes_to_its_step(show_flat):
    page = show_flat("?k=20&rate=0.05")
    xs, ys = trace(page, "map", "past")
    page.mouse.click(*screen_position(page, "map", xs[3], ys[3]))
    expect(page.locator("#verdict")).to_contain_text("Step 3 of 60")
    assert "start" not in query(page)


def test_arrow_keys_step(show_flat):
    page = show_flat("?k=7")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#verdict")).to_contain_text("Step 9")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#verdict")).to_contain_text("Step 8")


def test_the_predicted_next_iterate_is_that_of_the_next_step(show_flat):
    page = show_flat()
    ghost = trace(page, "map", "next")
    page.get_by_role("button", name="Step", exact=True).click()
    assert trace(page, "map", "now") == ghost


def test_moving_the_start_moves_the_line_live(show_flat):
    page = show_flat("?k=0")
    fit = "Array.from(document.getElementById('data').data.at(-1).y)"
    before = page.evaluate(fit)
    move_slider(page, "Start w", 0.9)
    assert page.evaluate(fit) != before


def test_a_point_is_dragged_and_the_surface_follows(show_flat):
    page = show_flat("?standardize=0")
    height = """document.getElementById('map').data[0].z.bdata
        ?? document.getElementById('map')._fullData[0].z[0][0]"""
    before = page.evaluate(height)
    x, y = page.evaluate(
        """() => { const t = document.getElementById('data')._fullData.find((t) => t.meta === 'examples');
        return [t.x[0], t.y[0]]; }"""
    )
    left, top = screen_position(page, "data", x, y)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left, top + 30)
    page.mouse.move(left, top + 40)
    wait_until_drawn(page)
    page.mouse.up()
    wait_until_drawn(page)
    page.wait_for_function("new URLSearchParams(location.search).has('edit')")
    row, value = query(page)["edit"].split(":")
    assert row == "0"
    assert float(value) < y
    after = page.evaluate(height)
    assert after != before
    page.get_by_role("button", name=re.compile("^Data:")).click()
    page.get_by_role("button", name="Put back").click()
    wait_until_drawn(page)
    page.wait_for_function("!new URLSearchParams(location.search).has('edit')")


EXAMPLE_ON_SCREEN = """(row) => {
    const plot = document.getElementById('data');
    const i = plot.data.findIndex((trace) => trace.meta === 'examples' && trace.customdata.includes(row));
    const [sent, drawn] = [plot.data[i], plot._fullData[i]];
    const at = sent.customdata.indexOf(row);
    const { xaxis, yaxis } = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    return [box.left + xaxis._offset + xaxis.d2p(drawn.x[at]),
        box.top + yaxis._offset + yaxis.d2p(drawn.y[at])];
}"""
"""The place of an example in the data view, in pixels of the window."""
ALL_RANGES = """() => ['map', 'map-2', 'data', 'detail', 'landscape', 'landscape-2'].flatMap((name) => {
    const layout = document.getElementById(name)._fullLayout;
    const { xaxis, yaxis, zaxis } = layout?.scene ?? layout ?? {};
    return [xaxis, yaxis, zaxis].filter(Boolean)
        .map((axis) => [name, ...axis.range.map((end) => Math.round(1e9 * end))]);
})"""
"""The ranges of all axes of flat plots and of scenes, in billionths: Plotly rounds."""


def test_axes_hold_still_under_a_dragged_example_and_move_on_release(show_flat):
    page = show_flat("?s=outlier&a=1&k=200")
    before, bad_point = page.evaluate(ALL_RANGES), 19
    left, top = page.evaluate(EXAMPLE_ON_SCREEN, bad_point)
    page.mouse.move(left - 2, top)
    page.mouse.move(left, top)
    page.mouse.down()
    for distance in (15, 30, 45):
        page.mouse.move(left, top - distance)
        page.wait_for_function(
            "([row, top]) => Math.abs((" + EXAMPLE_ON_SCREEN + ")(row)[1] - top) < 2",
            arg=[bad_point, top - distance],
        )
        wait_until_drawn(page)
        assert page.evaluate(ALL_RANGES) == before
    page.mouse.up()
    lowest = "document.getElementById('data')._fullLayout.yaxis.range[0]"
    low = page.evaluate(lowest)
    page.wait_for_function(f"(low) => {lowest} > low + 1", arg=low)
    assert page.evaluate(ALL_RANGES) != before


def test_a_label_is_flipped_by_a_click_and_by_a_key(show_flat):
    page = show_flat("?data=spam")
    x, y = page.evaluate(
        """() => { const t = document.getElementById('data')._fullData.find((t) => t.meta === 'examples');
        return [t.x[5], t.y[5]]; }"""
    )
    left, top = screen_position(page, "data", x, y)
    page.mouse.move(left - 1, top)
    page.mouse.move(left, top)
    page.mouse.click(left, top)
    wait_until_drawn(page)
    page.wait_for_function("new URLSearchParams(location.search).has('edit')")
    row, value = query(page)["edit"].split(":")
    assert float(value) == 1 - y
    page.locator("section.data .example").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    wait_until_drawn(page)
    page.wait_for_function("new URLSearchParams(location.search).get('edit').includes(',')")


def test_an_example_under_the_pointer_is_marked_in_both_views(show_flat):
    page = show_flat("?view=shares")
    bar = page.evaluate(
        """() => { const t = document.getElementById('detail').data[0];
        return [t.x[0], t.y[0] / 2, t.customdata[0]]; }"""
    )
    page.mouse.move(*screen_position(page, "detail", bar[0], bar[1]))
    page.wait_for_function(
        "(row) => document.getElementById('data-caption').textContent.startsWith(`example ${row}, `)",
        arg=bar[2],
    )
    expect(page.locator("#data-caption")).to_contain_text("% of the loss")
    expect(page.locator("#data .hoverlayer text").first).to_be_visible()


def test_the_label_of_a_dragged_point_is_up_to_date(show_flat):
    page = show_flat("?data=icecream&view=shares&k=30")
    x, y = page.evaluate(
        """() => { const t = document.getElementById('data')._fullData.find((t) => t.meta === 'examples');
        return [t.x[t.x.length - 1], t.y[t.y.length - 1]]; }"""
    )
    left, top = screen_position(page, "data", x, y)
    page.mouse.move(left - 2, top)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left, top + 40)
    page.mouse.move(left, top + 80)
    wait_until_drawn(page)
    page.mouse.up()
    wait_until_drawn(page)
    share = page.evaluate("document.getElementById('detail').data[0].y[0]")
    assert share > 30
    page.wait_for_function(
        "(s) => document.querySelector('#detail .hoverlayer')?.textContent.includes(`example 19: ${s}`)",
        arg=f"{share:.3g}",
    )


def test_the_table_of_a_step_follows_the_current_step(show_flat):
    page = show_flat("?view=step&opt=adam")
    table = page.locator("#detail-table")
    expect(table.locator("math").first).to_be_visible()
    before = table.inner_text()
    assert table.locator(".memory").count() >= 4
    page.get_by_role("button", name="Step", exact=True).click()
    expect(table).not_to_have_text(before)


def test_the_view_of_known_facts_shows_the_certificate(show_flat):
    page = show_flat("?view=known&data=norris&standardize=0")
    row = page.get_by_role("row", name=re.compile("Largest stable rate"))
    expect(row).to_contain_text("3.4 × 10⁻⁶")
    expect(page.get_by_role("row", name=re.compile("Lowest loss"))).to_contain_text("0.739")


GRID_POINTS = (
    "(view) => document.getElementById(view)._fullData[0].z"
    ".reduce((count, row) => count + Array.from(row).filter(Number.isFinite).length, 0)"
)
"""The number of grid points of a view's surface whose height is drawn."""


def test_in_fog_only_the_surroundings_are_visible_until_it_is_lifted(show):
    page, views = show(width=900, height=640), ("map", "landscape")
    all_points = [page.evaluate(GRID_POINTS, view) for view in views]
    page.get_by_role("button", name="Fog").click()
    wait_until_drawn(page)
    wait_for_query(page, "fog", "1")
    for view, count in zip(views, all_points, strict=True):
        assert 0 < page.evaluate(GRID_POINTS, view) < count / 20
    expect(page.locator("#numbers")).not_to_contain_text("lowest possible")
    page.locator(".ring").focus()
    page.keyboard.press("Shift+ArrowRight")
    wait_until_drawn(page)
    page.get_by_role("button", name="Lift fog").click()
    wait_until_drawn(page)
    page.wait_for_function("!new URLSearchParams(location.search).has('fog')")
    assert [page.evaluate(GRID_POINTS, view) for view in views] == all_points
    for view in views:
        tried, _ = trace(page, view, "tried")
        assert len(set(tried)) == 2


def test_a_run_outside_the_window_has_an_arrow_with_its_loss(show_flat):
    page = show_flat("?rate=1.2&k=30")
    text = page.evaluate(
        "[...document.querySelectorAll('#map .scatterlayer text')].map((t) => t.textContent).join()"
    )
    assert text.startswith("loss ")


def test_hovering_stepping_and_scrubbing_send_no_requests(show_flat):
    page = show_flat("?view=shares&k=0")
    requests = []
    page.on("request", lambda request: is_made_at_rest(request) or requests.append(request.url))
    page.mouse.move(*screen_position(page, "detail", 1, 1))
    page.locator("#scrub input").fill("20")
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.locator("#verdict")).to_contain_text("Step 21")
    assert requests == []


def test_a_dot_of_the_lens_is_dragged_to_another_probability(show_flat):
    """The start changes so that the model gives this example the new probability."""
    page = show_flat("?s=confident&a=1&k=20")
    page.wait_for_function(FILLS_CARD, arg="detail")
    row, p = page.evaluate("""() => {
        const dots = document.getElementById('detail').data.find((trace) => trace.meta === 'examples');
        const middle = Array.from(dots.x).findIndex((p) => p > 0.4 && p < 0.6);
        return [dots.customdata[middle], dots.x[middle]];
    }""")
    start = screen_position(page, "detail", p, -math.log(p))
    page.mouse.move(start[0] + 1, start[1])
    page.mouse.move(*start)
    expect(page.locator("#detail-caption")).to_contain_text(f"p = {p:.2g} costs")
    slope = trace(page, "map", "now")[0][0]
    page.mouse.down()
    target = screen_position(page, "detail", 0.01, 4.6)
    for fraction in (0.3, 0.7, 1):
        page.mouse.move(start[0] + fraction * (target[0] - start[0]), target[1])
    wait_until_drawn(page)
    page.mouse.up()
    wait_until_drawn(page)
    expect(page.locator("#verdict")).to_contain_text("Ready:")
    assert page.evaluate(PROBABILITY, row) == pytest.approx(0.01, rel=0.03), "a pixel is a hundredth of it"
    page.wait_for_function("location.search.includes('start=')")
    assert float(query(page)["start"].split(",")[0]) == pytest.approx(slope, rel=1e-4)
    handle = page.locator("section.detail .example")
    expect(handle).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    wait_until_drawn(page)
    page.wait_for_function(f"({PROBABILITY})({row}) > 0.015")
    expect(handle).to_have_attribute(
        "aria-label", re.compile(rf"^Example {row}, 0\.0\d+\. Up and down choose")
    )
    page.keyboard.press("ArrowUp")
    expect(handle).not_to_have_attribute("aria-label", re.compile(rf"^Example {row},"))


def test_with_a_hidden_start_the_dots_of_the_lens_have_no_handle(show_flat):
    page = show_flat("?data=spam&view=lens&hide=start")
    expect(page.locator("section.detail .example")).to_be_hidden()


CELL = """([fx, fy]) => {
    const plot = document.getElementById('detail');
    const { xaxis, yaxis } = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    return [box.left + xaxis._offset + fx * xaxis._length, box.top + yaxis._offset + fy * yaxis._length];
}"""
"""A place on the map of rates and β, by its shares of the axes, in pixels of the window."""
HAS_CELLS = """() => {
    const traces = document.getElementById('detail').data ?? [];
    return traces.some(({ type, x }) => type === 'heatmap' && x?.length > 0);
}"""


@pytest.mark.parametrize("query", ["?view=betas", "?view=betas&loss=mae"], ids=["colored", "all blank"])
def test_a_click_on_a_cell_takes_its_rate_and_its_beta(show_flat, query):
    page = show_flat(query)
    taken = []
    for across, down in ((0.3, 0.6), (0.6, 0.35)):
        page.wait_for_function(HAS_CELLS)
        page.mouse.click(*page.evaluate(CELL, [across, down]))
        page.wait_for_function("(before) => !before.includes(location.search)", arg=[query, *taken])
        wait_until_drawn(page)
        taken.append(page.evaluate("location.search"))
        assert query_keys(taken[-1]).keys() >= {"opt", "momentum", "rate"}
    (first_rate, first_beta), (rate, beta) = (
        (float(keys["rate"]), float(keys["momentum"])) for keys in map(query_keys, taken)
    )
    assert first_rate < rate
    assert first_beta < beta


def test_a_tap_on_a_cell_takes_its_rate_and_its_beta(show_flat):
    phone = show_flat("?view=betas", **PHONE)
    phone.locator("#detail").scroll_into_view_if_needed()
    phone.wait_for_function(HAS_CELLS)
    phone.touchscreen.tap(*phone.evaluate(CELL, [0.4, 0.5]))
    wait_for_query(phone, "opt", "momentum")


def query_keys(link):
    return dict(parse_qsl(link.removeprefix("?")))


HANDLE = ".line-handle"
START_IS_NOW = """() => {
    const map = document.getElementById('map');
    const [first, now] = ['first', 'now'].map((name) => map.data.find((trace) => trace.name === name));
    return first.x[0] === now.x[0] && first.y[0] === now.y[0];
}"""
"""Whether the run is at its start."""
LINE_AT_HANDLES = """() => {
    const plot = document.getElementById('data');
    const line = plot.data.at(-1);
    const { xaxis, yaxis } = plot._fullLayout;
    return [...document.querySelectorAll('.line-handle')].every((handle) => {
        const place = getComputedStyle(handle);
        const across = xaxis.p2d(parseFloat(place.left) - plot.offsetLeft - xaxis._offset);
        const share = (across - line.x[0]) / (line.x[1] - line.x[0]);
        const down = yaxis.d2p(line.y[0] + share * (line.y[1] - line.y[0]));
        return Math.abs(down + yaxis._offset + plot.offsetTop - parseFloat(place.top)) < 1.5;
    });
}"""
"""Whether the line goes through both handles."""


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_dragging_the_line_moves_the_start_to_its_place(show_flat):
    page = show_flat("?k=7")
    left, right = page.locator(HANDLE).all()
    pivot, (x, y) = middle(left), middle(right)
    page.mouse.move(x, y)
    page.mouse.down()
    for distance in (20, 45):
        page.mouse.move(x, y + distance)
    page.wait_for_function(LINE_AT_HANDLES)
    page.wait_for_function(START_IS_NOW)
    assert middle(left) == pytest.approx(pivot, abs=1), "the other end stays"
    assert middle(right)[1] == pytest.approx(y + 45, abs=1)
    dragged = trace(page, "map", "now")
    page.mouse.up()
    wait_until_drawn(page)
    page.wait_for_function("location.search.includes('start')")
    start = [float(part) for part in query(page)["start"].split(",")]
    assert start == pytest.approx([coordinates[0] for coordinates in dragged], rel=1e-3)
    assert query(page).get("k", "0") == "0"


def test_the_line_is_turned_by_keys(show_flat):
    page = show_flat("?k=0")
    handle = page.locator(HANDLE).nth(1)
    slope = trace(page, "map", "now")[0][0]
    handle.focus()
    page.keyboard.press("Shift+ArrowUp")
    wait_until_drawn(page)
    page.wait_for_function("location.search.includes('start')")
    page.wait_for_function(LINE_AT_HANDLES)
    assert trace(page, "map", "now")[0][0] > slope
    expect(handle).to_be_focused()


@pytest.mark.parametrize("link", ["?s=outlier", "?hide=start", "?data=moons", "?data=ravine"])
def test_a_line_has_no_handles_where_it_may_not_be_moved_or_there_is_none(show_flat, link):
    page = show_flat(link)
    assert [handle.is_visible() for handle in page.locator(HANDLE).all()] == [False, False]


def test_a_place_that_is_pointed_at_shows_its_line_and_its_true_loss(show_flat):
    page = show_flat("?k=0")
    box = page.locator("#map .nsewdrag").bounding_box()
    label = page.locator(".place-label")
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.4 * box["height"])
    expect(label).to_be_visible()
    slope, intercept = (
        float(number.replace("\u2212", "-"))
        for number in re.findall(r"[\u2212-]?\d+(?:\.\d+)?", label.locator("span").inner_text())
    )
    state = parse(f"?start={slope},{intercept}")[0]
    loss = float(label.locator("b").inner_text().removeprefix("loss "))
    assert loss == pytest.approx(float(state.problem.value([slope, intercept])), rel=0.02), "to three digits"
    pale = trace(page, "data", "place")[1]
    predicted = state.problem.predict([slope, intercept], trace(page, "data", "place")[0])
    assert pale == pytest.approx(predicted, rel=0.02)
    page.mouse.move(5, 5)
    expect(label).to_be_hidden()
    page.wait_for_function(
        "document.getElementById('data').data.find((trace) => trace.name === 'place').x.length === 2"
        " && !document.getElementById('data').data.find((trace) => trace.name === 'place').y.length"
    )


def test_fog_and_questions_tell_nothing_of_a_place(show_flat):
    for link in ("?fog=1", "?s=outlier"):
        page = show_flat(link)
        requests = []
        page.on("request", lambda request, seen=requests: seen.append(request.url))
        box = page.locator("#map .nsewdrag").bounding_box()
        for share in (0.3, 0.5, 0.7):
            page.mouse.move(box["x"] + share * box["width"], box["y"] + 0.5 * box["height"])
            page.evaluate("new Promise(requestAnimationFrame)")
        assert not [url for url in requests if "/place?" in url]
        expect(page.locator(".place-label")).to_be_hidden()


def point_until_labelled(page, x: float, y: float) -> tuple[float, float]:
    """Move a mouse over the landscape until a place of it is told; return where that was, in pixels.

    Plotly looks for what is pointed at once a frame, so a move may go unseen, and the path may lie before it.
    """
    label = page.locator(".place-label")
    for attempt in range(40):
        x += 3
        page.mouse.move(x, y + attempt % 4)
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if label.is_visible():
            return x, y + attempt % 4
    raise AssertionError("no place of the landscape was told")


def test_a_click_on_the_landscape_starts_there_and_turning_it_does_not(show):
    page = show("?k=7", width=900, height=640)
    box = page.locator("#landscape").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 0.6 * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=4)
    page.mouse.up()
    page.evaluate(CAMERA_AT_REST)
    assert "start" not in query(page)
    page.mouse.click(*point_until_labelled(page, x - 20, y))
    page.wait_for_function("location.search.includes('start')")
    wait_until_drawn(page)
    assert query(page).get("k", "0") == "0"
    page.wait_for_function(START_IS_NOW)
    page.locator("#home").click()


def test_a_click_on_the_map_goes_to_the_start_of_the_new_run(show_flat):
    page = show_flat("?k=7")
    page.mouse.click(*screen_position(page, "map", 1.5, -1))
    page.wait_for_function("location.search.includes('start')")
    wait_until_drawn(page)
    expect(page.locator("#verdict")).to_contain_text("Ready:")


def test_the_slider_of_the_rate_carries_the_steps_to_arrive(show_flat):
    page = show_flat("?steps=120")
    curve = page.locator(".slider.rate .steps-by-rate path").nth(1)
    expect(curve).to_have_attribute("d", re.compile(r"^M[\d.]+,[\d.]+L"))
    show_link(page, "?steps=120&fog=1")
    expect(curve).to_have_count(0)


def test_near_marks_of_the_rate_do_not_run_into_each_other(show_flat):
    page = show_flat("?data=ravine")
    words = page.locator(".slider.rate .mark span")
    expect(words.nth(0)).to_be_hidden()
    expect(words.nth(1)).to_have_text("limit 0.04")
    show_link(page, "")
    expect(words.nth(0)).to_have_text("best 0.5")
    expect(words.nth(0)).to_be_visible()


def test_a_button_that_cannot_be_pressed_says_why_to_all(show_flat):
    page = show_flat("?loss=mae&k=0")
    basins = page.get_by_role("button", name="Basins")
    reason = "Basins need two parameters and a loss without kinks."
    expect(basins).to_be_disabled()
    expect(basins).to_have_accessible_description(reason)
    expect(basins).to_have_attribute("title", reason)
    basins.focus()
    expect(basins).to_be_focused()
    page.keyboard.press("Enter")
    wait_until_drawn(page)
    assert "basins" not in query(page)
    show_link(page, "")
    expect(basins).to_be_enabled()
    expect(basins).to_have_attribute("title", "Color every start by the minimum it ends in")
