"""Marks that the page moves itself are where Plotly would draw them."""

import numpy as np
import pytest

from tests.support.page_actions import FILLS_CARD
from tests.support.page_actions import query as query_of
from tools.support.browser_pages import show_link, wait_until_drawn

MARKS = """(view) => {
    const box = document.getElementById(view).getBoundingClientRect();
    const corner = (mark, share) => mark.getPointAtLength(share * mark.getTotalLength())
        .matrixTransform(mark.getScreenCTM());
    const reach = (mark) => {
        const corners = Array.from({ length: 60 }, (_, i) => corner(mark, i / 60));
        const [x, y] = [corners.map((c) => c.x - box.x), corners.map((c) => c.y - box.y)];
        return [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)];
    };
    return [...document.querySelectorAll(`#${view} .scatterlayer .trace`)].map((trace) => [
        [...trace.querySelectorAll('.js-line')].map((line) => line.getAttribute('d'))
            .filter((d) => d !== 'M0,0').join(''),
        [...trace.querySelectorAll('path.point')]
            .filter((mark) => mark.getAttribute('transform') !== 'scale(0)').map(reach),
    ]);
}"""
OTHER_START = "(before) => new URLSearchParams(location.search).get('start') !== before"
REDRAWN = (
    "(view) => Plotly.newPlot(view, document.getElementById(view).data, document.getElementById(view).layout)"
)


def line_extent(drawn):
    """Return the first and last point of an SVG path, and its lower and upper bounds.

    Inner points are not compared, because Plotly omits points on straight lines.
    Coordinates are clipped, because it cuts lines far outside the screen.
    """
    pairs = [pair.split(",") for pair in drawn.replace("M", "L").split("L") if pair]
    places = np.clip(np.array(pairs, dtype=float), -2000, 4000)
    return [places[0], places[-1], places.min(axis=0), places.max(axis=0)] if len(places) else []


@pytest.mark.parametrize(
    ("query", "views"),
    [
        ("?k=0", ("map", "data", "detail")),
        ("?rate=1.2&k=0", ("map", "detail")),
        ("?data=ravine&opt=momentum&race=adam&k=0", ("map", "detail")),
        ("?data=spam&vs=mse&start=-6,6&k=0", ("map", "data", "detail")),
    ],
)
def test_marks_are_where_plotly_draws_them(open_flat, query, views):
    page = open_flat(query)
    for _ in range(4):
        page.locator("#step").click()
    before = query_of(page).get("start")
    page.locator(".ring").press("Shift+ArrowUp")
    page.wait_for_function(OTHER_START, arg=before)
    wait_until_drawn(page)
    for view in views:
        page.wait_for_function(FILLS_CARD, arg=view)
    moved = {view: page.evaluate(MARKS, view) for view in views}
    for view in views:
        page.evaluate(REDRAWN, view)
        moved_marks, drawn_marks = (
            [mark for mark in marks if any(mark)] for marks in (moved[view], page.evaluate(MARKS, view))
        )
        assert len(moved_marks) == len(drawn_marks) > 1
        for (line, points), (drawn_line, drawn_points) in zip(moved_marks, drawn_marks, strict=True):
            np.testing.assert_allclose(line_extent(line), line_extent(drawn_line), atol=0.3, err_msg=view)
            np.testing.assert_allclose(points, drawn_points, atol=0.5, err_msg=view)


SAVE_IMAGE = """async () => {
    const { width, height } = document.querySelector('#landscape canvas');
    const image = new Image();
    image.src = document.getElementById('landscape')._fullLayout.scene._scene.toImage('png');
    await image.decode();
    const pen = Object.assign(document.createElement('canvas'), { width, height })
        .getContext('2d', { willReadFrequently: true });
    pen.drawImage(image, 0, 0, width, height);
    return (window.pictures ??= []).push(pen.getImageData(0, 0, width, height).data) - 1;
}"""
"""Save an image of the landscape in the page; the result is its index."""
DIFFERENT_PIXELS = """([one, other]) => {
    const [a, b] = [one, other].map((i) => window.pictures[i]);
    let [count, far] = [0, 40]; // of 255: more than smoothing makes of one edge in two pictures
    for (let i = 0; i < a.length; i += 4)
        count += [0, 1, 2, 3].some((band) => Math.abs(a[i + band] - b[i + band]) > far);
    return count;
}"""
"""The number of pixels that differ between two saved images."""


