"""The whole catalogue in one page: every entry of every registry is drawn, and the console has nothing to say."""

from itertools import cycle, zip_longest

import losses
from app.problem_setup.view_planes import PLANES
from losses.optimizer.schedule import SCHEDULES
from tests.support.problem_cases import PAIRINGS
from tools.support.browser_pages import turn

NAMES = ("data", "model", "loss")


def cover():
    """Links that have every dataset, model, loss and test function, and the other registries beside them."""
    left = {(name, key) for pairing in PAIRINGS for name, key in zip(NAMES, pairing, strict=True)}
    chosen = []
    while left:
        best = max(PAIRINGS, key=lambda pairing: len(left & set(zip(NAMES, pairing, strict=True))))
        left -= set(zip(NAMES, best, strict=True))
        chosen.append("&".join(f"{name}={key}" for name, key in zip(NAMES, best, strict=True)))
    chosen += [f"data={key}" for key in losses.TEST_FUNCTIONS]
    for link, opt, schedule in zip_longest(chosen, losses.OPTIMIZERS, cycle(SCHEDULES)):
        if link is None:
            break
        yield f"?{link}&opt={opt or 'gd'}&schedule={schedule}&steps=20"
    yield from (f"?data=iris&plane={key}&axis1=2&axis2=5" for key in PLANES)


def test_every_entry_of_every_registry_is_drawn_without_a_word(open_flat):
    page = open_flat("")
    links = list(cover())
    spelled = " ".join(links) + " "
    for registry in (losses.DATASETS, losses.MODELS, losses.LOSSES, losses.OPTIMIZERS, losses.TEST_FUNCTIONS):
        assert all(f"={key}&" in spelled for key in registry)
    for link in links:
        turn(page, link)
        told = page.evaluate("document.querySelector('#notice').checkVisibility()")
        assert (page.watch.faults, told) == ([], False), link
        marks = page.evaluate("document.querySelectorAll('#map .scatterlayer .point').length")
        assert marks > 0, link
