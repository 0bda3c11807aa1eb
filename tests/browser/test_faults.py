"""The page when a worker dies or the server is unreachable: a notice, and nothing is lost."""

import os
import signal

from playwright.sync_api import expect

from tests.support.page_actions import move_slider, query, wait_for_query
from tools.support import browser_pages
from tools.support.server_processes import free_port, gunicorn

AWAY = "The server does not answer right now."
NETWORK = ("Failed to load resource", "net::ERR")


def set_rate(page, value):
    field = page.locator("#number-rate")
    field.fill(value)
    field.press("Enter")


def faults(page):
    """Return the faults of a page except failed requests, which the tests cause on purpose."""
    return [fault for fault in page.watch.faults if not any(name in fault for name in NETWORK)]


def test_a_request_is_repeated_when_its_worker_dies(flat_browser):
    with gunicorn(workers=1) as server:
        page = browser_pages.visit(flat_browser, server.home)
        [worker] = server.workers()
        os.kill(worker, signal.SIGSTOP)
        with page.expect_request("**/_dash-update-component"):
            set_rate(page, "0.31")
        os.kill(worker, signal.SIGKILL)
        browser_pages.wait_until_drawn(page)
        wait_for_query(page, "rate", "0.31")
        assert worker not in server.workers()
        expect(page.locator("#notice")).to_be_hidden()
        assert faults(page) == []
        page.context.close()


def test_the_page_works_without_a_server_and_recovers(flat_browser):
    port = free_port()
    with gunicorn(workers=1, port=port) as server:
        page = browser_pages.visit(flat_browser, f"{server.home}?k=3&steps=12")
    set_rate(page, "0.31")
    expect(page.locator("#notice")).to_contain_text(AWAY)
    set_rate(page, "0.32")
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.locator("#verdict")).to_contain_text("Step 4 of")
    page.get_by_role("button", name="Play").click()
    expect(page.locator("#scrub input")).to_have_value("12", timeout=30_000)
    page.get_by_role("button", name="Share").click()
    expect(page.locator("#share-link")).to_contain_text("k=12")
    page.locator("#share-dialog summary", has_text="Download").click()
    with page.expect_download() as download_info:
        page.locator("#share-dialog").get_by_role("button", name="Map").click()
    assert download_info.value.path().read_bytes().startswith(b"\x89PNG")
    page.get_by_role("button", name="Close").last.click()
    assert "rate" not in query(page)
    with gunicorn(workers=1, port=port):
        expect(page.locator("#notice")).to_be_hidden(timeout=60_000)
        browser_pages.wait_until_drawn(page)
        wait_for_query(page, "rate", "0.32")
    assert faults(page) == []
    page.context.close()


def test_a_request_is_repeated_after_a_busy_server_refused_it(show_flat):
    page, refused = show_flat(), []

    def refuse_first(route):
        if refused:
            route.continue_()
        else:
            refused.append(route.request)
            route.fulfill(status=503, headers={"Retry-After": "1"}, body="Please come again.")

    page.route("**/_dash-update-component", refuse_first)
    move_slider(page, "Learning rate", 0.7)
    assert len(refused) == 1
    expect(page.locator("#notice")).to_be_hidden()
    page.watch.faults.clear()  # the refused request


def test_the_page_obeys_its_content_security_policy_and_sets_no_cookie(browser, home):
    page = browser_pages.visit(browser, f"{home}?data=moons&model=mlp", 700, 500, bypass_csp=False)
    page.locator("#word-loss").click()
    expect(page.locator("#menu math").first).to_be_visible()
    page.locator("#menu input[type=radio]").last.check()
    browser_pages.wait_until_drawn(page)
    page.keyboard.press("Escape")
    expect(page.locator("#landscape canvas").first).to_be_visible()
    page.get_by_role("button", name="Step", exact=True).click()
    attempt = (
        "new Promise((done) => setTimeout(() => { try { done(eval('1')); } catch { done('refused'); } }))"
    )
    assert page.evaluate(attempt) == "refused"
    assert page.context.cookies() == []
    assert page.watch.faults == []
    page.context.close()


def test_the_main_tasks_work_under_a_base_path(flat_browser):
    with gunicorn(workers=1, warm=False, check="lab/healthz", DASH_URL_BASE_PATHNAME="/lab/") as server:
        page = browser_pages.visit(flat_browser, f"{server.home}lab/?k=3")
        assert page.evaluate("location.pathname") == "/lab/"
        move_slider(page, "Learning rate", 0.95)
        expect(page.locator("#verdict")).to_contain_text("Flying apart")
        page.locator("#word-loss").click()
        page.locator("#menu input[value=mae]").check()
        wait_for_query(page, "loss", "mae")
        browser_pages.wait_until_drawn(page)
        page.get_by_role("button", name="Step", exact=True).click()
        expect(page.locator("#verdict")).to_contain_text("Step 4 of")
        page.reload()
        browser_pages.wait_until_drawn(page)
        expect(page.locator("#sentence")).to_contain_text("mean absolute error")
        assert page.evaluate("location.pathname") == "/lab/"
        assert page.watch.faults == []
        page.context.close()
