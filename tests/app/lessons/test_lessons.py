"""Every lesson opens, asks before it shows, and claims what the mathematics says."""

import re
from html import escape

import numpy as np
import pytest

import losses
from app.experiment.experiment import Experiment
from app.i18n.translation import LANGUAGES
from app.lessons import LESSONS, OTHER_SEED_NOTE, feedback, lesson_card
from app.page.figure_set import run_arrays
from app.page.scene import scene
from app.url_state.state import apply_changes, parse, to_query

KEYS = list(LESSONS)


def answered(key, answer=None):
    lesson = LESSONS[key]
    given = answer or (str(lesson.correct_choice) if lesson.choices else "0.5,0.5")
    state, notices = parse(f"?s={key}&a={given}")
    assert notices == ()
    return state


def numbers(key):
    return LESSONS[key].quantities(Experiment(answered(key)))


def test_blocks_of_lessons_are_numbered_from_one_and_in_order():
    blocks = [lesson.block for lesson in LESSONS.values()]
    assert blocks == sorted(blocks)
    assert set(blocks) == set(range(1, max(blocks) + 1))


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.key)
def test_a_lesson_opens_from_a_short_link_and_asks_before_it_shows(lesson):
    state, notices = parse(f"?s={lesson.key}")
    assert notices == ()
    assert to_query(state) == f"?s={lesson.key}"
    shown = scene(state)
    asked = shown["lesson"]
    assert asked["asking"]
    assert "reveal" not in asked
    assert shown["step"] == 0
    assert not re.search(r"[{}]", asked["text"] + asked["question"])
    for figure in shown["figures"].values():
        assert "future" not in [part["trace"].get("name") for part in figure["figure"]["moving"]]
    rate = next(s for s in shown["controls"]["sliders"] if s["key"] == "rate")
    assert rate["marks"] == []
    after = scene(answered(lesson.key))["lesson"]
    assert not after["asking"]
    assert not re.search(r"[{}]|beyond numbers", after["reveal"] + after["drag"])
    if lesson.choices:
        assert after["gap"].endswith("So it is.")
        wrong = str((lesson.correct_choice + 1) % len(lesson.choices))
        assert (
            f"In truth: {lesson.choices[lesson.correct_choice]}."
            in scene(answered(lesson.key, wrong))["lesson"]["gap"]
        )


def texts(card):
    """What a lesson's card shows beside its buttons; ``tests/browser/test_lessons.py`` holds the page to it."""
    if card["asking"]:
        return [card[name] for name in ("number", "title", "text", "question", "way")] + card["choices"]
    return [card[name] for name in ("number", "title", "question", "gap", "reveal", "aha", "drag")]


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.key)
@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.key)
def test_no_card_has_more_than_sixty_words(lesson, language):
    """Title, number and choices among them: asking, and whatever was answered."""
    for answer in ("", *(map(str, range(len(lesson.choices))) if lesson.choices else ("0.5,0.5",))):
        state, _ = parse(f"?s={lesson.key}&a={answer}")
        shown = " ".join(texts(language.translate(lesson_card(lesson.key, answer, Experiment(state)))))
        assert len(shown.split()) <= 60, shown


@pytest.mark.parametrize("key", KEYS)
def test_no_picture_tells_the_answer(key):
    """Neither a rival's run, nor the lowest place beside, nor the reach of an axis, nor a moral."""
    shown = scene(parse(f"?s={key}")[0])
    for view, drawn in shown["figures"].items():
        figure = drawn["figure"]
        if view != "data":
            assert not [trace for trace in figure["data"] if trace.get("mode") == "markers"], view
        for part in figure["moving"]:
            assert "loss" not in part["arrays"].get("y", "") or part["slice"] in ("past", "now", "held"), view
        assert "moral" not in [
            note["name"] for note in figure["layout"].get("annotations", ()) if "name" in note
        ]
    ranges = [shown["run"]["layout"]["detail"].get(f"{axis}.range") for axis in ("yaxis", "yaxis2")]
    for low, high in filter(None, ranges):
        assert high - low <= 0.3 * abs(high), "only the loss of the start"
    function = losses.TEST_FUNCTIONS.get(parse(f"?s={key}")[0].data)
    assert not function or function.when not in shown["described"]["data"]


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.key)
def test_numbers_of_a_lesson_are_computed(lesson):
    """Typed are only those that are offered: the choices, and what the question is about."""
    offered = {"1", "2", "10", "0.99", "0.01", "0.000001"} | set(
        re.findall(r"\d[\d.]*\d|\d", " ".join(lesson.choices))
    )
    for text in (lesson.text, lesson.question, lesson.reveal, lesson.aha, lesson.drag):
        typed = set(re.findall(r"\d[\d.]*\d|\d", re.sub(r"\{\w+\}", "", text)))
        assert typed <= offered, text


