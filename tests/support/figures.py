"""The figures of a link at one step, and single traces of them."""

from app.cast import Cast
from app.figures.moment import at
from app.ground import descent, ground
from app.state import parse
from app.views import figures, run_arrays


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
