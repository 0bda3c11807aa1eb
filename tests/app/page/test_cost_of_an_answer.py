"""One answer enters few files and makes few calls, so that a reader can follow a request."""

import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from app.common import limits
from app.server import create_app
from app.url_state.state import parse
from tests.support.sent import scene
from tools.support.http_client import callback_body

ROOT = Path(__file__).parents[3]
FOLDERS = (f"{ROOT}/app/", f"{ROOT}/losses/")
MAX_FILES = 35
MAX_CALLS = 800
WARM_UP_RATES = (0.2, 0.21, 0.3, 0.2)
NEW_RATE = 0.27
MAX_LISTED_FUNCTIONS = 40
"""How many of the most called functions the message of a failure lists."""


@pytest.fixture(scope="module")
def change_rate():
    """Return a function that posts a change of the learning rate, as the browser does on ``/``."""
    client = create_app().server.test_client()
    initial = scene(parse("")[0])
    cacheable = (*initial["figures"].values(), initial["controls"]["sentence"])
    known_names = [part["name"] for part in cacheable]

    def post(rate: float) -> None:
        value = {"link": "", "knownFigures": known_names, "changes": {"rate": f"{rate:.6g}"}}
        body = callback_body(value)
        response = client.post("/_dash-update-component", json=body, headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200

    return post


def test_a_changed_rate_enters_few_files_and_makes_few_calls(change_rate, monkeypatch):
    monkeypatch.setattr(limits, "CHECKPOINT_SECONDS", 60.0)  # a busy machine must not add checkpoints
    for rate in WARM_UP_RATES:
        change_rate(rate)
    calls = Counter[tuple[str, str]]()

    def count(frame: FrameType, event: str, _: Any) -> None:
        path = frame.f_code.co_filename
        if event == "call" and path.startswith(FOLDERS):
            calls[path.removeprefix(f"{ROOT}/"), frame.f_code.co_name] += 1

    original_profile = sys.getprofile()
    sys.setprofile(count)
    try:
        change_rate(NEW_RATE)
    finally:
        sys.setprofile(original_profile)
    files = Counter[str]()
    for (path, _), number in calls.items():
        files[path] += number
    listing = "\n".join(
        [
            f"{len(files)} files of at most {MAX_FILES}, {calls.total()} calls of at most {MAX_CALLS}",
            *(f"{number:5} {path}" for path, number in sorted(files.items())),
            *(
                f"{number:5} {path} {name}"
                for (path, name), number in calls.most_common(MAX_LISTED_FUNCTIONS)
            ),
        ]
    )
    assert files, "nothing was traced"
    assert len(files) <= MAX_FILES, listing
    assert calls.total() <= MAX_CALLS, listing
