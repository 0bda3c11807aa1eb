"""Short forms of ``make firefox`` and ``make webkit`` with a phone of a class, and what they are made of."""

import secrets
import subprocess

import pytest

from app.classroom.classroom import EXTENSION
from app.server import create_app
from tools import firefox, webkit
from tools.support import browser_pages, node

PLANTED = "data:text/html,<html data-ready=true><script>console.error('planted')</script>"
"""A page that is ready at once and reports an error."""


@pytest.fixture
def app():
    made = create_app()
    yield made
    made.server.extensions[EXTENSION].store.close()


def start_asking(app):
    """Start a class that is asked something, without a browser; return its code and its board's reader."""
    client, key = app.server.test_client(), secrets.token_hex(16)
    keyed = {"Authorization": f"Bearer {key}"}
    code = client.post("class/", json={"key": key}).get_json()["code"]
    tag = client.get(f"class/{code}/face").headers["ETag"]
    press = {"turn": 1, "beat": "ask", "link": "?s=pace"}
    assert client.put(f"class/{code}/turn", json=press, headers=keyed | {"If-Match": tag}).status_code == 204
    return code, lambda: client.get(f"class/{code}/board", headers=keyed).get_json()


def test_the_recorder_collects_every_kind_of_fault(flat_browser):
    with webkit.serving() as home:
        page = browser_pages.visit(flat_browser, home, bypass_csp=False)
        assert page.evaluate("faults") == []
        page.evaluate("console.error('reported', 1)")
        page.evaluate("void setTimeout(() => { throw new Error('thrown'); })")
        page.evaluate("void Promise.reject('refused')")
        page.evaluate("document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/x' }))")
        page.wait_for_function("faults.length > 4")
        faults = page.evaluate("faults")
        page.context.close()
    assert faults[0] == "console error: reported 1"
    for fault in ("thrown", "rejected: refused", "forbidden: http://127.0.0.1:9/x", "not loaded: http"):
        assert any(fault in other for other in faults), fault


@pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")  # of Selenium's own call
def test_a_lesson_the_first_screen_and_a_phone_have_no_fault_in_webkit(app):
    code, board = start_asking(app)
    recording = browser_pages.serving(webkit.with_recorder(app.server))
    with recording as home, webkit.webkit(webkit.find()) as student:
        webkit.open_lessons(student, home, ["ten"])
        assert student.faults == []
        with student.visit(home):
            student.play()
            student.drag_rate()
            student.run("console.warn('planted')")
        student.driver.get(f"{home}class/{code}")
        student.until("return document.documentElement.dataset.ready === 'true'")
        student.click(".choice")
        student.until("return document.querySelector('#phone .note').textContent !== ''")
    assert student.faults == [f"{home}: console warn: planted"]
    assert board()["answered"] == 1


def test_a_lesson_the_first_screen_and_a_phone_have_no_fault_in_firefox_and_a_planted_one_is_found(app):
    code, board = start_asking(app)
    with browser_pages.serving(app.server) as home:
        assert firefox.tour(home, ["?s=handwriting", "", f"class/{code}"]) == 0
    assert board()["answered"] == 1
    assert firefox.tour("", [PLANTED]) == 1


def test_the_script_of_the_tour_in_firefox_is_valid():
    command = node.node_command("--check", "tools/firefox.mjs")
    assert subprocess.run(command, cwd=node.ROOT, check=False).returncode == 0


def test_without_the_browser_a_sentence_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert firefox.main() == firefox.NO_FIREFOX
    assert webkit.main() == webkit.NO_WEBKIT
