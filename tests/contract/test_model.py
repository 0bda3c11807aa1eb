"""The page works with a model that the catalogue does not have."""

import pytest

import losses
from app.url_state.state import parse
from tests.support.foreign_entries import MODEL
from tests.support.pages import PARTS, Pages, check_scene
from tests.support.registries import registered


@pytest.fixture(scope="module")
def pages():
    with registered(losses.MODELS, MODEL):
        yield Pages()


def test_penalties_exclude_its_intercept(pages):
    problem = parse("?model=ridge&l2=0.1")[0].problem
    assert problem.parameters == ("coef", "intercept")
    assert problem.penalized.tolist() == [True, False]
    assert losses.certify(problem).loss == pytest.approx(
        losses.certify(losses.problem("houses", "line", "mse", l2=0.1, standardize=True)).loss
    )


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "query",
    [
        "?model=ridge&steps=12",
        "?model=ridge&l2=0.1&l1=0.05&standardize=0&rate=0.00001&steps=12",
        "?data=spam&model=ridge&steps=12",
        "?data=moons&model=ridge&steps=12",
        "?data=moons&model=ridge&plane=parameters&axis1=1&axis2=3&steps=12",
        "?data=moons&model=ridge&plane=random&steps=12",
        "?data=separable&model=ridge&loss=bce&steps=12",
        "?model=ridge&loss=mae&steps=12",
        "?model=ridge&opt=newton&rate=1&steps=6",
        "?model=ridge&vs=mae&steps=12",
        "?model=ridge&vs=icecream&steps=12",
        "?model=ridge&vs=raw&steps=12",
        "?model=ridge&race=adam,momentum&steps=12",
    ],
)
def test_every_view_preview_and_export_is_rendered(pages, query, part):
    pages.request(query, part)


def test_menus_offer_it_where_it_fits(pages):
    assert MODEL.name in str(pages.first_scene("?")["controls"])
    assert MODEL.name in str(pages.first_scene("?data=spam")["controls"])
    assert MODEL.key not in losses.allowed_models(losses.DATASETS["iris"])
    assert "coef" in pages.exports("?model=ridge&steps=5")["path.csv"].splitlines()[0]
    assert "coef" in str(pages.first_scene("?model=ridge&view=step")["run"]["tables"])


@pytest.mark.parametrize("key", losses.MODELS)
def test_every_model_of_the_catalogue_has_a_page(pages, key):
    data = next(data for data in losses.DATASETS if key in losses.allowed_models(losses.DATASETS[data]))
    for view in ("curve", "step", "known"):
        check_scene(pages.first_scene(f"?data={data}&model={key}&view={view}&steps=5"), view)
