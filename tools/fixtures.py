"""The rules that Python and the browser both know, as examples that Python makes: ``tests/fixtures/*.json``.

Each file holds one rule. ``make generate`` writes it from the Python of the rule, ``tests/test_generated.py``
checks that it is up to date, and a test of ``tests/js`` checks that the browser module agrees. Numbers are
made from short constants, so that the files do not depend on the machine.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, cast

import numpy as np

import losses
from app.browser_assets.palette import resolve_colors
from app.controls.menus import with_race
from app.figures.array_codec import encode_array, to_float64_array, to_typed_array
from app.figures.basin_heatmap import basins_trace
from app.figures.probability_grid import LogisticGrid
from app.figures.step_slices import STEP_SLICES
from app.figures.views import per_example_loss
from app.narration.step_text import COLUMN_ROLES, StepText, TextByStep
from app.problem_setup.custom_dataset import IN_BROWSER
from app.protocol.controls import Menu
from app.protocol.figures import BasinPicture, BasinTile
from app.url_state.race_entries import format_race, race_entry
from app.url_state.state import State, apply_changes, parse, to_query
from app.url_state.value_types import format_value
from app.web.index_page import text_catalogue
from losses.core.messages import format_number, message, plural, with_subscripts
from losses.descent.basins import _order_by_loss
from losses.model.mlp import ACTIVATIONS
from tools.support.sent import sent
from tools.support.three_plurals import three_plurals

FOLDER: Final = Path(__file__).parents[1] / "tests" / "fixtures"
DIGITS: Final = 9
"""Significant digits of computed numbers."""
STEPS: Final = (0, 2, 4)


def files() -> dict[Path, str]:
    """Return the text of each fixture by its path."""
    return {FOLDER / f"{name}.json": _to_json(make()) for name, make in FIXTURES.items()}


def _to_json(value: Any) -> str:
    return json.dumps(_plain(value), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: lists for arrays, null for NaN and infinity, few digits."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, np.ndarray | list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float | np.floating):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value


def _lengthwise(count: int, start: float, factor: float) -> np.ndarray:
    """Return ``count`` numbers of alternating sign in geometric progression."""
    return np.array([start * (-factor) ** i for i in range(count)])


def step_slices() -> Any:
    """What each slice takes from arrays at a step (app/figures/step_slices.py)."""
    u, v = _lengthwise(5, 2.0, 0.5), np.array([1.0, np.nan, 0.25, 3.0, -4.0])
    table = np.arange(15.0).reshape(5, 3)
    curve = {
        "x": np.array([0.0, 0.3, 2.0]),
        "grid": np.linspace(0.0, 2.0, 5),
        "y": np.array([_lengthwise(5, 1.0 + k, 0.5) for k in range(5)]),
        "true": np.array([1.0, -1.0, 0.5]),
    }
    images = np.arange(14 * 2 * 3).reshape(14, 2, 3).astype(np.uint8)
    order = np.array([[(5 * place + k) % 14 for place in range(12)] for k in range(5)])
    predicted, true = (order % 3).astype(float), (order % 4).astype(float)
    captions = {
        "x": np.arange(12.0),
        "y": np.arange(12.0) / 2,
        "predicted": predicted,
        "probability": np.array([[(3 * place + k) % 9 / 8 for place in range(12)] for k in range(5)]),
        "true": true,
    }
    arrow = {"x": u, "y": v, "to.x": table[:, :1], "to.y": table[:, 1:2]}
    long_run = {"x": _lengthwise(20, 1.0, 0.9), "marks": np.where(np.arange(20) % 8 == 7, np.nan, 1.0)}
    dense = {"x": _lengthwise(9, 1.0, 0.5), "at": np.array([0.0, 3.0, 4.0, 6.0, 8.0])}
    arrays: dict[str, Mapping[str, np.ndarray]] = {
        "row": {"x": u, "z": table},
        "rowMoving": {"x": u, "z": table},
        "arrow": arrow,
        "arrowGrowing": arrow,
        "residualLines": curve,
        "residualSquares": curve,
        "residualLinesMoving": curve,
        "residualSquaresMoving": curve,
        "imageGrid": {"z": images, "order": order},
        "imageCaptions": captions,
        "numberTexts": {
            "x": u,
            "text": np.array([[0.5, -1234.5], [1e-9, 7.0], [2.5, 1e7], [0.0, 1.0], [3.0, 4.0]]),
        },
        "tail": long_run,
        "tailMoving": long_run,
        "step": dense,
        "stepGrowing": dense,
        "pastMoving": dense,
        "nowMoving": {name: values[:3] for name, values in {"x": u, "y": v, "z": u}.items()},
    }

    def steps_of(name: str) -> tuple[int, ...]:
        return (0, 13, 19) if "marks" in arrays.get(name, ()) else STEPS

    return [
        {
            "slice": name,
            "arrays": {key: _array(values) for key, values in _arrays_of(name, arrays, u, v).items()},
            "at": {str(k): slice_(_arrays_of(name, arrays, u, v), k) for k in steps_of(name)},
        }
        for name, slice_ in STEP_SLICES.items()
    ]


def _arrays_of(name: str, arrays: Mapping[str, Any], u: np.ndarray, v: np.ndarray) -> dict[str, np.ndarray]:
    return dict(arrays.get(name, {"x": u, "y": v, "z": u}))


def _array(values: np.ndarray) -> dict[str, Any]:
    return {"shape": list(values.shape), "values": values.ravel()}


def step_text() -> Any:
    """The texts of each step, made from templates (app/narration/step_text.py)."""
    columns = {"loss": _lengthwise(6, 1234.5, 0.01), "w": np.array([0.5, -0.25, 0.0, 1e-5, 2.0, -31.0])}
    roles = "; ".join(f"{role} {{w_{role}}} {{loss_{role}}}" for role in COLUMN_ROLES)
    texts = {
        "verdict": TextByStep(
            ("Step {k} of {last}.", "{name} diverged, loss {loss}."), np.array([0, 0, 1, 0, 1, 1])
        ),
        "update": TextByStep(("The first step.", roles), np.array([0, 1, 1, 1, 1, 1])),
        "tone": TextByStep(("running",)),
    }
    text = StepText(5, texts, columns, {"name": "Adam"})
    return {"runText": sent(text.encode()), "texts": [text.render(k) for k in range(6)]}


def numbers() -> Any:
    """Numbers in texts and in links, and names of parameters (losses/core/messages.py, value_types.py)."""
    edges = [
        0.0,
        1.0,
        999.0,
        999.4,
        999.5,
        1000.0,
        99999.5,
        999999.6,
        1e6,
        1e-3,
        0.0009999,
        0.12345,
        0.0009994,
        1e-4,
        -1e5,
        2.5,
        2.125,
        -12.25,
        1000.5,
        1005.0,
        1015.0,
        99949.0,
    ]
    spread = [sign * float(f"{10 ** (0.37 * i):.8g}") for i in range(-30, 30) for sign in (1, -1)]
    names = ["w", "w0", "w12", "w0.37", "b", "c3.10"]
    return {
        "formatted": [[value, format_number(value)] for value in (*edges, *spread)],
        "digits": [
            [value, digits, format_number(value, digits)]
            for value in (*edges, *spread, 0.125, 0.375, 2.5, 12.5, 1.0625, 1.1875, 1234.5, 54321.0)
            for digits in (2, 4)
        ],
        "subscripts": [[name, with_subscripts(name)] for name in names],
        "inLinks": [[value, float(format_value(value))] for value in spread],
    }


def arrays() -> Any:
    """Encoded arrays and their values (app/figures/array_codec.py, probability_grid.py)."""
    scores = np.array([_lengthwise(6, 0.25 * (k + 1), 1.7) for k in range(4)])
    weights = np.array([[1.0, -2.0, 0.5], [0.0, 1.0, -1.0], [3.0, 3.0, 3.0], [-1.0, 0.25, 0.0]])
    tables: list[Any] = [
        np.array([_lengthwise(5, 10.0**k, 37.0) for k in range(-9, 9, 3)]),
        np.array([[0.0, -0.0, np.nan, -1950.25, 1e-45], [np.inf, 1e30, -1e30, 2.5, 3.0]]),
        (np.arange(54) * 97 % 256).reshape(9, 6).astype(np.uint8),
        (np.arange(24) / 7).reshape(4, 6).astype(np.float16),
        np.arange(5.0),
        np.arange(12.0).reshape(2, 2, 3),
        LogisticGrid(scores[:, None, :2], (7,), 1.0),
        LogisticGrid(scores[:, None, :3], (5, 3), 255.0),
        LogisticGrid(np.array([[[800.0, -1e30, 0.5]], [[0.0, 30.0, -30.0]]]), (3, 2), 1.0),
        *(LogisticGrid(scores.reshape(4, 2, 3), (4, 3), 255.0, weights, key) for key in ACTIVATIONS),
        LogisticGrid(scores.reshape(4, 3, 2)[:, :2], (9,), 1.0, weights, "tanh"),
        LogisticGrid(np.array([[[800.0, -1e36, 0.5]], [[0.0, 30.0, -30.0]]]), (3, 2), None),
        LogisticGrid(scores.reshape(4, 2, 3), (4, 3), None, weights, "tanh"),
    ]
    with np.errstate(over="ignore"):
        cases = [(sent(encode_array(table)), np.float32(np.asarray(table)).ravel()) for table in tables]
    cases.append((sent(to_float64_array([0.1, 1e300, -3.0])), np.array([0.1, 1e300, -3.0])))
    return [{"encoded": encoded, "values": values} for encoded, values in cases]


def basins() -> Any:
    """Basins in tiles: minima of several tiles, their order, the colors of starts (basin_heatmap.py)."""
    size, outside = (
        5,
        [[0, 0, -1, -2, 1], [1, 2, 2, 3, 3], [4, 5, 6, 7, 0], [0, 1, 2, 3, 4], [5, 6, 7, -1, -2]],
    )
    minima = np.array(
        [[0.0, 0.0], [1.0, 0.0], [-1.0, 2.0], [3.0, 1.0], [3.0, -1.0], [-2.0, -2.0], [2.0, 2.0], [-3.0, 3.0]]
    )
    loss = np.array([0.5, 0.5, 0.5 + 1e-12, 0.25, 2.0, 2.0, 3.0, 4.0])
    found = np.array(outside)
    steps = np.where(found >= 0, np.arange(size * size).reshape(size, size) % 7, -1)
    order = _order_by_loss(SimpleNamespace(value=lambda _: loss), minima)  # type: ignore[arg-type]
    complete = losses.Basins(
        np.where(found >= 0, np.argsort(order)[np.maximum(found, 0)], found), steps, minima[order]
    )
    starts = [np.arange(0, 25, 3), np.setdiff1d(np.arange(25), np.arange(0, 25, 3))[::2]]
    starts.append(np.setdiff1d(np.arange(25), np.concatenate(starts)))
    tiles = [_basin_tile(i, at, found.ravel(), steps.ravel(), minima, loss) for i, at in enumerate(starts)]
    side = np.linspace(-2.0, 2.0, size)
    picture = BasinPicture(
        link="?basins=1",
        size=size,
        spacing=2,
        x=to_typed_array(side),
        y=to_typed_array(side),
        tolerance=0.01,
        tile_ends=tuple(np.cumsum([len(at) for at in starts]).tolist()),
        first_tile=tiles[0],
    )
    trace = basins_trace(complete, side, side)
    z = np.minimum(complete.found, trace["zmax"] - 3)
    return {
        "picture": sent(picture),
        "tiles": [sent(tile) for tile in tiles[1:]],
        "zmax": trace["zmax"],
        "z": sent(trace["z"]),
        "colors": z + 2,
        "minima": complete.minima,
    }


def _basin_tile(
    number: int,
    starts: np.ndarray,
    found: np.ndarray,
    steps: np.ndarray,
    minima: np.ndarray,
    loss: np.ndarray,
) -> BasinTile:
    """Return a tile that numbers its minima from zero, in the order in which its starts find them."""
    own = list(dict.fromkeys(i for i in found[starts].tolist() if i >= 0))
    numbers = [own.index(i) if i >= 0 else i for i in found[starts].tolist()]
    return BasinTile(
        number=number,
        starts=to_typed_array(starts),
        found=to_typed_array(numbers),
        steps=to_typed_array(steps[starts]),
        minima=[(*minima[i].tolist(), float(loss[i])) for i in own],
    )


def colors() -> Any:
    """A figure whose colors are resolved by a palette (app/browser_assets/palette.py)."""
    figure = {
        "line": {"color": "var(--ink)", "width": 2},
        "colors": ["var(--now)", "#fff", "rgba(0,0,0,0)"],
        "text": "a var(--ink) inside",
        "visible": True,
        "nothing": None,
    }
    resolved = {theme: resolve_colors(figure, theme) for theme in ("light", "dark")}
    names = ("--ink", "--now")
    palettes = {
        theme: dict(zip(names, resolve_colors([f"var({name})" for name in names], theme), strict=True))
        for theme in resolved
    }
    return {"figure": figure, "palettes": palettes, "resolved": resolved}


def race() -> Any:
    """Changed settings of an entry of a race, as a link writes them (app/url_state/race_entries.py)."""
    cases = []
    for query in (
        "?race=momentum,adam:beta1=0.8&rate=0.1",
        "?race=adam&fair=1",
        "?opt=momentum&race=adam:rate=0.5:beta2=0.9,gd&rate=0.1",
    ):
        state = parse(query)[0]
        for index, entry in enumerate(state.race):
            for setting in _race_settings(state, index):
                name = setting["part"]["name"]
                value = setting["value"] / 2 if setting["value"] > 1e-3 else 0.5
                values = dict(entry.changed_settings) | {name: value}
                changed = race_entry(entry.key, values)
                entries = (*state.race[:index], changed, *state.race[index + 1 :])
                settings = _race_settings(state, index)
                cases.append(
                    {"settings": settings, "name": name, "value": value, "race": format_race(entries)}
                )
    return cases


def _race_settings(state: State, index: int) -> list[Any]:
    """Return the settings of an entry's menu as the browser receives them."""
    optimizer = cast(Menu, losses.OPTIMIZERS[state.optimizer].name)  # any first part will do
    parts = sent(with_race(state, optimizer))
    menus = [part for part in parts if isinstance(part, dict)]
    return list(menus[index]["settings"])


