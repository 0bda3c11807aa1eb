"""Lessons: what a card shows before and after the answer, and that its numbers are true."""

import math
import re
from html import escape

import numpy as np
import pytest

import losses
from app.experiment.experiment import Experiment
from app.figures.views.detail_card_views import DEFAULT_VIEW
from app.i18n.translation import LANGUAGES
from app.lessons import LESSONS, OTHER_PROBLEM_NOTE, feedback, lesson_card
from app.page.figure_set import run_arrays
from app.page.scene import fixed_parts
from app.protocol.base import encode
from app.url_state.state import apply_changes, parse, to_query
from losses.core.messages import lowercased
from tests.support.sent import scene

KEYS = list(LESSONS)


def answered_state(key, answer=None):
    """Return the state of a lesson that is answered, correctly unless another answer is given."""
    lesson = LESSONS[key]
    answer = answer or (str(lesson.correct_choice) if lesson.choices else "0.5,0.5")
    state, notices = parse(f"?s={key}&a={answer}")
    assert notices == ()
    return state


def quantities(key):
    return LESSONS[key].quantity_values(Experiment(answered_state(key)))


def test_blocks_of_lessons_are_numbered_from_one_and_in_order():
    blocks = [lesson.block for lesson in LESSONS.values()]
    assert blocks == sorted(blocks)
    assert set(blocks) == set(range(1, max(blocks) + 1))


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.key)
def test_a_lesson_opens_from_its_key_alone_and_hides_the_answer_until_it_is_given(lesson):
    state, notices = parse(f"?s={lesson.key}")
    assert notices == ()
    assert to_query(state) == f"?s={lesson.key}"
    before = scene(state)
    card = before["lesson"]
    assert card["asking"]
    assert card["answer"] is None
    assert before["moment"]["step"] == 0
    assert not re.search(r"[{}]", card["introduction"] + card["question"])
    for figure in before["figures"].values():
        assert "future" not in [part["trace"].get("name") for part in figure["figure"]["moving"]]
    rate_slider = next(s for s in before["controls"]["sliders"] if s["key"] == "rate")
    assert rate_slider["marks"] == []
    after = scene(answered_state(lesson.key))["lesson"]
    assert not after["asking"]
    answer = after["answer"]
    assert not re.search(r"[{}]|too large to compute", answer["explanation"] + answer["suggestion"])
    if lesson.choices:
        assert answer["feedback"].startswith("Right: ")
        wrong = str((lesson.correct_choice + 1) % len(lesson.choices))
        assert (
            f"It is: {lowercased(lesson.choices[lesson.correct_choice])}."
            in scene(answered_state(lesson.key, wrong))["lesson"]["answer"]["feedback"]
        )


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.key)
def test_a_lesson_names_the_views_that_it_shows(lesson):
    assert lesson.hero in lesson.views
    assert set(lesson.views) <= {"landscape", "map", "data", "detail"}
    assert len(set(lesson.views)) == len(lesson.views)
    assert lesson.choices or "map" in lesson.views, "it is answered on the map"
    card = scene(parse(f"?s={lesson.key}")[0])["lesson"]
    assert (card["hero"], tuple(card["views"])) == (lesson.hero, lesson.views)


def visible_texts(card):
    """Return all that a card shows besides its buttons; ``tests/browser/test_lessons.py`` checks the page."""
    if card.answer is None:
        return [card.number, card.title, card.introduction, card.question, card.instruction, *card.choices]
    answer = card.answer
    texts = [answer.feedback, answer.explanation, answer.suggestion]
    return [card.number, card.title, card.question, *texts]


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.key)
@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.key)
def test_no_card_has_more_than_sixty_words(lesson, language):
    """Title, number and choices count, too, before the answer and after every answer."""
    for answer in ("", *(map(str, range(len(lesson.choices))) if lesson.choices else ("0.5,0.5",))):
        state, _ = parse(f"?s={lesson.key}&a={answer}")
        card = language.translate(lesson_card(lesson.key, answer, Experiment(state)))
        text = " ".join(visible_texts(card))
        words = [word for word in text.split() if any(map(str.isalnum, word))]  # no signs
        assert len(words) <= 60, (len(words), text)


