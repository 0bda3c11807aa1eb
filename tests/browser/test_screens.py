"""Where things stand: a projector's lesson, letters twice as large, a small phone; nothing covers anything or is cut."""

import pytest

from app.lessons import LESSONS
from tools.support import browser_pages, chromium
from tools.support.browser_pages import turn

ANSWERS = {lesson.key: "0" if lesson.choices else "0,0" for lesson in LESSONS.values()}
OUT_OF_PLACE = """() => {
    const shown = [...document.querySelectorAll('main .card, .top, .sentence')].filter((e) => e.checkVisibility());
    const boxes = shown.map((e) => [e.className, e.getBoundingClientRect()]);
    const beyond = boxes.filter(([, box]) => box.bottom > innerHeight || box.right > innerWidth || box.left < 0);
    const over = boxes.flatMap(([name, a], i) => boxes.slice(i + 1)
        .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
        .map(([other]) => `${name} / ${other}`));
    return [...beyond.map(([name]) => name), ...over];
}"""
"""Cards that lie beyond the screen, and those that lie over one another."""
PLOTS = "() => [...document.querySelectorAll('.plot:not(:has(.flat))')].filter((e) => e.checkVisibility({ visibilityProperty: true })).map((e) => [e.clientWidth, e.clientHeight])"
LEFTMOST = """() => {
    const plot = document.getElementById('landscape');
    const { _scene: scene, xaxis, yaxis, zaxis } = plot._fullLayout.scene;
    const { view, projection, model } = scene.glplot.cameraParams;
    const through = (m, p) => [0, 1, 2, 3].map((i) => p.reduce((sum, value, j) => sum + m[4 * j + i] * value, 0));
    const at = [0, 1].flatMap((x) => [0, 1].flatMap((y) => [0, 1].map((z) => {
        const corner = [xaxis.range[x], yaxis.range[y], zaxis.range[z]].map((value, i) => value * scene.dataScale[i]);
        const [across, , , deep] = through(projection, through(view, through(model, corner.concat(1))));
        return (1 + across / deep) / 2 * plot.clientWidth;
    })));
    return Math.min(...at);
}"""
"""How many pixels the landscape's leftmost corner is from the edge of its card."""


@pytest.fixture(scope="module")
def projector(home, flat_browser):
    page = browser_pages.visit(flat_browser, home + "?theme=projector")
    yield page
    page.context.close()


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("answered", [False, True])
def test_a_projector_s_lesson_stands_beside_the_whole_experiment(projector, lesson, answered):
    turn(projector, f"?s={lesson}&theme=projector" + (f"&a={ANSWERS[lesson]}" if answered else ""))
    assert projector.evaluate(OUT_OF_PLACE) == []
    sizes = projector.evaluate(PLOTS)
    assert len(sizes) >= 3
    assert min(width for width, _ in sizes) >= 180
    assert min(height for _, height in sizes) >= 110


@pytest.fixture(scope="module")
def large(playwright, home):
    """A reader's browser whose letters are twice as large."""
    flags = (*chromium.FLAT, "--blink-settings=defaultFontSize=32")
    browser = playwright.chromium.launch(executable_path=chromium.path(), args=list(flags))
    yield lambda link, **more: browser_pages.visit(browser, home + link, **more)
    browser.close()


def visible(page, selector):
    """How many pixels of it are on the first screen."""
    box = page.locator(selector).bounding_box()
    return min(box["y"] + box["height"], page.viewport_size["height"]) - box["y"]


@pytest.mark.parametrize("link", ["?s=goldilocks&a=0", "?s=mismatch&a=1"])
def test_in_letters_twice_as_large_an_answer_scrolls_and_the_map_is_seen(large, link):
    """Room is measured in letters, as the reader's browser makes them."""
    page = large(link)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "30px"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert visible(page, "#map") > 200
    assert page.evaluate("getComputedStyle(document.querySelector('.dock')).position") == "static"
    page.locator("#lesson").get_by_role("button", name="Next").scroll_into_view_if_needed()
    assert page.evaluate("scrollY") == 0, "the way on is on the first screen"
    page.context.close()


