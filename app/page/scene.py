"""From a state to all that the page shows: the one seam to the mathematics."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

import losses
from losses.core.arrays import Array

from ..common import ids
from ..controls.mathml import tex_to_mathml
from ..controls.setup_sentence import all_controls
from ..experiment.experiment import Experiment
from ..experiment.run import PreparedProblem
from ..figures import per_example_loss
from ..figures.array_codec import encode_array
from ..figures.data_card_views import data_view_for
from ..figures.detail_card_views import DETAIL_VIEWS
from ..figures.loss_curve import loss_curve_ranges
from ..figures.step_slices import Figure
from ..lessons import lesson_card
from ..narration import sentences
from ..narration.alt_text import alt_texts
from ..narration.step_text import StepText
from ..problem_setup.build import supports_basins
from ..url_state.state import State, to_query
from .figure_set import content_hash, figure_set, run_arrays


def scene(state: State, notices: tuple[str, ...] = (), known_names: tuple[str, ...] = ()) -> Figure:
    """All that the browser needs for a state, less the figures that it has ``known`` before."""
    cast, view = Experiment(state), DETAIL_VIEWS[state.active_detail]
    here, run, beside = cast.prepared, cast.run, cast.comparison
    return {
        "link": to_query(state, keep=("k",)),
        "plain": to_query(state),
        "step": 0 if state.awaiting_answer else min(state.step, len(run.theta) - 1),
        "title": sentences.state_title(state),
        "notices": list(notices),
        "theme": state.theme,
        "lang": state.lang,
        "rate": state.rate,
        "hide": state.hide,
        "embed": state.embed,
        "view": state.active_detail,
        "table": view.table_kind,
        "pointer": {
            "points": view.points,
            "coordinates": dict(view.click_sets),
            "fixed": dict(view.click_sets_fixed),
        },
        "fog": state.in_fog,
        "lesson": lesson_card(state.lesson, state.answer, cast.lesson_moment, cast.reseeded)
        if state.lesson
        else None,
        "basins": state.basins if supports_basins(here.problem) else None,
        "ghost": bool(state.ghost),
        "ground": content_hash(here.key),
        "examples": editable_examples(here.problem),
        "leaned": per_example_loss.draggable_inputs(here.problem)
        if view.compares_losses and "start" not in state.hide
        else None,
        "rule": tex_to_mathml(losses.OPTIMIZERS[state.optimizer].formula) if view.shows_rule else "",
        "controls": all_controls(state, cast.certificate, here.surface.plane, known_names),
        "described": alt_texts(cast),
        "captions": sentences.captions(state, here.view_plane.note, beside.name if beside else ""),
        "start": state.start,
        "figures": {
            place: {"name": name, "figure": None if name in known_names else make()}
            for place, (name, make) in figure_set(cast).items()
        },
        "run": {
            "arrays": {name: encode_array(values) for name, values in run_arrays(cast).items()},
            "layout": {ids.DETAIL: run_layout(cast)},
            "told": run_text(cast).to_json(),
            "beside": [{"mark": line.style_index, **line.text.to_json()} for line in _competitor_lines(cast)],
            "tables": detail_tables(cast, range(len(run.theta))),
            "one_table": view.one_table,
        },
    }


def slice_heights(prepared: PreparedProblem, run: losses.Descent) -> Array | None:
    """The slice's height under each iterate; None where the plane is the whole space."""
    plane = prepared.surface.plane
    if not plane.is_slice:
        return None
    u, v = plane.coordinates(run.theta).T
    return losses.heights(prepared.problem, plane, u, v)


def run_layout(experiment: Experiment) -> Figure:
    """The part of the changing card's layout that follows the runs."""
    view, beside = DETAIL_VIEWS[experiment.state.active_detail], experiment.comparison
    begun = hide_later_losses if experiment.state.awaiting_answer else lambda run: run
    own = view.layout(begun(experiment.run), experiment.certificate)
    if experiment.competitors and view.shows_loss_by_step:
        own = loss_curve_ranges(
            begun(experiment.run),
            experiment.certificate,
            [begun(rival.run).loss for rival in experiment.competitors],
        )
    if not beside or not view.shows_loss_by_step:
        return own
    theirs = view.layout(begun(beside.run), experiment.visible_certificate(beside.prepared))
    return own | {key.replace("yaxis", "yaxis2"): value for key, value in theirs.items() if "yaxis" in key}


def hide_later_losses(run: losses.Descent) -> losses.Descent:
    """A run whose losses tell no more than where it starts: ranges tell where it goes, too."""
    return replace(run, loss=np.full_like(run.loss, run.loss[0]))


def editable_examples(problem: losses.Problem) -> Figure:
    """What of the examples in the data view may be changed by hand: values, classes, or nothing."""
    kind = data_view_for(problem).edits
    if not isinstance(problem, losses.DataProblem) or not kind:
        return {"kind": ""}
    said = list(problem.data.classes)
    return {"kind": "class" if said else kind, "targets": problem.data.y.tolist(), "said": said}


def run_text(experiment: Experiment) -> StepText:
    """What is said of the run with the player."""
    state, seen = experiment.state, slice_heights(experiment.prepared, experiment.run)
    return sentences.step_text(
        experiment.prepared.problem,
        experiment.run,
        experiment.certificate,
        seen,
        outcome_hidden=state.outcome_hidden,
    )


def detail_tables(experiment: Experiment, steps: Sequence[int]) -> Figure:
    """The table of the changing card while it is open: one a step, or one for all."""
    view = DETAIL_VIEWS[experiment.state.active_detail]
    return {view.key: view.table(experiment, steps)} if view.table else {}


def moment(experiment: Experiment, k: int) -> Figure:
    """All that is said at step ``k``."""
    rows = {
        name: rows if DETAIL_VIEWS[name].one_table else rows[0]
        for name, rows in detail_tables(experiment, [k]).items()
    }
    return {
        **run_text(experiment).render(k),
        "beside": [
            {"mark": line.style_index, **line.text.render(k)} for line in _competitor_lines(experiment)
        ],
        **rows,
    }


def _competitor_lines(experiment: Experiment) -> list[sentences.CompetitorLine]:
    return sentences.competitor_lines(
        experiment.state, experiment.comparison, experiment.competitors, len(experiment.run.theta) - 1
    )
