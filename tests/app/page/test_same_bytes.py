"""Every worker answers a link with the same bytes, whatever the seed of its hashes."""

import os
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO

import pytest

from app.server import create_app
from tools.support.server_processes import ROOT

LINKS = (
    "/?data=own&points=multiclass_a,t_1,nan_2,2_3,0.1_4,0.6",
    "/?data=own&points=multiclass_a,t_1,nan_2,2_3,0.1_4,0.6&edit=1:0",
    "/?data=iris&vs=mse&race=adam,momentum&view=race",
    "/export/run.py?data=spam",
    "/glimpse?data=moons",
    "/_dash-layout",
    "/_dash-dependencies",
    "/",
)
SCRIPT = f"""
import hashlib
from app.server import create_app
client = create_app().server.test_client()
for link in {LINKS!r}:
    response = client.get(link)
    print(response.status_code, hashlib.sha256(response.data).hexdigest())
"""


def answers(seed: str) -> str:
    """Return status and hash of the answers of a new process with a seed."""
    environment = os.environ | {"PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", SCRIPT]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=ROOT, env=environment
    ).stdout


@pytest.mark.slow
def test_answers_do_not_depend_on_the_seed_of_hashes():
    here = StringIO()
    with redirect_stdout(here):
        exec(SCRIPT, {})
    assert here.getvalue().count("200 ") == len(LINKS)
    assert [answers("1"), answers("2")] == [here.getvalue()] * 2


@pytest.mark.parametrize("path", ["/", "/_dash-layout", "/glimpse?data=moons"])
def test_a_compressed_answer_does_not_hold_the_time(path):
    """Bytes 4 to 7 of a gzip file are a time, or 0."""
    response = create_app().server.test_client().get(path, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.data[:2] + response.data[4:8] == b"\x1f\x8b" + bytes(4)
