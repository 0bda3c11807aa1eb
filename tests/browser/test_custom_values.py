"""A loss given by a formula and data pasted by the user."""

import re

from playwright.sync_api import expect

from tests.support.page_actions import open_paste_dialog, query, wait_for_query
from tools.support.browser_pages import wait_until_drawn

TABLE = "size;price;sold\n52;186,5;yes\n71;240;no\n64;221;yes\n90;302,25;no\n38;140;yes\n77;251;no"


def test_a_formula_is_typed_and_is_in_the_link(show_flat):
    page = show_flat("?loss=own")
    page.locator("#word-loss").click()
    page.get_by_role("textbox", name="Formula").fill("log(cosh(r))")
    page.keyboard.press("Enter")
    wait_until_drawn(page)
    wait_for_query(page, "formula", "log(cosh(r))")
    expect(page.locator("#word-loss")).to_have_text("the loss log(cosh(r))")
    assert page.locator("#menu label:has(:checked) math").text_content().startswith("log")


def test_an_error_in_a_formula_is_shown_beside_it(show_flat):
    page = show_flat("?loss=own&formula=r**4")
    page.locator("#word-loss").click()
    field = page.get_by_role("textbox", name="Formula")
    field.fill("1 - exp(-r**2")
    page.keyboard.press("Enter")
    expect(page.locator("#said-formula")).to_have_text("At position 8: this cannot be read as a formula.")
    expect(field).to_have_value("1 - exp(-r**2")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#word-loss")).to_have_text("the loss r**4")
    expect(page.locator("#notice")).to_be_hidden()
    field.fill("")
    page.keyboard.press("Enter")
    expect(field).to_have_value("r**4")
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(page.locator("#said-formula")).not_to_contain_text("position")
    field.fill("1 - exp(-r**2)")
    page.keyboard.press("Enter")
    wait_for_query(page, "formula", "1-exp(-r**2)")
    expect(field).to_have_attribute("aria-invalid", "false")


def test_an_invalid_formula_in_a_link_causes_a_notice(show_flat):
    page = show_flat("?loss=own&formula=2r&lang=es")
    expect(page.locator("#notice")).to_contain_text(
        "Este enlace pedía formula=2r. Se usa abs(r)**1.5 en su lugar."
    )
    page.locator("#word-loss").click()
    expect(page.locator("#said-formula")).to_contain_text("2*r.")
    expect(page.locator("#said-formula")).not_to_contain_text("en su lugar")


def test_pasted_data_are_previewed_chosen_and_in_the_link(show_flat):
    page = show_flat()
    paste = open_paste_dialog(page)
    paste.locator("textarea").fill(TABLE)
    expect(paste.locator("th")).to_have_text(["size", "price", "sold"])
    expect(paste.locator(".outcome")).to_have_text("6 rows. The link will carry them.")
    paste.get_by_label("predict").select_option("price")
    expect(paste.get_by_label("which is")).to_have_value("regression")
    paste.get_by_role("button", name="Use these data").click()
    wait_until_drawn(page)
    wait_for_query(page, "data", "own")
    assert query(page)["points"] == "regression_size,price_52,186.5_71,240_64,221_90,302.25_38,140_77,251"
    expect(page.locator("#sentence")).to_contain_text("Fit a line to price by size")
    assert len(page.url) < 200


def test_data_with_an_invalid_row_cannot_be_used(show_flat):
    paste = open_paste_dialog(show_flat("?lang=es"), "Usar tus propios datos…")
    paste.locator("textarea").fill("x,y\n1,2\nfoo,3\n4,5")
    expect(paste.locator(".outcome")).to_have_text("Línea 3: 'foo' en x no es un número.")
    expect(paste.get_by_role("button", name="Usar estos datos")).to_be_disabled()


def test_a_file_is_read_and_large_data_stay_in_the_browser(open_flat):
    page = open_flat()
    paste = open_paste_dialog(page)
    rows = "\n".join(f"{i / 7:.3f}\t{i % 13 + i / 50:.3f}" for i in range(1, 501))
    paste.locator("input[type=file]").set_input_files(
        {"name": "many.tsv", "mimeType": "text/tab-separated-values", "buffer": rows.encode()}
    )
    expect(paste.locator(".outcome")).to_contain_text("500 rows. There are too many for a link")
    paste.get_by_role("button", name="Use these data").click()
    wait_until_drawn(page)
    wait_for_query(page, "points", "browser")
    page.locator("#word-loss").click()
    page.get_by_role("radio", name=re.compile("^Huber")).check()
    wait_until_drawn(page)
    expect(page.locator("#notice")).to_be_hidden()
    page.keyboard.press("Escape")
    page.locator("#word-data").click()
    expect(page.locator("#menu")).to_contain_text("500 rows that were pasted")
    page.reload()
    wait_until_drawn(page)
    paste = open_paste_dialog(page)
    expect(paste.locator("textarea")).to_have_value(re.compile(r"^x\ty\n0\.143\t1\.02\n0\.286\t2\.04\n"))
    expect(paste.locator(".outcome")).to_contain_text("500 rows. There are too many for a link")


def test_a_link_to_data_of_another_browser_causes_a_notice(show_flat):
    page = show_flat("?data=own&points=browser")
    expect(page.locator("#notice")).to_contain_text("Its data are in the browser in which they were pasted.")


def test_the_dialog_fits_a_phone(show_flat):
    page = show_flat(width=320, height=640)
    paste = open_paste_dialog(page)
    paste.locator("textarea").fill(TABLE)
    expect(paste.locator("table")).to_be_visible()
    assert paste.evaluate("(d) => d.scrollWidth <= d.clientWidth")
    assert paste.bounding_box()["width"] <= 320


def test_data_cannot_be_used_before_they_are_checked(show_flat):
    """Until the response arrives, the button would use the data before the last change."""
    paste = open_paste_dialog(show_flat())
    use = paste.get_by_role("button", name="Use these data")
    paste.locator("textarea").fill("x,y\n1,2\n2,4\n3,7")
    expect(use).to_be_enabled()
    use.evaluate(
        """(button) => {
            button.states = [];
            const observer = new MutationObserver(() => button.states.push(button.disabled));
            observer.observe(button, { attributes: true });
        }"""
    )
    paste.locator("textarea").fill("x,y\n1,2\n2,4\n3,9")
    expect(use).to_be_enabled()
    assert use.evaluate("(button) => button.states")[0] is True


def test_the_status_is_empty_without_data(open_flat):
    page = open_flat()
    page.click("#word-data")
    page.click(".menu .wide")
    status = page.locator("#paste-dialog [role=status]")
    assert status.text_content() == ""
    page.fill("#paste-dialog textarea", "x,y\n1,2\n2,3\n4,5")
    expect(status).to_contain_text("3 rows.")
    page.fill("#paste-dialog textarea", "")
    expect(status).to_have_text("")
