"""Exports of a state: a NumPy script, a CSV table of the run, an offline page with the surface, a QR code."""

import base64
import csv
import io
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import flask
import numpy as np

from losses.core.messages import message

from ..browser_assets import module_bundle
from ..browser_assets.palette import palette, resolve_colors
from ..browser_assets.plotly_bundle import plotly_javascript
from ..common import ids, limits
from ..common.routes import route
from ..experiment.experiment import Experiment
from ..figures.step_slices import figure_at_step
from ..i18n.translation import AUTO, Language, resolve_language
from ..narration import sentences
from ..numpy_script import numpy_script
from ..numpy_script.objective import NoFormula
from ..page.figure_set import figure_set, run_arrays
from ..page.scene import run_text
from ..protocol.base import encode_for_html
from ..protocol.figures import OfflineFigure, PlotlyObject
from ..url_state.state import State, parse, to_query

MAX_QR_CHARACTERS: Final = limits.MAX_LINK_CHARACTERS + 200
"""The longest address of a QR code, in characters: a link and the name of the host."""


@route("export/<name>", "export", methods=("GET", "POST"), computes=True)
def export_response(name: str) -> flask.Response:
    """Return an export of the link in the query. None costs more than the page itself for the same link.

    The browser posts ``rows``, the examples in a link's own spelling, if they are too long for a link.
    """
    if name not in EXPORTS:
        return unknown_export()
    make, mimetype = EXPORTS[name]
    query = flask.request.query_string.decode("utf-8", "replace")
    rows = flask.request.form.get("rows", "")
    if "points=browser" in query and not rows:
        return _error_response(message("The data of this link are in the browser in which they were pasted."))
    if len(rows) > limits.MAX_POINTS_CHARACTERS:
        return _error_response(
            message("Data have at most {most} characters.", most=limits.MAX_POINTS_CHARACTERS)
        )
    state, _ = parse(query, rows)
    root = flask.request.base_url.removesuffix(f"export/{name}")
    try:
        content = make(state, root + to_query(state, keep=("k",)))
    except NoFormula as error:
        return _error_response(error.args[0], 404)
    response = flask.Response(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"losslab-{name}")
    return response


@route("export/", "export")
def unknown_export() -> flask.Response:
    """Return status 404 with the names of the exports."""
    return _error_response(message("There are {files} here.", files=", ".join(EXPORTS)), 404)


def _error_response(sentence: str, status: int = 400) -> flask.Response:
    language = resolve_language(flask.request.args.get("lang", AUTO))
    return flask.Response(language.translate(sentence) + "\n", status, mimetype="text/plain")


def trajectory_csv(state: State, link: str) -> str:
    """Return step, loss, parameters and gradient of every iterate as CSV, with all digits of each number."""
    run, names = Experiment(state).run, state.problem.parameters
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["step", "loss", *names, *(f"slope {name}" for name in names)])
    for k, (theta, loss, slope) in enumerate(zip(run.theta, run.loss, run.gradient, strict=True)):
        writer.writerow([k, *(repr(float(value)) for value in (loss, *theta, *slope))])
    return out.getvalue()


def offline_page(state: State, link: str) -> str:
    """Return a page with the surface and the trajectory up to the step of the link.

    It is one HTML file that contains all scripts, so that it opens without a network.
    """
    experiment = Experiment(state)
    step = min(state.step, len(experiment.run.theta) - 1)
    theme = "light" if state.theme == "auto" else state.theme
    language = resolve_language(state.lang)
    texts = language.translate(run_text(experiment).render(step))
    figure = _offline_figure(experiment, step, language, theme)
    return flask.render_template(
        "offline_page.html",
        lang=language.key,
        title=language.translate(sentences.state_title(state)),
        alive=language.translate(message("Open the interactive page")),
        verdict=texts["verdict"],
        numbers=texts["numbers"],
        unsupported=language.translate(message("This browser is too old to draw the surface.")),
        link=link,
        colors=palette(theme),
        plotly=_inline_plotly(),
        script=module_bundle.script_bundle("offline"),
        figure=encode_for_html(figure),
    )


def _offline_figure(experiment: Experiment, step: int, language: Language, theme: str) -> OfflineFigure:
    """Return the Plotly figure of the surface at a step, with colors resolved and arrays as lists."""
    _, make_figure = figure_set(experiment)[ids.LANDSCAPE]
    translated = language.translate(figure_at_step(make_figure(), run_arrays(experiment), step))
    figure: PlotlyObject = resolve_colors(translated, theme)
    colors = palette(theme)
    page_colors = {"paper_bgcolor": colors["--paper"], "font": {"color": colors["--ink-soft"]}}
    return OfflineFigure(
        data=[_with_json_lists(trace) for trace in figure["data"]],
        layout=figure["layout"] | page_colors,
        fog=experiment.state.in_fog,
    )


def _with_json_lists(trace: Any) -> Any:
    """Return a trace with its arrays, nested ones too, as lists; null replaces NaN and what is too large."""
    if isinstance(trace, dict):
        return {key: _with_json_lists(value) for key, value in trace.items()}
    if not isinstance(trace, np.ndarray):
        return trace
    return [float(v) if v == v and abs(v) < 1e300 else None for v in trace]


@lru_cache(maxsize=1)
def _inline_plotly() -> str:
    """Return Plotly's script, compressed by gzip, in base64."""
    return base64.b64encode(plotly_javascript().encodings["gzip"]).decode()


EXPORTS: Final[dict[str, tuple[Callable[[State, str], str], str]]] = {
    "run.py": (numpy_script, "text/x-python"),
    "path.csv": (trajectory_csv, "text/csv"),
    "landscape.html": (offline_page, "text/html"),
}
"""The function that makes each export, and its MIME type, by file name."""


@route("export/qr.svg", "export", computes=True)
def qr_response() -> flask.Response:
    """Return the address in the query parameter ``of`` as a QR code."""
    address = flask.request.args.get("of", "")
    if not address.startswith(("http://", "https://")) or len(address) > MAX_QR_CHARACTERS:
        return _error_response(
            message("A QR code is made of an address of at most {most} characters.", most=MAX_QR_CHARACTERS)
        )
    return flask.Response(qr_svg(address), mimetype="image/svg+xml")


@lru_cache(maxsize=128)
def qr_svg(address: str) -> bytes:
    """Return a QR code as SVG with as few modules as possible, so that it is read from the last row."""
    import segno  # imported here, because the page does not need it to start

    out = io.BytesIO()
    code = segno.make_qr(address, error="L", boost_error=True)
    code.save(out, kind="svg", xmldecl=False, omitsize=True, border=4, dark="#000", light="#fff")
    return out.getvalue()