@pytest.mark.parametrize("key", KEYS)
def test_exploring_freely_keeps_the_state_and_leaves_the_lesson(key):
    before = answered(key)
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


def test_a_control_turned_in_a_lesson_stays_in_it_and_other_data_end_it():
    inside, _ = apply_changes("?s=goldilocks", {"rate": "0.66"})
    assert to_query(inside) == "?s=goldilocks&rate=0.66"
    outside, notices = apply_changes("?s=goldilocks&a=3", {"data": "norris"})
    assert (outside.lesson, outside.answer, outside.data) == ("", "", "norris")
    assert notices == ()


TURNED = {
    "bowl": ("start=5,-4", "loss=mae", "standardize=1", "opt=adam"),
    "step": ("steps=5", "rate=5", "start=1.54,0.33", "loss=mae", "schedule=cosine"),
    "goldilocks": ("loss=mae", "loss=huber", "start=5,-4", "steps=20", "standardize=1"),
    "outlier": ("loss=huber", "vs=", "rate=0.7", "standardize=1"),
    "confident": ("loss=hinge", "rate=8"),
    "mismatch": ("vs=", "vs=focal", "start=1,0", "rate=0.01", "steps=20", "loss=hinge", "edit=3:1"),
    "ten": ("start=3,2", "plane=random", "rate=0.3", "steps=5", "loss=mse"),
    "twovalleys": ("start=1,-1", "start=-1,-1", "rate=3", "steps=3", "loss=mae"),
    "saddle": ("start=1,0.000001", "start=0,0", "rate=0.5", "opt=newton"),
    "ravine": ("race=", "start=0,0", "rate=0.001", "opt=newton"),
    "scaling": ("standardize=1", "vs=", "loss=mae", "vs=mae", "start=0,0"),
    "race": ("start=0,0", "start=1,0", "opt=newton", "rate=0.0392"),
}


@pytest.mark.parametrize("key", KEYS)
def test_what_is_turned_in_a_lesson_makes_nothing_of_its_card_untrue(key):
    """Its question was about its own moment: a start, a rate or a ruler of later is another one's."""
    for answer in ("", to_query(answered(key)).partition("&a=")[2]):
        link = f"?s={key}" + (f"&a={answer}" if answer else "")
        told = scene(parse(link)[0])["lesson"]
        for turn in TURNED[key]:
            turned, _ = apply_changes(link, dict([turn.split("=", 1)]))
            assert turned.lesson == key, turn
            assert scene(turned)["lesson"] == told, turn


def test_numbers_follow_a_point_that_a_lesson_says_to_drag():
    def told(edit):
        cast = Experiment(apply_changes("?s=outlier&a=1", {"edit": edit})[0])
        return LESSONS["outlier"].quantities(cast.lesson_moment)

    far, farther, near = told("19:-8"), told("19:-20"), told("19:3.2")
    assert (farther["typed"], near["typed"]) == (-20, 3.2)
    assert farther["bad_mse"] < 0 < far["bad_mse"] < near["bad_mse"]
    assert farther["bad_mae"] == pytest.approx(far["bad_mae"])
    assert near["share"] < 5, "of the point itself, not of whichever costs most"


@pytest.mark.parametrize("turned", ["seed=3", "n=50", "noise=1"])
def test_other_data_of_the_same_kind_end_a_lesson_too(turned):
    outside, notices = apply_changes("?s=goldilocks&a=3", dict([turned.split("=")]))
    assert (outside.lesson, outside.answer, outside.data, outside.rate) == ("", "", "icecream", 0.4)
    assert notices == ()


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("?s=nothing", "It is one of"),
        ("?a=1", "Only a lesson asks."),
        ("?s=bowl&a=7", "An answer is a number from 0 to 2."),
        ("?s=step&a=1", "An answer is a place: 2 numbers."),
        ("?s=step&a=nan,1", "That is not a finite number."),
    ],
)
def test_wrong_lessons_and_answers_are_named(link, sentence):
    _, notices = parse(link)
    assert any(sentence in notice for notice in notices)