WHOLE_WAY = (-5.0, 105.0)
"""The axis of what is left of the way, in percent, whatever the run."""
FROM_ZERO = np.array([-0.07, 1.07])
"""The axis of the loss, in losses of the start: it shows the start, seen from 0, and nothing of the run."""


@pytest.mark.parametrize("key", KEYS)
def test_no_figure_reveals_the_answer(key):
    """Before the answer no figure shows a competitor, a minimum, the range of the loss or a conclusion."""
    asked = scene(parse(f"?s={key}")[0])
    for view, entry in asked["figures"].items():
        figure = entry["figure"]
        if view != "data":
            assert not [trace for trace in figure["data"] if trace.get("mode") == "markers"], view
        for part in figure["moving"]:
            assert "loss" not in part["arrays"].get("y", "") or part["slice"] in (
                "past",
                "now",
            ), view
        assert "moral" not in [
            note["name"] for note in figure["layout"].get("annotations", ()) if "name" in note
        ]
    shows_loss_by_step = asked["detail"]["view"] == DEFAULT_VIEW
    ranges = [asked["moment"]["detailLayout"].get("yaxis.range")]
    for low, high in filter(None, ranges if shows_loss_by_step else ()):
        start = Experiment(parse(f"?s={key}")[0]).run.loss[0]
        assert (low, high) == pytest.approx(FROM_ZERO * start) or (low, high) == WHOLE_WAY
    function = losses.TEST_FUNCTIONS.get(parse(f"?s={key}")[0].data)
    assert not function or function.when not in asked["altTexts"]["data"]


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.key)
def test_the_texts_of_a_lesson_contain_no_computed_number(lesson):
    """The only literal numbers are those of the choices and of the question itself."""
    allowed = {"0", "1", "2", "10", "100", "0.99", "0.01", "0.000001"} | set(
        re.findall(r"\d[\d.]*\d|\d", " ".join(lesson.choices))
    )
    for text in (lesson.text, lesson.question, lesson.reveal, lesson.aha, lesson.drag):
        literal = set(re.findall(r"\d[\d.]*\d|\d", re.sub(r"\{\w+\}", "", text)))
        assert literal <= allowed, text


@pytest.mark.parametrize("key", KEYS)
def test_leaving_a_lesson_keeps_the_rest_of_the_state(key):
    before = answered_state(key)
    free, notices = apply_changes(to_query(before), {"s": ""})
    assert notices == ()
    assert (free.lesson, free.answer) == ("", "")
    assert (
        free.data,
        free.loss,
        free.rate,
        free.start,
        free.compare_with,
        free.race,
        free.edit,
        free.steps,
    ) == (
        before.data,
        before.loss,
        before.rate,
        before.start,
        before.compare_with,
        before.race,
        before.edit,
        before.steps,
    )
    assert parse(to_query(free)) == (free, ())


def test_changing_a_control_keeps_the_lesson_and_choosing_other_data_ends_it():
    inside, _ = apply_changes("?s=pace", {"rate": "0.66"})
    assert to_query(inside) == "?s=pace&rate=0.66"
    outside, notices = apply_changes("?s=pace&a=3", {"data": "norris"})
    assert (outside.lesson, outside.answer, outside.data) == ("", "", "norris")
    assert notices == ()


