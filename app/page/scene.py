"""Make a scene: everything that the browser needs to draw a state, as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

import losses
from losses.core.arrays import Array

from ..common import ids
from ..common.cache import cached
from ..controls.control_set import ControlSet
from ..controls.mathml import tex_to_mathml
from ..experiment.experiment import Experiment
from ..experiment.run import PreparedProblem, prepare
from ..figures import per_example_loss
from ..figures.array_codec import encode_array
from ..figures.detail_card_views import DETAIL_VIEWS
from ..figures.loss_curve import loss_curve_ranges
from ..figures.step_slices import Figure
from ..lessons import lesson_card
from ..narration import sentences
from ..narration.alt_text import FixedAltText, alt_texts, fixed_alt_text
from ..narration.step_text import StepText
from ..problem_setup.build import supports_basins
from ..url_state.state import State, to_query
from .figure_set import content_hash, figure_set, run_arrays


@dataclass(frozen=True, eq=False)
class FixedParts:
    """What scenes share whose states differ in step and rate alone, computed when first asked for."""

    state: State
    prepared: PreparedProblem

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment of ``state``; nothing here asks for its run."""
        return Experiment(self.state, self.prepared)

    @cached_property
    def title(self) -> str:
        return sentences.state_title(self.state)

    @cached_property
    def settings(self) -> Figure:
        """The part of a scene that concerns the page as a whole."""
        state, problem, view = self.state, self.prepared.problem, DETAIL_VIEWS[self.state.active_detail]
        return {
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
            "lesson": lesson_card(
                state.lesson, state.answer, self.experiment.lesson_moment, self.experiment.reseeded
            )
            if state.lesson
            else None,
            "basins": state.basins if supports_basins(problem) else None,
            "ghost": bool(state.ghost),
            "ground": content_hash(self.prepared.key),
            "examples": editable_examples(self.prepared),
            "leaned": per_example_loss.draggable_inputs(problem)
            if view.compares_losses and "start" not in state.hide
            else None,
            "rule": tex_to_mathml(losses.OPTIMIZERS[state.optimizer].formula) if view.shows_rule else "",
        }

    @cached_property
    def controls(self) -> ControlSet:
        return ControlSet(self.state, self.experiment.certificate, self.prepared.surface.plane)

    @cached_property
    def alt_text(self) -> FixedAltText:
        return fixed_alt_text(self.experiment)

    @cached_property
    def captions(self) -> Figure:
        return sentences.captions(self.state, self.prepared.view_plane.note)


@cached(8_000_000, entry_overhead=60_000)  # menus and texts are computed when they are asked for
def fixed_parts(state: State) -> FixedParts:
    """Return the fixed parts of the scenes of a ``State.without_run``."""
    return FixedParts(state, prepare(state))


def scene(state: State, notices: tuple[str, ...] = (), known_names: tuple[str, ...] = ()) -> Figure:
    """Return the scene of a state, without the figures and the sentence whose names are ``known_names``.

    ``notices`` are the sentences on invalid parts of the link.
    """
    fixed = fixed_parts(state.without_run)
    experiment = Experiment(state, fixed.prepared)
    run, comparison = experiment.run, experiment.comparison
    return {
        "link": to_query(state, keep=("k",)),
        "plain": to_query(state),
        "step": 0 if state.awaiting_answer else min(state.step, len(run.theta) - 1),
        "title": fixed.title,
        "notices": list(notices),
        "theme": state.theme,
        "lang": state.lang,
        "rate": state.rate,
        **fixed.settings,
        "controls": fixed.controls.to_json(state.rate, known_names),
        "described": alt_texts(experiment, fixed.alt_text),
        "captions": (sentences.comparison_captions(comparison.name) if comparison else {}) | fixed.captions,
        "start": state.start,
        "figures": {
            place: {"name": name, "figure": None if name in known_names else make()}
            for place, (name, make) in figure_set(experiment).items()
        },
        "run": {
            "arrays": {name: encode_array(values) for name, values in run_arrays(experiment).items()},
            "layout": {ids.DETAIL: run_layout(experiment)},
            "told": run_text(experiment).to_json(),
            "beside": [
                {"mark": line.style_index, **line.text.to_json()} for line in _competitor_lines(experiment)
            ],
            "tables": detail_tables(experiment, range(len(run.theta))),
            "one_table": DETAIL_VIEWS[state.active_detail].one_table,
        },
    }


def slice_heights(prepared: PreparedProblem, run: losses.Descent) -> Array | None:
    """Return the loss of the slice below each iterate, ``(k + 1,)``; None if there is no slice."""
    plane = prepared.surface.plane
    if not plane.is_slice:
        return None
    u, v = plane.coordinates(run.theta).T
    return losses.heights(prepared.problem, plane, u, v)


def run_layout(experiment: Experiment) -> Figure:
    """Return the part of the detail figure's layout that depends on the runs."""
    view, comparison = DETAIL_VIEWS[experiment.state.active_detail], experiment.comparison
    visible = hide_later_losses if experiment.state.awaiting_answer else lambda run: run
    layout = view.layout(visible(experiment.run), experiment.certificate)
    if experiment.competitors and view.shows_loss_by_step:
        layout = loss_curve_ranges(
            visible(experiment.run),
            experiment.certificate,
            [visible(competitor.run).loss for competitor in experiment.competitors],
        )
    if not comparison or not view.shows_loss_by_step:
        return layout
    second = view.layout(visible(comparison.run), experiment.visible_certificate(comparison.prepared))
    return layout | {key.replace("yaxis", "yaxis2"): value for key, value in second.items() if "yaxis" in key}


def hide_later_losses(run: losses.Descent) -> losses.Descent:
    """Return a run with the loss of its start at every step, so that axis ranges give nothing away."""
    return replace(run, loss=np.full_like(run.loss, run.loss[0]))


def editable_examples(prepared: PreparedProblem) -> Figure:
    """Return what the user can change of the examples in the data view: values, classes or nothing."""
    problem, kind = prepared.problem, prepared.data_view.edits
    if not isinstance(problem, losses.DataProblem) or not kind:
        return {"kind": ""}
    classes = list(problem.data.classes)
    return {"kind": "class" if classes else kind, "targets": problem.data.y.tolist(), "said": classes}


def run_text(experiment: Experiment) -> StepText:
    """Return the text of each step of the main run."""
    return sentences.step_text(
        experiment.prepared.problem,
        experiment.run,
        experiment.certificate,
        slice_heights(experiment.prepared, experiment.run),
        outcome_hidden=experiment.state.outcome_hidden,
    )


def detail_tables(experiment: Experiment, steps: Sequence[int]) -> Figure:
    """Return the table of the detail card, if it is one, by its view's key: one a step, or one for all."""
    view = DETAIL_VIEWS[experiment.state.active_detail]
    return {view.key: view.table(experiment, steps)} if view.table else {}


def moment(experiment: Experiment, k: int) -> Figure:
    """Return the texts and tables of step ``k``."""
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
