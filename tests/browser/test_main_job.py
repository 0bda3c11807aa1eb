"""The main tasks of a student: choose, set the rate and the start, play, step and share."""

import re

import pytest
from playwright.sync_api import expect

import losses
from tests.support.page_actions import (
    CAMERA_AT_REST,
    is_made_at_rest,
    move_slider,
    query,
    trace,
    wait_for_query,
)
from tools.support import browser_pages
from tools.support.browser_pages import wait_until_drawn


def test_the_first_screen_shows_all_views_and_the_verdict(show):
    page = show()
    expect(page.locator("#sentence")).to_contain_text("Fit a line to house prices")
    expect(page.locator("#verdict")).to_have_text("Ready: 60 steps to go.")
    for view in ("landscape", "map", "data", "detail"):
        assert page.locator(f"#{view} .main-svg").first.is_visible()
    xs, _ = trace(page, "map", "past")
    assert len(xs) == 1
    for name in (".landscape", ".map", ".data", ".detail", ".dock", ".sliders"):
        box = page.locator(f"section{name}").bounding_box()
        assert box["y"] + box["height"] <= 800, f"{name} does not fit on the first screen"
    page.set_viewport_size({"width": 700, "height": 500})
    box = page.locator("#landscape").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 150)
    page.mouse.wheel(0, 200)
    page.wait_for_function("scrollY > 0")  # the wheel over the landscape scrolls the page


def test_rate_slider_moves_path_and_address(show_flat):
    page = show_flat()
    before = trace(page, "map", "future")
    move_slider(page, "Learning rate", 0.8)
    assert trace(page, "map", "future") != before
    page.wait_for_function("new URLSearchParams(location.search).has('rate')")
    shown = float(page.locator("#number-rate").input_value())
    assert float(query(page)["rate"]) == pytest.approx(shown, rel=1e-3)


def test_a_rate_above_the_limit_diverges_without_clipping(show_flat):
    page = show_flat("?rate=1.2&k=60")
    expect(page.locator("#verdict")).to_contain_text("Flying apart: the rate 1.2 is above the limit, 1.")
    expect(page.locator("#alert")).to_contain_text("Flying apart")
    xs, ys = trace(page, "map", "past")
    (left, right), (low, high) = page.evaluate(
        "['xaxis', 'yaxis'].map((axis) => document.getElementById('map').layout[axis].range)"
    )
    assert max(xs) > right or min(xs) < left
    assert len(set(xs)) > 10, "iterates are clipped"


def test_link_reopens_the_same_moment(show):
    page = show("?loss=mae&data=outlier&rate=0.2&start=-1,1.5&steps=60&k=13", width=900, height=640)

    def moment():
        return [trace(page, view, "now") for view in ("landscape", "map")], page.locator(
            "#verdict"
        ).inner_text()

    before = moment()
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    wait_until_drawn(page)
    assert moment() == before


def test_number_field_sets_the_rate(show_flat):
    page = show_flat()
    page.locator("#number-rate").fill("0.33")
    page.locator("#number-rate").press("Enter")
    wait_until_drawn(page)
    wait_for_query(page, "rate", "0.33")


def test_click_on_the_map_places_the_start_between_the_nodes(show_flat):
    page = show_flat()
    box = page.locator("#map .nsewdrag").bounding_box()
    page.mouse.click(box["x"] + 0.613 * box["width"], box["y"] + 0.271 * box["height"])
    wait_until_drawn(page)
    page.wait_for_function("new URLSearchParams(location.search).has('start')")
    left, right = page.evaluate("document.getElementById('map').layout.xaxis.range")
    u = float(query(page)["start"].split(",")[0])
    assert u == pytest.approx(left + 0.613 * (right - left), abs=0.006 * (right - left))
    nodes = [left + i * (right - left) / 100 for i in range(101)]
    assert min(abs(u - node) for node in nodes) > 1e-6


def test_dragging_the_ring_moves_the_path_live(show_flat):
    page = show_flat()
    ring = page.locator(".ring").bounding_box()
    x, y = ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    starts = []
    for step in range(1, 4):
        page.mouse.move(x + 40 * step, y + 12 * step)
        page.wait_for_function(browser_pages.TRAJECTORY_BEGINS_AT_HANDLE)
        xs, ys = trace(page, "map", "first")
        starts.append((xs[0], ys[0]))
    page.mouse.up()
    assert len(set(starts)) == 3
    assert starts[0][0] < starts[1][0] < starts[2][0]


def test_ring_moves_by_keyboard(show_flat):
    page = show_flat()
    before = trace(page, "map", "first")
    page.locator(".ring").focus()
    page.keyboard.press("ArrowRight")
    wait_until_drawn(page)
    after = trace(page, "map", "first")
    assert after[0][0] > before[0][0]
    assert after[1][0] == pytest.approx(before[1][0], abs=1e-5)