CHANGES = {
    "walk": ("start=5,-4", "loss=mae", "standardize=1", "opt=adam"),
    "landing": ("steps=5", "rate=5", "start=1.54,0.33", "loss=mae", "schedule=cosine"),
    "pace": ("loss=mae", "loss=huber", "start=5,-4", "steps=20", "standardize=1"),
    "typo": ("loss=huber", "vs=", "rate=0.7", "standardize=1"),
    "price": ("loss=hinge", "rate=8"),
    "inbox": ("vs=", "vs=focal", "start=1,0", "rate=0.01", "steps=20", "loss=hinge", "edit=3:1"),
    "handwriting": ("start=3,2", "plane=random", "rate=0.3", "steps=5", "loss=mse"),
    "mirror": ("start=1,-1", "start=-1,-1", "rate=3", "steps=3", "loss=mae"),
    "ridge": ("start=1,0.000001", "start=0,0", "rate=0.5", "opt=newton"),
    "memory": ("race=", "start=0,0", "rate=0.001", "opt=newton"),
    "units": ("standardize=1", "vs=", "loss=mae", "vs=mae", "start=0,0"),
    "challenge": ("start=0,0", "start=1,0", "opt=newton", "rate=0.0392"),
}
"""Changes of controls that each lesson allows, as ``key=value`` of a link."""
CHANGES_OF_ANY_LESSON = ("rate=0.05", "steps=5", "start=0.5,0.5")


def card_of(state):
    """Return the card of the lesson of a state, as its scene has it."""
    return fixed_parts(state.without_run).lesson


@pytest.mark.parametrize("key", KEYS)
def test_no_change_of_a_control_changes_the_card_of_a_lesson_but_for_its_note(key):
    """The card describes the experiment that the lesson opens with, not the changed one."""
    for answer in ("", to_query(answered_state(key)).partition("&a=")[2]):
        link = f"?s={key}" + (f"&a={answer}" if answer else "")
        card = card_of(parse(link)[0])
        for change in CHANGES.get(key, CHANGES_OF_ANY_LESSON):
            changed, _ = apply_changes(link, dict([change.split("=", 1)]))
            assert changed.lesson == key, change
            told = encode(card_of(changed)).decode().replace(f" {OTHER_PROBLEM_NOTE}", "")
            assert told == encode(card).decode(), change


def test_the_numbers_follow_the_example_that_the_outlier_lesson_lets_one_drag():
    def quantities_after(edit):
        experiment = Experiment(apply_changes("?s=typo&a=1", {"edit": edit})[0])
        return LESSONS["typo"].quantity_values(experiment.lesson_moment)

    far, farther, near = quantities_after("19:-8"), quantities_after("19:-20"), quantities_after("19:3.2")
    assert (farther["typed"], near["typed"]) == (-20, 3.2)
    assert farther["bad_mse"] < 0 < far["bad_mse"] < near["bad_mse"]
    assert farther["bad_mae"] == pytest.approx(far["bad_mae"])
    assert near["share"] < 5, "the share of the dragged example, not of the one that costs most"


@pytest.mark.parametrize("change", ["seed=3", "n=50", "noise=1"])
def test_drawing_the_data_anew_ends_a_lesson(change):
    outside, notices = apply_changes("?s=pace&a=3", dict([change.split("=")]))
    assert (outside.lesson, outside.answer, outside.data, outside.rate) == ("", "", "icecream", 0.8)
    assert notices == ()


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("?s=nothing", "There is nothing of this name"),
        ("?a=1", "Only a lesson asks."),
        ("?s=walk&a=7", "An answer is a number from 0 to 2."),
        ("?s=landing&a=1", "An answer is a place: 2 numbers."),
        ("?s=landing&a=nan,1", "That is not a finite number."),
    ],
)
def test_an_invalid_lesson_or_answer_gives_a_notice(link, sentence):
    _, notices = parse(link)
    assert any(sentence in notice for notice in notices)


def test_feedback_gives_the_distance_of_a_click_from_the_target():
    experiment = Experiment(answered_state("landing"))
    target = experiment.run.theta[1]
    sentence = feedback(LESSONS["landing"], f"{target[0]},{target[1] + 0.5}", experiment)
    assert sentence == "You were 0.5 away."


def guess_markers(page_scene):
    """Return where the map marks the guess and the correct point; empty if it does not."""
    traces = {trace.get("name"): trace for trace in page_scene["figures"]["map"]["figure"]["data"]}
    return {
        name: (traces[name]["x"][0], traces[name]["y"][0]) for name in ("guess", "truth") if name in traces
    }