@pytest.mark.parametrize(
    "query", ["?rate=1.2&steps=30", "?data=himmelblau&opt=adam&rate=0.5", "?start=-2.6,-0.4&rate=0.02"]
)
def test_the_landscape_after_steps_equals_that_of_its_link(show, query):
    """A step changes the range of points that WebGL draws; a new link uploads only its points."""
    page = show(f"{query}&k=3", width=800, height=600)
    before = page.evaluate(SAVE_IMAGE)
    for _ in range(3):
        page.locator("#step").click()
    played = page.evaluate(SAVE_IMAGE)
    assert page.evaluate(DIFFERENT_PIXELS, [before, played]) > 100
    show_link(page, f"{query}&k=6")
    assert page.evaluate(DIFFERENT_PIXELS, [played, page.evaluate(SAVE_IMAGE)]) < 5


RECORD_TEXT_HEIGHT = """() => {
    const { traces } = document.getElementById('landscape')._fullLayout.scene._scene;
    for (const { glyphBuffer } of Object.values(traces).map((trace) => trace.textMarkers).filter(Boolean)) {
        const update = glyphBuffer.update;
        glyphBuffer.update = function (places) {
            const ups = [...places].filter((place, i) => i % 2);
            if (ups.length) window.letters = Math.max(...ups) - Math.min(...ups);
            return update.call(this, places);
        };
    }
}"""


def test_text_in_the_landscape_keeps_its_size(show):
    """Plotly doubles the size of text when it updates its position."""
    page = show("?rate=1.2&k=20", width=800, height=600)
    page.evaluate(RECORD_TEXT_HEIGHT)
    height = "[window.letters, window.letters = null][0]"
    page.locator("#step").click()
    assert 10 < page.evaluate(height) < 14, "the height of capitals at a font size of 14"
    show_link(page, "?rate=1.25&k=20&data=outlier")
    assert 10 < page.evaluate(height) < 14


COUNT_DRAWINGS = """(count) => {
    const { glplot } = document.getElementById('landscape')._fullLayout.scene._scene;
    const { drawingBufferWidth: width, drawingBufferHeight: height } = glplot.gl;
    const clear = glplot.gl.clear;
    glplot.gl.clear = function (mask) {
        const onScreen = !this.getParameter(this.FRAMEBUFFER_BINDING);
        window.drawings = (window.drawings ?? 0) + onScreen;
        return clear.call(this, mask);
    };
}"""


def test_another_landscape_is_drawn_once_by_plotly_and_once_by_the_page(open_page):
    """Without a graphics card drawing it is half the work of opening a page."""
    page = open_page("", width=700, height=500)
    page.evaluate(COUNT_DRAWINGS)
    show_link(page, "?data=himmelblau")
    assert page.evaluate("window.drawings") == 2


RECORD_MEASUREMENTS = """() => {
    window.measured = [];
    const note = (name) => measured.push(`${name} ${new Error().stack.split('\\n').slice(3, 5)}`);
    const asked = {
        Element: ['clientWidth', 'clientHeight', 'scrollWidth', 'scrollHeight', 'scrollTop'],
        HTMLElement: ['offsetWidth', 'offsetHeight', 'offsetLeft', 'offsetTop', 'innerText'],
    };
    for (const [kind, names] of Object.entries(asked)) for (const name of names) {
        const { get, ...more } = Object.getOwnPropertyDescriptor(window[kind].prototype, name);
        Object.defineProperty(window[kind].prototype, name,
            { ...more, get() { note(name); return get.call(this); } });
    }
    const functions = [
        [Element.prototype, 'getBoundingClientRect'],
        [SVGGraphicsElement.prototype, 'getBBox'],
        [window, 'getComputedStyle'],
    ];
    for (const [owner, name] of functions) {
        const plain = owner[name];
        owner[name] = function (...all) { note(name); return plain.apply(this, all); };
    }
}"""


def test_playing_a_run_triggers_no_layout(open_page):
    """Reading a size during a frame would force the browser to compute the layout.

    The mark where the run has landed and the handles on the line are placed by CSS.
    """
    page = open_page("?k=0&steps=30", width=700, height=500)
    page.evaluate(RECORD_MEASUREMENTS)
    page.locator("#play").click()
    page.wait_for_function("document.querySelector('#scrub input').value === '30'")
    measured = page.evaluate("measured.filter((where) => !/polyfill|evaluate|eval at/.test(where))")
    assert measured == []
    page.evaluate("document.body.clientWidth")
    assert page.evaluate("measured.length") > 0
