"""Every text that a reader of the page sees is marked for translation."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from dash.development.base_component import Component

from app.page.layout import page_layout
from app.page.scene import scene
from app.url_state.state import parse
from tests.support.pseudo_locale import doubled, pseudo_language, unmarked_words
from tests.support.sent import sent
from tools.untranslated import by_file, unmarked_texts, unmarked_texts_in_script

FILES_WITH_OTHER_TEXTS = {
    "app/__main__.py",
    "app/common/prometheus_metrics.py",
    "app/browser_assets/module_bundle.py",
    "app/lessons/course_file.py",
    "app/classroom/classroom.py",
    "app/classroom/redis_store.py",
    "app/classroom/sqlite_store.py",
    "app/numpy_script/__init__.py",
    "app/problem_setup/tables/dates.py",
    "app/problem_setup/tables/number_formats.py",
    "app/problem_setup/tables/table_layout.py",
    "app/problem_setup/tables/totals.py",
    "app/numpy_script/data_section.py",
    "app/numpy_script/benchmark_function.py",
    "app/numpy_script/objective.py",
    "app/web/static_files.py",
    "app/web/waitress_server.py",
    "app/web/security_headers.py",
    "app/web/health.py",
    "losses/core/arrays.py",
    "losses/descent/basins.py",
    "losses/certificate/certify.py",
    "losses/data/dataset.py",
    "losses/descent/descent.py",
    "losses/descent/batch.py",
    "losses/surface/kernels/catalogue.py",
    "losses/loss/binary.py",
    "losses/loss/multiclass.py",
    "losses/model/mlp.py",
    "losses/optimizer/base.py",
    "losses/optimizer/rule_line.py",
    "losses/problem/problem.py",
    "app/protocol/base.py",
    "app/protocol/request.py",
    "losses/core/registry.py",
    "losses/core/hyperparameter.py",
    "losses/surface/slice_planes.py",
    "losses/surface/surface.py",
    "app/common/environment.py",
    "app/url_state/url_parameters.py",
    "app/web/body_deadline.py",
    "app/web/cross_origin.py",
    "losses/certificate/certificate.py",
    "losses/core/records.py",
    "losses/core/ternary.py",
    "losses/data/frames.py",
    "losses/model/base.py",
    "losses/plot.py",
    "losses/problem/benchmark_functions.py",
    "losses/problem/plane.py",
    "losses/descent/sweep.py",
}
"""Files with texts for developers and administrators, not for readers of the page.

The exported NumPy script is among them: it is code, in English like NumPy's names.
"""
LINKS = (
    "",
    "?data=spam&vs=mae&race=adam,momentum",
    "?s=walk&a=1",
    "?s=challenge",
    "?fog=1&race=adam",
    "?data=digits&view=known",
    "?view=step&loss=own",
    "?rate=x&data=ravine&basins=1&nonsense=1",
    "?data=moons&model=mlp&view=shares",
    "?race=adam&view=race&ghost=0.1,0,0",
    "?view=bars",
    "?view=lens",
    "?view=rates",
    "?data=iris",
    "?data=own&points=regression_a,b_1,2_2,3_3,5",
)
KEYS_WITHOUT_WORDS = {
    *("key", "value", "kind", "part", "scale", "points", "tone", "tex", "mathml", "role", "previous", "next"),
    *("link", "shortLink", "theme", "lang", "view", "surfaceName", "updateRule", "arrays", "rate", "start"),
    *("hide", "columns", "index", "clickSets", "clickSetsFixed", "edits", "hero", "views"),
}
"""JSON keys of a scene whose values hold no words for a reader."""
UNNAMED = {"figure", "parts", "options"}
"""Keys of objects whose ``name`` is not read."""
MARKUP = re.compile(r"</?(?:b|br|extra)>|%?\{[^}]*\}")
"""Markup and number formats that Plotly interprets, and fields of templates."""
FIGURE_TEXT_KEYS = {"text", "hovertemplate", "texttemplate", "ticktext", "title"}
"""Keys of a Plotly figure under which a reader sees text."""


def unmarked_texts_in_scene(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and the text of everything for a reader in a scene that has unmarked words."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in KEYS_WITHOUT_WORDS and not (key == "name" and value.keys() & UNNAMED):
                yield from unmarked_texts_in_scene(part, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list | tuple):
        objects = [part for part in value if not isinstance(part, str)]
        if objects:  # a phrase: the texts among its objects are one sentence
            value = [*objects, "".join(part for part in value if isinstance(part, str))]
        for part in value:
            yield from unmarked_texts_in_scene(part, path)
    elif isinstance(value, str) and unmarked_words(MARKUP.sub(" ", value)):
        in_figure = path.startswith(("figures.", "moment.detailLayout."))
        if not in_figure or FIGURE_TEXT_KEYS & set(path.split(".")):
            yield path, value


@pytest.fixture(scope="module")
def language():
    return pseudo_language()


@pytest.fixture(scope="module")
def unmarked_in_scenes(language):
    texts = []
    for link in LINKS:
        texts += unmarked_texts_in_scene(sent(language.translate(scene(*parse(link)))))
    return texts


def test_sources_hold_no_unmarked_text_for_readers():
    found = by_file()
    assert {name: texts for name, texts in found.items() if name not in FILES_WITH_OTHER_TEXTS} == {}
    assert FILES_WITH_OTHER_TEXTS - set(found) == set(), "these files hold no unmarked text any more"


@pytest.mark.slow
def test_scenes_hold_no_unmarked_text(unmarked_in_scenes):
    assert dict(unmarked_in_scenes) == {}


def texts_of(component: Any) -> Iterator[str]:
    """Yield the texts of a Dash component, except those with a language of their own."""
    if isinstance(component, Component):
        props = component.to_plotly_json()["props"]
        for name in ("children", "title", "aria-label", "placeholder"):
            yield from texts_of(props.get(name)) if "lang" not in props else ()
    elif isinstance(component, list | tuple):
        for part in component:
            yield from texts_of(part)
    elif isinstance(component, str):
        yield component


def test_the_layout_holds_no_unmarked_text(language):
    wrong = [
        text
        for text in map(language.translate, texts_of(page_layout()))
        if unmarked_words(text) and text not in ("Loss", "lab")
    ]
    assert wrong == []


def test_unmarked_texts_are_found():
    assert list(
        unmarked_texts('"""Not this."""\nf("one two", message("three four"), className="card list")')
    ) == ["one two"]
    assert list(unmarked_texts('f"one {x} two three"\nmessage("a {b}", b="four five")')) == [
        "one x two three",
        "four five",
    ]
    assert list(
        unmarked_texts_in_script(
            'message("one two"); // not this\nat("x").a = "three four"; `${five} six: ${seven}`'
        )
    ) == [
        '"three four"',
        "`x six: x`",
    ]
    assert unmarked_words(doubled("loss {n}").format(n=doubled("too large to compute"))) == []
    assert unmarked_words(f"Adam: {doubled('loss {n}')}") == ["Adam"]
