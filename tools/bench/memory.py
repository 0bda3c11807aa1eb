"""Memory of a worker after a thousand different problems, and time from import to first answer."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from tempfile import TemporaryDirectory

from tools.bench.measure import Row

PROBLEMS, MOST = 1000, 200.0
MANY = f"""
import json
from pathlib import Path
from app.page.scene import scene
from app.url_state.state import parse
pairs = [("houses", "line", l) for l in ("mse", "mae", "huber", "logcosh")]
pairs += [("spam", "logistic", l) for l in ("bce", "hinge", "focal")] + [("moons", "mlp", "bce"), ("iris", "softmax", "cce"), ("digits", "softmax", "cce")]
for i in range({PROBLEMS}):
    data, model, loss = pairs[i % len(pairs)]
    state, _ = parse(f"?data={{data}}&model={{model}}&loss={{loss}}&l2={{1e-3 * (1 + i):g}}&steps=100&standardize=1")
    json.dumps(scene(state))
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) / 1024)
"""
OURS = 'from app.server import create_app; create_app().server.test_client().get("/")'
EMPTY = """
from dash import Dash, html
app = Dash(__name__); app.page.layout = html.Div()
app.server.test_client().get("/")
"""


def run(code: str, bytecode: str) -> tuple[str, float]:
    """What a fresh Python prints, and the processor time that it takes; compiled sources are kept in a folder."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, spent


def rows(limits: dict[str, float]) -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        peak = float(run(MANY, folder)[0])
        ours, empty = map(
            min, zip(*((run(OURS, folder)[1], run(EMPTY, folder)[1]) for _ in range(8)), strict=True)
        )
    yield Row(
        f"a worker after {PROBLEMS} problems, of {MOST:.0f} MB",
        peak / MOST,
        1.0,
        most=True,
        note=f"{peak:.0f} MB at most",
    )
    note = f"{ours:.2f} s / {empty:.2f} s of processor time"
    yield Row("import to first answer, in empty Dash apps", ours / empty, 1.5, most=True, note=note)
