"""Exported scripts print the numbers that the page shows, and are short and plain."""

import dataclasses
import re
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import losses
from app.numpy_script import needs_gradient_first, numpy_script, rule_lines
from app.problem_setup.price import offered_optimizers
from app.url_state.state import parse
from tests.support.adadelta import ADADELTA
from tests.support.exported_script import assert_script_prints_run
from tests.support.problem_cases import PAIRINGS
from tests.support.registries import registered
from tests.support.wild_formulas import formulas
from tools.support.case_selection import covering


@pytest.mark.parametrize("pairing", PAIRINGS, ids="-".join)
@pytest.mark.parametrize("other", [0, pytest.param(1, marks=pytest.mark.thorough)])
def test_the_script_of_every_pairing_agrees_with_the_page(pairing, other):
    """Raw or standardized, in turn."""
    (data, model, loss), standardize = pairing, (PAIRINGS.index(pairing) + other) % 2
    assert_script_prints_run(f"?data={data}&model={model}&loss={loss}&standardize={standardize}&steps=20&k=0")


OFFERED = [
    (data, model, opt)
    for data in ("anscombe2", "spam", "iris", "moons", "misra1a")
    for model in losses.allowed_models(losses.DATASETS[data])
    for opt in offered_optimizers(parse(f"?data={data}&model={model}")[0].problem)
]


@pytest.mark.parametrize(("data", "model", "opt"), covering(OFFERED, of=2))
def test_the_script_of_every_model_and_optimizer_agrees_with_the_page(data, model, opt):
    rate = "&rate=0.5" if losses.OPTIMIZERS[opt].uses_hessian else ""  # longer steps magnify rounding errors
    assert_script_prints_run(f"?data={data}&model={model}&opt={opt}&steps=6&k=0{rate}")


@pytest.mark.parametrize("opt", losses.OPTIMIZERS)
@pytest.mark.parametrize("function", losses.TEST_FUNCTIONS)
def test_the_script_of_every_test_function_and_optimizer_agrees_with_the_page(function, opt):
    assert_script_prints_run(f"?data={function}&opt={opt}&steps=25&k=0")


@pytest.mark.parametrize("schedule", losses.SCHEDULES)
def test_the_script_of_every_schedule_agrees_with_the_page(schedule):
    assert_script_prints_run(f"?schedule={schedule}&rate=0.5&opt=momentum")


@pytest.mark.parametrize(
    "link",
    [
        "?l2=0.1&l1=0.05",
        "?l2=0.1&opt=newton",
        "?data=iris&l2=0.1&steps=10&k=0",
        "?loss=huber&delta=0.3",
        "?loss=quantile&tau=0.2",
        "?data=spam&loss=focal&gamma=3",
        "?data=moons&model=mlp&width=6&relu=1&steps=10&k=0",
        "?data=moons&model=mlp&width=3&relu=1&opt=newton&steps=3&k=0",
        "?loss=own&formula=abs(r)**1.5",
        "?loss=own&formula=where(abs(r)<=1,r**2/2,abs(r)-0.5)",
        "?loss=own&formula=log(cosh(r))&opt=newton",
        "?data=spam&loss=own&formula=-(y*log(p)%2B(1-y)*log(1-p))",
        "?data=iris&loss=own&formula=1-exp(-r**2)&steps=9&k=0",
        "?loss=own&formula=(r>0)*r-(p<=y)*r&rate=0.01",
        "?loss=own&formula=r*pi&steps=3&k=0",
        "?loss=own&formula=r*y&steps=3&k=0&rate=0.001",
        "?data=spam&loss=own&formula=-r/3",
        "?data=own&points=binary_x,y_1,no_2,yes_3,no_4,yes_5.5,yes",
        "?data=misra1a&model=saturation&opt=newton&standardize=0",
        "?n=50&noise=10&seed=3&opt=sgd&batch=5",
        "?rate=1.2",
        "?rate=1e9",
    ],
)
def test_the_script_of_other_settings_agrees_with_the_page(link):
    assert_script_prints_run(link)


@given(formulas(), st.sampled_from(("outlier&model=line", "spam&model=logistic", "iris&model=softmax")))
def test_the_script_of_any_own_formula_is_python(formula, data):
    state, notices = parse(f"?data={data}&loss=own&formula={quote(formula)}&opt=newton&steps=2&k=0")
    assume(not notices)
    compile(numpy_script(state), "run.py", "exec")


def lines_besides_data(code):
    """Return the lines that are neither blank, nor comments, nor literals of the data."""
    without_data = re.sub(r"^[xy] = np\.array\(\[[\d\s.,-]*\]\)$", "", code, flags=re.MULTILINE)
    return [line for line in without_data.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("link", ["", "?data=norris&standardize=0", "?loss=mae", "?data=spam"])
def test_the_script_of_a_line_and_of_a_logistic_curve_has_at_most_fifteen_lines(link):
    lines = lines_besides_data(numpy_script(parse(link)[0]))
    assert len(lines) <= 15
    assert max(map(len, lines)) <= 90
    assert not any(";" in line or "lambda" in line for line in lines), (
        "it is not short because lines are joined"
    )


@pytest.mark.parametrize("opt", losses.OPTIMIZERS)
def test_the_script_of_every_optimizer_has_at_most_21_lines(opt):
    assert len(lines_besides_data(numpy_script(parse(f"?opt={opt}")[0]))) <= 21


def test_a_script_imports_only_numpy():
    assert re.findall(r"^(?:import|from) .*", numpy_script(parse("")[0]), re.MULTILINE) == [
        "import numpy as np"
    ]


@pytest.fixture
def adadelta():
    with registered(losses.OPTIMIZERS, ADADELTA):
        yield


@pytest.mark.parametrize("link", ["?steps=20", "?data=himmelblau&steps=20", "?data=spam&steps=20"])
def test_a_script_copies_an_old_memory_that_is_used_after_the_new_one_is_assigned(adadelta, link):
    assert_script_prints_run(f"{link}&opt=zeiler&rate=0.5")
    assert "    u_old = u\n" in numpy_script(parse(f"{link}&opt=zeiler")[0])


def test_a_gradient_that_is_used_after_theta_has_moved_is_computed_first(monkeypatch):
    rule = ("theta = theta_old - rate * v_old", "v = momentum * v_old + g * abs(theta_old) / 3")
    entry = dataclasses.replace(losses.OPTIMIZERS["momentum"], key="late", rule=rule)
    copies, lines = rule_lines(entry, {"momentum": "0.9"})
    assert (copies, lines) == (
        ["theta_old = theta"],
        ["theta = theta - rate * v", "v = 0.9 * v + g * np.abs(theta_old) / 3"],
    )
    assert needs_gradient_first(lines)
    assert not needs_gradient_first(["v = 0.9 * v + g", "theta = theta - rate * v"])
