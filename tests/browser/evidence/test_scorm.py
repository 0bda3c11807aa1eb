"""A SCORM package in the run-time environment of scorm-again, on another site than the lessons."""

import io
import urllib.request
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tools.support.node import MODULES

RUNTIME = MODULES / "scorm-again" / "dist" / "scorm12.min.js"
OUTER_PAGE = """<!DOCTYPE html><title>Platform</title>
<script src="runtime.js"></script>
<script>
const stored = JSON.parse(localStorage.stored ?? "null");
window.API = new Scorm12API({ autocommit: false });
if (stored) API.loadFromJSON(stored, "cmi");
addEventListener("pagehide", () => { localStorage.stored = JSON.stringify(API.cmi.toJSON()); });
</script>
<iframe id="package" src="launch.html" style="width: 1200px; height: 700px"></iframe>"""
CORE = "() => [API.cmi.core.lesson_status, API.cmi.core.score.raw, API.cmi.suspend_data]"


class Platform(BaseHTTPRequestHandler):
    """A learning platform that serves the files of a package."""

    files: ClassVar[dict[str, bytes]] = {}

    def do_GET(self):
        name = urlsplit(self.path).path.removeprefix("/")
        self.send_response(200 if name in self.files else 404)
        self.send_header("Content-Type", "text/javascript" if name.endswith(".js") else "text/html")
        self.end_headers()
        self.wfile.write(self.files.get(name, b""))

    def log_message(self, *_):
        pass


@pytest.fixture
def platform(flat_browser, home):
    """Return a function that opens a package of lessons in a platform, in one browser profile.

    It is a real server: Chromium lets no page of another kind of network show one of this machine.
    """
    context = flat_browser.new_context(viewport={"width": 1280, "height": 800})
    server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    Thread(target=server.serve_forever, daemon=True).start()

    def open_package(lessons):
        with urllib.request.urlopen(f"{home}scorm/{lessons}.zip") as answer:
            archive = zipfile.ZipFile(io.BytesIO(answer.read()))
        Platform.files = {name: archive.read(name) for name in archive.namelist()}
        Platform.files |= {"": OUTER_PAGE.encode(), "runtime.js": RUNTIME.read_bytes()}
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        return page

    yield open_package
    context.close()
    server.shutdown()
    server.server_close()


def lesson_in(page):
    """Return the frame of the lessons inside of the package."""
    return page.frame_locator("#package").frame_locator("#frame")


def wait_for_core(page, expected):
    same = f"(expected) => JSON.stringify(({CORE})()) === JSON.stringify(expected)"
    page.wait_for_function(same, arg=expected)


def test_a_platform_records_which_lessons_are_answered_and_resumes(platform):
    page = platform("pace,walk")
    package = page.frame_locator("#package")
    wait_for_core(page, ["incomplete", "", ""])
    lesson_in(page).get_by_role("button", name="It never arrives").click()
    wait_for_core(page, ["incomplete", "", "1-"])
    expect(package.locator("#note")).to_be_empty()
    # Other messages count for nothing: those of another window, and those about other lessons.
    page.evaluate("""() => {
        const inner = document.getElementById('package').contentWindow;
        inner.postMessage({ losslab: 'answers', answers: { walk: true } }, '*');
    }""")
    # The visit ends and begins again where it was.
    page.goto("about:blank")
    page = platform("pace,walk")
    package = page.frame_locator("#package")
    expect(package.locator("nav a").first).to_have_attribute("data-done", "true")
    wait_for_core(page, ["incomplete", "", "1-"])
    lesson_in(page).get_by_role("button", name="Several valleys").click()
    wait_for_core(page, ["completed", "50", "10"])
    expect(package.locator("#state")).to_contain_text("2 / 2 · right: 50 %")
    # Only the first answer counts.
    package.locator("nav a").nth(1).click()
    lesson_in(page).get_by_role("button", name="One valley").click()
    wait_for_core(page, ["completed", "50", "10"])
