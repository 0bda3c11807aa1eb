"""Times of the page in Chromium, compared with a plain Dash page that does the same."""

import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html
from playwright.sync_api import Browser, Page, sync_playwright
from waitress.server import create_server

import losses
from app.common import limits
from app.experiment.run import prepare
from app.server import create_app
from app.url_state.state import parse
from tools.bench.measure import Row
from tools.support import browser_pages

FRAME_MS = 4.0
MOVES = 20
PLAYS = 5
OPENINGS = 3
DRAWN = "(id) => document.querySelector(`${id} .gl-container canvas`) && document.querySelector(`${id} canvas`).width > 1"
SHOWN = """([id, trace, move]) => new Promise((done) => {
    const plot = document.querySelector(id), x = () => plot.data[trace].x;
    const first = () => (x()._inputArray ?? x())[0];
    const before = first(), begun = performance.now();
    const look = () => (first() === before ? requestAnimationFrame(look) : requestAnimationFrame(() => done(performance.now() - begun)));
    document.dispatchEvent(new CustomEvent(move));
    look();
})"""
"""Milliseconds from a move until the path begins elsewhere on the screen."""
PRESS = """document.addEventListener("press", () => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key: "ArrowRight", code: "ArrowRight", keyCode: 39, bubbles: true })))"""
DRAG = """([x, y]) => document.addEventListener("drag", () => document.querySelector(".ring").dispatchEvent(
    new PointerEvent("pointermove", { clientX: (x += 2), clientY: y, bubbles: true })))"""
PLAYED = """() => new Promise((done) => {
    const play = document.getElementById("play");
    play.click();
    new MutationObserver(() => play.textContent === "Play" && done()).observe(play, { childList: true });
})"""
"""Waits without asking in every frame, which would be counted as the page's own work."""


def stock() -> Dash:
    """The plainest Dash page with the same surface and the same path, a slider for the start and a callback."""
    here = prepare(parse("")[0])
    u, v, z = here.surface.u, here.surface.v, here.surface.z

    def figure(start: float) -> go.Figure:
        run = losses.descend(here.problem, "gd", start=(start, 1.67), rate=0.08, steps=60)
        path = go.Scatter3d(x=run.theta[:, 0], y=run.theta[:, 1], z=run.loss)
        return go.Figure([path, go.Surface(x=u, y=v, z=z)])

    app = Dash(__name__, assets_folder="nothing")
    slider = dcc.Slider(float(u[0]), float(u[-1]), 0.05, value=-0.95, id="start", updatemode="drag")
    app.layout = html.Div([dcc.Graph(id="plot", figure=figure(-0.95)), slider])
    app.callback(Output("plot", "figure"), Input("start", "value"), prevent_initial_call=True)(figure)
    return app


@contextmanager
def served(app: Dash) -> Iterator[str]:
    server = create_server(app.server, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}/"
    finally:
        server.close()
        thread.join(timeout=10)


def opened(browser: Browser, address: str, plot: str) -> tuple[Page, float]:
    """A fresh page whose surface is drawn, and the milliseconds from navigation until then."""
    page = browser_pages.begin(browser, address)
    page.wait_for_function(DRAWN, arg=plot)
    return page, page.evaluate("performance.now()")


def first_surface(browser: Browser, address: str, plot: str) -> float:
    times = []
    for _ in range(OPENINGS):
        page, time = opened(browser, address, plot)
        times.append(time)
        page.context.close()
    return statistics.median(times)


def pressed(page: Page) -> float:
    """What a key on the slider of the stock page takes."""
    page.locator("[role=slider]").focus()
    page.evaluate(PRESS)
    asked = ["#plot .js-plotly-plot", 0, "press"]
    return statistics.median(page.evaluate(SHOWN, asked) for _ in range(MOVES))


def dragged(page: Page) -> float:
    """What a pixel of a drag takes that holds the ring of the start."""
    box = page.locator(".ring").bounding_box()
    assert box
    at = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    page.mouse.move(*at)
    page.mouse.down()
    page.evaluate(DRAG, at)
    place = page.evaluate("document.querySelector('#map').data.findIndex((t) => t.name === 'first')")
    taken = [page.evaluate(SHOWN, ["#map", place, "drag"]) for _ in range(MOVES)]
    page.mouse.up()
    return statistics.median(taken)


def frame(browser: Browser, address: str) -> tuple[float, float]:
    """Milliseconds of script a frame and layouts a frame while a run of 200 steps is played, as the browser counts them.

    They are the thread's own time: this machine draws in three dimensions without a graphics card, on the same cores.
    """
    page = browser_pages.visit(browser, f"{address}?steps=200&k=0")
    page.evaluate("""() => {
        window.frames_shown = 0;
        const plain = requestAnimationFrame;
        window.requestAnimationFrame = (f) => plain((now) => { frames_shown += f.name === 'frame'; f(now); });
    }""")
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})

    def counted() -> dict[str, float]:
        return {m["name"]: m["value"] for m in cdp.send("Performance.getMetrics")["metrics"]}

    before = counted()
    page.evaluate(PLAYED)
    after, frames = counted(), page.evaluate("frames_shown")
    page.context.close()
    script, layouts = (after[name] - before[name] for name in ("ScriptDuration", "LayoutCount"))
    return 1e3 * script / frames, layouts / frames


def rows(limits_of_machine: dict[str, float]) -> Iterator[Row]:
    with sync_playwright() as playwright, served(create_app()) as ours, served(stock()) as plain:
        browser = browser_pages.launch(playwright)
        assert limits.GRID_SIZE == 101
        asked = partial(first_surface, browser)
        theirs_first, ours_first = asked(plain, "#plot"), asked(ours, "#landscape")
        name = "from navigation to the first surface: stock Dash page / ours"
        yield Row(name, theirs_first / ours_first, 1.0, note=f"{theirs_first:.0f} ms / {ours_first:.0f} ms")
        there, here = opened(browser, plain, "#plot")[0], browser_pages.visit(browser, ours)
        theirs, mine = pressed(there), dragged(here)
        name = "from a moved start to its path: stock Dash callback / ours"
        yield Row(name, theirs / mine, 4.0, note=f"{theirs:.0f} ms / {mine:.0f} ms")
        there.context.close()
        here.context.close()
        taken, layouts = min(frame(browser, ours) for _ in range(PLAYS))
        name = "script of a frame while playing 101 × 101, 200 steps, of 4 ms"
        yield Row(name, taken / FRAME_MS, 1.0, most=True, note=f"{taken:.2f} ms, {layouts:.2f} layouts")
        browser.close()


if __name__ == "__main__":
    for row in rows({}):
        print(*row.cells(), row.note)