def test_in_letters_twice_as_large_a_phone_s_map_is_above_its_player_and_nothing_sticks(large):
    page = large("?s=goldilocks&a=0", **browser_pages.PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert visible(page, "section.map") > 60
    tops = [
        page.locator(name).bounding_box()["y"]
        for name in ("#lesson", "#sentence", "section.map", ".dock", "#sliders")
    ]
    assert tops == sorted(tops)
    page.context.close()


@pytest.mark.parametrize(("width", "room"), [(1280, 66), (390, 40)])
def test_a_landscape_leaves_room_to_the_letters_beside_it(open_page, width, room):
    page = open_page("?data=saddle", width=width)
    for link in ("?data=saddle", "?data=saddle&start=-1.8,1", "?"):
        turn(page, link)
        assert page.evaluate(LEFTMOST) >= room, link


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_small_phone_s_header_is_one_row(open_flat, lang):
    page = open_flat(f"?lang={lang}", **browser_pages.PHONE | {"width": 320})

    def row():
        boxes = [box.bounding_box() for box in page.locator(".tools > :visible, .brand:visible").all()]
        return {box["y"] + box["height"] / 2 for box in boxes}, min(box["x"] for box in boxes)

    middles, left = row()
    assert max(middles) - min(middles) < 3
    page.locator("#step").tap()
    page.locator("#again").wait_for()
    middles, left = row()
    assert max(middles) - min(middles) < 3
    assert left >= 12
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_projector_s_link_on_a_phone_has_a_header_of_two_rows(open_flat, lang):
    """What goes on stands in the first, beside the brand."""
    page = open_flat(f"?theme=projector&lang={lang}", **browser_pages.PHONE | {"width": 360})
    rows = [
        {
            round(box["y"] + box["height"] / 2) // 4
            for name in row
            if (box := page.locator(name).bounding_box())
        }
        for row in ((".brand", "#share"), ("#lessons", "#theme", "#language"))
    ]
    assert [len(row) for row in rows] == [1, 1]
    assert min(rows[0]) < min(rows[1])


def test_the_list_of_lessons_is_whole_on_a_phone_and_made_for_fingers(open_flat):
    page = open_flat(**browser_pages.PHONE)
    page.locator("#lessons summary").tap()
    box = page.locator("#lessons .list").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert all(link.bounding_box()["height"] >= 44 for link in page.locator("#lessons a").all())


def test_nothing_moves_when_a_run_is_told_in_two_lines(open_flat):
    page = open_flat()
    before = page.locator("section.map").bounding_box()
    turn(page, "?rate=1.2&k=40")
    assert page.locator(".verdict").bounding_box()["height"] > 30, "two lines"
    assert page.locator("section.map").bounding_box() == before


@pytest.mark.parametrize("lesson", ["outlier", "mismatch", "scaling"])
@pytest.mark.parametrize("answered", [False, True])
def test_an_embedded_comparison_leaves_its_figures_room(open_flat, lesson, answered):
    page = open_flat(
        f"?s={lesson}&embed=1" + (f"&a={ANSWERS[lesson]}" if answered else ""), width=800, height=600
    )
    assert page.evaluate("document.documentElement.scrollHeight") <= 600
    for plot in ("#map", "#map-2", "#data"):
        assert page.locator(plot).bounding_box()["height"] >= 140


def test_a_caption_gives_way_to_longer_keys(open_flat):
    page = open_flat()
    page.evaluate(
        "document.getElementById('basins').textContent = 'Was von jedem Startpunkt aus gefunden wird'"
    )
    caption, keys = (page.locator(f"section.map {part}").bounding_box() for part in (".caption", ".keys"))
    assert caption["x"] + caption["width"] <= keys["x"] + 1
    assert keys["y"] + keys["height"] <= page.locator("#map").bounding_box()["y"] + 1
