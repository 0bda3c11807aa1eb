"""Times of the page on a phone that Chromium imitates: a quarter of the processor, a line of 9 Mbit/s."""

import random
import statistics
import string
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from tools.bench import browser as desktop
from tools.bench.measure import Row
from tools.support import browser_pages

SLOWER: Final = 4
"""Factor by which the processor is slowed."""
BYTES_A_SECOND: Final = 9e6 / 8
LATENCY_MS: Final = 40
MAX_FRAME_MS: Final = 33.0
"""Script, style and layout of a frame in which a finger drags the start: thirty frames a second."""
DRAG_STEPS: Final = 40
VISITS: Final = 3


@dataclass(frozen=True)
class File:
    """A file of another page: its name and the bytes that it takes on the line."""

    name: str
    bytes: int


PLAYGROUND: Final = (
    File("index.html", 6_346),
    File("bundle.css", 23_831),
    File("lib.js", 65_693),
    File("bundle.js", 12_009),
    File("favicon.png", 20_333),
)
"""The files of TensorFlow Playground, compressed by gzip, and its icon; its fonts are left out.

Counted on 2026-11-28 in the branch ``gh-pages`` of https://github.com/tensorflow/playground, commit 37634de
of 2017-03-09, which is what https://playground.tensorflow.org serves.
"""
TOUCH_PATH = """(target) => new Promise((resolve) => {
    const box = target.getBoundingClientRect();
    let x = box.x + box.width / 2, count = 0, begin = 0;
    const y = box.y + box.height / 2;
    const send = (type) => target.dispatchEvent(new PointerEvent(type, {
        clientX: x, clientY: y, bubbles: true, isPrimary: true, pointerId: 1, pointerType: "touch" }));
    const frame = (now) => {
        begin ||= now;
        if (count++ === STEPS) { send("pointerup"); resolve((now - begin) / STEPS); return; }
        x += 1;
        send("pointermove");
        requestAnimationFrame(frame);
    };
    send("pointerdown");
    requestAnimationFrame(frame);
})""".replace("STEPS", str(DRAG_STEPS))
"""A script: drag by touch, one move a frame; gives the milliseconds of a frame."""


def throttled(page: Page) -> Page:
    """Slow the page's processor and its line."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    conditions = {"offline": False, "latency": LATENCY_MS}
    speeds = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND / 4}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", conditions | speeds)
    return page


def phone_page(browser: Browser) -> Page:
    """Return an empty page of a throttled phone."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, bypass_csp=True
    )
    return throttled(context.new_page())


def surface_time(browser: Browser, address: str, plot: str) -> float:
    """Return the milliseconds from navigation until the surface of a figure is drawn."""
    page = phone_page(browser)
    page.context.add_init_script(f"({desktop.WATCH_SURFACE})('{plot}')")
    browser_pages.navigate(page, address)
    page.wait_for_function("window.surfaceDrawnAt", timeout=120_000)
    time = float(page.evaluate("surfaceDrawnAt"))
    page.context.close()
    return time


def load_time(browser: Browser, address: str) -> float:
    """Return the milliseconds from navigation until a page and its files are loaded."""
    page = phone_page(browser)
    page.goto(address, wait_until="load")
    page.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd")
    time = float(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
    page.context.close()
    return time


class CountedFiles(BaseHTTPRequestHandler):
    """Serve files of the sizes of ``PLAYGROUND``, which hold nothing but comments."""

    def do_GET(self) -> None:
        """Answer with the file of the path, or the page."""
        name = self.path.strip("/") or PLAYGROUND[0].name
        size = next((file.bytes for file in PLAYGROUND if file.name == name), 0)
        kind = {"html": "text/html", "css": "text/css", "js": "text/javascript", "png": "image/png"}
        head, comment = b"", (b"/*", b"*/")
        if name == PLAYGROUND[0].name:
            head, comment = _head().encode(), (b"<!--", b"-->")
        filling = size - len(head) - sum(map(len, comment))
        body = head + comment[0] + noise(filling) + comment[1]
        self.send_response(200)
        self.send_header("Content-Type", kind[name.rpartition(".")[2]])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Log nothing."""


def noise(size: int) -> bytes:
    """Return letters that no compression makes shorter than their number suggests."""
    return "".join(random.Random(size).choices(string.ascii_letters, k=max(size, 0))).encode()


def _head() -> str:
    tags = {"css": '<link rel="stylesheet" href="{}">', "js": '<script src="{}"></script>'}
    tags["png"] = '<link rel="icon" href="{}">'
    return "<!doctype html><title>.</title>" + "".join(
        tags[file.name.rpartition(".")[2]].format(file.name) for file in PLAYGROUND[1:]
    )


@contextmanager
def counted_page() -> Iterator[str]:
    """Serve a page with the bytes and files of TensorFlow Playground and yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), CountedFiles)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def first_visits(browser: Browser, ours: str, standard: str) -> Iterator[Row]:
    """Compare the first visit with a stock Dash page and with the bytes of TensorFlow Playground."""
    times: list[tuple[float, float, float]] = []
    with counted_page() as counted:
        for _ in range(VISITS):
            mine = surface_time(browser, ours, "#landscape")
            dash = surface_time(browser, standard, "#plot")
            times.append((mine, dash, load_time(browser, counted)))
    mine, dash, bare = (statistics.median(column) for column in zip(*times, strict=True))
    name = "phone, from navigation to the first surface: stock Dash page / ours"
    yield Row(name, dash / mine, 1.0, note=f"{dash:.0f} ms / {mine:.0f} ms")
    name = "phone, the same in loads of the bytes of TensorFlow Playground"
    yield Row(name, mine / bare, 30.0, most=True, note=f"{mine:.0f} ms / {bare:.0f} ms")


def dragged_start(browser: Browser, ours: str, standard: str) -> Iterator[Row]:
    """Compare script, style and layout of a frame, while a finger drags the start, with their limit."""
    page = phone_page(browser)
    browser_pages.navigate(page, ours)
    browser_pages.wait_until_drawn(page)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def seconds() -> float:
        metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
        return float(sum(metrics[f"{kind}Duration"] for kind in ("Script", "Layout", "RecalcStyle")))

    ring = page.locator(".ring").element_handle()
    page.evaluate(TOUCH_PATH, ring)  # the page notices how slow redraws are
    before = seconds()
    frame = float(page.evaluate(TOUCH_PATH, ring))
    work = 1e3 * (seconds() - before) / DRAG_STEPS
    page.context.close()
    name = "phone, script and layout of a frame while the start is dragged, of 33 ms"
    yield Row(name, work / MAX_FRAME_MS, 1.0, most=True, note=f"{work:.1f} ms of a frame of {frame:.0f} ms")


ROWS: Final = (first_visits, dragged_start)


def rows(limits_of_machine: dict[str, float]) -> Iterator[Row]:
    """Measure first visits and a dragged start."""
    yield from _rows(())


def _rows(names: Sequence[str]) -> Iterator[Row]:
    with sync_playwright() as playwright, desktop.pages() as (ours, standard):
        browser = desktop.launch(playwright)
        for measure_rows in ROWS:
            if not names or measure_rows.__name__ in names:
                yield from measure_rows(browser, ours, standard)
        browser.close()


if __name__ == "__main__":
    for row in _rows(sys.argv[1:]):
        print(*row.cells(), row.note, flush=True)
