"""Everything that the server renders for a link, asked for through its routes."""

import json
import re
from urllib.parse import parse_qsl, urlencode

from app.figures.detail_card_views import DETAIL_VIEWS
from app.server import create_app
from app.url_state.state import parse
from tests.support.exported_script import agrees
from tools.support.http_client import question

ASK = "/_dash-update-component"


class Pages:
    """A client of an application made with the registries as they are now."""

    def __init__(self):
        self.client = create_app().server.test_client()

    def get(self, path, status=200):
        """The text of an answer."""
        answer = self.client.get(path)
        assert answer.status_code == status, (
            f"{path}: {answer.status_code} {answer.get_data(as_text=True)[:300]}"
        )
        return answer.get_data(as_text=True)

    def first_scene(self, query):
        """The scene in the page of a link, which the link must not have got wrong."""
        page = self.get(f"/{query}")
        found = re.search(r'<script id="first-scene" type="application/json">(.*?)</script>', page, re.S)
        scene = json.loads(found[1])
        assert scene["notices"] == [], query
        return scene

    def change(self, link, **changes):
        """The scene after controls are turned."""
        answer = self.client.post(ASK, json=question({"link": link, "set": changes}))
        assert answer.status_code == 200, (link, changes, answer.get_data(as_text=True)[:300])
        return answer.get_json()

    def json(self, path):
        return json.loads(self.get(path))

    def everything(self, query):
        """Render the page, every view that fits, every preview and every export of a link.

        Returns the scenes by the key of the view.
        """
        state, notices = parse(query)
        assert notices == (), query
        scenes = {}
        for key, view in DETAIL_VIEWS.items():
            if view.applies_to(state.problem):
                scenes[key] = scene = self.first_scene(_with(query, view=key))
                check_scene(scene, "" if state.awaiting_answer else key)
                self.json(f"/glimpse{_with(query, view=key, k='1')}")
        for extra in ({"fog": "1"}, {"embed": "1"}, {"lang": "es"}, {"theme": "projector"}):
            check_scene(self.first_scene(_with(query, **extra)))
        for point in ("0", "3"):
            self.json(f"/glimpse{_with(query, k=point)}")
        self.json(f"/fan{query}")
        self.exports(query)
        return scenes

    def exports(self, query):
        """Every file to download, by name; the script prints what the page shows."""
        names = ("run.py", "path.csv", "landscape.html")
        made = {name: self.get(f"/export/{name}{query}") for name in names}
        agrees(query)
        assert "<script" in made["landscape.html"]
        return made


def check_scene(scene, view=""):
    """The parts of a scene that every page needs, and its alternative texts."""
    assert scene["title"]
    assert all(scene["described"].values())
    assert len(scene["described"]) >= 4
    assert all(figure["figure"] for figure in scene["figures"].values())
    assert scene["controls"]
    if view:
        assert scene["view"] == view
        offered = [option["value"] for option in scene["controls"]["detail"]["options"]]
        assert view in offered
        drawn = bool(scene["figures"]["detail"]["figure"]["moving"])
        assert drawn or scene["run"]["tables"][view]


def _with(query, **more):
    return "?" + urlencode(
        {**dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True)), **more}, safe=",:*"
    )