def test_the_map_keeps_the_guess_and_the_correct_point_after_the_answer():
    assert guess_markers(scene(parse("?s=landing")[0])) == {}
    assert guess_markers(scene(parse("?s=pace&a=3")[0])) == {}
    problem = losses.problem("icecream", "line", "mse")
    target = tuple(losses.descend(problem, start=(-1.0, 2.5), rate=0.2, steps=1).theta[1])
    for change in ("", "&rate=0.5", "&start=3,3"):
        answered = scene(parse(f"?s=landing&a=0.9,0.5{change}")[0])
        assert guess_markers(answered) == {"guess": (0.9, 0.5), "truth": pytest.approx(target)}
        assert answered["lesson"]["answer"]["feedback"] == "You were 1.2 away."
        assert answered["captions"]["map"] == "★ your guess"
    other_name = scene(parse("?s=landing&a=0.9,0.4")[0])["figures"]["map"]["name"]
    assert other_name != answered["figures"]["map"]["name"], "another guess is another figure"


def test_the_step_lesson_shows_the_direction_of_the_step_but_not_its_length():
    """The arrow is needed: if the scales of the axes differ, −∇ is not normal to a drawn level line."""
    asked = scene(parse("?s=landing")[0])
    for view in ("map", "landscape"):
        names = [part["trace"].get("name") for part in asked["figures"][view]["figure"]["moving"]]
        assert "descent_arrow" in names, view
        assert not {"next", "step", "slope"} & set(names)
    experiment = Experiment(parse("?s=landing")[0])
    arrays = run_arrays(experiment)
    arrow_ends = [arrays[f"arrow_{name}"][0] for name in "uv"]
    arrow = np.diff(arrow_ends, axis=1)[:, 0]
    step = experiment.run.theta[1] - experiment.run.theta[0]
    assert arrow @ step == pytest.approx(np.linalg.norm(arrow) * np.linalg.norm(step)), "they are parallel"
    assert np.linalg.norm(arrow) < 0.7 * np.linalg.norm(step)
    with_arrow, other = (scene(parse(link)[0])["figures"]["map"] for link in ("?s=landing", "?s=pace"))
    assert with_arrow["name"] != other["name"], "another figure of the same surface"
    assert "descent_arrow" not in [part["trace"].get("name") for part in other["figure"]["moving"]]


def test_basins_are_not_drawn_before_the_answer():
    def trace_count(link):
        return len(scene(parse(link)[0])["figures"]["map"]["figure"]["data"])

    assert parse("?s=mirror")[0].basins
    assert trace_count("?s=mirror") == trace_count("?s=mirror&basins=0")
    assert trace_count("?s=mirror&a=1") > trace_count("?s=mirror&a=1&basins=0")


def test_the_walk_is_in_fog_until_answered_and_its_loss_is_the_minimum():
    state, _ = parse("?s=walk")
    assert state.in_fog
    assert not answered_state("walk").in_fog
    assert quantities("walk")["lowest"] == pytest.approx(
        losses.certify(losses.problem("icecream", "line", "mse")).loss
    )


def test_steps_shrink_although_the_rate_stays():
    numbers = quantities("landing")
    assert numbers["first"] == pytest.approx(numbers["rate"] * numbers["slope"])
    assert numbers["tenth"] < numbers["first"] / 50


def test_twice_the_best_rate_never_arrives():
    numbers = quantities("pace")
    assert float(numbers["limit"]) == pytest.approx(0.68, abs=0.01)
    assert numbers["rate"] == 2 * numbers["earlier_rate"]
    assert 0 < numbers["earlier"] < numbers["slow"] < numbers["fast"] <= 200
    run = Experiment(answered_state("pace")).run
    assert run.outcome.name == "DIVERGED"
    assert (np.diff(run.loss) > 0).all(), "each jump lands higher than the last"


def test_the_outlier_tilts_the_squared_error_line_only():
    numbers = quantities("typo")
    assert numbers["bad_mse"] < 0.5 * numbers["clean_mse"]
    assert numbers["bad_mae"] == pytest.approx(numbers["clean_mse"], abs=0.1)
    assert numbers["share"] > 95


