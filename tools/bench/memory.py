"""Memory of a worker after a thousand different problems, and time from import to first answer."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from tempfile import TemporaryDirectory

from tools.bench.measure import Row

PROBLEMS, MAX_MEGABYTES = 1000, 200.0
MANY_PROBLEMS = f"""
from pathlib import Path
from app.page.scene import scene
from app.protocol.base import encode
from app.url_state.state import parse
problems = [("houses", "line", loss) for loss in ("mse", "mae", "huber", "logcosh")]
problems += [("spam", "logistic", loss) for loss in ("bce", "hinge", "focal")]
problems += [("moons", "mlp", "bce"), ("iris", "softmax", "cce"), ("digits", "softmax", "cce")]
for i in range({PROBLEMS}):
    data, model, loss = problems[i % len(problems)]
    chosen = f"?data={{data}}&model={{model}}&loss={{loss}}"
    state, _ = parse(f"{{chosen}}&l2={{1e-3 * (1 + i):g}}&steps=100&standardize=1")
    encode(scene(state))
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) / 1024)
"""
"""A script that prints the peak memory of a process after many problems, in megabytes."""
OUR_APP = 'from app.server import create_app; create_app().server.test_client().get("/")'
EMPTY_APP = """
from dash import Dash, html
app = Dash(__name__)
app.layout = html.Div()
app.server.test_client().get("/")
"""


def run(code: str, bytecode: str) -> tuple[str, float]:
    """Run a script in a new Python; return what it prints and its processor time in seconds.

    Compiled sources are kept in the folder ``bytecode``.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-c", code]
    completed = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return completed.stdout, seconds


def rows(limits: dict[str, float]) -> Iterator[Row]:
    """Measure memory of a worker and start-up compared with an empty Dash app (best of eight runs)."""
    with TemporaryDirectory() as folder:
        peak = float(run(MANY_PROBLEMS, folder)[0])
        ours, empty = map(
            min, zip(*((run(OUR_APP, folder)[1], run(EMPTY_APP, folder)[1]) for _ in range(8)), strict=True)
        )
    yield Row(
        f"a worker after {PROBLEMS} problems, of {MAX_MEGABYTES:.0f} MB",
        peak / MAX_MEGABYTES,
        1.0,
        most=True,
        note=f"{peak:.0f} MB at most",
    )
    note = f"{ours:.2f} s / {empty:.2f} s of processor time"
    yield Row("import to first answer, in empty Dash apps", ours / empty, 1.9, most=True, note=note)
