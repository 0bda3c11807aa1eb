"""Every answer names its version, and a page of another version gets its scripts."""

import pytest

from app.browser_assets.plotly_bundle import plotly_javascript
from app.web.static_files import assets_version


@pytest.mark.parametrize("path", ["/", "/glimpse", "/fan?steps=2", "/healthz", "/nowhere", "/export/run.py"])
def test_every_answer_names_its_version(client, path):
    response = client.get(path)
    assert response.headers["X-Losslab-Version"] == assets_version()
    assert "X-Losslab-Version" in response.headers["Access-Control-Expose-Headers"]


def test_the_version_is_that_in_the_address_of_the_script(client):
    assert f"/assets/{assets_version()}/" in client.get("/").text


def test_plotlys_script_of_another_version_is_answered_but_not_kept(client):
    own = client.get(f"/static/{plotly_javascript().name}")
    other = client.get("/static/plotly-0123456789ab.js")
    assert other.data == own.data
    assert "immutable" in own.headers["Cache-Control"]
    assert other.headers["Cache-Control"] == "no-cache"
    assert client.get("/static/plotly-OLD.js").status_code == 200
    assert client.get("/static/other.js").status_code == 404
