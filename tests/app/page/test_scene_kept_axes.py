"""Scenes that keep the windows and scales of another state, as while an example is dragged."""

import pytest

from app.page.scene import scene
from app.url_state.state import parse

AXES = ("xaxis", "yaxis", "zaxis")


def ranges(page_scene):
    """Return the ranges of the maps and the landscapes, by view."""
    found = {}
    for view, named in page_scene.figures.items():
        layout = named.figure.layout.get("scene", named.figure.layout)
        if view.startswith(("map", "landscape")):
            found[view] = [layout[axis]["range"] for axis in AXES if axis in layout]
    return found


@pytest.mark.parametrize("link", ["?s=outlier&a=1", "?data=icecream&vs=huber", "?data=norris&standardize=0"])
def test_a_scene_keeps_the_windows_of_another_state(link):
    before, after = (parse(f"{link}{edit}")[0] for edit in ("", "&edit=19:25"))
    own, kept = scene(after), scene(after, kept_state=before)
    assert ranges(own) != ranges(scene(before)), "otherwise nothing is kept"
    assert ranges(kept) == ranges(scene(before))
    assert {view: part.name for view, part in kept.figures.items() if "map" in view} != {
        view: part.name for view, part in own.figures.items() if "map" in view
    }, "a browser that has one must not take it for the other"
    assert kept.moment == own.moment
    assert kept.run.arrays["loss"] == own.run.arrays["loss"]


def test_the_surface_of_a_kept_window_is_the_loss_there():
    """It is computed on that window, not taken from another."""
    before, after = (parse(link)[0] for link in ("?s=outlier&a=1", "?s=outlier&a=1&edit=19:5"))
    z = {state: scene(state).figures["map"].figure.data[0]["z"]["bdata"] for state in (before, after)}
    kept = scene(after, kept_state=before).figures["map"].figure.data[0]["z"]["bdata"]
    assert kept not in z.values()


def test_a_logarithmic_scale_is_not_kept_for_a_loss_without_a_logarithm():
    """The scale of Rosenbrock's function is logarithmic; a loss of −1 has no place on it."""
    kept = parse("?data=rosenbrock")[0]
    saddle = parse("?data=saddle")[0]
    z_axis = scene(saddle, kept_state=kept).figures["landscape"].figure.layout["scene"]["zaxis"]
    assert z_axis["range"][0] < 0 < z_axis["range"][1]
    assert "log" not in z_axis["title"]["text"]
