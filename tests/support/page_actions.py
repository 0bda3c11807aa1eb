"""What browser tests do on the page and read from it."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tools.support.browser_pages import wait_until_drawn

CAMERA_AT_REST = """new Promise((done) => {
    const eye = () => document.getElementById('landscape')._fullLayout.scene._scene.getCamera().eye;
    let [last, calm] = [null, 0];
    const frame = () => {
        const now = JSON.stringify(eye());
        calm = now === last ? calm + 1 : 0;
        last = now;
        if (calm > 12) done(eye()); else requestAnimationFrame(frame);
    };
    frame();
})"""
"""A promise of the camera of the landscape, once it has stopped moving."""
FILLS_CARD = (
    "(view, e = document.getElementById(view)) => Math.abs(e._fullLayout.height - e.clientHeight) < 1"
)
"""Whether Plotly's figure has the height of its element."""


def is_made_at_rest(request):
    """Whether a request follows from no action: that of the icon, and of the curve on the rate's slider."""
    return request.url.endswith("icon.svg") or "/arrivals?" in request.url


def query(page):
    """Return the parameters of the page's address."""
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def trace(page, view, name):
    """Return x and y of the trace ``name`` of a view, as drawn now."""
    return page.evaluate(
        """([view, name]) => {
            const shown = document.getElementById(view).data.find((trace) => trace.name === name);
            return [Array.from(shown.x), Array.from(shown.y)];
        }""",
        [view, name],
    )


def wait_for_query(page, key, value):
    """Wait until a parameter of the page's address has a value."""
    page.wait_for_function(
        "([key, value]) => new URLSearchParams(location.search).get(key) === value", arg=[key, value]
    )


def move_slider(page, label, fraction):
    """Move the slider with a label to a fraction of its range."""
    page.get_by_label(label, exact=False).first.evaluate(
        """(input, fraction) => {
            input.value = fraction * input.max;
            input.dispatchEvent(new Event('input', {bubbles: true}));
        }""",
        fraction,
    )
    wait_until_drawn(page)


def screen_position(page, view, x, y):
    """Return the screen position of the point ``(x, y)`` of a view, in pixels."""
    return page.evaluate(
        """([view, x, y]) => {
            const element = document.getElementById(view);
            const { xaxis, yaxis } = element._fullLayout;
            const box = element.getBoundingClientRect();
            return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)];
        }""",
        [view, x, y],
    )


def choose_view(page, name):
    """Choose a detail view by its name in the menu."""
    page.locator("#word-view").click()
    page.get_by_role("radio", name=re.compile(f"^{name}")).check()
    wait_until_drawn(page)
    page.keyboard.press("Escape")


def open_paste_dialog(page, name="Use your own data…"):
    """Open the dialog for pasting data and return it."""
    page.locator("#word-data").click()
    page.get_by_role("button", name=name).click()
    return page.locator("#paste-dialog")


def use_custom_data(page, text):
    """Paste a text, use it once it is a dataset, and return what the dialog said about it."""
    paste = open_paste_dialog(page)
    paste.locator("textarea").fill(text)
    expect(paste.get_by_role("button", name="Use these data")).to_be_enabled()
    told = paste.locator(".outcome").inner_text()
    paste.get_by_role("button", name="Use these data").click()
    wait_until_drawn(page)
    return told
