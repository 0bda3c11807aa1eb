"""Serve the application and open its pages in Chromium, for tests and tools."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Browser, Page, Playwright, Response
from waitress.server import create_server

from app.server import create_app
from tools.support import chromium
from tools.support.server_processes import free_port

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
READY = "html[data-ready=true]"
TRAJECTORY_BEGINS_AT_HANDLE = """() => {
    const map = document.getElementById('map'), ring = document.querySelector('.ring');
    const { x, y } = map.data.find((trace) => trace.name === 'first');
    const { xaxis, yaxis } = map._fullLayout;
    const left = map.offsetLeft + xaxis._offset + xaxis.d2p(x[0]);
    const top = map.offsetTop + yaxis._offset + yaxis.d2p(y[0]);
    const place = getComputedStyle(ring);
    return Math.hypot(left - parseFloat(place.left), top - parseFloat(place.top)) < 1;
}"""
"""A script: whether the trajectory begins at the start handle."""
LEAVE = """() => {
    for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
    for (const folded of document.querySelectorAll('details[open]')) folded.open = false;
    for (const popover of document.querySelectorAll(':popover-open')) popover.hidePopover();
    localStorage.clear();
    sessionStorage.clear();
    scrollTo(0, 0);
}"""
"""A script: leave a page as one finds it, except for its link."""
FITTED = """() => [...document.querySelectorAll('.js-plotly-plot')].every((plot) => {
    const { width, height } = plot._fullLayout ?? {};
    return !width || !plot.clientWidth
        || (Math.abs(width - plot.clientWidth) < 2 && Math.abs(height - plot.clientHeight) < 2);
})"""
"""A script: whether all figures are as large as their cards, whose sizes another link may have changed."""
QUIET = ("willReadFrequently", "GL Driver Message", "GPU stall")
"""Parts of Chromium's warnings about Plotly's canvas, which do not count as faults of the page."""


@contextmanager
def serving(application: Callable[..., Any] | None = None) -> Iterator[str]:
    """Serve the application, or another WSGI application, with waitress and yield its address."""
    port = free_port()
    server = create_server(application or create_app().server, host="127.0.0.1", port=port, threads=8)

    def run() -> None:
        with suppress(OSError):  # closing takes the socket from a thread that waits for it
            server.run()

    threading.Thread(target=run, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.close()  # not joined: browsers keep connections open, so the thread ends with the process


def launch(playwright: Playwright, *, flat: bool = False, program: str | None = None) -> Browser:
    """Start Chromium, or the given program; a ``flat`` one has no WebGL and is much faster."""
    arguments = chromium.FLAT if flat else chromium.WITHOUT_CARD
    return playwright.chromium.launch(executable_path=program or chromium.path(), args=list(arguments))


class FaultWatcher:
    """Faults of a page: console messages, script errors, answers of 500, requests to other hosts."""

    def __init__(self, page: Page, home: str) -> None:
        self.faults: list[str] = []
        self.host = urlsplit(home).netloc
        page.on("console", lambda entry: self._console(entry.type, entry.text))
        page.on("pageerror", lambda error: self.faults.append(f"script: {error.message}"))
        page.on("response", self._response)
        page.on("request", lambda request: self._request(request.url))

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")

    def _request(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme in ("http", "https") and address.netloc != self.host:
            self.faults.append(f"went out: {url}")

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(quiet in text for quiet in QUIET):
            self.faults.append(f"console {kind}: {text}")


def open_page(browser: Browser, address: str, width: int = 1280, height: int = 800, **context: Any) -> Page:
    """Open ``address`` in a new page without waiting for it.

    ``context`` are options of Playwright's ``new_context``. While Playwright waits it evaluates text as a
    script, which the page's content security policy forbids. The policy is therefore bypassed unless
    ``bypass_csp=False``.
    """
    context.setdefault("bypass_csp", True)
    page = browser.new_context(viewport={"width": width, "height": height}, **context).new_page()
    return navigate(page, address)


def navigate(page: Page, address: str) -> Page:
    """Navigate a new page to ``address`` and watch it for faults."""
    page.set_default_timeout(30_000)
    page.watch = FaultWatcher(page, address)  # type: ignore[attr-defined]
    page.goto(address, wait_until="commit")
    return page


def visit(browser: Browser, address: str, width: int = 1280, height: int = 800, **context: Any) -> Page:
    """Open ``address`` in a new page and wait until it is drawn."""
    page = open_page(browser, address, width, height, **context)
    wait_until_drawn(page)
    return page


class PagePool:
    """Pages that share a process and its compiled scripts: all but the first open twice as fast.

    A page is opened by another one, its opener; there is one opener for each set of context options.
    """

    def __init__(self, browser: Browser, home: str) -> None:
        self.browser, self.home = browser, home
        self.openers: dict[str, Page] = {}
        self.shared: dict[str, Page] = {}

    def open(self, query: str = "", width: int = 1280, height: int = 800, **context: Any) -> Page:
        """Open a page with the given context options and wait until it is drawn."""
        options = repr(sorted(context.items()))
        if options not in self.openers:
            self.openers[options] = open_page(self.browser, f"{self.home}healthz", **context)
        opener = self.openers[options]
        with opener.context.expect_page() as opened:
            opener.evaluate("() => { open('about:blank'); }")
        page = opened.value
        page.set_viewport_size({"width": width, "height": height})
        wait_until_drawn(navigate(page, self.home + query))
        return page

    def show(self, query: str = "", width: int = 1280, height: int = 800, **context: Any) -> Page:
        """Show a link on the open page of its language and options: at most half the work of opening one.

        What was open is closed and what is stored is forgotten, but scripts that changed the page's own would
        stay: a user of them opens a page.
        """
        language = dict(parse_qsl(query.removeprefix("?"))).get("lang", "")
        key = f"{language} {sorted(context.items())}"
        page = self.shared.get(key)
        if page is None or page.is_closed():
            self.shared[key] = self.open(query, width, height, **context)
            return self.shared[key]
        page.unroute_all()
        page.mouse.move(0, 0)
        page.evaluate(LEAVE)
        page.set_viewport_size({"width": width, "height": height})
        show_link(page, query)
        page.wait_for_function(FITTED)
        return page


def wait_until_drawn(page: Page) -> None:
    """Wait until the page has drawn the responses to all its requests."""
    page.locator(READY).wait_for(state="attached")


def show_link(page: Page, query: str) -> None:
    """Show another link on an open page, as Back and Forward do; much faster than a new page."""
    page.evaluate(
        """(link) => {
            document.activeElement.blur();
            document.documentElement.dataset.ready = "false";
            history.replaceState(null, "", link || location.pathname);
            dispatchEvent(new PopStateEvent("popstate"));
        }""",
        query,
    )
    wait_until_drawn(page)
