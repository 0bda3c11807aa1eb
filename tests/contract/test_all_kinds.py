"""The page works with foreign entries of all kinds at once."""

import pytest

import losses
from app.figures.views.data_card_views import DATA_VIEWS
from app.figures.views.detail_card_views import DETAIL_VIEWS
from app.i18n.translation import LANGUAGES
from app.lessons import LESSONS
from tests.support.foreign_entries import (
    DATA_VIEW,
    DATASET,
    LESSON,
    LOSS,
    MAP_LESSON,
    MODEL,
    OPTIMIZER,
    SCHEDULE,
    TABLE,
    TEST_FUNCTION,
    VIEW,
)
from tests.support.pages import Pages, check_scene
from tests.support.registries import all_registered

ENTRIES = (
    (losses.DATASETS, DATASET),
    (losses.LOSSES, LOSS),
    (losses.MODELS, MODEL),
    (losses.OPTIMIZERS, OPTIMIZER),
    (losses.SCHEDULES, SCHEDULE),
    (losses.TEST_FUNCTIONS, TEST_FUNCTION),
    (DATA_VIEWS, DATA_VIEW),
    (DETAIL_VIEWS, VIEW),
    (DETAIL_VIEWS, TABLE),
    (LESSONS, LESSON),
    (LESSONS, MAP_LESSON),
)
FOREIGN_RUN = "opt=zeiler&schedule=foreign_schedule&rate=0.5&steps=6"
COMBINED = f"?data=tides&model=foreign_model&loss=foreign_loss&{FOREIGN_RUN}"


@pytest.fixture(scope="module")
def pages():
    with all_registered(*ENTRIES):
        yield Pages()


def test_entries_exist_only_while_they_are_registered():
    with all_registered(*ENTRIES):
        assert all(registry[entry.key] is entry for registry, entry in ENTRIES)
    assert not any(entry.key in registry for registry, entry in ENTRIES)


def test_the_first_page_offers_all_entries(pages):
    scene = pages.first_scene("")
    check_scene(scene)
    controls = str(scene["controls"])
    for entry in (DATASET, LOSS, MODEL, OPTIMIZER, SCHEDULE, TEST_FUNCTION, VIEW, TABLE):
        assert entry.name in controls, entry.key


@pytest.mark.slow
def test_the_teacher_page_includes_all_lessons(pages):
    for lang in LANGUAGES:
        notes = pages.get(f"/teacher?lang={lang}")
        assert LESSON.title in notes
        assert MAP_LESSON.note in notes


def test_the_script_of_the_first_page_prints_its_run(pages):
    assert "import numpy" in pages.exports("?")["run.py"]


@pytest.mark.parametrize("query", [COMBINED, f"?data=foreign_function&{FOREIGN_RUN}"])
def test_a_link_that_combines_entries_is_rendered(pages, query):
    scenes = pages.request_all(query)
    assert {VIEW.key, TABLE.key} <= scenes.keys()
    assert OPTIMIZER.name in scenes[VIEW.key]["title"]