def test_camera_survives_loss_rate_and_play(show):
    page = show(width=900, height=640)
    page.get_by_role("button", name="Side").click()
    box = page.locator("#landscape canvas").bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 250)
    page.mouse.down()
    page.mouse.move(box["x"] + 380, box["y"] + 290, steps=4)
    page.mouse.up()
    eye = page.evaluate(CAMERA_AT_REST)
    move_slider(page, "Learning rate", 0.4)
    page.get_by_role("button", name="Loss: mean squared error").click()
    page.get_by_role("radio", name=re.compile("mean absolute error")).check()
    wait_until_drawn(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Step", exact=True).click()
    after = page.evaluate(CAMERA_AT_REST)
    assert [after[c] for c in "xyz"] == pytest.approx([eye[c] for c in "xyz"], abs=1e-3)
    page.locator("#home").click()


def test_switching_the_loss_keeps_start_and_rate(show_flat):
    page = show_flat("?rate=0.05&start=-1,1")
    page.get_by_role("button", name="Loss: mean squared error").click()
    page.get_by_role("radio", name=re.compile("^Huber")).check()
    wait_until_drawn(page)
    wait_for_query(page, "loss", "huber")
    assert query(page)["start"] == "-1,1"
    assert float(page.locator("#number-rate").input_value()) == 0.05


def test_play_runs_to_the_end_without_requests(show_flat):
    page = show_flat("?steps=12&k=0")
    requests = []
    page.on("request", lambda request: is_made_at_rest(request) or requests.append(request.url))
    page.get_by_role("button", name="Play").click()
    expect(page.locator("#scrub input")).to_have_value("12", timeout=30_000)
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    wait_for_query(page, "k", "12")
    assert requests == []
    expect(page.locator("#status")).to_contain_text("Step 12 of 12")


def test_step_back_scrub_reset(show_flat):
    page = show_flat("?k=7")
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.locator("#verdict")).to_contain_text("Step 8 of 60")
    page.get_by_role("button", name="Back", exact=True).click()
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.locator("#verdict")).to_contain_text("Step 6 of 60")
    page.get_by_label("Step", exact=True).locator("visible=true").last.fill("20")
    expect(page.locator("#verdict")).to_contain_text("Step 20 of 60")
    assert len(trace(page, "map", "past")[0]) == 21
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.locator("#verdict")).to_contain_text("Ready: 60 steps to go.")


def test_reduced_motion_plays_step_by_step(show_flat):
    page = show_flat("?steps=3&k=0", reduced_motion="reduce")
    page.evaluate("""() => { window.seen = []; new MutationObserver(() => window.seen.push(performance.now()))
        .observe(document.getElementById('verdict'), {childList: true}); }""")
    page.get_by_role("button", name="Play").click()
    expect(page.locator("#scrub input")).to_have_value("3")
    seen = page.evaluate("window.seen")
    assert len(seen) >= 3
    assert (seen[-1] - seen[0]) / (len(seen) - 1) > 300


def test_a_run_does_not_play_by_itself(show_flat):
    page = show_flat("?k=3")
    page.evaluate(
        """new Promise((done) => {
            let n = 30;
            const frame = () => (n-- ? requestAnimationFrame(frame) : done());
            frame();
        })"""
    )
    expect(page.locator("#scrub input")).to_have_value("3")


def test_back_goes_to_the_experiment_before(show_flat):
    page = show_flat()
    page.get_by_role("button", name="Loss: mean squared error").click()
    page.get_by_role("radio", name=re.compile("^Huber")).check()
    wait_until_drawn(page)
    wait_for_query(page, "loss", "huber")
    page.keyboard.press("Escape")
    page.go_back()
    expect(page.locator("#sentence")).to_contain_text("mean squared error")
    wait_until_drawn(page)
    page.go_forward()
    expect(page.locator("#sentence")).to_contain_text("Huber")


def test_slider_does_not_flood_the_history(open_flat):
    page = open_flat()
    before = page.evaluate("history.length")
    for fraction in (0.3, 0.35, 0.4, 0.45, 0.5):
        move_slider(page, "Learning rate", fraction)
    page.wait_for_function("new URLSearchParams(location.search).has('rate')")
    assert page.evaluate("history.length") == before


def test_broken_link_shows_its_notice(show_flat):
    page = show_flat("?rate=abc&loss=bce")
    notice = page.locator("#notice")
    expect(notice).to_contain_text("This link asked for rate=abc. Using 0.08 instead.")
    expect(notice).to_contain_text("This link asked for loss=bce. Using mse instead.")
    notice.get_by_role("button", name="Close").click()
    expect(notice).to_be_hidden()


