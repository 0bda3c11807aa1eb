"""Everything that is computed for a state: prepared problem, run, certificate, comparison, competitors."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import losses
from losses.core.lazy import cached_property

from ..lessons import lesson_of
from ..lessons.lesson_link import is_packed
from ..problem_setup.build import problem_identity
from ..protocol.narration import RunsTable
from ..url_state.state import State, parse
from ..url_state.url_parameters import FIELDS_BY_KEY
from .comparison import ComparedRun, comparison_run, competing_runs, race_table
from .prepared import PreparedProblem, prepare

UNKNOWN_CERTIFICATE: Final = losses.Certificate(None, None, losses.UNKNOWN, losses.UNKNOWN, "none")


@dataclass(frozen=True, eq=False)
class Experiment:
    """A state with everything computed for it, each when it is first asked for."""

    state: State
    known_prepared: PreparedProblem | None = None
    """The prepared problem, if the caller has it."""
    known_run: losses.Descent | None = None
    """The run, if the caller has it."""
    axes_of: "Experiment | None" = None
    """The experiment whose windows and scales are kept; None for its own."""

    @cached_property
    def prepared(self) -> PreparedProblem:
        return self.known_prepared or prepare(self.state, self.axes_of.prepared if self.axes_of else None)

    @cached_property
    def run(self) -> losses.Descent:
        return self.known_run or self.state.descend()

    def at_rate(self, run: losses.Descent) -> "Experiment":
        """Return the experiment of the same state with another rate, whose run is given."""
        return Experiment(replace(self.state, rate=run.rate), self.prepared, run)

    @cached_property
    def competitors(self) -> list[ComparedRun]:
        races = self.state.race or self.state.ghost
        return competing_runs(self.state, self.prepared) if races else []

    @cached_property
    def comparison(self) -> ComparedRun | None:
        if not self.state.compare_with:
            return None
        kept = self.axes_of.comparison if self.axes_of else None
        return comparison_run(self.state, kept.prepared if kept else None)

    @property
    def race_table(self) -> RunsTable:
        """The table of the race, the same at all steps."""
        return race_table(self.state, self.run, self.certificate, self.competitors)

    @cached_property
    def certificate(self) -> losses.Certificate:
        return self.visible_certificate(self.prepared)

    @property
    def lesson_moment(self) -> "Experiment":
        """The experiment of the lesson's own link, whatever was changed since; without a lesson self."""
        if not self.state.lesson:
            return self
        edit = (
            FIELDS_BY_KEY["edit"].format(self.state.edit)
            if lesson_of(self.state.lesson).follows_edits
            else None
        )
        remembered = _own_lesson_experiment if is_packed(self.state.lesson) else _lesson_experiment
        return remembered(self.state.lesson, edit)

    @property
    def shows_other_problem(self) -> bool:
        """Whether the problem that is shown, or the one beside it, is not that of the lesson's own link."""
        if not self.state.lesson:
            return False
        own, shown = self.lesson_moment.state, self.state
        if problem_identity(shown.values) != problem_identity(own.values):
            return True
        return own.compare_with not in ("", shown.compare_with)

    def visible_certificate(self, prepared: PreparedProblem) -> losses.Certificate:
        """Return what may be shown of a certificate.

        In the fog that is nothing; before a lesson's answer everything but the minimum.
        """
        if self.state.in_fog:
            return UNKNOWN_CERTIFICATE
        if not self.state.awaiting_answer:
            return prepared.certificate
        exists = prepared.certificate.exists & losses.UNKNOWN
        return replace(prepared.certificate, optimum=None, loss=None, exists=exists)


def _experiment_of_lesson(lesson: str, edit: str | None) -> Experiment:
    """Return the experiment of a lesson's link, with the changed examples ``edit`` unless None."""
    return Experiment(parse(f"?s={lesson}" + ("" if edit is None else f"&edit={edit}"))[0])


_lesson_experiment = lru_cache(maxsize=24)(_experiment_of_lesson)
_own_lesson_experiment = lru_cache(maxsize=2)(_experiment_of_lesson)
"""Lessons of links come from anywhere, and their runs may be as large as runs may be: few are kept."""
