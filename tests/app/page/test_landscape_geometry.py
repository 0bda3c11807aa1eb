"""Every landscape fills its card: the share of the card that its projected surface covers, without a browser.

The camera is that of the browser modules, run by Node.
"""

import json
import subprocess

import msgspec
import pytest

import losses
from app.experiment.experiment import Experiment
from app.lessons import LESSONS
from app.page.figure_set import figure_set
from app.url_state.state import parse
from tests.support.problem_cases import PAIRINGS
from tools.support import node

CARDS = [(400, 500), (460, 430), (683, 478), (900, 520), (900, 450), (422, 240), (364, 316), (300, 375)]
"""Width and height of cards, from 0.8 to 2 times as wide as high."""
LEAST_SHARE = 0.65
LINKS = [f"?data={data}&model={model}&loss={loss}" for data, model, loss in PAIRINGS]
LINKS += [f"?data={key}" for key in losses.TEST_FUNCTIONS]
LINKS += [f"?s={key}" for key in LESSONS]
SCRIPT = """
const { LandscapeCamera } = await import("./assets/js/plot/landscape_camera.mjs");
let text = "";
for await (const chunk of process.stdin) text += chunk;
const { figures, cards } = JSON.parse(text);
const shares = figures.map((figure) => {
  const cameras = new LandscapeCamera(figure);
  return cards.map(([clientWidth, clientHeight]) => cameras.home({ clientWidth, clientHeight }, 12).share);
});
console.log(JSON.stringify(shares));
"""


def landscapes(links):
    """Return the landscapes of links by name."""
    found = {}
    for link in links:
        figures = figure_set(Experiment(parse(link)[0]))
        for view in ("landscape", "landscape-2"):
            if view in figures:
                found[f"{link} {view}"] = msgspec.to_builtins(figures[view][1](), enc_hook=str)
    return found


def shares(figures, cards):
    """Return for each figure the shares of the cards that its surface covers."""
    answer = subprocess.run(
        node.node_command("--input-type=module", "--eval", SCRIPT),
        input=json.dumps({"figures": figures, "cards": cards}),
        capture_output=True,
        text=True,
        check=True,
        cwd=node.ROOT,
    )
    return json.loads(answer.stdout)


@pytest.mark.parametrize("links", [LINKS[i::4] for i in range(4)])
def test_every_landscape_fills_cards_of_every_shape(links):
    found = landscapes(links)
    too_small = {
        f"{name} in {card}": round(share, 2)
        for name, row in zip(found, shares(list(found.values()), CARDS), strict=True)
        for card, share in zip(CARDS, row, strict=True)
        if share < LEAST_SHARE
    }
    assert too_small == {}