def test_the_page_opens_with_a_slash_too_many(open_flat):
    page = open_flat("/?nonsense=1")
    assert page.evaluate("location.pathname") == "//"
    expect(page.locator("#notice")).to_contain_text("This link asked for nonsense=1.")
    move_slider(page, "Learning rate", 0.8)
    page.wait_for_function("new URLSearchParams(location.search).has('rate')")


def test_the_page_works_without_webgl(show_flat):
    page = show_flat("?k=5")
    expect(page.locator("#landscape")).to_contain_text("cannot draw in three dimensions")
    page.get_by_role("button", name="Step", exact=True).click()
    assert len(trace(page, "map", "past")[0]) == 7


def test_share_shows_this_moment(show_flat):
    page = show_flat("?rate=0.2&k=7")
    page.get_by_role("button", name="Step", exact=True).click()
    page.get_by_role("button", name="Share").click()
    link = page.locator("#share-link").inner_text()
    assert "rate=0.2" in link
    assert "k=8" in link
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#share-dialog")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390])
def test_phone_has_no_sideways_scroll(show_flat, width):
    page = show_flat(width=width, height=800)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("data", ["norris", "anscombe4", "spam"])
def test_data_are_switched_from_the_sentence(show_flat, data):
    page = show_flat()
    page.get_by_role("button", name="Data: house prices").click()
    page.locator(f"#menu input[value={data}]").check()
    wait_until_drawn(page)
    wait_for_query(page, "data", data)
    assert page.locator("#verdict").inner_text()


def test_standardize_is_a_visible_switch_in_the_link(show_flat):
    page = show_flat("?data=norris")
    page.get_by_role("button", name=re.compile("Data:")).click()
    page.get_by_role("checkbox", name="Standardize").uncheck()
    wait_until_drawn(page)
    wait_for_query(page, "standardize", "0")
    expect(page.locator("#sliders")).to_contain_text("limit 3.4 × 10⁻⁶")


def test_the_theme_follows_the_system_and_can_be_chosen(open_flat):
    page = open_flat(color_scheme="dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.get_by_role("button", name="Light or dark").click()
    wait_until_drawn(page)
    wait_for_query(page, "theme", "light")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_a_setting_in_a_menu_is_in_the_link(show_flat):
    page = show_flat("?loss=huber")
    page.get_by_role("button", name="Loss: Huber loss").click()
    expect(page.locator("#menu math").first).to_be_visible()
    page.get_by_label("δ, where squared becomes absolute", exact=True).fill("2")
    page.keyboard.press("Enter")
    wait_until_drawn(page)
    wait_for_query(page, "delta", "2")


def test_formulas_are_requested_once_when_a_menu_is_opened(open_flat):
    page = open_flat()
    requests = []
    page.on("request", lambda request: "formulas" in request.url and requests.append(request.url))
    page.locator("#word-loss").click()
    expect(page.locator("#menu math")).to_have_count(
        len(losses.allowed_losses(losses.DATASETS["houses"], "line")) + 1
    )
    page.keyboard.press("Escape")
    page.locator("#word-opt").click()
    expect(page.locator("#menu math")).to_have_count(len(losses.OPTIMIZERS))
    assert len(requests) == 1


def test_a_test_function_has_neither_model_nor_loss(show_flat):
    page = show_flat("?data=himmelblau&opt=momentum&k=7")
    expect(page.locator("#sentence")).to_have_text("On Himmelblau's function, walk downhill by momentum.")
    expect(page.locator("#data")).to_contain_text("x² + y")
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.locator("#verdict")).to_contain_text("Step 8")


def test_the_surface_of_a_network_is_called_a_slice(show_flat):
    page = show_flat("?data=moons&model=mlp")
    expect(page.locator("#landscape-caption")).to_have_text("a slice through 17 parameters")
    page.get_by_role("button", name="Model: a small neural network").click()
    page.locator("#menu select").select_option("random")
    wait_until_drawn(page)
    wait_for_query(page, "plane", "random")


def test_published_values_are_on_the_page(show_flat):
    page = show_flat()
    page.get_by_text("How accurate is this?").click()
    expect(page.get_by_role("row", name=re.compile("Norris, slope"))).to_contain_text("1.00211681802045")


def test_newton_converges_in_one_step_when_it_is_chosen(show_flat):
    page = show_flat("?k=1")
    page.locator("#word-opt").click()
    page.locator("#menu input[type=radio][value=newton]").check()
    wait_until_drawn(page)
    wait_for_query(page, "rate", "1")
    expect(page.locator("#number-rate")).to_have_value("1")
    expect(page.locator(".slider.rate .mark").first).to_have_text("best 1")
    expect(page.locator("#verdict")).to_contain_text("Arrived")
    page.locator("#word-opt").click()
    page.locator("#menu input[type=radio][value=gd]").check()
    wait_until_drawn(page)
    expect(page.locator("#number-rate")).to_have_value("0.08")
