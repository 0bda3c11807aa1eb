"""A real server and a real browser, for the tests and for ``make look``."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Playwright
from waitress.server import create_server

from app.server import create_app
from tools.support import chromium

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
READY = "html[data-ready=true]"
BEGINS_HERE = """() => {
    const map = document.getElementById('map'), ring = document.querySelector('.ring');
    const { x, y } = map.data.find((trace) => trace.name === 'first');
    const { xaxis, yaxis } = map._fullLayout;
    const [left, top] = [map.offsetLeft + xaxis._offset + xaxis.d2p(x[0]), map.offsetTop + yaxis._offset + yaxis.d2p(y[0])];
    return Math.hypot(left - parseFloat(ring.style.left), top - parseFloat(ring.style.top)) < 1;
}"""
"""Whether the path begins where the ring is."""
QUIET = ("willReadFrequently", "GL Driver Message", "GPU stall")
"""Chromium's own advice about Plotly's canvas, not faults of the page."""


@contextmanager
def serving() -> Iterator[str]:
    """The address of the application, served as ``losslab`` serves it."""
    server = create_server(create_app().server, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}/"
    finally:
        server.close()  # its thread ends with the process: browsers keep their lines open


def launch(playwright: Playwright, *, flat: bool = False) -> Browser:
    """A browser; a ``flat`` one cannot draw in three dimensions, and draws much faster."""
    arguments = chromium.FLAT if flat else chromium.SOLID
    return playwright.chromium.launch(executable_path=chromium.path(), args=list(arguments))


class Watch:
    """What went wrong on a page: console, scripts, answers of 500, requests to other hosts."""

    def __init__(self, page: Page, home: str) -> None:
        self.faults: list[str] = []
        host = urlsplit(home).netloc
        page.on("console", lambda said: self._console(said.type, said.text))
        page.on("pageerror", lambda error: self.faults.append(f"script: {error.message}"))
        page.on("response", lambda r: r.status >= 500 and self.faults.append(f"{r.status} {r.url}"))
        page.on(
            "request",
            lambda r: (
                urlsplit(r.url).scheme in ("http", "https")
                and urlsplit(r.url).netloc != host
                and self.faults.append(f"went out: {r.url}")
            ),
        )

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(quiet in text for quiet in QUIET):
            self.faults.append(f"console {kind}: {text}")


def begin(browser: Browser, address: str, width: int = 1280, height: int = 800, **context: Any) -> Page:
    """A page on its way to ``address``.

    Playwright's own waiting evaluates text, which the page's policy forbids,
    so the policy is set aside unless a test says ``bypass_csp=False``.
    """
    context.setdefault("bypass_csp", True)
    page = browser.new_context(viewport={"width": width, "height": height}, **context).new_page()
    return sent(page, address)


def sent(page: Page, address: str) -> Page:
    """A new page, watched, on its way."""
    page.set_default_timeout(30_000)
    page.watch = Watch(page, address)  # type: ignore[attr-defined]
    page.goto(address, wait_until="commit")
    return page


def visit(browser: Browser, address: str, width: int = 1280, height: int = 800, **context: Any) -> Page:
    """A page at ``address`` that has drawn its first picture."""
    page = begin(browser, address, width, height, **context)
    settled(page)
    return page


class PagePool:
    """Pages of one kind share a process, and with it the scripts that it has compiled: all but the first open twice as fast."""

    def __init__(self, browser: Browser, home: str) -> None:
        self.browser, self.home = browser, home
        self.openers: dict[str, Page] = {}

    def open(self, query: str = "", width: int = 1280, height: int = 800, **context: Any) -> Page:
        """A page that has drawn its first picture, all else alike to another of its ``context``."""
        kind = repr(sorted(context.items()))
        if kind not in self.openers:
            self.openers[kind] = begin(self.browser, f"{self.home}healthz", **context)
        opener = self.openers[kind]
        with opener.context.expect_page() as opened:
            opener.evaluate("() => { open('about:blank'); }")
        page = opened.value
        page.set_viewport_size({"width": width, "height": height})
        settled(sent(page, self.home + query))
        return page


def settled(page: Page) -> None:
    """Wait until everything asked for has been drawn."""
    page.locator(READY).wait_for(state="attached")


def turn(page: Page, query: str) -> None:
    """Show another link on an open page, as Back and Forward do: many times faster than opening it."""
    page.evaluate(
        """(link) => {
            document.activeElement.blur();
            document.documentElement.dataset.ready = "false";
            history.replaceState(null, "", link || location.pathname);
            dispatchEvent(new PopStateEvent("popstate"));
        }""",
        query,
    )
    settled(page)
