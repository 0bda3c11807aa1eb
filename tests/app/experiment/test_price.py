"""No answer costs more than its budget: neither what the catalogues allow nor what an attacker found."""

import time
from functools import cache, wraps
from itertools import islice

import numpy as np
import pytest

import losses
from app.classroom.turn_content import attempt_field
from app.common import limits
from app.experiment.basin_tiles import first_tile_price, max_steps
from app.experiment.price import Order, cloud_answer_price, lesson_price, question_price, scene_price
from app.experiment.window import find_window
from app.lessons.lesson import Lesson
from app.lessons.lesson_link import pack_lesson
from app.page.scene import scene
from app.problem_setup.build import supports_basins
from app.problem_setup.price import (
    ANSWER,
    GRID_SIZES,
    LARGEST_TILE,
    PREVIEWS,
    RUNS,
    SWEEPS,
    SWEEPS_OF_RACE,
    VIEW,
    Price,
    affordable_runs,
    affordable_steps,
    batch_price,
    fixed_price,
    grid_size,
    offered_optimizers,
    path_steps,
    run_price,
    share_of_runs,
    sweep_size,
    why_not_optimizer,
)
from app.url_state.compared_state import comparison_state
from app.url_state.state import affords_axes_of, apply_changes, parse
from losses.problem.cost import evaluation_cost
from tools.support.dear_links import LONG_FORMULA, orders, own_points, problems

DEAR = [
    ("?data=digits&model=mlp&width=32&steps=1&race=newton", "would take too long"),
    ("?data=digits&model=mlp&width=16&steps=2&race=newton", "would take too long"),
    ("?data=digits&model=softmax&steps=40&race=newton", "would take too long"),
    ("?data=digits&model=mlp&width=32&opt=newton", "would take too long"),
    ("?n=500&steps=1000&loss=logcosh&race=line_search", "would take too long"),
    ("?n=500&steps=1000&opt=line_search&loss=logcosh&race=newton,adam,nesterov,sgd", "would take too long"),
    ("?steps=1000&loss=logcosh&race=line_search,newton,adam,sgd", "would take too long"),
    ("?data=digits&model=mlp&width=32&steps=1000", "would take too long"),
    ("?view=betas&loss=logcosh", ""),
    ("?view=betas&data=spam", ""),
    ("?view=rates&data=moons&model=mlp", ""),
]
"""The dear links of the attack, with the sentence that says what was made smaller; empty if all fits."""
OWN = "?data=own&points=browser"
LONG = LONG_FORMULA.replace("+", "%2B")
DEAR_OWN = [
    (f"{OWN}&model=mlp&width=32&loss=own&formula={LONG}", 0),
    (f"{OWN}&model=line&loss=own&formula={LONG}", 0),
    (f"{OWN}&model=line&loss=own&formula={LONG}&opt=line_search&steps=1000", 1),
]
"""The same for 2,000 own rows, with the number of sentences."""


PART_COUNT = 5
PARTS = [0, *(pytest.param(part, marks=pytest.mark.thorough) for part in range(1, PART_COUNT))]
"""Every fifth combination of data, model and loss, each with every order."""


