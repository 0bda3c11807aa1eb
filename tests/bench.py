"""``make bench``: how much faster things are than the plain way, as ratios in one run."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import plotly.graph_objects as go

import losses
from app.figures.moment import Figure, at
from app.scene import descent, figures, ground, run_arrays, scene
from app.state import parse
from app.theme import resolve


def seconds(work: Callable[[], object], least: float = 0.3) -> float:
    """The median time of a call, over at least ``least`` seconds."""
    work()
    times: list[float] = []
    while sum(times) < least or len(times) < 3:
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return float(np.median(times))


def surface_point_by_point() -> tuple[float, float]:
    p = losses.problem("spam", "logistic", "bce", standardize=True)
    u, v = (np.linspace(low, high, 41) for low, high in p.plane.box)
    loop = seconds(lambda: [float(p.value(np.array([x, y]))) for y in v for x in u])
    return loop, seconds(lambda: losses.surface(p, size=41))


def figures_as_objects() -> tuple[float, float]:
    state, _ = parse("")
    here, run = ground(state), descent(state)
    arrays = run_arrays(here, run, state.view)

    def still() -> list[Figure]:
        return [make() for _, make in figures(here, state).values()]

    objects = seconds(lambda: [go.Figure(resolve(at(f, arrays, 7))).to_json() for f in still()])
    return objects, seconds(lambda: json.dumps(still()))


def answer_with_known_ground() -> tuple[float, float]:
    state, _ = parse("?rate=0.2")
    known = tuple(figure["name"] for figure in scene(state)["figures"].values())
    whole = seconds(lambda: json.dumps(scene(state)))
    return whole, seconds(lambda: json.dumps(scene(state, known=known)))


ROWS = {
    "surface 41 × 41: a call for each point / one batched call": surface_point_by_point,
    "four figures: Plotly objects / plain dicts": figures_as_objects,
    "answer to a moved rate: whole scene / only what moves": answer_with_known_ground,
}


def main() -> None:
    results = {}
    for name, row in ROWS.items():
        plain, ours = row()
        results[name] = {"plain_ms": 1e3 * plain, "ours_ms": 1e3 * ours, "ratio": plain / ours}
        print(f"{name:62s} {1e3 * plain:9.2f} ms / {1e3 * ours:8.2f} ms = {plain / ours:6.1f}×")
    Path("bench.json").write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
