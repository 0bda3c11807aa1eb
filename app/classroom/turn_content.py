"""What a turn asks and reveals, computed once from its link."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

import msgspec
import numpy as np

import losses
from losses.core.messages import message, plural
from losses.descent import convergence

from ..experiment.cloud import has_rate
from ..experiment.experiment import Experiment
from ..experiment.prepared import PreparedProblem, prepare
from ..experiment.price import question_price
from ..figures.array_codec import to_typed_array
from ..i18n.translation import LANGUAGES, Rendered
from ..lessons import lesson_card, lesson_of
from ..narration import sentences
from ..problem_setup.default_steps import SHORT_STEPS
from ..problem_setup.learning_rate import slider_range
from ..problem_setup.price import ANSWER
from ..protocol.base import encode
from ..protocol.classroom import AttemptField, Place, Question, SmallMap, TurnReveal
from ..url_state.state import State, apply_changes, to_query
from ..web.request_validation import RequestRejected
from .store import TurnContent

MAP_SIZE: Final = 41
"""Places along a side of a small map."""
MAP_BANDS: Final = 12
"""Bands of height in which a small map is drawn."""
TRIED_STEPS: Final = SHORT_STEPS
"""Steps of the runs that a class tries, at least, if they are affordable."""
TRIED_SPAN: Final = 100.0
"""The highest rate that a class may try is at most this many times the lowest, so that the edge is met."""
IN_BROWSER: Final = "points=browser"
"""The part of a link whose data are kept in the teacher's browser."""
OUTCOMES: Final = (
    (message("It arrives at a minimum"), (convergence.CONVERGED,)),
    (message("It is still on its way"), (convergence.RUNNING, convergence.NO_MINIMUM)),
    (message("It stands still elsewhere"), (convergence.PLATEAU,)),
    (message("It swings to and fro, or leaves"), (convergence.OSCILLATING, convergence.DIVERGED)),
)
"""The choices when a link without a lesson is asked about, each with the outcomes that make it right."""


def turn_content(link: str, turn: int) -> TurnContent:
    """Return the question of a link and what is so, in every language.

    A lesson asks its own question; of any other experiment it is asked how its run ends. Raises
    RequestRejected if the link has no data.
    """
    if IN_BROWSER in link:
        raise RequestRejected(
            HTTPStatus.BAD_REQUEST,
            message("These data are in this browser alone: they are too many for the link of a turn."),
        )
    state, _ = apply_changes(link, {"a": ""})
    question = _lesson_question(state, turn) if state.lesson else _outcome_question(state, turn)
    asked = msgspec.structs.replace(question, reveal=None)
    texts = {
        key: (encode(language.translate(asked)), encode(language.translate(question)))
        for key, language in LANGUAGES.items()
    }
    asked_map, tried = question.map, question.reveal.attempt if question.reveal else None
    box = (*asked_map.u, *asked_map.v) if asked_map else (0.0, 0.0, 0.0, 0.0)
    attempt = (*tried.map.u, *tried.map.v, *tried.rates) if tried else None
    correct = question.reveal.correct if question.reveal else None
    return TurnContent(len(question.choices), box, texts, attempt, correct)


def _lesson_question(state: State, turn: int) -> Question:
    """Return the question of a lesson, which is about the experiment as its own link opens it."""
    lesson, experiment = lesson_of(state.lesson), Experiment(state)
    context = experiment.lesson_moment
    target = lesson.target_point(context)
    if not lesson.choices and not target:
        raise RequestRejected(HTTPStatus.BAD_REQUEST, message("The right place is not known here."))
    answer = str(lesson.correct_choice) if lesson.choices else ",".join(f"{part:.6g}" for part in target)
    card = lesson_card(lesson.key, answer, context, experiment.shows_other_problem)
    assert card.answer is not None  # it is answered
    return Question(
        turn=turn,
        title=lesson.title,
        question=card.question,
        choices=card.choices,
        map=None if lesson.choices else question_map(context.prepared, context.state, target),
        reveal=TurnReveal(
            correct=lesson.correct_choice if lesson.choices else None,
            target=(target[0], target[1]) if target else None,
            explanation=card.answer.explanation,
            conclusion=lesson.text_formatter(context)(lesson.aha) if lesson.aha else "",
            suggestion=card.answer.suggestion,
            link=to_query(state),
            attempt=attempt_field(state),
        ),
    )


