"""Slices of digits, compared with the loss-landscapes package on PyTorch, on one thread.

The environment variable ``LANDSCAPES_PYTHON`` is the path of a Python with torch and loss-landscapes, which
runs ``loss_landscapes_peer.py``. If it is not set, these rows are left out.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

import losses
from tools.bench.measure import Row, quickest

STEPS = 21
PEER = Path(__file__).with_name("loss_landscapes_peer.py")


def rows(limits: dict[str, float]) -> Iterator[Row]:
    """Measure a slice through the parameters of three models; the surfaces must agree within 1e-5."""
    python = os.environ.get("LANDSCAPES_PYTHON")
    if not python:
        print("slices: left out; LANDSCAPES_PYTHON names no Python with torch and loss-landscapes")
        return
    for model, width in (("softmax", 0), ("mlp", 4), ("mlp", 32)):
        settings = {"width": width} if width else {}
        problem = losses.problem("digits", model, "cce", standardize=True, **settings)
        rng = np.random.default_rng(0)
        origin, first, second = rng.normal(0, 0.1, (3, problem.dim))
        plane = losses.Plane(origin, np.stack([first, second]), ((0.0, 1.0), (0.0, 1.0)), ("p", "q"))
        (our_seconds,) = quickest(partial(losses.surface, problem, size=STEPS + 1, plane=plane))
        z = losses.surface(problem, size=STEPS + 1, plane=plane).z
        their_seconds, their_z = measure_peer(python, problem, plane, width)
        error = max(np.abs(z[i % 2 == 0 :, i][:STEPS] - their_z[i]).max() for i in range(STEPS))
        assert error <= 1e-5, error
        theirs, ours = their_seconds / their_z.size, our_seconds / z.size
        note = f"{1e6 * theirs:.0f} µs / {1e6 * ours:.0f} µs a point, {error:.0e} apart"
        name = f"slice of digits, {problem.model.name}" + (f" with {width} neurons" if width else "")
        yield Row(f"{name}, against loss-landscapes", theirs / ours, 2.5, note=note)


def measure_peer(
    python: str, problem: losses.DataProblem, plane: losses.Plane, width: int
) -> tuple[float, np.ndarray]:
    """Run loss-landscapes; return its processor time in seconds and its surface, indexed ``[u, v]``.

    In every other column ``v`` begins one step higher, because the package walks through the grid in a
    zigzag.
    """
    with tempfile.TemporaryDirectory() as folder:
        input_file, output_file = Path(folder) / "input.npz", Path(folder) / "output.npz"
        np.savez(
            input_file,
            x=problem.x,
            y=problem.y,
            points=np.stack(
                [plane.origin, plane.origin + plane.directions[0], plane.origin + plane.directions[1]]
            ),
            width=width,
            steps=STEPS,
        )
        subprocess.run([python, str(PEER), str(input_file), str(output_file)], check=True)
        result = np.load(output_file)
        return float(result["seconds"]), result["z"]
