"""Pages name their addresses in each language."""

import re

import pytest

from app.i18n.translation import LANGUAGES
from app.server import create_app


@pytest.mark.parametrize(
    ("link", "shared"), [("/", ""), ("/?s=walk&k=3&lang=es", "s=walk"), ("/lessons", "")]
)
def test_a_page_links_to_itself_in_each_language(link, shared):
    client = create_app(url_base_pathname="/lab/").server.test_client()
    page = client.get("/lab" + link).get_data(as_text=True)
    found = dict(re.findall(r'<link rel="alternate" hreflang="(\S+)" href="(\S+)">', page))
    assert found.keys() == {*LANGUAGES, "x-default"}
    address = "/lab" + link.partition("?")[0]
    assert found.pop("x-default") == address + ("?" + shared if shared else "")
    for key, alternate in found.items():
        assert alternate == f"{address}?{shared}{'&amp;' if shared else ''}lang={key}"
        opened = client.get(alternate.replace("&amp;", "&")).get_data(as_text=True)
        assert f'<html lang="{key}"' in opened