def _outcome_question(state: State, turn: int) -> Question:
    """Return the question how the run of a state ends."""
    run = Experiment(state).run
    name = run.outcome.name
    return Question(
        turn=turn,
        title=sentences.state_title(state),
        question=Rendered(
            plural(
                "What does the run do within {n} step?",
                "What does the run do within {n} steps?",
                n=state.steps,
            )
        ),
        choices=tuple(Rendered(text) for text, _ in OUTCOMES),
        map=None,
        reveal=TurnReveal(
            correct=next(i for i, (_, names) in enumerate(OUTCOMES) if name in names),
            target=None,
            explanation=Rendered(run.outcome.sentence),
            conclusion="",
            suggestion=Rendered(message("Change the rate or the start, and see what it does then.")),
            link=to_query(state),
            attempt=attempt_field(state),
        ),
    )


def attempt_field(state: State) -> AttemptField | None:
    """Return what the class may try at a state.

    None if it has no descent with a rate of its own, or is too dear beside what is told of its lesson.
    """
    if not has_rate(state) or not question_price(state).fits(ANSWER):
        return None
    if state.steps < TRIED_STEPS:  # a lesson may be about a single step
        state, _ = apply_changes(to_query(state), {"steps": str(TRIED_STEPS)})
    prepared = prepare(state)
    low, high = slider_range(state.problem, state.view_plane.plane, state.optimizer)
    if losses.OPTIMIZERS[state.optimizer].rate_meaning != "step_length":
        low = max(low, high / TRIED_SPAN)
    return AttemptField(
        link=to_query(state),
        map=small_map(prepared, state, is_hidden=state.fog and not state.lesson),
        rates=(low, high),
        steps=state.steps,
    )


def question_map(prepared: PreparedProblem, state: State, target: Sequence[float]) -> SmallMap:
    """Return the map on which a place is asked for. Raises RequestRejected if the right one is not on it."""
    (low_u, high_u), (low_v, high_v) = prepared.surface.plane.box
    if not (low_u <= target[0] <= high_u and low_v <= target[1] <= high_v):
        raise RequestRejected(
            HTTPStatus.BAD_REQUEST, message("The right place is not on the map of this link.")
        )
    return small_map(prepared, state, is_hidden=state.in_fog)


def small_map(prepared: PreparedProblem, state: State, *, is_hidden: bool) -> SmallMap:
    """Return the map of a state, without heights if they are hidden."""
    plane = prepared.surface.plane
    (low_u, high_u), (low_v, high_v) = plane.box
    return SmallMap(
        u=(low_u, high_u),
        v=(low_v, high_v),
        names=plane.labels,
        start=_place(state.start),
        heights=None if is_hidden else to_typed_array(height_bytes(prepared)),
        bands=MAP_BANDS,
    )


def height_bytes(prepared: PreparedProblem) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """Return the height of each place of a small map from 0 to 255, ``(MAP_SIZE, MAP_SIZE)``.

    v rises with rows. Heights are on the scale on which the page draws them; a loss that is not finite is as
    high as the highest.
    """
    surface, scale = prepared.surface, prepared.z_scale
    rows, columns = (
        np.linspace(0, len(axis) - 1, MAP_SIZE).round().astype(int) for axis in (surface.v, surface.u)
    )
    low, high = scale.z_range
    with np.errstate(all="ignore"):
        share = (scale.to_z(surface.z[np.ix_(rows, columns)]) - low) / (high - low)
    share = np.where(np.isfinite(share), share, 1.0)
    return np.clip(share * 256, 0, 255).astype(np.uint8)


def _place(values: Sequence[float]) -> Place:
    return float(values[0]), float(values[1])
