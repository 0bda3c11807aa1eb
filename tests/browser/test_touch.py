"""Dragging with a finger, and scrolling the page with one."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.support.page_actions import trace
from tools.support.browser_pages import PHONE, wait_until_drawn


def swipe(page, x, y, across=0, down=0):
    """Send the touch events of a finger that moves from a point, in pixels."""
    touch = page.context.new_cdp_session(page)
    for fraction in (0, 0.1, 0.4, 0.7, 1):
        kind = "touchMove" if fraction else "touchStart"
        points = [{"x": x + fraction * across, "y": y + fraction * down}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.evaluate("new Promise(requestAnimationFrame)")
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def wait_until_still(page):
    """Wait until the page has kept its place for ten frames, as it does once a swipe has run out."""
    page.evaluate(
        """async () => {
            for (let still = 0, top = scrollY; still < 10; still += 1) {
                await new Promise(requestAnimationFrame);
                if (scrollY !== top) still = 0;
                top = scrollY;
            }
        }"""
    )


def test_the_start_is_dragged_with_a_finger(show_flat):
    phone = show_flat("", **PHONE)
    phone.locator(".ring").scroll_into_view_if_needed()
    box = phone.locator(".ring").bounding_box()
    before = trace(phone, "map", "first")
    swipe(phone, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, across=60)
    wait_until_drawn(phone)
    after = trace(phone, "map", "first")
    assert after[0][0] > before[0][0] + 0.3
    assert after[1][0] == pytest.approx(before[1][0], abs=0.1)


EXAMPLE_POSITION = """([view, row]) => {
    const element = document.getElementById(view);
    element.scrollIntoView({ block: 'center' });
    const { xaxis, yaxis } = element._fullLayout;
    const traces = element.data.map((trace, i) => [trace, element._fullData[i]])
        .filter(([trace]) => trace.meta === 'examples');
    const [[trace, full, at]] = traces.map(([trace, full]) => [trace, full, trace.customdata.indexOf(row)])
        .filter(([, , at]) => at >= 0);
    const box = element.getBoundingClientRect();
    const [x, y] = [(trace.x?.length ? trace : full).x[at], (trace.y?.length ? trace : full).y[at]];
    return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)];
}"""


def link_value(page, key):
    """Return the value of a key in the page's address, empty if there is none."""
    return dict(parse_qsl(urlsplit(page.url).query)).get(key, "")


def test_an_isolated_example_is_dragged_with_a_finger(show_flat):
    """It is the outlier, which the lesson asks to drag."""
    phone = show_flat("?s=outlier&a=1", **PHONE)
    swipe(phone, *phone.evaluate(EXAMPLE_POSITION, ["data", 19]), down=-30)
    wait_until_drawn(phone)
    phone.wait_for_function("location.search.includes('edit')")
    assert -8 < float(link_value(phone, "edit").removeprefix("19:")) < -4


def test_an_example_among_others_is_dragged_only_after_a_tap(show_flat):
    phone = show_flat("?s=outlier&a=1", **PHONE)
    before = phone.evaluate(EXAMPLE_POSITION, ["data", 10])
    top = phone.evaluate("scrollY")
    swipe(phone, *before, down=-120)
    phone.wait_for_function("(top) => scrollY > top + 30", arg=top)
    assert "edit" not in phone.url
    wait_until_still(phone)
    phone.touchscreen.tap(*phone.evaluate(EXAMPLE_POSITION, ["data", 10]))
    phone.wait_for_selector("#data ~ .example:not(.idle)")
    swipe(phone, *phone.evaluate(EXAMPLE_POSITION, ["data", 10]), down=-40)
    wait_until_drawn(phone)
    phone.wait_for_function("location.search.includes('edit')")
    assert "10:" in link_value(phone, "edit")


def test_a_dot_of_the_lens_is_dragged_with_a_finger(show_flat):
    phone = show_flat("?s=confident&a=1&k=60", **PHONE)
    x, y = phone.evaluate(EXAMPLE_POSITION, ["detail", 20])
    swipe(phone, x, y, across=-60)
    wait_until_drawn(phone)
    phone.wait_for_function("location.search.includes('start')")
    assert phone.evaluate(EXAMPLE_POSITION, ["detail", 20])[0] == pytest.approx(x - 60, abs=4)


def test_the_page_scrolls_under_a_finger_on_a_plot(show_flat):
    phone = show_flat("", **PHONE)
    phone.evaluate("scrollTo(0, 0)")
    box = phone.locator("#map").bounding_box()
    swipe(phone, box["x"] + box["width"] - 40, box["y"] + box["height"] / 2, down=-200)
    phone.wait_for_function("scrollY > 100")
