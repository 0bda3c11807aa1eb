"""Every landscape fills its card: the share of the card that its projected surface covers, without a browser.

The camera is that of the browser modules, run by Node.
"""

import json
import subprocess
from collections import defaultdict

import msgspec
import pytest

import losses
from app.experiment.experiment import Experiment
from app.lessons import LESSONS
from app.page.figure_set import figure_set
from app.url_state.state import parse
from tests.support.problem_cases import PAIRINGS
from tools import look
from tools.support import node
from tools.support.case_selection import covering

CARDS = [(400, 500), (460, 430), (683, 478), (900, 520), (900, 450), (422, 240), (364, 316), (300, 375)]
"""Width and height of cards, from 0.8 to 2 times as wide as high."""
LEAST_SHARE = 0.65
SCREENS = json.loads(look.CARD_SIZES.read_text(encoding="utf-8"))
"""The cards of the landscapes of each screen and size, as a browser laid them out."""
LINKS = [f"?data={key}" for key in losses.TEST_FUNCTIONS]
LINKS += [f"?s={key}" for key in LESSONS]
MORE_LINKS = []
for case in covering(PAIRINGS):
    (MORE_LINKS if case.marks else LINKS).append("?data={}&model={}&loss={}".format(*case.values))
SCRIPT = """
const { LandscapeCamera } = await import("./assets/js/plot/landscape_camera.mjs");
let text = "";
for await (const chunk of process.stdin) text += chunk;
const shares = JSON.parse(text).map(({ figure, cards }) => {
  const cameras = new LandscapeCamera(figure);
  return cards.map(([clientWidth, clientHeight, textSize = 12]) =>
    cameras.home({ clientWidth, clientHeight }, textSize).share);
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


def shares(figures, cards_of_figures):
    """Return for each figure the shares of its cards that its surface covers."""
    answer = subprocess.run(
        node.node_command("--input-type=module", "--eval", SCRIPT),
        input=json.dumps(
            [{"figure": each, "cards": cards} for each, cards in zip(figures, cards_of_figures, strict=True)]
        ),
        capture_output=True,
        text=True,
        check=True,
        cwd=node.ROOT,
    )
    return json.loads(answer.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("links", [LINKS, pytest.param(MORE_LINKS, marks=pytest.mark.thorough)])
def test_every_landscape_fills_cards_of_every_shape(links):
    found = landscapes(links)
    too_small = {
        f"{name} in {card}": round(share, 2)
        for name, row in zip(found, shares(list(found.values()), [CARDS] * len(found)), strict=True)
        for card, share in zip(CARDS, row, strict=True)
        if share < LEAST_SHARE
    }
    assert too_small == {}


def test_every_lesson_has_its_cards_in_the_file_at_the_same_sizes():
    """``make look`` writes them."""
    sizes = {}
    for row in SCREENS:
        sizes.setdefault(row["link"], set()).add(row["size"])
    assert set(sizes) <= {f"?{query}" for _, query in look.screens()}
    shown = [f"?s={lesson.key}" for lesson in LESSONS.values() if "landscape" in lesson.views]
    assert {frozenset(sizes[link]) for link in shown} == {frozenset(sizes["?s=walk"])}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(2))
def test_the_landscapes_of_every_screen_fill_their_cards_at_each_size(part):
    """Asked and answered: the cards are those of the layouts, on a desktop, a phone and a projector."""
    cards = defaultdict(list)
    for row in SCREENS:
        cards[f"{row['link']} {row['view']}"].append((row["size"], row["card"]))
    links = sorted({row["link"] for row in SCREENS})[part::2]
    found = {name: figure for name, figure in landscapes(links).items() if name in cards}
    sizes = [cards[name] for name in found]
    covered = shares(list(found.values()), [[card for _, card in each] for each in sizes])
    too_small = {
        f"{name} on {size}": round(share, 2)
        for name, each, row in zip(found, sizes, covered, strict=True)
        for (size, _), share in zip(each, row, strict=True)
        if share < LEAST_SHARE
    }
    assert too_small == {}
