"""Links whose numbers are at their limits or whose losses leave float64: the page, previews and exports."""

import random

import pytest

from app.url_state.state import parse
from tests.support.pages import Pages
from tools.support import wild_links

PATHS = tuple(dict.fromkeys(wild_links.PAGES))
FAR_PLANE = (
    "data=own&points=regression_a,b,y_745,123,2e38_160,263,-2e38_262,382,-2e37_317,218,2e37_417,339,-1e38_129,88,2e38"
    "&plane=random&standardize=0"
)
"""A slice whose axes are so long that a place on it has parameters beyond float64."""
LINKS = (
    "?edit=0:1e101",
    "?edit=0:1e100",
    "?loss=own&formula=exp(r)**2",
    "?start=-1e9,1e9&rate=0.0494&standardize=0",
    "?start=1e300,-1e300",
    "?start=1e160,1e150&standardize=0",
    "?rate=1e300",
    "?loss=own&formula=max(r,1e300)",
    "?loss=own&formula=1e300-p",
    "?loss=own&formula=max(sign(where(-1>r,1e-300,0))-cosh(max(r,r)),exp(r))&standardize=0",
    "?loss=own&formula=max(abs(r),1e-60)**-8",
    "?loss=own&formula=r&l2=1e-320",
    "?loss=own&formula=(exp(r))/((-1)*(0.5))&race=adagrad,newton,gd&basins=1",
    "?model=power&start=1e9,1e9",
    "?data=spam&loss=exponential&rate=30",
    "?data=own&points=regression_x,y_1e100,1e100_2e99,-1e100_3e99,1e99_0,0",
    "?data=own&points=regression_x,y_1e-100,1e-100_2e-100,-1e-100_3e-99,1e-99_0,0",
    "?loss=own&formula=where(2/p==sinh(1e300),y,p)&rate=2.42e10&l2=1e6",
    f"?{FAR_PLANE}&start=-1e300,-1e9",
    f"?{FAR_PLANE}&ghost=1,-1e300,-1e9",
)


@pytest.fixture(scope="module")
def pages():
    return Pages()


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("first", [0, pytest.param(1, marks=pytest.mark.thorough)])
def test_answers_are_given(pages, link, first):
    """Every second path for a link, the others for the next one."""
    for path in PATHS[(LINKS.index(link) + first) % 2 :: 2]:
        status = pages.client.get(path + link).status_code
        assert status == 200 or (path, status) == ("/bend", 404), path  # few losses can be bent


def test_a_start_whose_parameters_are_beyond_float64_is_told():
    state, notices = parse(f"?{FAR_PLANE}&start=-1e300,-1e9")
    assert notices == ("This link asked for start=-1e300,-1e9. Using -0.7,0.7 instead. It is too far away.",)
    assert parse(f"?{FAR_PLANE}&start=-1e200,-1e9")[1] == ()


@pytest.mark.slow
def test_wild_links_are_answered(pages):
    r = random.Random(3)
    links = [wild_links.link(r) for _ in range(12)]
    assert sum(not parse(link)[1] for link in links) >= 4
    for link in links:
        status = pages.client.get(r.choice(wild_links.PAGES) + link).status_code
        assert status < 500, link
