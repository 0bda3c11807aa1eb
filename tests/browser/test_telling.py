"""What is said of each step is the same in the browser as in Python."""

import json

import numpy as np
import pytest

from app.cast import Cast
from app.language import LANGUAGES
from app.scene import moment, scene
from app.state import parse
from losses.words import num

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
TOLD = """async ([module, run]) => {
    const { Telling } = await import(module);
    const telling = new Telling(run);
    return Array.from({ length: telling.last + 1 }, (_, k) => telling.at(k));
}"""
READ = "async ([module, values]) => { const { read } = await import(module); return values.map(read); }"


def module(page, name):
    return page.locator("script[src*='main.mjs']").get_attribute("src").replace("main.mjs", name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_step_is_told_as_python_tells_it(open_flat, lang):
    page = open_flat(f"?lang={lang}", width=800)
    of = LANGUAGES[lang].of
    for link in LINKS:
        cast = Cast(parse(link)[0])
        run = json.loads(json.dumps(of(scene(cast.state)["run"])))
        told = page.evaluate(TOLD, [module(page, "telling.mjs"), run])
        assert told == json.loads(json.dumps([of(moment(cast, k)) for k in range(len(told))])), link


def test_numbers_are_read_alike(open_flat):
    page = open_flat()
    drawn = np.random.default_rng(0)
    values = drawn.choice([-1, 1], 2000) * 10 ** drawn.uniform(-12, 12, 2000)
    values = [*values.tolist(), 0.0, 999.0, 999.4, 1000.0, 99999.5, 999999.6, 1e6, 0.001, 0.0009999, 0.12345]
    assert page.evaluate(READ, [module(page, "say.mjs"), values]) == [num(value) for value in values]
