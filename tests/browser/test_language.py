"""The page in Spanish, and in a pseudo-locale with marked texts twice as long."""

import pytest
from playwright.sync_api import expect

from app.i18n.translation import LANGUAGES
from tests.support.page_actions import wait_for_query
from tests.support.pseudo_locale import KEY, pseudo_language, unmarked_words
from tools.support import browser_pages

TEXTS = """() => [document.body].flatMap((part) => {
    const texts = [], walk = document.createTreeWalker(part, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = part; node; node = walk.nextNode()) {
        const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
        if (element.closest("math, script, style, [lang]:not(html), code, #brand, #sentence")) continue;
        if (!element.checkVisibility()) continue;
        const broken = element.closest("tspan")?.closest("text"); // one text in several lines
        if (broken) texts.push(broken.dataset.unformatted.replaceAll("<br>", " "));
        else if (element !== node) texts.push(node.data);
        else for (const name of ["aria-label", "title", "placeholder", "alt"]) {
            texts.push(node.getAttribute(name) ?? "");
        }
    }
    return texts;
})"""
"""The visible texts of the page and of its attributes."""
CUT_OFF = """() => [...document.querySelectorAll("button, summary, h1, .verdict, .numbers, label")]
    .filter((part) => part.checkVisibility() && part.clientWidth && part.scrollWidth > part.clientWidth + 1)
    .map((part) => part.outerHTML.slice(0, 90))"""
"""The elements whose text does not fit."""


@pytest.fixture
def _pseudo_locale(monkeypatch):
    monkeypatch.setitem(LANGUAGES, KEY, pseudo_language())


@pytest.mark.usefixtures("_pseudo_locale")
@pytest.mark.parametrize("width", [1280, 390])
def test_texts_twice_as_long_are_translated_and_fit(open_flat, width):
    page = open_flat(f"?lang={KEY}&race=adam", width=width, height=844)
    untranslated = [text for text in page.evaluate(TEXTS) if unmarked_words(text)]
    assert untranslated == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.evaluate(CUT_OFF) == []


def test_a_language_is_chosen_and_stays(open_flat):
    page = open_flat("?k=5", locale="es-ES", width=1280)
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.locator("#verdict").inner_text() == "Paso 5 de 60 — sigue bajando."
    page.locator("#language summary").click()
    with page.expect_navigation():
        page.get_by_role("button", name="English").click()
    browser_pages.wait_until_drawn(page)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("#verdict").inner_text() == "Step 5 of 60 — still going down."
    assert "lang=en" in page.url
    assert page.locator("#language [aria-current=true]").text_content() == "English"
    page.go_back()
    page.locator("html[lang=es][data-ready=true]").wait_for(state="attached")
    assert page.locator("#verdict").inner_text() == "Paso 5 de 60 — sigue bajando."


def test_a_wrong_link_in_another_language_that_an_open_page_opens_keeps_its_notice(open_flat):
    page = open_flat("?lang=en", width=1280)
    page.evaluate("history.pushState(null, '', '?lang=de&steps=many'); dispatchEvent(new Event('popstate'))")
    page.locator("html[lang=de][data-ready=true]").wait_for(state="attached")
    assert "many" in page.locator("#notice").inner_text()


def test_numbers_of_figures_have_a_comma_in_spanish(show_flat):
    page = show_flat("?lang=es&loss=mae", width=1280)
    ticks = page.locator("#detail .ytick").all_text_contents()
    assert any("," in tick for tick in ticks), ticks
    assert not any("." in tick for tick in ticks)
    assert page.locator("#share").inner_text() == "Compartir"


@pytest.mark.parametrize("typed", ["0,33", "0.33", " 0,33 ", "3,3e−1"])
def test_a_number_is_typed_and_read_in_the_language_of_the_page(show_flat, typed):
    page = show_flat("?lang=es&start=-1.5,0.25")
    rate = page.locator("#number-rate")
    expect(rate).to_have_value("0,08")
    expect(page.locator("#number-start0")).to_have_value("−1,5")
    rate.fill(typed)
    rate.press("Enter")
    wait_for_query(page, "rate", "0.33")
    rate.blur()
    expect(rate).to_have_value("0,33")
    assert page.locator("#slide-rate").get_attribute("aria-valuetext").startswith("0,33, ")


def test_text_that_is_no_number_causes_a_notice_and_is_reset(show_flat):
    page = show_flat()
    rate = page.locator("#number-rate")
    rate.fill("fast")
    rate.press("Enter")
    expect(page.locator("#notice")).to_contain_text("rate=fast")
    rate.blur()
    expect(rate).to_have_value("0.08")


def test_a_setting_in_a_menu_accepts_a_comma_and_arrow_keys(show_flat):
    page = show_flat("?lang=es&opt=momentum")
    page.locator("#word-opt").click()
    beta = page.locator("#menu .number").first
    expect(beta).to_have_value("0,9")
    beta.fill("0,75")
    beta.press("Enter")
    wait_for_query(page, "momentum", "0.75")
    beta.press("ArrowUp")
    expect(beta).to_have_value("0,755")
    wait_for_query(page, "momentum", "0.755")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_menu_is_as_wide_as_its_longest_words_need(show_flat, lang):
    page = show_flat(f"?lang={lang}", width=1280, height=800)
    page.locator("#word-opt").click()
    assert page.evaluate("[menu.scrollWidth - menu.clientWidth, menu.clientWidth > 300]") == [0, True]
