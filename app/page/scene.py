"""From a state to all that the page shows: the one seam to the mathematics."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

import losses
from losses.core.arrays import Array

from ..common import ids
from ..controls.mathml import typeset
from ..controls.setup_sentence import controls
from ..experiment.experiment import Cast
from ..experiment.run import Ground
from ..figures import per_example_loss
from ..figures.array_codec import sent
from ..figures.data_card_views import way
from ..figures.detail_card_views import DETAILS
from ..figures.loss_curve import curve_ranges
from ..figures.step_slices import Figure
from ..lessons import card
from ..narration import sentences
from ..narration.alt_text import described
from ..narration.step_text import Telling
from ..problem_setup.build import paintable
from ..url_state.state import State, to_query
from .figure_set import figures, name_of, run_arrays


def scene(state: State, notices: tuple[str, ...] = (), known: tuple[str, ...] = ()) -> Figure:
    """All that the browser needs for a state, less the figures that it has ``known`` before."""
    cast, view = Cast(state), DETAILS[state.card]
    here, run, beside = cast.here, cast.run, cast.beside
    return {
        "link": to_query(state, keep=("k",)),
        "plain": to_query(state),
        "step": 0 if state.asking else min(state.k, len(run.theta) - 1),
        "title": sentences.title(state),
        "notices": list(notices),
        "theme": state.theme,
        "lang": state.lang,
        "rate": state.rate,
        "hide": state.hide,
        "embed": state.embed,
        "view": state.card,
        "fog": state.foggy,
        "lesson": card(state.s, state.a, cast.asked, cast.redrawn) if state.s else None,
        "basins": state.basins if paintable(here.problem) else None,
        "ghost": bool(state.ghost),
        "ground": name_of(here.key),
        "examples": examples(here.problem),
        "leaned": per_example_loss.leaned(here.problem)
        if view.compares_losses and "start" not in state.hide
        else None,
        "rule": typeset(losses.OPTIMIZERS[state.opt].formula) if view.shows_rule else "",
        "controls": controls(state, cast.best, here.surface.plane, known),
        "described": described(cast),
        "captions": sentences.captions(state, here.seen.note, beside.name if beside else ""),
        "start": state.start,
        "figures": {
            place: {"name": name, "figure": None if name in known else make()}
            for place, (name, make) in figures(cast).items()
        },
        "run": {
            "arrays": {name: sent(values) for name, values in run_arrays(cast).items()},
            "layout": {ids.DETAIL: layout(cast)},
            "told": told(cast).packed(),
            "beside": [{"mark": line.mark, **line.told.packed()} for line in _lines(cast)],
            "tables": tables(cast, range(len(run.theta))),
        },
    }


def on_slice(here: Ground, run: losses.Descent) -> Array | None:
    """The slice's height under each iterate; None where the plane is the whole space."""
    plane = here.surface.plane
    if not plane.is_slice:
        return None
    u, v = plane.coordinates(run.theta).T
    return losses.heights(here.problem, plane, u, v)


def layout(cast: Cast) -> Figure:
    """The part of the changing card's layout that follows the runs."""
    view, beside = DETAILS[cast.state.card], cast.beside
    begun = first if cast.state.asking else lambda run: run
    own = view.layout(begun(cast.run), cast.best)
    if cast.rivals and view.shows_loss_by_step:
        own = curve_ranges(begun(cast.run), cast.best, [begun(rival.run).loss for rival in cast.rivals])
    if not beside or not view.shows_loss_by_step:
        return own
    theirs = view.layout(begun(beside.run), cast.known(beside.here))
    return own | {key.replace("yaxis", "yaxis2"): value for key, value in theirs.items() if "yaxis" in key}


def first(run: losses.Descent) -> losses.Descent:
    """A run whose losses tell no more than where it starts: ranges tell where it goes, too."""
    return replace(run, loss=np.full_like(run.loss, run.loss[0]))


def examples(problem: losses.Problem) -> Figure:
    """What of the examples in the data view may be changed by hand: values, classes, or nothing."""
    kind = way(problem).edits
    if not isinstance(problem, losses.DataProblem) or not kind:
        return {"kind": ""}
    said = list(problem.data.classes)
    return {"kind": "class" if said else kind, "targets": problem.data.y.tolist(), "said": said}


def told(cast: Cast) -> Telling:
    """What is said of the run with the player."""
    state, seen = cast.state, on_slice(cast.here, cast.run)
    return sentences.telling(cast.here.problem, cast.run, cast.best, seen, veiled=state.veiled)


def tables(cast: Cast, steps: Sequence[int]) -> Figure:
    """The table of the changing card while it is open: one a step, or one for all."""
    view = DETAILS[cast.state.card]
    return {view.key: view.table(cast, steps)} if view.table else {}


def moment(cast: Cast, k: int) -> Figure:
    """All that is said at step ``k``."""
    rows = {name: rows if DETAILS[name].one_table else rows[0] for name, rows in tables(cast, [k]).items()}
    return {
        **told(cast).at(k),
        "beside": [{"mark": line.mark, **line.told.at(k)} for line in _lines(cast)],
        **rows,
    }


def _lines(cast: Cast) -> list[sentences.Line]:
    return sentences.lines(cast.state, cast.beside, cast.rivals, len(cast.run.theta) - 1)
