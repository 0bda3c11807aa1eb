"""Times of the page in Chromium, compared with a standard Dash page that does the same."""

import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager

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

MAX_FRAME_MS = 4.0
MOVES = 20
"""Number of moves of the start, of which the median is taken."""
PLAYS = 5
"""Number of times a run is played, of which the fastest counts."""
VISITS = 3
"""Number of first visits, of which the median is taken."""
IS_DRAWN = """(id) => document.querySelector(`${id} .gl-container canvas`)
    && document.querySelector(`${id} canvas`).width > 1"""
"""A script: whether the surface of a figure is drawn."""
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


def standard_page() -> Dash:
    """Return a Dash page with the same surface and trajectory, a slider for the start and a callback."""
    prepared = prepare(parse("")[0])
    u, v, z = prepared.surface.u, prepared.surface.v, prepared.surface.z

    def figure(start: float) -> go.Figure:
        run = losses.descend(prepared.problem, "gd", start=(start, 1.67), rate=0.08, steps=60)
        path = go.Scatter3d(x=run.theta[:, 0], y=run.theta[:, 1], z=run.loss)
        return go.Figure([path, go.Surface(x=u, y=v, z=z)])

    app = Dash(__name__, assets_folder="nothing")
    slider = dcc.Slider(float(u[0]), float(u[-1]), 0.05, value=-0.95, id="start", updatemode="drag")
    app.layout = html.Div([dcc.Graph(id="plot", figure=figure(-0.95)), slider])
    app.callback(Output("plot", "figure"), Input("start", "value"), prevent_initial_call=True)(figure)
    return app


@contextmanager
def served(app: Dash) -> Iterator[str]:
    """Serve an app with waitress and yield its address."""
    server = create_server(app.server, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}/"
    finally:
        server.close()
        thread.join(timeout=10)


def opened(browser: Browser, address: str, plot: str) -> tuple[Page, float]:
    """Return a new page whose surface is drawn, and the milliseconds from navigation until then."""
    page = browser_pages.open_page(browser, address)
    page.wait_for_function(IS_DRAWN, arg=plot)
    return page, page.evaluate("performance.now()")


def first_surface(browser: Browser, address: str, plot: str) -> float:
    """Return the milliseconds of a first visit until the surface is drawn."""
    times = []
    for _ in range(VISITS):
        page, time = opened(browser, address, plot)
        times.append(time)
        page.context.close()
    return statistics.median(times)


def keyboard_time(page: Page) -> float:
    """Return the milliseconds from a key on the slider of the standard page until its trajectory moves."""
    page.locator("[role=slider]").focus()
    page.evaluate(PRESS_ON_EVENT)
    arguments = ["#plot .js-plotly-plot", 0, "press"]
    return statistics.median(page.evaluate(MOVE_TIME, arguments) for _ in range(MOVES))


def drag_time(page: Page) -> float:
    """Return the milliseconds from a move of the dragged start handle until the trajectory moves."""
    box = page.locator(".ring").bounding_box()
    assert box
    center = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    page.mouse.move(*center)
    page.mouse.down()
    page.evaluate(DRAG_ON_EVENT, center)
    trace = page.evaluate("document.querySelector('#map').data.findIndex((t) => t.name === 'first')")
    times = [page.evaluate(MOVE_TIME, ["#map", trace, "drag"]) for _ in range(MOVES)]
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


def rows(limits_of_machine: dict[str, float]) -> Iterator[Row]:
    """Measure the first visit, a moved start, and the frames of a run that is played."""
    with sync_playwright() as playwright, served(create_app()) as ours, served(standard_page()) as standard:
        browser = browser_pages.launch(playwright)
        assert limits.GRID_SIZE == 101
        theirs_first = first_surface(browser, standard, "#plot")
        ours_first = first_surface(browser, ours, "#landscape")
        name = "from navigation to the first surface: stock Dash page / ours"
        yield Row(name, theirs_first / ours_first, 1.0, note=f"{theirs_first:.0f} ms / {ours_first:.0f} ms")
        their_page, our_page = opened(browser, standard, "#plot")[0], browser_pages.visit(browser, ours)
        their_time, our_time = keyboard_time(their_page), drag_time(our_page)
        name = "from a moved start to its path: stock Dash callback / ours"
        yield Row(name, their_time / our_time, 4.0, note=f"{their_time:.0f} ms / {our_time:.0f} ms")
        their_page.context.close()
        our_page.context.close()
        script_ms, layouts = min(frame_costs(browser, ours) for _ in range(PLAYS))
        name = "script of a frame while playing 101 × 101, 200 steps, of 4 ms"
        yield Row(
            name, script_ms / MAX_FRAME_MS, 1.0, most=True, note=f"{script_ms:.2f} ms, {layouts:.2f} layouts"
        )
        browser.close()


if __name__ == "__main__":
    for row in rows({}):
        print(*row.cells(), row.note)
