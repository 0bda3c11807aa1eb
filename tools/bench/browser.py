"""Times of the page in Chromium, compared with a standard Dash page that does the same."""

import json
import statistics
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from app.common import limits
from tools.bench.measure import Row
from tools.support import browser_pages, chromium
from tools.support.server_processes import free_port, losslab, running

MAX_FRAME_MS = 4.0
MAX_DRAG_MS = 150.0
MOVES = 20
"""Number of moves of the start, of which the median is taken."""
PLAYS = 5
"""Number of times a run is played, of which the fastest counts."""
VISITS = 5
"""Number of first visits, of which the median is taken."""
WATCH_SURFACE = """(id) => {
    const isDrawn = () => document.querySelector(`${id} .gl-container canvas`)?.width > 1;
    const frame = () => {
        if (isDrawn()) window.surfaceDrawnAt = performance.now();
        else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""
"""A script: note the time of the first frame in which the surface of a figure is drawn.

The page notes it itself: a driver hears of it late, as it needs the processor, too.
"""
MOVE_TIME = """([id, trace, move]) => new Promise((resolve) => {
    const plot = document.querySelector(id), x = () => plot.data[trace].x;
    const first = () => (x()._inputArray ?? x())[0];
    const before = first(), begin = performance.now();
    const finish = () => resolve(performance.now() - begin);
    const check = () => requestAnimationFrame(first() === before ? check : finish);
    document.dispatchEvent(new CustomEvent(move));
    check();
})"""
"""A script: milliseconds from a move of the start until a figure's trajectory has moved on the screen."""
PRESS_ON_EVENT = """document.addEventListener("press", () => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key: "ArrowRight", code: "ArrowRight", keyCode: 39, bubbles: true })))"""
DRAG_ON_EVENT = """([x, y]) => document.addEventListener("drag", () =>
    document.querySelector(".ring").dispatchEvent(
        new PointerEvent("pointermove", { clientX: (x += 2), clientY: y, bubbles: true })))"""
PLAY = """() => new Promise((resolve) => {
    const play = document.getElementById("play");
    play.click();
    new MutationObserver(() => play.textContent === "Play" && resolve()).observe(play, { childList: true });
})"""
"""A script: play the run to its end. It does not poll, which would count as work of the page."""


@contextmanager
def pages() -> Iterator[tuple[str, str]]:
    """Serve our page as ``make run`` does and the standard page, and yield their addresses."""
    port = free_port()
    command = [sys.executable, "-m", "tools.bench.standard_page", str(port)]
    with losslab() as ours, running(command, port, check="_dash-layout") as standard:
        yield ours.home, standard.home


