"""The browser makes the texts of each step of real runs as Python does, in every language.

Other rules that both know are compared without a browser: ``tests/fixtures`` and ``tests/js``.
"""

import pytest

from app.experiment.experiment import Experiment
from app.i18n.translation import LANGUAGES
from app.page import scene as page_scene
from app.url_state.state import parse
from tests.support.sent import sent

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
STEP_TEXTS = """async ([module, scene]) => {
    const { StepText } = await import(module);
    const text = new StepText({ ...scene, moment: { ...scene.moment, step: -1 } });
    return Array.from({ length: scene.run.runText.lastStep + 1 }, (_, k) => text.at(k));
}"""
"""The moments of all steps; none of them is taken from the scene, whose own step is hidden."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_text_of_each_step_equals_that_of_python(open_flat, lang):
    page = open_flat(f"?lang={lang}", width=800)
    translate = LANGUAGES[lang].translate
    bundle = page.locator("script[src*='losslab.mjs']").get_attribute("src")
    module = bundle.replace("losslab.mjs", "js/narration/step_text.mjs")
    for link in LINKS:
        experiment = Experiment(parse(link)[0])
        scene = sent(translate(page_scene.scene(experiment.state)))
        texts = page.evaluate(STEP_TEXTS, [module, scene])
        moments = page_scene.RunTexts(experiment)
        expected = [sent(translate(moments.moment(k))) for k in range(len(texts))]
        assert texts == expected, link
