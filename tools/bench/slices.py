"""Slices of digits against the loss-landscapes package on PyTorch, on one thread.

``LANDSCAPES_PYTHON`` names a Python that has torch and loss-landscapes; it
runs ``loss_landscapes_peer.py``. Without one these rows are left out.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import losses
from tools.bench.measure import Row, quickest

STEPS = 21
PEER = Path(__file__).with_name("loss_landscapes_peer.py")


def rows(limits: dict[str, float]) -> Iterator[Row]:
    python = os.environ.get("LANDSCAPES_PYTHON")
    if not python:
        print("slices: left out; LANDSCAPES_PYTHON names no Python with torch and loss-landscapes")
        return
    for model, width in (("softmax", 0), ("mlp", 4), ("mlp", 32)):
        more = {"width": width} if width else {}
        problem = losses.problem("digits", model, "cce", standardize=True, **more)
        rng = np.random.default_rng(0)
        origin, first, second = rng.normal(0, 0.1, (3, problem.dim))
        plane = losses.Plane(origin, np.stack([first, second]), ((0.0, 1.0), (0.0, 1.0)), ("p", "q"))
        (ours,) = quickest(lambda p=problem, at=plane: losses.surface(p, size=STEPS + 1, plane=at))
        z = losses.surface(problem, size=STEPS + 1, plane=plane).z
        theirs, heights = measure_peer(python, problem, plane, width)
        away = max(np.abs(z[i % 2 == 0 :, i][:STEPS] - heights[i]).max() for i in range(STEPS))
        assert away <= 1e-5, away
        theirs, ours = theirs / heights.size, ours / z.size
        note = f"{1e6 * theirs:.0f} µs / {1e6 * ours:.0f} µs a point, {away:.0e} apart"
        name = f"slice of digits, {problem.model.name}" + (f" with {width} neurons" if width else "")
        yield Row(f"{name}, against loss-landscapes", theirs / ours, 2.5, note=note)


def measure_peer(
    python: str, problem: losses.DataProblem, plane: losses.Plane, width: int
) -> tuple[float, np.ndarray]:
    """Run loss-landscapes and return its seconds and heights ``[u, v]``.

    Every other column begins one step up, because the package goes through the grid in a zigzag.
    """
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "given.npz", Path(folder) / "found.npz"
        np.savez(
            given,
            x=problem.x,
            y=problem.y,
            points=np.stack(
                [plane.origin, plane.origin + plane.directions[0], plane.origin + plane.directions[1]]
            ),
            width=width,
            steps=STEPS,
        )
        subprocess.run([python, str(PEER), str(given), str(found)], check=True)
        answer = np.load(found)
        return float(answer["seconds"]), answer["z"]
