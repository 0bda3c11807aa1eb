"""The figures of a link at one step, and single traces of them."""

from app.experiment.experiment import Experiment
from app.experiment.prepared import prepare
from app.figures.step_slices import figure_at_step
from app.page.figure_set import figure_set, run_arrays
from app.url_state.state import parse


def views_at_step(link, k):
    """Return the prepared problem and the run of a link, and each view's figure at step ``k`` by view."""
    state, notices = parse(link)
    assert notices == ()
    prepared, run = prepare(state), state.descend()
    arrays = run_arrays(Experiment(state))
    return (
        prepared,
        run,
        {
            view: figure_at_step(make(), arrays, k)
            for view, (_, make) in figure_set(Experiment(state)).items()
        },
    )


def trace_named(figure, name):
    """Return the trace of a figure with the given name."""
    return next(trace for trace in figure["data"] if trace.get("name") == name)
