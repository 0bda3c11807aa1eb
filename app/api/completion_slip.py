"""The completion slip: what a student predicted in lessons, the truth beside it, and the best run of each.

The link of a slip holds the links of the lessons, and nothing that is computed. Whoever opens it sees numbers
that are computed anew.
"""

from dataclasses import dataclass
from typing import Any, Final

import flask
from markupsafe import Markup

import losses
from losses.core.messages import format_number, joined, message

from ..common import limits
from ..common.routes import route
from ..experiment.experiment import Experiment
from ..i18n.translation import Language, Rendered, resolve_language
from ..lessons import guess_and_target, lesson_card, lesson_of
from ..lessons.lesson_link import is_packed
from ..problem_setup.price import Price, fixed_price, run_price
from ..url_state.state import State, parse, to_query

MAX_LESSONS: Final = 24
BUDGET: Final = Price(limits.MAX_ANSWER_OPERATIONS, 3.0 * limits.MAX_ANSWER_BYTES)
"""The price of all best runs of a slip together, one of which is computed after the other."""
TITLE: Final = message("Completion slip")
TEXTS: Final = {
    "title": TITLE,
    "lesson": message("Lesson"),
    "predicted": message("Predicted"),
    "truth": message("What it is"),
    "gap": message("Gap"),
    "best": message("Best run"),
    "word": message(
        "What was predicted, and which run is the best, is the student's own word. All numbers were computed "
        "anew when this link was opened, so none of them can be made up."
    ),
    "unsigned": message("This slip has no name: sign it where you hand it in."),
    "print": message("Print it, or save it as PDF, with the browser's own command."),
    "empty": message("No lesson of this link is answered."),
    "link": message("Link"),
}


@dataclass(frozen=True)
class Row:
    """One lesson of the slip: its texts, and the links of the lesson and of the best run."""

    number: str
    title: str
    question: str
    predicted: str
    truth: str
    gap: str
    best: str
    best_settings: str
    best_link: str


@route("slip", "slip", computes=True)
def slip_response() -> flask.Response:
    """Return the slip of the lessons in the query: each ``did`` is the link of an answered lesson."""
    links = flask.request.args.getlist("did")[:MAX_LESSONS]
    language = resolve_language(parse(flask.request.query_string.decode("utf-8", "replace"))[0].lang)
    root = flask.request.base_url.removesuffix("slip")
    response = flask.Response(
        flask.render_template(
            "completion_slip.html",
            lang=language.key,
            rows=translated_rows(links, language),
            home=root,
            address=flask.request.url,
            **language.translate(TEXTS),
        )
    )
    response.vary.add("Accept-Language")
    return response


def translated_rows(links: list[str], language: Language) -> list[dict[str, Any]]:
    """Return the texts of each answered lesson; a lesson stands once, and what is none is left out."""
    rows, seen, price = [], set(), Price()
    for link in links:
        state, _ = parse(link)
        if not state.lesson or not state.answer or state.lesson in seen:
            continue
        seen.add(state.lesson)
        own, _ = parse(f"s={state.lesson}&a={state.answer}")
        price += _price(state) + (_price(own) if is_packed(state.lesson) else Price())
        row = lesson_row(state, own, is_affordable=price.fits(BUDGET))
        if row:
            rows.append({name: _html(language.translate(value)) for name, value in vars(row).items()})
    return rows


def _html(text: Any) -> Any:
    return Markup(text) if isinstance(text, Rendered) else text


def _price(state: State) -> Price:
    """Return the price of the run of a state and of what is known of its problem."""
    return fixed_price(state.problem) + run_price(state.problem, state.optimizer, state.steps)


def lesson_row(state: State, own: State, is_affordable: bool) -> Row | None:
    """Return the row of an answered lesson.

    ``state`` has the best run, ``own`` is the lesson as its own link opens it. A run that is not affordable
    beside the others is not computed, and the row says so.
    """
    if is_packed(state.lesson) and not is_affordable:
        return None
    lesson, context = lesson_of(state.lesson), Experiment(own)
    card = lesson_card(state.lesson, state.answer, context)
    assert card.answer is not None
    if lesson.choices:
        predicted, truth = card.choices[int(state.answer)], card.choices[lesson.correct_choice]
        gap: str = message("answered right") if card.answer.right else message("answered wrong")
    else:
        points = guess_and_target(state.lesson, state.answer, context)
        predicted = _place([float(part) for part in state.answer.split(",")])
        truth = _place(points[1]) if points else message("not known")
        gap = card.answer.feedback
    texts = _best_run(state) if is_affordable else (message("too much to compute here; open its link"), "")
    return Row(
        card.number,
        lesson.title,
        card.question,
        predicted,
        truth,
        gap,
        *texts,
        to_query(state),
    )


def _best_run(state: State) -> tuple[str, str]:
    """Return how the run of a state ends, and with which optimizer and rate."""
    run = Experiment(state).run
    settings = message(
        "{optimizer}, learning rate {rate}",
        optimizer=losses.OPTIMIZERS[run.optimizer].name,
        rate=format_number(run.rate),
    )
    return run.outcome.sentence, settings


def _place(point: Any) -> str:
    return joined("", ["(", joined("; ", [format_number(float(part)) for part in point]), ")"])
