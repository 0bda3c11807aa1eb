"""The figures of a link at one step, and single traces of them."""

from app.experiment.experiment import Cast
from app.experiment.run import descent, ground
from app.figures.step_slices import at
from app.page.figure_set import figures, run_arrays
from app.url_state.state import parse


def views_at_step(link, k):
    """Return the prepared problem and the run of a link, and each view's figure at step ``k`` by view."""
    state, notices = parse(link)
    assert notices == ()
    prepared, run = ground(state), descent(state)
    arrays = run_arrays(Cast(state))
    return prepared, run, {view: at(make(), arrays, k) for view, (_, make) in figures(Cast(state)).items()}


def trace_named(figure, name):
    """Return the trace of a figure with the given name."""
    return next(trace for trace in figure["data"] if trace.get("name") == name)
