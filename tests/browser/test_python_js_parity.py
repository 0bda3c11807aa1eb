"""What Python and the browser both compute is equal."""

import json

import numpy as np
import pytest

from app.experiment.experiment import Experiment
from app.figures.array_codec import encode_array
from app.figures.probability_grid import LogisticGrid
from app.i18n.translation import LANGUAGES
from app.url_state.state import parse
from losses.core.messages import format_number
from losses.model.mlp import ACTIVATIONS
from tests.support.array_decoding import decode_array
from tests.support.sent import moment, scene

LINKS = [
    "",
    "?rate=1.2",
    "?steps=1",
    "?loss=mae&rate=2&opt=momentum&view=step&steps=20",
    "?data=spam&vs=mse&start=-6,6&rate=3",
    "?race=adam,newton&view=race&ghost=0.1,0.5,0.5&steps=30",
    "?data=digits&steps=3&view=known",
    "?fog=1&vs=mae&steps=9",
    "?data=rosenbrock&start=2,2&rate=1",
]
STEP_TEXTS = """async ([module, run]) => {
    const { StepText } = await import(module);
    const texts = new StepText(run);
    return Array.from({ length: texts.last + 1 }, (_, k) => texts.at(k));
}"""
FORMATTED = """async ([module, values]) => {
    const { formatNumber } = await import(module);
    return values.map(formatNumber);
}"""
DECODED = """async ([module, specs]) => {
    const { decode } = await import(module);
    const finite = (value) => (Number.isFinite(value) ? value : null);
    return specs.map((spec) => Array.from(decode(spec).values, finite));
}"""


def module(page, name):
    return page.locator("script[src*='losslab.mjs']").get_attribute("src").replace("losslab.mjs", name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_text_of_each_step_equals_that_of_python(open_flat, lang):
    page = open_flat(f"?lang={lang}", width=800)
    translate = LANGUAGES[lang].translate
    for link in LINKS:
        experiment = Experiment(parse(link)[0])
        run = json.loads(json.dumps(translate(scene(experiment.state)["run"])))
        texts = page.evaluate(STEP_TEXTS, [module(page, "js/narration/step_text.mjs"), run])
        assert texts == json.loads(
            json.dumps([translate(moment(experiment, k)) for k in range(len(texts))])
        ), link


def test_arrays_are_decoded(open_flat):
    page = open_flat()
    rng = np.random.default_rng(0)
    tables = [
        rng.normal(size=(5, 7)) * 10.0 ** rng.integers(-30, 30, (5, 7)),
        np.where(rng.random((6, 5)) < 0.3, np.nan, -1950.25),
        np.array([[0.0, -0.0, np.inf, 1e300, 1e-45]]),
        rng.integers(0, 256, (9, 6)).astype(np.uint8),
        rng.random((9, 6)).astype(np.float16),
        np.arange(5.0),
        np.arange(12.0).reshape(2, 2, 3),
        LogisticGrid(rng.normal(0, 9, (7, 1, 2)), (61,), 1.0),
        LogisticGrid(rng.normal(0, 9, (4, 1, 3)), (25, 25), 255.0),
        LogisticGrid(np.array([[[800.0, -1e30, 0.5]], [[0.0, np.nan, 1.0]]]), (3, 2), 1.0),
        *(
            LogisticGrid(np.round(rng.normal(0, 9, (4, 5, 3))), (9, 7), 255.0, np.ones((4, 6)), bend)
            for bend in ACTIVATIONS
        ),
        LogisticGrid(np.round(rng.normal(0, 9, (4, 3, 2))), (9,), 1.0, np.ones((4, 4)), "tanh"),
    ]
    specs = [encode_array(table) for table in tables]
    decoded = page.evaluate(DECODED, [module(page, "js/core/array_codec.mjs"), specs])
    with np.errstate(over="ignore"):
        for values, spec, table in zip(decoded, specs, tables, strict=True):
            single = np.float32(table)
            expected = np.where(np.isfinite(single), single, np.nan).ravel()
            assert np.array(values, float) == pytest.approx(expected, rel=2**-16, nan_ok=True)
            assert decode_array(spec) == pytest.approx(single, rel=2**-16, nan_ok=True)


def test_numbers_are_formatted_alike(open_flat):
    page = open_flat()
    rng = np.random.default_rng(0)
    values = rng.choice([-1, 1], 2000) * 10 ** rng.uniform(-12, 12, 2000)
    values = [*values.tolist(), 0.0, 999.0, 999.4, 1000.0, 99999.5, 999999.6, 1e6, 0.001, 0.0009999, 0.12345]
    assert page.evaluate(FORMATTED, [module(page, "js/core/i18n.mjs"), values]) == [
        format_number(value) for value in values
    ]
