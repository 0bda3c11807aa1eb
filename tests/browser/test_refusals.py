"""A refusal is not a death: the page says the server's sentence, shows what was, and goes on."""

import pytest
from playwright.sync_api import expect

from tests.support.page_actions import move_slider, query, wait_for_query
from tools.support import browser_pages

CALLBACK = "**/_dash-update-component"
SENTENCE = "This cannot be done here."


def refuse_once(page, status, text=SENTENCE):
    """Answer the next request with a status; return the list of the requests that were refused."""
    refused = []

    def handle(route):
        if refused:
            return route.continue_()
        refused.append(route.request)
        return route.fulfill(status=status, content_type="text/plain; charset=utf-8", body=text)

    page.route(CALLBACK, handle)
    return refused


@pytest.mark.parametrize("status", [400, 413, 500])
def test_a_refused_change_is_dropped_with_the_sentence_of_the_server(show_flat, status):
    page = show_flat()
    before = page.locator("#number-rate").input_value()
    refused = refuse_once(page, status)
    page.locator("#number-rate").fill("0.77")
    page.locator("#number-rate").press("Enter")
    expect(page.locator("#notice")).to_contain_text(SENTENCE)
    browser_pages.wait_until_drawn(page)
    expect(page.locator("#number-rate")).to_have_value(before)  # no control shows what is not so
    assert "rate" not in query(page)
    assert len(refused) == 1
    move_slider(page, "Learning rate", 0.7)
    expect(page.locator("#notice")).to_be_hidden()
    page.watch.faults.clear()  # the refused request


def test_a_page_of_an_older_server_is_loaded_again_at_its_moment(show_flat):
    page = show_flat("?k=5")

    def answer_as_new(route):
        response = route.fetch()
        route.fulfill(response=response, headers={**response.headers, "x-losslab-version": "another"})

    page.route(CALLBACK, answer_as_new)
    with page.expect_navigation():
        page.locator("#number-rate").fill("0.31")
        page.locator("#number-rate").press("Enter")
    browser_pages.wait_until_drawn(page)
    wait_for_query(page, "rate", "0.31")
    expect(page.locator("#verdict")).to_contain_text("Step 5 of")