def opened(browser: Browser, address: str, plot: str) -> tuple[Page, float]:
    """Return a new page whose surface is drawn, and the milliseconds from navigation until then."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    context.add_init_script(f"({WATCH_SURFACE})({json.dumps(plot)})")
    page = browser_pages.navigate(context.new_page(), address)
    page.wait_for_function("window.surfaceDrawnAt")
    return page, float(page.evaluate("surfaceDrawnAt"))


def first_surfaces(browser: Browser, visits: Sequence[tuple[str, str]]) -> list[float]:
    """Return the milliseconds of a first visit until the surface is drawn, for each address and figure.

    The addresses are visited in turns, so that a change of the machine's speed affects all of them.
    """
    times: list[list[float]] = [[] for _ in visits]
    for _ in range(VISITS):
        for times_of_visit, (address, plot) in zip(times, visits, strict=True):
            page, time = opened(browser, address, plot)
            times_of_visit.append(time)
            page.context.close()
    return [statistics.median(times_of_visit) for times_of_visit in times]


def keyboard_time(page: Page) -> float:
    """Return the milliseconds from a key on the slider of the standard page until its trajectory moves."""
    page.locator("[role=slider]").focus()
    page.evaluate(PRESS_ON_EVENT)
    arguments = ["#plot .js-plotly-plot", 0, "press"]
    return statistics.median(float(page.evaluate(MOVE_TIME, arguments)) for _ in range(MOVES))


def drag_time(page: Page) -> float:
    """Return the milliseconds from a move of the dragged start handle until the trajectory moves."""
    box = page.locator(".ring").bounding_box()
    assert box
    center = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    page.mouse.move(*center)
    page.mouse.down()
    page.evaluate(DRAG_ON_EVENT, center)
    trace = page.evaluate("document.querySelector('#map').data.findIndex((t) => t.name === 'first')")
    times = [float(page.evaluate(MOVE_TIME, ["#map", trace, "drag"])) for _ in range(MOVES)]
    page.mouse.up()
    return statistics.median(times)


def frame_costs(browser: Browser, address: str) -> tuple[float, float]:
    """Return milliseconds of script and number of layouts for each frame while a run of 200 steps is played.

    The browser measures the time of its main thread only: without a graphics card WebGL is drawn on the same
    cores.
    """
    page = browser_pages.visit(browser, f"{address}?steps=200&k=0")
    page.evaluate("""() => {
        window.frames_shown = 0;
        const original = requestAnimationFrame;
        window.requestAnimationFrame = (callback) => original((now) => {
            frames_shown += callback.name === 'frame';
            callback(now);
        });
    }""")
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})

    def metrics() -> dict[str, float]:
        return {metric["name"]: metric["value"] for metric in cdp.send("Performance.getMetrics")["metrics"]}

    before = metrics()
    page.evaluate(PLAY)
    after, frames = metrics(), page.evaluate("frames_shown")
    page.context.close()
    script, layouts = (after[name] - before[name] for name in ("ScriptDuration", "LayoutCount"))
    return 1e3 * script / frames, layouts / frames


def launch(playwright: Playwright) -> Browser:
    """Start an ordinary Chromium, as students have, or else the headless shell."""
    program = chromium.find(chromium.ORDINARY) or chromium.path()
    return playwright.chromium.launch(executable_path=program, args=list(chromium.WITHOUT_CARD))


def browser_name() -> str:
    """Return the kind and the version of the browser that is measured."""
    kind = "an ordinary Chromium" if chromium.find(chromium.ORDINARY) else "Chromium's headless shell"
    with sync_playwright() as playwright:
        browser = launch(playwright)
        version = browser.version.partition(".")[0]
        browser.close()
    return f"{kind} {version}"


def first_visit(browser: Browser, ours: str, standard: str) -> Row:
    """Compare first visits of our page and of the standard page."""
    ours_first, theirs_first = first_surfaces(browser, [(ours, "#landscape"), (standard, "#plot")])
    name = "from navigation to the first surface: stock Dash page / ours"
    return Row(name, theirs_first / ours_first, 1.0, note=f"{theirs_first:.0f} ms / {ours_first:.0f} ms")


def moved_start(browser: Browser, ours: str, standard: str) -> Row:
    """Compare the time from a moved start to its trajectory with that of a Dash callback."""
    their_page, our_page = opened(browser, standard, "#plot")[0], browser_pages.visit(browser, ours)
    their_time, our_time = keyboard_time(their_page), drag_time(our_page)
    their_page.context.close()
    our_page.context.close()
    name = "from a moved start to its path: stock Dash callback / ours"
    return Row(name, their_time / our_time, 4.0, note=f"{their_time:.0f} ms / {our_time:.0f} ms")


def dragged_start(browser: Browser, ours: str, standard: str) -> Row:
    """Compare the time from a move of the dragged start to its path with its limit.

    Without a graphics card a redraw of the landscape holds the page longer than that.
    """
    page = browser_pages.visit(browser, ours)
    drag_time(page)  # the page notices how slow redraws are
    time = drag_time(page)
    page.context.close()
    name = "a dragged start shows its path without a graphics card, of 150 ms"
    return Row(name, time / MAX_DRAG_MS, 1.0, most=True, note=f"{time:.0f} ms")


def played_frames(browser: Browser, ours: str, standard: str) -> Row:
    """Compare the script of a frame with its limit."""
    script_ms, layouts = min(frame_costs(browser, ours) for _ in range(PLAYS))
    name = "script of a frame while playing 101 × 101, 200 steps, of 4 ms"
    assert limits.GRID_SIZE == 101
    note = f"{script_ms:.2f} ms, {layouts:.2f} layouts"
    return Row(name, script_ms / MAX_FRAME_MS, 1.0, most=True, note=note)


ROWS: Final = (first_visit, moved_start, dragged_start, played_frames)


def rows(limits_of_machine: dict[str, float]) -> Iterator[Row]:
    """Measure the first visit, a moved and a dragged start, and the frames of a run that is played."""
    with sync_playwright() as playwright, pages() as (ours, standard):
        browser = launch(playwright)
        for measure_row in ROWS:
            yield measure_row(browser, ours, standard)
        browser.close()


def main(names: Sequence[str]) -> None:
    """Print the rows of this module, or only those of the named functions."""
    print(browser_name())
    with sync_playwright() as playwright, pages() as (ours, standard):
        browser = launch(playwright)
        for measure_row in ROWS:
            if not names or measure_row.__name__ in names:
                row = measure_row(browser, ours, standard)
                print(*row.cells(), row.note, flush=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
