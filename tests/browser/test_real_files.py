"""Files and browsers that people really have: large files, workbooks, no storage, no popovers."""

import random
import re

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.support.page_actions import open_paste_dialog, query, use_custom_data, wait_for_query
from tools.support.browser_pages import READY, FaultWatcher, wait_until_drawn

NO_STORAGE = (
    "Object.defineProperty(window, 'sessionStorage', "
    "{ get() { throw new DOMException('denied', 'SecurityError'); } });"
)
NO_POPOVER = (
    "for (const name of ['showPopover', 'hidePopover', 'togglePopover', 'popover']) "
    "delete HTMLElement.prototype[name];"
)
TRANSLATE = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), nodes = [];
    while (walker.nextNode()) {
        const { data, parentElement } = walker.currentNode;
        if (data.trim() && !parentElement.closest('svg, script, style')) nodes.push(walker.currentNode);
    }
    for (const node of nodes) {
        const [outer, inner] = [document.createElement('font'), document.createElement('font')];
        inner.textContent = `«${node.data}»`;
        outer.append(inner);
        node.replaceWith(outer);
    }
}"""
CHANGES_OF_THE_SENTENCE = """(frames) => new Promise((done) => {
    let changes = 0;
    new MutationObserver(() => (changes += 1))
        .observe(document.getElementById('sentence'), { attributes: true, subtree: true });
    const wait = (left) => (left ? requestAnimationFrame(() => wait(left - 1)) : done(changes));
    wait(frames);
})"""


@pytest.fixture
def open_limited(flat_browser, home):
    """Return a function that opens a page in a browser which a script deprives of something."""
    contexts = []

    def open_without(script, link="", ready=True):
        context = flat_browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(script)
        page.watch = FaultWatcher(page, home)
        page.goto(home + link)
        if ready:
            page.locator(READY).wait_for(state="attached")
        return page

    yield open_without
    faults = [fault for context in contexts for page in context.pages for fault in page.watch.faults]
    for context in contexts:
        context.close()
    assert not faults


def long_table():
    numbers = random.Random(1)
    return "x,y\n" + "\n".join(f"{numbers.random()},{numbers.random()}" for _ in range(300))


def test_without_storage_the_data_are_shown_and_it_is_said(open_limited):
    page = open_limited(NO_STORAGE)
    use_custom_data(page, long_table())
    expect(page.locator("#notice")).to_contain_text("This browser stores nothing: a reload loses these data.")
    expect(page.locator("#word-data")).to_have_text("own data")
    assert query(page)["points"] == "browser"


def test_each_link_shows_its_own_data_of_the_tab(open_flat):
    """Back leads to the data of that address, not to those that were pasted last."""
    page = open_flat()
    use_custom_data(page, long_table().replace("x,y", "first,one"))
    wait_for_query(page, "points", "browser")
    first = query(page)["rows"]
    expect(page.locator("#word-data")).to_have_text("one by first")
    use_custom_data(page, long_table().replace("x,y", "second,two").replace("0.1", "0.2"))
    expect(page.locator("#word-data")).to_have_text("two by second")
    assert query(page)["rows"] != first
    page.go_back()
    expect(page.locator("#word-data")).to_have_text("one by first")
    page.reload()
    wait_until_drawn(page)
    expect(page.locator("#word-data")).to_have_text("one by first")
    expect(page.locator("#notice")).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(1280, 640), (390, 844), (320, 640)])
def test_the_button_of_a_long_preview_stays_in_sight(show_flat, width, height):
    page = show_flat(width=width, height=height)
    paste = open_paste_dialog(page)
    paste.locator("textarea").fill(
        "title\na;b;c\n"
        + "".join(f"{i};{i * 3 % 8 + 1},234 kg;{'yes' if i % 2 else 'no'}\n" for i in range(1, 9))
    )
    use = paste.get_by_role("button", name="Use these data")
    expect(use).to_be_enabled()
    assert paste.evaluate("(d) => d.scrollHeight > d.clientHeight + 20"), "there is something to scroll"
    expect(use).to_be_in_viewport(ratio=1)
    below = use.evaluate(
        "(button) => { const { bottom, left } = button.getBoundingClientRect();"
        " return document.elementFromPoint(left + 5, bottom + 8).className; }"
    )
    assert below == "ends", "nothing scrolls below the buttons"
    expect(paste.locator(".rest")).to_have_text("and 3 more")


def test_a_link_that_was_cut_has_no_corrected_form(show_flat):
    """Its copy would carry the data that are left, with a check that fits them."""
    page = show_flat("?rows=5.1xttia0&data=own&points=regression_hours,score_1,52_2,55_3.5,61_5")
    notice = page.locator("#notice")
    expect(notice).to_contain_text("Ask for the link again.")
    expect(notice.get_by_role("button")).to_have_text(["Close"])
    page = show_flat("?losss=mae")
    expect(page.locator("#notice").get_by_role("button")).to_have_text(["Copy corrected link", "Close"])


def test_without_popovers_the_menu_opens_at_its_word(open_limited):
    page = open_limited(NO_POPOVER)
    menu, word = page.locator("#menu"), page.locator("#word-loss")
    expect(menu).to_be_hidden()
    word.click()
    expect(menu).to_be_visible()
    assert abs(menu.bounding_box()["x"] - word.bounding_box()["x"]) < 2
    assert menu.bounding_box()["y"] < 120
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    word.click()
    menu.get_by_role("radio", name=re.compile("^mean absolute")).check()
    expect(word).to_have_text("mean absolute error")
    page.locator("#map").click()
    expect(menu).to_be_hidden()


def test_a_browser_that_is_too_old_gets_a_sentence(open_limited):
    page = open_limited("delete AbortSignal.timeout;", ready=False)
    expect(page.locator("#notice")).to_contain_text("Losslab needs Chrome 105, Firefox 100, Safari 16")


def test_a_translated_page_is_at_rest(open_limited):
    page = open_limited("", "?loss=mse&data=houses")
    page.evaluate(TRANSLATE)
    page.evaluate(CHANGES_OF_THE_SENTENCE, 5)
    assert page.evaluate(CHANGES_OF_THE_SENTENCE, 40) == 0
    page.locator("#word-loss").click()
    expect(page.locator("#menu")).to_be_visible()


def test_names_that_are_numbers_stay_names_when_the_dialog_opens_again(show_flat):
    page = show_flat()
    paste = open_paste_dialog(page)
    paste.locator("textarea").fill("2019,2020\n1.5,-2.5\n2.5,-3.5\n0.5,-1\n3,1")
    expect(paste.locator("th")).to_have_text(["2019", "2020"])
    paste.get_by_role("button", name="Use these data").click()
    wait_until_drawn(page)
    expect(page.locator("#word-data")).to_have_text("2020 by 2019")
    before = page.url
    paste = open_paste_dialog(page)
    expect(paste.locator("th")).to_have_text(["2019", "2020"])
    paste.get_by_role("button", name="Use these data").click()
    wait_until_drawn(page)
    assert page.url == before


def test_labels_of_any_script_are_told_not_to_travel_and_the_page_stays_alive(show_flat):
    page = show_flat()
    rows = "\n".join(f"{20 + 1.3 * i},{'उत्तीर्ण' if i % 2 else 'अनुत्तीर्ण'}" for i in range(30))
    told = use_custom_data(page, f"आयु,परिणाम\n{rows}")
    assert "too many for a link" in told
    page.locator("#sliders input[type=text]").first.fill("0.11")
    page.keyboard.press("Enter")
    wait_for_query(page, "rate", "0.11")


def test_a_file_of_100_000_rows_opens_as_a_sample(show_flat, tmp_path):
    path = tmp_path / "large.csv"
    path.write_text("x,y\n" + "".join(f"{i},{i % 97}\n" for i in range(100_000)), encoding="utf-8")
    paste = open_paste_dialog(show_flat())
    paste.locator("input[type=file]").set_input_files(path)
    expect(paste.locator(".notes")).to_have_text(
        "These are 2000 of 100000 rows, drawn at random with seed 0.", timeout=20_000
    )
    expect(paste.get_by_role("button", name="Use these data")).to_be_enabled()


def test_a_workbook_beyond_one_upload_gets_a_sentence(show_flat):
    paste = open_paste_dialog(show_flat())
    paste.locator("input[type=file]").set_input_files(
        {"name": "large.xlsx", "mimeType": "application/zip", "buffer": b"PK\x03\x04" + bytes(1_000_001)}
    )
    expect(paste.locator(".outcome")).to_have_text("This workbook is too large. Save the sheet as CSV.")
    expect(paste.get_by_role("button", name="Use these data")).to_be_disabled()


def test_a_file_is_dropped_on_the_dialog(show_flat):
    paste = open_paste_dialog(show_flat())
    paste.evaluate(
        """(dialog) => {
            const dataTransfer = new DataTransfer();
            const text = new TextEncoder().encode("prix;m\\n1;2,5\\n2;4,5\\n3;7,5\\n");
            dataTransfer.items.add(new File([text], "prix.csv"));
            dialog.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }"""
    )
    expect(paste.locator("th")).to_have_text(["prix", "m"])
    expect(paste.locator(".outcome")).to_contain_text("3 rows.")


def test_another_sheet_of_a_workbook_is_chosen(show_flat, tmp_path):
    book = openpyxl.Workbook()
    for name, factor in (("first", 3), ("second", 5)):
        sheet = book.create_sheet(name)
        for i in range(6):
            sheet.append([i, factor * i % 7])
        sheet.row_dimensions[3].hidden = True
    book.remove(book.worksheets[0])
    book.save(tmp_path / "book.xlsx")
    page = show_flat()
    paste = open_paste_dialog(page)
    paste.locator("input[type=file]").set_input_files(tmp_path / "book.xlsx")
    expect(paste.get_by_label("Sheet")).to_have_value("0")
    expect(paste.locator("tbody tr").nth(1)).to_have_text("13")
    paste.get_by_label("Sheet").select_option("second")
    expect(paste.locator("tbody tr").nth(1)).to_have_text("15")
    note = "Hidden rows and columns of the sheet are read, too."
    expect(paste.locator(".notes li")).to_have_text([note])
    names = paste.get_by_label("The first row holds names")
    names.check()
    expect(paste.locator("th")).to_have_text(["0", "0 (2)"])
    expect(paste.locator(".notes li")).to_have_text([note])
    names.uncheck()
    paste.get_by_role("button", name="Use these data").click()
    wait_until_drawn(page)
    assert query(page)["points"].startswith("regression_x,y_0,0_1,5_")


def test_an_open_reading_and_rows_without_a_label_are_a_choice(show_flat):
    paste = open_paste_dialog(show_flat())
    paste.locator("textarea").fill("a;kind\n1,234;yes\n2,345;no\n3,456;\n4,567;yes\n5,678;no")
    expect(paste.locator(".notes li")).to_have_text(
        ["1,234 is read as 1234.", "1 row is left out: it has no value in kind."]
    )
    paste.get_by_label("Numbers").select_option("decimal comma")
    expect(paste.locator(".notes li").first).to_have_text("1,234 is read as 1.234.")
    paste.get_by_label("Keep 1 row without a label as a class").check()
    expect(paste.locator(".notes li")).to_have_text(["1,234 is read as 1.234."])


def test_a_frame_without_an_origin_shows_the_page_and_answers(flat_browser, home):
    """The sandbox of a frame denies it its origin, cookies and storage; scripts need permission from us."""
    context = flat_browser.new_context(viewport={"width": 1100, "height": 800})
    page = context.new_page()
    frame_tag = (
        '<iframe sandbox="allow-scripts allow-forms allow-popups" width="1000" height="700" '
        f'src="{home}?loss=mae&amp;data=outlier&amp;k=3"></iframe>'
    )
    page.route("**/school", lambda route: route.fulfill(body=frame_tag, content_type="text/html"))
    page.goto(f"{home}school")
    frame = page.frame_locator("iframe")
    frame.locator(READY).wait_for(state="attached")
    assert page.frames[1].evaluate("origin") == "null"
    frame.locator("#word-loss").click()
    frame.get_by_role("radio", name=re.compile("^Huber")).check()
    expect(frame.locator("#word-loss")).to_have_text("Huber loss")
    context.close()
