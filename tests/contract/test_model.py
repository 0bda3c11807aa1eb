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
    problem = parse("?model=foreign_model&l2=0.1")[0].problem
    assert problem.parameters == ("coef", "intercept")
    assert problem.penalized.tolist() == [True, False]
    assert losses.certify(problem).loss == pytest.approx(
        losses.certify(losses.problem("houses", "line", "mse", l2=0.1, standardize=True)).loss
    )


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "query",
    [
        "?model=foreign_model&steps=12",
        "?model=foreign_model&l2=0.1&l1=0.05&standardize=0&rate=0.00001&steps=12",
        "?data=spam&model=foreign_model&steps=12",
        "?data=moons&model=foreign_model&steps=12",
        "?data=moons&model=foreign_model&plane=parameters&axis1=1&axis2=3&steps=12",
        "?data=moons&model=foreign_model&plane=random&steps=12",
        "?data=separable&model=foreign_model&loss=bce&steps=12",
        "?model=foreign_model&loss=mae&steps=12",
        "?model=foreign_model&opt=newton&rate=1&steps=6",
        "?model=foreign_model&vs=mae&steps=12",
        "?model=foreign_model&vs=icecream&steps=12",
        "?model=foreign_model&vs=raw&steps=12",
        "?model=foreign_model&race=adam,momentum&steps=12",
    ],
)
def test_every_view_preview_and_export_is_rendered(pages, query, part):
    pages.request(query, part)


def test_menus_offer_it_where_it_fits(pages):
    assert MODEL.name in str(pages.first_scene("?")["controls"])
    assert MODEL.name in str(pages.first_scene("?data=spam")["controls"])
    assert MODEL.key not in losses.allowed_models(losses.DATASETS["iris"])
    assert "coef" in pages.exports("?model=foreign_model&steps=5")["path.csv"].splitlines()[0]
    assert "coef" in str(pages.first_scene("?model=foreign_model&view=step")["run"]["tables"])


@pytest.mark.parametrize("key", losses.MODELS)
def test_every_model_of_the_catalogue_has_a_page(pages, key):
    data = next(data for data in losses.DATASETS if key in losses.allowed_models(losses.DATASETS[data]))
    for view in ("curve", "step", "known"):
        check_scene(pages.first_scene(f"?data={data}&model={key}&view={view}&steps=5"), view)
