"""A client that requests everything that the server renders for a link."""

import json
import re
from itertools import islice
from urllib.parse import parse_qsl, urlencode

import pytest

from app.figures.views.detail_card_views import DETAIL_VIEWS
from app.server import create_app
from app.url_state.state import parse
from tests.support.exported_script import assert_script_prints_run
from tools.support.http_client import callback_body

UPDATE = "/_dash-update-component"
"""The route of Dash that answers changes of controls."""
PART_COUNT = 3
PARTS = [0, *(pytest.param(part, marks=pytest.mark.thorough) for part in range(1, PART_COUNT))]
"""Parts of what is requested for a link: ``make test`` requests the first, ``make thorough`` the others."""
OPTIONS = ({"fog": "1"}, {"embed": "1"}, {"lang": "es"}, {"theme": "projector"})


class Pages:
    """A client of a new application, which uses the current registries."""

    def __init__(self):
        self.client = create_app().server.test_client()

    def get(self, path, status=200):
        """Return the text of the response to a GET request, which must have the given status."""
        response = self.client.get(path)
        text = response.get_data(as_text=True)
        assert response.status_code == status, f"{path}: {response.status_code} {text[:300]}"
        return text

    def first_scene(self, query):
        """Return the scene in the page of a link, which must cause no notices."""
        page = self.get(f"/{query}")
        match = re.search(r'<script id="first-scene" type="application/json">(.*?)</script>', page, re.S)
        scene = json.loads(match[1])
        assert scene["notices"] == [], query
        return scene

    def change(self, link, **changes):
        """Return the scene after controls are changed."""
        response = self.client.post(UPDATE, json=callback_body({"link": link, "changes": changes}))
        assert response.status_code == 200, (link, changes, response.get_data(as_text=True)[:300])
        return response.get_json()

    def json(self, path):
        """Return the JSON response to a GET request."""
        return json.loads(self.get(path))

    def request_all(self, query):
        """Request the page with every view that applies, every preview and every export of a link.

        Returns the scenes by the key of their view.
        """
        return {key: scene for part in range(PART_COUNT) for key, scene in self.request(query, part).items()}

    def request(self, query, part):
        """Request a part of the views and options of a link, and with part 0 its previews and exports.

        A view or an option that is in part 0 of one link is in another part of other links.
        """
        state, notices = parse(query)
        assert notices == (), query
        views = [key for key, view in DETAIL_VIEWS.items() if view.applies_to(state.problem)]
        first, scenes = (part + len(query)) % PART_COUNT, {}
        for key in islice(views, first, None, PART_COUNT):
            scenes[key] = scene = self.first_scene(_with(query, view=key))
            check_scene(scene, "" if state.awaiting_answer else key)
            self.json(f"/glimpse{_with(query, view=key, k='1')}")
        for options in islice(OPTIONS, first, None, PART_COUNT):
            check_scene(self.first_scene(_with(query, **options)))
        if part == 0:
            self.previews_and_exports(query)
        return scenes

    def previews_and_exports(self, query):
        """Request the previews of step, rate and start, and the exports of a link."""
        for step in ("0", "3"):
            self.json(f"/glimpse{_with(query, k=step)}")
        self.json(f"/fan{query}")
        self.exports(query)

    def exports(self, query):
        """Return the downloads by name, and assert that the script prints the numbers of the page."""
        names = ("run.py", "path.csv", "landscape.html")
        exports = {name: self.get(f"/export/{name}{query}") for name in names}
        assert_script_prints_run(query)
        assert "<script" in exports["landscape.html"]
        return exports


def check_scene(scene, view=""):
    """Assert that a scene has the parts that every page needs, with alternative texts."""
    assert scene["title"]
    assert all(scene["altTexts"].values())
    assert len(scene["altTexts"]) >= 4
    assert all(figure["figure"] for figure in scene["figures"].values())
    assert scene["controls"]
    if view:
        assert scene["detail"]["view"] == view
        offered = [option["value"] for option in scene["controls"]["detailMenu"]["options"]]
        assert view in offered
        has_figure = bool(scene["figures"]["detail"]["figure"]["moving"])
        assert has_figure or scene["run"]["tables"]


def _with(query, **more):
    parameters = dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True))
    return "?" + urlencode({**parameters, **more}, safe=",:*")
