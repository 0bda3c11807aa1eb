"""Make a scene: everything that the browser needs to draw a state, as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

import losses
from losses.core.arrays import Array
from losses.core.lazy import cached_property

from ..common.cache import cached
from ..controls.control_set import ControlSet
from ..experiment.comparison import ComparedRun, difference_name
from ..experiment.experiment import Experiment
from ..experiment.loss_morph import can_morph
from ..experiment.prepared import PreparedProblem, prepare
from ..experiment.window import shares_scale
from ..figures import comparison_overlay
from ..figures.array_codec import encode_array
from ..figures.plot_base import View
from ..figures.views import per_example_loss
from ..figures.views.detail_card_views import DETAIL_VIEWS
from ..figures.views.loss_curve import end_at_window, loss_curve_ranges
from ..i18n.mathml import tex_to_mathml
from ..lessons import lesson_card
from ..narration import sentences
from ..narration.alt_text import FixedAltText, alt_texts, fixed_alt_text
from ..narration.step_text import StepText
from ..problem_setup.build import supports_basins
from ..protocol.figures import LineHandles, NamedFigure, PlotlyObject
from ..protocol.narration import ComparedRunText, ComparedText, LessonCard, Table
from ..protocol.scene import DetailCard, Examples, Moment, Run, Scene
from ..url_state.compared_state import comparison_state
from ..url_state.state import State, to_query
from .figure_set import content_hash, figure_set, run_arrays, ways_left


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
    def view(self) -> View:
        """The view of the detail card."""
        return DETAIL_VIEWS[self.state.active_detail]

    @cached_property
    def detail(self) -> DetailCard:
        view, formula = self.view, losses.OPTIMIZERS[self.state.optimizer].formula
        return DetailCard(
            view=view.key,
            update_rule=tex_to_mathml(formula) if view.shows_rule else "",
            points=view.points,
            click_sets=dict(view.click_sets),
            click_sets_fixed=dict(view.click_sets_fixed),
        )

    @cached_property
    def lesson(self) -> LessonCard | None:
        state, experiment = self.state, self.experiment
        if not state.lesson:
            return None
        return lesson_card(
            state.lesson, state.answer, experiment.lesson_moment, experiment.shows_other_problem
        )

    @cached_property
    def basins(self) -> bool | None:
        return self.state.basins if supports_basins(self.prepared.problem) else None

    @cached_property
    def same_scale(self) -> bool | None:
        other = comparison_state(self.state)
        differs = not shares_scale(self.state) or (other is not None and not shares_scale(other))
        return self.state.same_scale if differs else None

    @cached_property
    def surface_name(self) -> str:
        return content_hash(self.prepared.key)

    @cached_property
    def examples(self) -> Examples:
        return editable_examples(self.prepared)

    @cached_property
    def line_handles(self) -> LineHandles | None:
        prepared, state = self.prepared, self.state
        if "start" in state.hide or state.awaiting_answer:
            return None
        return prepared.data_view.handles(prepared.problem, prepared.surface.plane)

    @cached_property
    def draggable_inputs(self) -> list[float] | None:
        if not self.view.compares_losses or "start" in self.state.hide:
            return None
        return per_example_loss.draggable_inputs(self.prepared.problem)

    @cached_property
    def controls(self) -> ControlSet:
        return ControlSet(self.state, self.experiment.certificate, self.prepared.surface.plane)

    @cached_property
    def alt_text(self) -> FixedAltText:
        return fixed_alt_text(self.experiment)

    @cached_property
    def captions(self) -> dict[str, str]:
        prepared = self.prepared
        return sentences.captions(self.state, prepared.view_plane.note, len(prepared.surface.u))


@cached(8_000_000, entry_overhead=60_000)  # menus and texts are computed when they are asked for
def fixed_parts(state: State) -> FixedParts:
    """Return the fixed parts of the scenes of a ``State.without_run``."""
    return FixedParts(state, prepare(state))


def scene(
    state: State,
    notices: tuple[str, ...] = (),
    known_names: tuple[str, ...] = (),
    kept_state: State | None = None,
) -> Scene:
    """Return the scene of a state, without the figures and the sentence whose names are ``known_names``.

    ``notices`` are the sentences on invalid parts of the link. The windows and the scales of heights are
    those of ``kept_state`` if that is given.
    """
    kept = Experiment(kept_state) if kept_state else None
    fixed = (
        FixedParts(state.without_run, prepare(state, kept.prepared))
        if kept
        else fixed_parts(state.without_run)
    )
    experiment = Experiment(state, fixed.prepared, axes_of=kept)
    comparison = experiment.comparison
    figures = {
        place: NamedFigure(name=name, figure=None if name in known_names else make())
        for place, (name, make) in figure_set(experiment).items()
    }
    texts = RunTexts(experiment)
    return Scene(
        link=to_query(state, keep=("k",)),
        short_link=to_query(state),
        title=fixed.title,
        notices=notices,
        theme=state.theme,
        lang=state.lang,
        rate=state.rate,
        start=state.start,
        hide=state.hide,
        embed=state.embed,
        fog=state.in_fog,
        basins=fixed.basins,
        same_scale=fixed.same_scale,
        ghost=bool(state.ghost),
        bends=bool(state.compare_with) and can_morph(state),
        surface_name=fixed.surface_name,
        detail=fixed.detail,
        lesson=fixed.lesson,
        examples=fixed.examples,
        line_handles=fixed.line_handles,
        draggable_inputs=fixed.draggable_inputs,
        controls=fixed.controls.at_rate(state.rate, known_names),
        alt_texts=alt_texts(experiment, fixed.alt_text),
        captions=fixed.captions | (_comparison_captions(state, comparison) if comparison else {}),
        figures=figures,
        moment=texts.moment(0 if state.awaiting_answer else min(state.step, texts.last_step)),
        run=Run(
            arrays={name: encode_array(values) for name, values in run_arrays(experiment).items()},
            run_text=texts.main.encode(),
            compared=[
                ComparedRunText(style_index=line.style_index, run_text=line.text.encode())
                for line in texts.compared
            ],
            tables=detail_tables(experiment, range(texts.last_step + 1)),
        ),
    )


def _comparison_captions(state: State, comparison: ComparedRun) -> dict[str, str]:
    return sentences.comparison_captions(difference_name(comparison.state, state), comparison.name)


def slice_heights(prepared: PreparedProblem, run: losses.Descent) -> Array | None:
    """Return the loss of the slice below each iterate, ``(k + 1,)``; None if there is no slice."""
    plane = prepared.surface.plane
    if not plane.is_slice:
        return None
    u, v = plane.coordinates(run.theta).T
    return losses.heights(prepared.problem, plane, u, v)


def run_layout(experiment: Experiment) -> PlotlyObject:
    """Return the part of the detail figure's layout that depends on the runs."""
    view, comparison = DETAIL_VIEWS[experiment.state.active_detail], experiment.comparison
    visible = hide_later_losses if experiment.state.awaiting_answer else lambda run: run
    layout, problem = (
        view.layout(visible(experiment.run), experiment.certificate),
        experiment.prepared.problem,
    )
    if experiment.state.awaiting_answer and view.compares_losses and isinstance(problem, losses.DataProblem):
        return per_example_loss.gentle_layout(problem)
    if experiment.competitors and view.shows_loss_by_step:
        layout = loss_curve_ranges(
            visible(experiment.run),
            experiment.certificate,
            [visible(competitor.run).loss for competitor in experiment.competitors],
        )
    if not view.shows_loss_by_step:
        return layout
    layout = _with_its_plateau(layout, experiment)
    if not comparison:
        return layout
    second = view.layout(visible(comparison.run), experiment.visible_certificate(comparison.prepared))
    is_log = "log" in (layout["yaxis.type"], second["yaxis.type"])
    ways = [way for name, way in ways_left(experiment, {}).items() if "flag" not in name]
    if experiment.state.awaiting_answer:
        ways = [way[:1] for way in ways]
    x_axis = {name: value for name, value in layout.items() if name.startswith("xaxis")}
    return x_axis | {"shapes": []} | comparison_overlay.way_left_ranges(ways, is_log)