def test_a_guess_is_measured():
    cast = Experiment(answered("step"))
    landed = cast.run.theta[1]
    assert feedback(LESSONS["step"], f"{landed[0]},{landed[1] + 0.5}", cast) == "You were 0.5 away."


def marks(shown):
    """Where a guess and what it was about stand on the map."""
    drawn = {trace.get("name"): trace for trace in shown["figures"]["map"]["figure"]["data"]}
    return {name: (drawn[name]["x"][0], drawn[name]["y"][0]) for name in ("guess", "truth") if name in drawn}


def test_a_guess_stays_on_the_map_beside_the_truth():
    assert marks(scene(parse("?s=step")[0])) == {}
    assert marks(scene(parse("?s=goldilocks&a=3")[0])) == {}
    landed = tuple(
        losses.descend(losses.problem("icecream", "line", "mse"), start=(-1.0, 2.5), rate=0.2, steps=1).theta[
            1
        ]
    )
    for turned in ("", "&rate=0.5", "&start=3,3"):
        shown = scene(parse(f"?s=step&a=0.9,0.5{turned}")[0])
        assert marks(shown) == {"guess": (0.9, 0.5), "truth": pytest.approx(landed)}
        assert shown["lesson"]["gap"] == "You were 1.2 away."
        assert shown["captions"]["map"] == "★ your guess"
    other = scene(parse("?s=step&a=0.9,0.4")[0])["figures"]["map"]["name"]
    assert other != shown["figures"]["map"]["name"], "another guess is another figure"


def test_who_is_asked_where_a_step_lands_feels_which_way_the_slope_goes():
    """Axes of two scales bend what is at right angles to a level line, so the way has to be shown: not how far."""
    asked = scene(parse("?s=step")[0])
    for view in ("map", "landscape"):
        names = [part["trace"].get("name") for part in asked["figures"][view]["figure"]["moving"]]
        assert "compass" in names, view
        assert not {"next", "step", "slope"} & set(names)
    cast = Experiment(parse("?s=step")[0])
    arrays = run_arrays(cast)
    needle = [arrays[f"compass_{name}"][0] for name in "uv"]
    way, step = np.diff(needle, axis=1)[:, 0], cast.run.theta[1] - cast.run.theta[0]
    assert way @ step == pytest.approx(np.linalg.norm(way) * np.linalg.norm(step))
    assert np.linalg.norm(way) < 0.7 * np.linalg.norm(step)
    told, other = (scene(parse(link)[0])["figures"]["map"] for link in ("?s=step", "?s=goldilocks"))
    assert told["name"] != other["name"], "another figure on the same ground"
    assert "compass" not in [part["trace"].get("name") for part in other["figure"]["moving"]]


def test_basins_do_not_tell_before_the_answer():
    def drawn(link):
        return len(scene(parse(link)[0])["figures"]["map"]["figure"]["data"])

    assert drawn("?s=twovalleys&basins=1") == drawn("?s=twovalleys")
    assert drawn("?s=twovalleys&basins=1&a=1") > drawn("?s=twovalleys&a=1")


def test_bowl():
    state, _ = parse("?s=bowl")
    assert state.in_fog
    assert not answered("bowl").in_fog
    assert numbers("bowl")["loss"] == pytest.approx(
        losses.certify(losses.problem("icecream", "line", "mse")).loss
    )


def test_step():
    found = numbers("step")
    assert found["first"] == pytest.approx(found["rate"] * found["slope"])
    assert found["tenth"] < found["first"] / 50


def test_goldilocks():
    found = numbers("goldilocks")
    assert found["limit"] == pytest.approx(0.68, abs=0.01)
    assert 0 < found["middle"] < found["slow"] < found["last"] <= 200
    assert found["over"] == -1
    p = losses.problem("icecream", "line", "mse")
    assert losses.descend(p, "gd", start=(-1.0, 2.5), rate=0.70, steps=1).loss[1] < 14, "at first it falls"
    assert losses.descend(p, "gd", start=(-1.0, 2.5), rate=0.70, steps=200).outcome.name == "DIVERGED"


