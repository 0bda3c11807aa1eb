"""Every entry of every registry is drawn, without a notice and without messages in the console."""

from itertools import cycle, zip_longest

import losses
from app.problem_setup.view_planes import PLANES
from losses.optimizer.schedule import SCHEDULES
from tests.support.problem_cases import PAIRINGS
from tools.support.browser_pages import show_link

NAMES = ("data", "model", "loss")


def covering_links():
    """Yield links that together contain every entry of all registries (greedy set cover)."""
    remaining = {(name, key) for pairing in PAIRINGS for name, key in zip(NAMES, pairing, strict=True)}
    parts = []
    while remaining:
        best = max(PAIRINGS, key=lambda pairing: len(remaining & set(zip(NAMES, pairing, strict=True))))
        remaining -= set(zip(NAMES, best, strict=True))
        parts.append("&".join(f"{name}={key}" for name, key in zip(NAMES, best, strict=True)))
    parts += [f"data={key}" for key in losses.TEST_FUNCTIONS]
    for link, opt, schedule in zip_longest(parts, losses.OPTIMIZERS, cycle(SCHEDULES)):
        if link is None:
            break
        yield f"?{link}&opt={opt or 'gd'}&schedule={schedule}&steps=20"
    yield from (f"?data=iris&plane={key}&axis1=2&axis2=5" for key in PLANES)


def test_every_entry_of_every_registry_is_drawn_without_messages(show_flat):
    page = show_flat("")
    links = list(covering_links())
    all_links = " ".join(links) + " "
    for registry in (losses.DATASETS, losses.MODELS, losses.LOSSES, losses.OPTIMIZERS, losses.TEST_FUNCTIONS):
        assert all(f"={key}&" in all_links for key in registry)
    for link in links:
        show_link(page, link)
        has_notice = page.evaluate("document.querySelector('#notice').checkVisibility()")
        assert (page.watch.faults, has_notice) == ([], False), link
        marks = page.evaluate("document.querySelectorAll('#map .scatterlayer .point').length")
        assert marks > 0, link
