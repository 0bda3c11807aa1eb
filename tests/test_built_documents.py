"""The documents build without a warning into a site that has no dead link and needs no other host."""

import subprocess
import sys
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

import losses
from app.common.environment import VARIABLES
from app.lessons import LESSONS
from app.url_state.url_parameters import FIELDS
from tools import protocol, release

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
LOADED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src")}
"""The tags and attributes by which a browser loads something with a page."""
NOT_LOADED = {"canonical", "next", "prev", "index", "search", "genindex", "author", "license", "help"}
"""Values of ``rel`` of links that a browser does not load."""

pytestmark = pytest.mark.slow


class Page(HTMLParser):
    """A page of the site: its ids, the links in it, and what a browser loads with it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.ids |= {values[name] for name in ("id", "name") if values.get(name)}
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        for name in values:
            if (tag, name) in LOADED and values.get("rel") not in NOT_LOADED:
                self.loaded.append(values[name])


class Site:
    """The built site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def pages(self) -> dict[Path, Page]:
        return {path: Page(path) for path in sorted(self.folder.rglob("*.html"))}

    def linked_from(self, page: Page) -> set[Path]:
        """Return the files to which links of a page lead."""
        paths = (unquote(urlsplit(link).path) for link in page.links if not urlsplit(link).scheme)
        return {(page.path.parent / path).resolve() for path in paths if path}

    def dead_links(self, page: Page) -> list[str]:
        """Return the links to pages, headings and files of the site that do not exist."""
        dead = []
        for link in (*page.links, *page.loaded):
            target, anchor = urldefrag(link)
            if urlsplit(link).scheme:
                continue
            path = (page.path.parent / unquote(urlsplit(target).path)).resolve() if target else page.path
            if not path.is_file() or (anchor and path in self.pages and anchor not in self.pages[path].ids):
                dead.append(link)
        return dead


def foreign(urls: list[str]) -> list[str]:
    """Return the addresses on other hosts."""
    return [url for url in urls if urlsplit(url).netloc]


@pytest.fixture(scope="module")
def site(tmp_path_factory, distributions):
    """The site, built from the source archive of a release."""
    folder = tmp_path_factory.mktemp("docs")
    source = release.unpack(distributions[0], folder)
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    result = subprocess.run(
        [*command, "-d", folder / "doctrees", source / "docs", folder / "html"],
        capture_output=True,
        text=True,
        cwd=source,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return Site(folder / "html")


def test_every_document_has_a_page(site):
    documents = {
        path.relative_to(DOCS).with_suffix("") for path in DOCS.rglob("*.md") if "_build" not in path.parts
    }
    assert {path.relative_to(site.folder).with_suffix("") for path in site.pages} >= documents
    assert len(documents) > 40


def test_nothing_is_loaded_from_another_host(site):
    for page in site.pages.values():
        assert foreign(page.loaded) == [], page.path
        assert page.loaded
    for path in site.folder.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert "@import" not in text
        assert "url(http" not in text.replace("'", "").replace('"', "").replace(" ", "")
        assert "url(//" not in text.replace("'", "").replace('"', "").replace(" ", "")
    assert not list(site.folder.rglob("*.woff*"))


def test_every_link_leads_somewhere(site):
    assert {
        str(page.path): site.dead_links(page) for page in site.pages.values() if site.dead_links(page)
    } == {}


def test_every_page_can_be_reached_from_the_first(site):
    reached, found = set(), {site.folder / "index.html"}
    while found:
        reached |= found
        found = set().union(*(site.linked_from(site.pages[page]) for page in found))
        found = {path for path in found if path in site.pages} - reached
    assert site.pages.keys() - reached == {site.folder / name for name in ("genindex.html", "search.html")}


def test_every_public_name_is_in_the_reference(site):
    ids = site.pages[site.folder / "library" / "api.html"].ids
    assert {f"losses.{name}" for name in losses.__all__} <= ids
    assert {"losses.DataProblem.in_data_units", "losses.Certificate.optimum", "losses.Dataset.sample"} <= ids


def test_signatures_are_those_of_the_library(site):
    text = (site.folder / "library" / "api.html").read_text(encoding="utf-8")
    assert ">ArrayLike<" in text
    assert "_SupportsArray" not in text
    assert "Return an array of zeros" not in text  # the default of a field, documented by NumPy


@pytest.mark.parametrize(
    ("page", "texts"),
    [
        ("use/link-reference", [field.key for field in FIELDS]),
        ("develop/protocol", list(protocol.MESSAGES)),
        ("run/settings", [variable.name for variable in VARIABLES]),
        ("teach/lessons", [f"?s={key}" for key in LESSONS]),
        ("library/losses", list(losses.LOSSES)),
        ("library/models", list(losses.MODELS)),
        ("library/data", [*losses.DATASETS, *losses.TEST_FUNCTIONS]),
        ("library/optimizers", [*losses.OPTIMIZERS, *losses.SCHEDULES]),
    ],
)
def test_a_generated_page_lists_every_entry(site, page, texts):
    html = (site.folder / f"{page}.html").read_text(encoding="utf-8")
    assert [text for text in texts if f">{text}<" not in html] == []


def test_every_lesson_has_a_picture(site):
    page = site.pages[site.folder / "teach" / "lessons.html"]
    assert len([url for url in page.loaded if "lesson-" in url]) == len(LESSONS)


def test_formulas_are_drawn_without_a_script(site):
    path = site.folder / "math" / "separability.html"
    text = path.read_text(encoding="utf-8").partition("<article")[2].partition("</article>")[0]
    assert text.count("<math") > 10
    assert "$" not in text
    assert not [url for url in site.pages[path].loaded if "mathjax" in url.lower()]


def test_mistakes_are_found(tmp_path):
    (tmp_path / "a.html").write_text(
        '<a href="b.html">b</a><a href="#no">no</a><a id="yes" href="#yes">yes</a><a href="https://x.org">x</a>'
        '<script src="https://cdn.org/x.js"></script><link rel="stylesheet" href="//fonts.org/f.css">'
    )
    site = Site(tmp_path)
    page = site.pages[tmp_path / "a.html"]
    assert site.dead_links(page)[:2] == ["b.html", "#no"]
    assert foreign(page.loaded) == ["https://cdn.org/x.js", "//fonts.org/f.css"]