def intercepts() -> Any:
    """The intercept with which an example has a probability (app/figures/views/per_example_loss.py)."""
    problem = parse("?data=spam")[0].problem
    inputs = per_example_loss.draggable_inputs(problem)
    assert inputs is not None
    assert isinstance(problem, losses.DataProblem)
    cases = []
    for weight, intercept in ((1.5, -0.5), (-2.0, 1.0), (0.25, 0.0)):
        theta = np.array([[weight, intercept]])
        probabilities = per_example_loss._errors_or_probabilities(problem, theta)[0]
        for row in (0, 7, 20, 33):
            cases.append(
                {
                    "probability": probabilities[row],
                    "isPositive": bool(problem.y[row] > 0.5),
                    "weight": weight,
                    "input": inputs[row],
                    "intercept": intercept,
                }
            )
    return cases


def links() -> Any:
    """What the browser changes in a link by itself (app/url_state/state.py)."""
    query = "?s=walk&data=line&rate=0.05&start=-1,2.5&k=1&edit=3:0.5,8:-2&hide=rate,loss&theme=dark"
    state = parse(query)[0]
    full = to_query(state, keep=("k",))
    changed = apply_changes(full, {"edit": "3:0.5,8:1.25"})[0]
    scenes = [state, parse("?rate=0.05&view=lens")[0], parse("")[0]]
    return {
        "atStep": [
            [{"link": to_query(one, keep=("k",)), "shortLink": to_query(one)}, k, _link_at(one, k)]
            for one in scenes
            for k in (0, one.step, 12)
        ],
        "withoutHideAndEmbed": [
            [to_query(one), to_query(replace(one, hide=(), embed=False))]
            for one in (state, parse("?hide=rate")[0], parse("?embed=1&rate=0.5")[0], parse("")[0])
        ],
        "withStart": [[full, "0.5,-3", to_query(replace(state, start=(0.5, -3.0)), keep=("k",))]],
        "withEdit": [["3:0.5,8:-2", 8, 1.25, _value_of(changed, "edit")], ["", 4, -0.123456, "4:-0.1235"]],
        "lesson": [
            [key, full, to_query(parse(f"?s={key}&hide=rate,loss&theme=dark")[0])]
            for key in ("walk", "landing")
        ],
        "stored": [[f"?data=own&points={IN_BROWSER}", True], ["?data=own&points=regression_1,2", False]],
    }


def _link_at(state: State, k: int) -> str:
    """Return the link of a step; without defaults if the step is the state's own."""
    return to_query(state) if k == state.step else to_query(replace(state, step=k), keep=("k",))


def _value_of(state: State, key: str) -> str:
    return next(part.split("=")[1] for part in to_query(state)[1:].split("&") if part.startswith(f"{key}="))


def plurals() -> dict[str, Any]:
    """A catalogue of a language with three plural forms, and its texts for numbers."""
    language = three_plurals()
    place, numbers = message("the map"), (*range(26), 101, 102, 111, 112, 1000, 1_000_000)
    texts = (plural("{n} step in {place}", "{n} steps in {place}", n=n, place=place) for n in numbers)
    return {
        "catalogue": sent(text_catalogue(language, {})),
        "texts": [[text.n, language.translate(text)] for text in texts],
    }


FIXTURES: Final[Mapping[str, Callable[[], Any]]] = {
    "arrays": arrays,
    "basins": basins,
    "colors": colors,
    "intercepts": intercepts,
    "links": links,
    "numbers": numbers,
    "plurals": plurals,
    "race": race,
    "step_slices": step_slices,
    "step_text": step_text,
}
"""The rules by the name of their file; at most ten, for each is a duty to two languages."""
