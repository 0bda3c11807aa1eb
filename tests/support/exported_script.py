"""Exported NumPy scripts, run and compared with the run on the page."""

import contextlib
import io

import numpy as np
import pytest

from app.numpy_script import MAX_PRINTED_PARAMETERS, numpy_script
from app.url_state.state import parse
from losses.core.messages import format_number


def printed_rows(state):
    """Run the exported script of a state; return the rows of step, loss and parameters that it prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), np.errstate(all="ignore"):
        exec(compile(numpy_script(state), "run.py", "exec"), {"__name__": "__main__"})
    return np.array([[float(cell) for cell in line.split()] for line in out.getvalue().splitlines()])


def assert_script_prints_run(link):
    """Assert that the exported script of a link prints the run that the page shows."""
    state, notices = parse(link)
    assert notices == ()
    run, rows = state.descend(), printed_rows(state)
    assert rows[:, 0].tolist() == list(range(len(run.theta)))
    assert [format_number(loss) for loss in rows[:, 1]] == [format_number(loss) for loss in run.loss], (
        "the digits of the page"
    )
    assert rows[:, 1] == pytest.approx(run.loss, rel=1e-6, abs=1e-12)
    if run.theta.shape[1] <= MAX_PRINTED_PARAMETERS:
        assert rows[:, 2:] == pytest.approx(run.theta, rel=1e-6, abs=1e-9)