@cache
def priced_links(part):
    """Return price, link and points of all that can be ordered for a part of the problems."""
    return [
        (order.price, link + end, points)
        for link, points, problem in islice(problems(), part, None, PART_COUNT)
        for end, order in orders(problem)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_no_combination_of_the_catalogues_exceeds_the_budget(part):
    found = priced_links(part)
    assert [(link, price) for price, link, _ in found if not price.fits(ANSWER)] == []
    dearest = max(price.share_of(ANSWER) for price, _, _ in found)
    assert dearest > 0.5, "the budget is used, so a price that is much too low would be noticed"


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_no_cloud_and_no_question_of_a_class_exceeds_the_budget(part):
    """Of a link without a lesson a question is about one run: it costs what a cloud of one costs, or less."""
    found = [
        (cloud_answer_price(problem, key, runs, steps), runs, link + f"&opt={key}")
        for link, _, problem in islice(problems(), part, None, PART_COUNT)
        for key in offered_optimizers(problem)
        for steps in [affordable_steps(problem, key, (), False, 1)]
        for runs in [affordable_runs(problem, key, steps, limits.MAX_STUDENTS)]
    ]
    assert [(link, price) for price, _, link in found if not price.fits(ANSWER)] == []
    assert max(price.share_of(ANSWER) for price, _, _ in found) > 0.5
    assert max(runs for _, runs, _ in found) > 20


def test_what_is_too_dear_beside_a_lesson_is_not_tried_by_the_class(monkeypatch):
    """The budget is as small as the lesson's own link allows."""
    link = f"?s={pack_lesson(Lesson('k', 'Ours', 0, 'data=spam&race=adam', '?', choices=('A', 'B')))}"
    own, moved, other = (parse(link + end)[0] for end in ("", "&start=1e3,0", "&data=moons&n=500&model=mlp"))
    monkeypatch.setattr("app.classroom.turn_content.ANSWER", question_price(own))
    assert attempt_field(own)
    assert not attempt_field(moved)
    assert not attempt_field(other)
    monkeypatch.setattr("app.classroom.turn_content.ANSWER", ANSWER)
    assert attempt_field(moved)
    assert attempt_field(other)


VIEW_SLACK = 0.6
"""By what part of its share the shortest sweep of a view may exceed it, 5 % of an answer."""


def test_what_an_order_adds_to_its_problem_is_within_its_share():
    """So any two problems that ``fits_beside`` lets through are affordable with their runs."""
    for link, _, problem in islice(problems(), 7, None, 40):
        for end, order in orders(problem):
            added = order.price.operations - fixed_price(problem).operations
            has_basins = order.basin_steps > 0
            share = share_of_runs(has_sweeps=bool(order.competitors), has_basins=has_basins)
            alone = RUNS.operations / 2  # beside a second problem runs and ghost have half as many steps
            assert added <= alone + share + VIEW_SLACK * VIEW.operations, link + end


def test_entries_that_are_added_are_in_the_walk(monkeypatch):
    link, _, problem = next(item for item in problems() if "data=spam" in item[0])
    keys = {order.optimizer for _, order in orders(problem)}
    assert keys == set(losses.OPTIMIZERS)
    assert {view for _, order in orders(problem) if (view := order.view)} >= {"rates", "betas"}
    assert {link.partition("&")[0] for link, _, _ in problems()} >= {
        f"?data={key}" for key in (*losses.DATASETS, *losses.TEST_FUNCTIONS, "own")
    }


@pytest.mark.parametrize(("link", "sentence"), DEAR)
def test_dear_links_are_made_smaller_with_a_sentence(link, sentence):
    state, notices = parse(link)
    assert scene_price(state).fits(ANSWER)
    assert any(sentence in str(notice) for notice in notices) == bool(sentence)


@pytest.mark.parametrize(("link", "count"), DEAR_OWN)
def test_dear_own_data_are_made_smaller(link, count):
    state, notices = parse(link, own_points("regression", 1))
    assert scene_price(state).fits(ANSWER)
    assert sum("would take too long" in str(notice) for notice in notices) == count
    assert grid_size(state.problem) < limits.COARSE_GRID_SIZE


@pytest.mark.parametrize(
    ("link", "points", "is_offered"),
    [
        ("?data=digits&vs=mse", "", True),
        ("?data=digits&model=mlp&vs=mse", "", True),
        ("?data=moons&n=500&model=mlp&width=32&vs=mse&race=adam,momentum&view=rates&ghost=0.1,1,1", "", True),
        ("?vs=outlier&n=500", "", True),
        ("?data=spam&vs=raw", "", True),
        ("?data=iris&model=softmax&vs=digits&steps=1000&ghost=0.1,1,1", "", True),
        ("?data=iris&model=mlp&width=8&vs=digits&steps=1000&ghost=0.1,1,1&race=adam", "", True),
        (f"{OWN}&model=softmax&loss=own&formula={LONG}&vs=mse&race=adam", "multiclass", False),
        (f"?data=spam&n=500&loss=own&formula={LONG}&vs=raw", "", True),
        (f"?data=spam&n=500&loss=own&formula={LONG}&vs=raw&basins=1", "", False),
    ],
)
def test_a_comparison_fits_the_budget_or_is_not_offered(link, points, is_offered):
    state, notices = parse(link, own_points(points, 4) if points else "")
    assert bool(state.compare_with) == is_offered
    assert any("Both at once would take too long" in str(notice) for notice in notices) != is_offered
    assert scene_price(state).fits(ANSWER)


def test_the_run_of_the_second_problem_has_half_the_budget_of_runs():
    state, _ = parse("?data=iris&model=softmax&vs=digits&steps=900")
    other = comparison_state(state)
    assert other.steps < state.steps
    assert (run_price(other.problem, other.optimizer, other.steps) * 2).fits(RUNS)
    assert not (run_price(other.problem, other.optimizer, other.steps + 1) * 2).fits(RUNS)


def test_previews_and_frames_fit_beside_what_is_fixed():
    """A page has the same and more, so a preview is never dearer than its page may be."""
    largest = max(
        PREVIEWS.operations, limits.MAX_FRAMES_OPERATIONS, LARGEST_TILE * limits.MAX_TILE_OPERATIONS
    )
    for link, _, problem in islice(problems(), 3, None, 10):
        assert fixed_price(problem).operations + largest <= ANSWER.operations, link
    assert share_of_runs(has_sweeps=False, has_basins=False) >= PREVIEWS.operations


def test_the_first_tile_of_basins_is_in_the_price():
    link = f"?data=spam&n=500&loss=own&formula={LONG}&steps=9"
    plain, shown, hidden = (parse(link + end)[0] for end in ("", "&basins=1", "&basins=1&fog=1"))
    tile = first_tile_price(shown.problem, shown.optimizer, max_steps(shown))
    assert tile.operations > 0.1 * ANSWER.operations
    assert scene_price(shown).operations == pytest.approx(scene_price(plain).operations + tile.operations)
    assert scene_price(hidden) == scene_price(plain)


def test_no_tile_of_basins_is_dearer_than_the_largest():
    """So the share of basins beside a second problem is enough."""
    for _, _, problem in islice(problems(), 7, None, 20):
        for key in offered_optimizers(problem) if supports_basins(problem) else ():
            for steps in (1, 60, limits.MAX_STEPS):
                price = first_tile_price(problem, key, steps)
                assert price.operations <= LARGEST_TILE * limits.MAX_TILE_OPERATIONS


@pytest.mark.parametrize(
    ("own", "end", "problems", "runs"),
    [("data=moons&n=500&model=mlp", "&data=spam", 1, 1), ("data=spam&race=adam", "&rate=0.3", 0, 2)],
)
def test_the_numbers_of_a_lesson_are_in_the_price_of_a_changed_page(own, end, problems, runs):
    word = lesson_word(own)
    moment, changed = (parse(f"?s={word}&a=0{more}")[0] for more in ("", end))
    assert changed.lesson
    assert lesson_price(moment) == Price()
    fixed = problems * fixed_price(moment.problem).operations
    least = fixed + runs * run_price(moment.problem, moment.optimizer, moment.steps).operations
    assert least <= lesson_price(changed).operations < fixed + RUNS.operations + SWEEPS_OF_RACE.operations
    page = parse("?data=spam" if problems else f"?{own}{end}")[0]
    assert scene_price(changed).operations >= scene_price(page).operations + least


COUNTED = [
    "?data=moons&model=mlp&opt=newton&race=line_search,gd",
    "?data=himmelblau&race=adam,newton&view=rates&ghost=0.01,1,1",
    "?data=outlier&model=neuron&race=adam,momentum,rmsprop,sgd&steps=1&n=500",
    "?model=neuron&loss=own&formula=log(cosh(r))&view=betas",
    "?data=iris&model=softmax&loss=mse&vs=cce&opt=adam",
]
"""Nonconvex problems: of their runs it is found out whether they end on a plateau."""


@pytest.mark.parametrize("link", COUNTED)
def test_what_is_computed_is_within_the_price(link, monkeypatch):
    """Every evaluation of a problem counts as many multiplications as it is estimated to take."""
    counted = []

    def count(cls, name, part):
        evaluate = getattr(cls, name)

        @wraps(evaluate)
        def counting(self, theta, *more):
            cost = evaluation_cost(self)
            counted.append(getattr(cost, part) * np.size(theta) / self.dim)
            return evaluate(self, theta, *more)

        monkeypatch.setattr(cls, name, counting)

    for cls in (losses.DataProblem, losses.TestFunction):
        for name in ("value", "gradient", "hessian"):
            count(cls, name, name)
    count(losses.DataProblem, "value_and_gradient", "gradient")
    state, notices = parse(f"{link}&seed=71")
    scene(state)
    assert not notices
    assert 0.01 < sum(counted) / scene_price(state).operations < 1.0


def lesson_word(link):
    texts = {"title": "T", "question": "Q", "text": "{loss} {best_u}", "choices": ("a", "b")}
    return pack_lesson(Lesson(key="k", block=0, link=link, **texts))


def test_the_window_of_a_lesson_is_affordable_with_any_data():
    """Its run is that of the lesson's link, whose steps are affordable there, on the problem of the page."""
    word = lesson_word("opt=line_search&steps=1000")
    own = f"{OWN.lstrip('?')}&model=line&loss=own&formula={LONG}"
    state, _ = parse(f"?s={word}&a=0&{own}", own_points("regression", 1))
    steps = path_steps(state.problem, "line_search", 1000)
    assert 1 <= steps < 20
    assert path_steps(parse("")[0].problem, "line_search", 1000) == 1000
    with pytest.MonkeyPatch.context() as patch:
        descend, lengths = losses.descend, list[int]()

        def noted(*arguments, steps, **more):
            lengths.append(steps)
            return descend(*arguments, steps=steps, **more)

        patch.setattr(losses, "descend", noted)
        find_window(state)
    assert lengths == [steps]


def test_a_dear_lesson_is_left_for_another_dear_problem():
    dear = lesson_word("data=moons&n=500&model=mlp&width=32")
    own = f"{OWN.lstrip('?')}&model=line&loss=own&formula={LONG}"
    state, notices = parse(f"?s={dear}&a=0&{own}", own_points("regression", 1))
    assert (state.lesson, state.data) == ("", "own")
    assert any("The lesson of this link is about something else" in str(notice) for notice in notices)
    for link in (f"?s={dear}&a=0", f"?s={dear}&a=0&data=spam&model=logistic", f"?s=walk&a=0&{own}"):
        assert parse(link, own_points("regression", 1))[0].lesson


def test_a_change_that_is_too_dear_beside_a_lesson_is_refused():
    link = f"?s={lesson_word('data=digits&model=mlp&width=32')}&a=0"
    state, notices = apply_changes(link, {"loss": "own", "formula": LONG_FORMULA})
    assert state == parse(link)[0]
    assert "Beside this lesson" in str(notices[-1])
    assert apply_changes(link, {"steps": "7"})[0].steps == 7


def test_axes_are_kept_if_both_problems_are_affordable():
    dear = f"{OWN}&model=line&loss=own&formula={LONG}"
    points = own_points("regression", 1)
    state, _ = parse(dear, points)
    assert affords_axes_of(state, dear, points)
    assert not affords_axes_of(state, f"{dear}&edit=0:1", points)
    assert affords_axes_of(parse("?edit=0:2")[0], "?edit=0:1")


def test_a_coarse_grid_is_told_on_the_page():
    fine, coarse = (scene(parse(link)[0]).captions["landscape"] for link in ("", "?data=digits&steps=2"))
    assert "51 × 51" in str(coarse)
    assert "×" not in str(fine)


def test_a_smaller_sweep_is_told_under_the_race():
    link = "?steps=1000&race=adam,momentum,line_search&view=race"
    texts = [str(table.note) for table in scene(parse(link)[0]).run.tables]
    assert any("more would take too long" in text for text in texts)
    assert "at the best rate found for it" in str(scene(parse("?race=adam&view=race")[0]).run.tables[0].note)


def test_newtons_method_is_offered_for_few_parameters_only():
    newton = losses.OPTIMIZERS["newton"]
    assert not why_not_optimizer(newton, losses.problem("spam", "logistic", "bce"))
    digits = losses.problem("digits", "softmax", "cce")
    assert "650" in str(why_not_optimizer(newton, digits))
    assert set(losses.OPTIMIZERS) - set(offered_optimizers(digits)) == {"newton"}


def test_cheap_answers_are_not_made_smaller():
    for link in ("", "?data=spam", "?data=moons&model=mlp", "?data=himmelblau"):
        state, notices = parse(f"{link}{'&' if link else '?'}steps=1000")
        assert (notices, state.steps) == ((), 1000)
        assert grid_size(state.problem) == GRID_SIZES[0]
        race = (state.optimizer, "adam")
        assert sweep_size(state.problem, "adam", 60, race) == SWEEPS[0]


def test_the_price_grows_with_everything_that_costs():
    problem = losses.problem("moons", "mlp", "bce")
    base = batch_price(problem, "gd", 10, 50)
    for dearer in (
        batch_price(problem, "gd", 20, 50),
        batch_price(problem, "gd", 10, 100),
        batch_price(problem, "newton", 10, 50),
        batch_price(
            losses.problem("moons", losses.MODELS["mlp"].with_settings(width=32), "bce"), "gd", 10, 50
        ),
        batch_price(losses.problem("moons", "mlp", losses.own_loss("(r**2+sin(r)**2)/2")), "gd", 10, 50),
    ):
        assert dearer.operations > base.operations
        assert dearer.bytes >= base.bytes


BUSY_MACHINE = 2.0
"""By how much an answer may be slower than small arrays when other tests share cache and memory."""


def seconds_of_a_multiplication() -> float:
    """Return the processor time of one multiplication of many, in arrays that fit a cache."""
    a, times = np.linspace(1.0, 2.0, 1000), []
    for _ in range(20):
        begin = time.process_time()
        for _ in range(500):
            np.multiply(a, a)
        times.append(time.process_time() - begin)
    return min(times) / 500_000.0


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_the_dearest_answers_take_no_longer_than_their_price(part):
    """Those of four problems of each part."""
    dearest = sorted(
        ((price.operations, link, points) for price, link, points in priced_links(part)), reverse=True
    )
    kinds = dict[str, tuple[float, str, str]]()
    for price, link, points in dearest:
        kinds.setdefault(link.partition("&opt")[0] + str(len(points)), (price, link, points))
    unit = seconds_of_a_multiplication()
    for price, link, points in islice(kinds.values(), 4):
        begin = time.process_time()
        scene(parse(link, points)[0])
        assert time.process_time() - begin < BUSY_MACHINE * price * unit, link


def test_an_order_within_the_budget_has_at_least_one_step():
    order = Order(losses.problem("digits", "softmax", "cce"), "line_search", limits.MAX_STEPS).within_budget
    assert 1 <= order.steps < limits.MAX_STEPS
