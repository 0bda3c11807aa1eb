"""What the handles of a line tell: its score at two inputs for any place on the map."""

import numpy as np
import pytest

from app.experiment.prepared import prepare
from app.url_state.state import parse
from losses.core.special import sigmoid

PLACES = [(0.0, 0.0), (1.3, -0.7), (-40.0, 25.0)]


def handles(query):
    prepared = prepare(parse(query)[0])
    return prepared, prepared.data_view.handles(prepared.problem, prepared.surface.plane)


@pytest.mark.parametrize(
    "query", ["", "?standardize=0", "?data=spam", "?data=norris&standardize=0", "?loss=mae"]
)
@pytest.mark.parametrize("place", PLACES)
def test_they_tell_the_line_of_any_place(query, place):
    prepared, line = handles(query)
    scores = np.array(line.constant) + place[0] * np.array(line.u) + place[1] * np.array(line.v)
    drawn = prepared.problem.predict(prepared.surface.plane.points(*np.array(place)), np.array(line.inputs))
    assert line.is_probability == ("spam" in query)
    assert (sigmoid(scores) if line.is_probability else scores) == pytest.approx(drawn, rel=1e-9)


@pytest.mark.parametrize(
    "query", ["?data=moons", "?data=ravine", "?data=digits", "?data=misra1a&model=saturation"]
)
def test_other_views_and_curves_have_none(query):
    assert handles(query)[1] is None


@pytest.mark.parametrize("query", ["?hide=start", "?s=outlier"])
def test_a_scene_has_none_where_the_start_may_not_be_moved(query):
    from app.page.scene import scene

    assert scene(parse(query)[0]).line_handles is None
    assert scene(parse("?s=outlier&a=1")[0]).line_handles is not None