def test_cross_entropy_punishes_a_confident_mistake_more_than_squared_error():
    numbers = quantities("price")
    assert (numbers["sure"], numbers["wrong"]) == pytest.approx((0.01, 4.61), abs=0.005)
    assert numbers["square"] < 1


def test_squared_error_stays_on_the_plateau_that_cross_entropy_leaves():
    numbers = quantities("inbox")
    assert numbers["times"] > 10
    assert numbers["first_mistakes"] > numbers["examples"] / 2, "it is mostly wrong"
    assert numbers["mistakes"] > numbers["examples"] / 2
    assert 0 < numbers["steps"] < numbers["last"]
    experiment = Experiment(answered_state("inbox"))
    assert experiment.comparison.run.outcome.name == "PLATEAU"


def test_guessing_costs_the_logarithm_of_the_number_of_classes():
    numbers = quantities("handwriting")
    assert numbers["start_loss"] == pytest.approx(np.log(10))
    assert numbers["end_loss"] < numbers["start_loss"] / 2
    experiment = Experiment(answered_state("handwriting"))
    assert 0.5 < experiment.run.rate / experiment.certificate.critical_rate < 1, "it falls fast and is stable"
    assert numbers["hundred"] == pytest.approx(2 * numbers["start_loss"]), "twice as much"


def test_the_bars_stand_on_the_screen_while_it_asks_and_the_lens_shows_no_answer():
    asked = scene(parse("?s=handwriting")[0])
    assert asked["detail"]["view"] == LESSONS["handwriting"].asking_view
    lens = scene(parse("?s=price")[0])
    assert lens["detail"]["view"] == LESSONS["price"].asking_view
    assert lens["moment"]["detailLayout"]["xaxis.range"][0] > math.log10(0.4), "0.01 lies outside"
    assert lens["moment"]["detailLayout"]["yaxis.range"][1] < 1, "and so does every answer"
    answered = scene(answered_state("price"))
    assert answered["moment"]["detailLayout"]["yaxis.range"][1] > 4.6


def test_the_lens_lesson_does_not_play_and_shows_the_same_by_click_and_by_link():
    assert [key for key, lesson in LESSONS.items() if not lesson.plays] == ["price"]
    clicked = scene(apply_changes("?s=price&k=0", {"a": "1"})[0])
    linked = scene(parse("?s=price&a=1")[0])
    assert clicked["moment"]["step"] == linked["moment"]["step"] == 0
    assert clicked["figures"]["detail"]["name"] == linked["figures"]["detail"]["name"]


def test_the_two_valleys_mirror_each_other_and_the_start_decides():
    experiment = Experiment(answered_state("mirror"))
    w, v = experiment.run.theta[-1]
    assert w > 0
    assert experiment.prepared.problem.value([-w, -v]) == pytest.approx(experiment.run.loss[-1])
    assert experiment.run.outcome.name == "CONVERGED"
    assert (np.diff(experiment.run.loss[:100]) < 0).all(), "it goes downhill, it does not jump the pass"
    slow = losses.descend(
        experiment.prepared.problem, "gd", start=(-0.4, 0.9), rate=experiment.run.rate / 10, steps=2000
    )
    assert slow.theta[-1, 0] > 0, "short steps end in the same valley"
    mirrored = losses.descend(
        experiment.prepared.problem, "gd", start=(0.4, -0.9), rate=experiment.run.rate, steps=200
    )
    assert mirrored.theta[-1, 0] < 0


def test_a_smaller_offset_leaves_the_saddle_later():
    numbers = quantities("ridge")
    assert (numbers["closer"], numbers["escape"]) == (76, 38)
    run = Experiment(answered_state("ridge")).run
    assert run.loss[-1] > -5, "the run ends at the edge of the picture"
    state, _ = parse(f"?s=ridge&a=1&start=1,0.000001&steps={numbers['enough']:g}")
    assert -5 < Experiment(state).run.loss[-1] < 0, "and so does the one that the card suggests"
    assert Experiment(answered_state("ridge")).run.outcome.name == "NO_MINIMUM"