def test_outlier():
    found = numbers("outlier")
    assert found["bad_mse"] < 0.5 * found["clean_mse"]
    assert found["bad_mae"] == pytest.approx(found["clean_mse"], abs=0.1)
    assert found["share"] > 95


def test_confident():
    found = numbers("confident")
    assert (found["sure"], found["wrong"]) == pytest.approx((0.01, 4.61), abs=0.005)
    assert found["square"] < 1


def test_mismatch():
    found = numbers("mismatch")
    assert found["times"] == pytest.approx(203, abs=0.5)
    assert 0 < found["steps"] < found["last"]
    cast = Experiment(answered("mismatch"))
    assert cast.comparison.run.outcome.name == "PLATEAU"


def test_ten():
    found = numbers("ten")
    assert found["start"] == pytest.approx(np.log(10))
    assert found["end"] < found["start"]
    assert found["fast"] < found["start"] / 2, "what the student drags the rate to learns visibly"
    turned = Experiment(parse(f"?s=ten&a=1&rate={found['fast_rate']}")[0]).run
    assert turned.loss[-1] == found["fast"]
    assert found["fast_rate"] < Experiment(answered("ten")).certificate.critical_rate
    assert found["hundred"] == pytest.approx(2 * found["start"]), "twice as much"


def test_twovalleys():
    cast = Experiment(answered("twovalleys"))
    w, v = cast.run.theta[-1]
    assert w > 0
    assert cast.prepared.problem.value([-w, -v]) == pytest.approx(cast.run.loss[-1])
    assert cast.run.outcome.name == "CONVERGED"
    mirrored = losses.descend(cast.prepared.problem, "gd", start=(0.4, -0.9), rate=cast.run.rate, steps=200)
    assert mirrored.theta[-1, 0] < 0


def test_saddle():
    found = numbers("saddle")
    assert (found["hair"], found["thousandth"]) == (76, 38)
    assert Experiment(answered("saddle")).run.outcome.name == "NO_MINIMUM"


def test_ravine():
    found = numbers("ravine")
    assert found["gd"] == 116
    assert found["heavy"] < found["gd"] / 3.5
    ravine = losses.TEST_FUNCTIONS["ravine"]
    best = losses.descend(
        ravine, "momentum", start=(-2.5, 1.0), rate=found["rate"], momentum=found["beta"], steps=8
    )
    assert (np.diff(np.sign(best.theta[:, 1])) != 0).sum() >= 6, "momentum zigzags, too, where it is fastest"
    assert "for long" in ravine.when
    cast = Experiment(parse(f"?s=ravine&a=2&race=momentum:momentum={found['beta']:.3g}")[0])
    far = np.linalg.norm(cast.competitors[0].run.theta, axis=1)
    assert np.argmax(far <= 0.01 * far[0]) == pytest.approx(found["heavy"], abs=10), (
        "with the β that is dragged to"
    )


def test_scaling():
    found = numbers("scaling")
    assert found["raw"] > 30_000
    assert found["round"] == pytest.approx(1.0)


def test_race():
    found = numbers("race")
    assert found["best_steps"] > 10
    assert found["best_rate"] == pytest.approx(Experiment(answered("race")).certificate.best_rate, rel=0.01)
    for rate in (found["best_rate"] - 1e-4, found["best_rate"] + 1e-4):
        ravine = losses.TEST_FUNCTIONS["ravine"]
        run = losses.descend(ravine, "gd", start=(-2.5, 1.0), rate=rate, steps=600)
        assert run.settled_at > found["best_steps"]
    newton = losses.descend(losses.TEST_FUNCTIONS["ravine"], "newton", rate=1.0, steps=10)
    assert newton.settled_at == 1


def test_the_teacher_has_every_answer():
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
    assert "break-inside: avoid" in text, "a lesson is printed in one piece"


@pytest.mark.parametrize(
    ("link", "part", "said"),
    [
        ("?s=goldilocks&a=0&seed=7", "reveal", True),
        ("?s=goldilocks&a=0", "reveal", False),
        ("?s=step&seed=7", "text", True),
        ("?s=bowl&seed=7", "text", False),
        ("?s=ravine&a=0&seed=7", "reveal", False),
    ],
)
def test_a_lesson_whose_data_another_seed_drew_says_of_which_its_numbers_are(link, part, said):
    assert (OTHER_SEED_NOTE in scene(parse(link)[0])["lesson"][part]) == said