def _with_its_plateau(layout: PlotlyObject, experiment: Experiment) -> PlotlyObject:
    """Return the layout of a loss curve; without a lowest loss its axis ends where the landscape does.

    While a lesson asks, the lowest height of the landscape is not to be read from the axis.
    """
    if experiment.state.awaiting_answer:
        return layout
    surface = experiment.prepared.surface
    finite = surface.z[np.isfinite(surface.z)]
    if experiment.certificate.loss is not None or surface.plane.is_slice or not finite.size:
        return layout
    return end_at_window(layout, float(finite.min()))


def hide_later_losses(run: losses.Descent) -> losses.Descent:
    """Return a run with the loss of its start at every step, so that axis ranges give nothing away."""
    return replace(run, loss=np.full_like(run.loss, run.loss[0]))


def editable_examples(prepared: PreparedProblem) -> Examples:
    """Return what the user can change of the examples in the data view: values, classes or nothing."""
    problem, edits = prepared.problem, prepared.data_view.edits
    if not isinstance(problem, losses.DataProblem) or not edits:
        return Examples(edits="", targets=[], class_names=())
    classes = problem.data.classes
    return Examples(
        edits="class" if classes else edits, targets=problem.data.y.tolist(), class_names=tuple(classes)
    )


def run_text(experiment: Experiment) -> StepText:
    """Return the text of each step of the main run."""
    return sentences.step_text(
        experiment.prepared.problem,
        experiment.run,
        experiment.certificate,
        slice_heights(experiment.prepared, experiment.run),
        outcome_hidden=experiment.state.outcome_hidden,
    )


def detail_tables(experiment: Experiment, steps: Sequence[int]) -> list[Table]:
    """Return the tables of the detail card, one a step or one for all; none if it shows a figure."""
    view = DETAIL_VIEWS[experiment.state.active_detail]
    return view.tables(experiment, steps) if view.tables else []


@dataclass(frozen=True, eq=False)
class RunTexts:
    """The texts and tables of the runs of an experiment, at all steps or at one."""

    experiment: Experiment

    @property
    def last_step(self) -> int:
        return len(self.experiment.run.theta) - 1

    @cached_property
    def main(self) -> StepText:
        return run_text(self.experiment)

    @cached_property
    def compared(self) -> list[sentences.CompetitorLine]:
        experiment = self.experiment
        return sentences.competitor_lines(
            experiment.state, experiment.comparison, experiment.competitors, self.last_step
        )

    def moment(self, k: int) -> Moment:
        """Return what the page says of step ``k``."""
        compared = [
            ComparedText(style_index=line.style_index, **line.text.render(k)) for line in self.compared
        ]
        tables = detail_tables(self.experiment, [k])
        return Moment(
            step=k,
            last_step=self.last_step,
            **self.main.render(k),
            compared=compared,
            table=tables[0] if tables else None,
            detail_layout=run_layout(self.experiment),
        )