def test_momentum_saves_four_steps_out_of_five():
    numbers = quantities("memory")
    assert numbers["steps"] == 320
    assert numbers["rival"] / numbers["steps"] == pytest.approx(0.2, abs=0.02)
    ravine = losses.TEST_FUNCTIONS["ravine"]
    best = losses.descend(
        ravine, "momentum", start=(-2.5, 1.0), rate=numbers["rival_rate"], momentum=numbers["beta"], steps=8
    )
    assert (np.diff(np.sign(best.theta[:, 1])) != 0).sum() >= 5, "momentum zigzags, too, if less"
    assert "for long" in ravine.when
    experiment = Experiment(parse("?s=memory&a=2")[0])
    assert experiment.run.settled_at == numbers["steps"], "the race shown is the one that the card speaks of"
    assert experiment.competitors[0].run.settled_at == numbers["rival"]


def test_standardizing_makes_the_raw_valley_round():
    numbers = quantities("units")
    assert numbers["raw"] > 30_000
    assert numbers["round"] == pytest.approx(1.0)


def test_no_rate_of_gradient_descent_wins_the_race_but_newton_does():
    numbers = quantities("challenge")
    assert numbers["steps"] > 10
    rates = np.arange(1, 400) / 1e4
    ravine = losses.TEST_FUNCTIONS["ravine"]
    sweep = losses.sweep(ravine, "gd", start=(-2.5, 1.0), rates=rates, steps=600)
    assert sweep.rate[sweep.best] == numbers["rate"], "it is the best rate of four decimals"
    assert sweep.steps[sweep.best] == numbers["steps"]
    assert numbers["rival"] == 1


def test_the_teachers_notes_have_every_lesson_with_its_answer():
    from app.server import create_app

    page = create_app().server.test_client().get("/teacher")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert text.count("<h2>") == 4
    for lesson in LESSONS.values():
        assert escape(lesson.title) in text
        assert escape(lesson.note) in text
        if lesson.choices:
            assert f"✓ {escape(lesson.choices[lesson.correct_choice])}</b>" in text
    assert text.count("✓") == sum(bool(lesson.choices) for lesson in LESSONS.values())
    assert "break-inside: avoid" in text, "no page break inside a lesson"


@pytest.mark.parametrize(
    ("link", "part", "expected"),
    [
        ("?s=pace&a=0&seed=7", "explanation", True),
        ("?s=pace&a=0", "explanation", False),
        ("?s=landing&seed=7", "introduction", True),
        ("?s=walk&seed=7", "introduction", True),
        ("?s=memory&a=0&seed=7", "explanation", False),
        ("?s=walk&a=0&data=norris", "explanation", True),
        ("?s=walk&data=norris", "introduction", True),
        ("?s=walk&model=neuron", "introduction", True),
        ("?s=walk&a=0&model=neuron", "explanation", True),
        ("?s=walk&a=0&data=himmelblau", "explanation", True),
        ("?s=walk&a=0&data=own", "explanation", True),
        ("?s=walk&a=0&loss=mae", "explanation", True),
        ("?s=walk&a=0&loss=own&formula=r**4", "explanation", True),
        ("?s=walk&a=0&standardize=1", "explanation", True),
        ("?s=walk&a=0&n=40", "explanation", True),
        ("?s=walk&a=0&l2=1", "explanation", True),
        ("?s=walk&a=0&edit=3:9", "explanation", False),
        ("?s=landing&a=0,0&edit=3:9", "explanation", True),
        ("?s=ridge&a=0&data=ravine", "explanation", True),
        ("?s=inbox&a=0&vs=", "explanation", True),
        ("?s=units&a=0&vs=mae", "explanation", True),
        ("?s=walk&a=0&vs=mae", "explanation", False),
        ("?s=walk&a=0&rate=0.3&start=1,1&steps=9", "explanation", False),
    ],
)
def test_the_card_notes_that_the_picture_shows_another_problem_than_the_lessons(link, part, expected):
    card = scene(parse(link)[0])["lesson"]
    assert (OTHER_PROBLEM_NOTE in (card["answer"] or card)[part]) == expected
