"""The completion slip, from the lesson's card to the sheet of paper."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from playwright.sync_api import expect

from app.lessons import LESSONS
from tests.support.page_actions import wait_for_query


def test_a_student_takes_home_what_was_answered_and_the_best_run(open_flat):
    page = open_flat("?s=pace")
    page.get_by_role("button", name="Half as many").click()
    expect(page.locator("#lesson .aha")).to_be_visible()
    page.locator("#number-rate").fill("0.4")
    page.locator("#number-rate").press("Enter")
    wait_for_query(page, "rate", "0.4")
    expect(page.locator("#lesson .aha")).to_be_visible()
    page.reload()  # the tab keeps it
    page.locator("html[data-ready=true]").wait_for(state="attached")
    page.locator("#lesson .more summary").click()
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Completion slip").click()
    slip = opened.value
    assert parse_qsl(urlsplit(slip.url).query) == [("did", "s=pace&a=0&rate=0.4"), ("lang", "en")]
    expect(slip.locator("tbody td")).to_contain_text(
        ["Half as many", "It never arrives", "answered wrong", "Arrived after 6 steps"]
    )
    # All lessons fit a sheet, and a phone.
    links = [f"s={key}&a={'1' if lesson.choices else '0,0'}" for key, lesson in LESSONS.items()]
    query = urlencode([*(("did", link) for link in links), ("lang", "de")])
    slip.goto(f"{slip.url.partition('?')[0]}?{query}")
    expect(slip.locator("tbody tr")).to_have_count(len(LESSONS))
    assert slip.pdf(format="A4").count(b"/Type /Page\n") == 1
    slip.set_viewport_size({"width": 320, "height": 640})
    assert slip.evaluate("document.documentElement.scrollWidth") == 320
    slip.close()
