"""Dash's public client side: answers are drawn by a clientside callback, whoever calls the one callback."""

from playwright.sync_api import expect

from tests.support.page_actions import wait_for_query
from tools.support.browser_pages import wait_until_drawn

SET_PROPS = """(set) => {
    document.documentElement.dataset.ready = "false";
    dash_clientside.set_props("request", { value: { link: location.search, changes: set } });
}"""
"""A script: let Dash's renderer call the callback with changed keys of the link."""


def test_a_request_that_dash_itself_sends_is_drawn(show_flat):
    page = show_flat("?k=3")
    page.evaluate(SET_PROPS, {"loss": "mae"})
    wait_until_drawn(page)
    expect(page.locator("#sentence")).to_contain_text("mean absolute error")
    wait_for_query(page, "loss", "mae")


def test_an_answer_of_the_page_goes_through_the_clientside_callback(open_flat):
    page = open_flat()
    page.evaluate("""() => {
        const { draw } = dash_clientside.losslab;
        window.drawn = [];
        dash_clientside.losslab.draw = (answer) => { drawn.push(answer.shortLink); draw(answer); };
    }""")
    page.locator("#number-rate").fill("0.31")
    page.locator("#number-rate").press("Enter")
    wait_for_query(page, "rate", "0.31")
    assert page.evaluate("drawn") == ["?rate=0.31"]
