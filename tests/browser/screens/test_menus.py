"""Menus of the sentence: focus, columns, headings, and one open menu at a time."""

import pytest
from playwright.sync_api import expect

import losses
from app.controls.menus import LANDSCAPES_TITLE, TASK_TITLES
from tests.support.page_actions import wait_for_query
from tools.support.browser_pages import wait_until_drawn

FOCUSED = "document.activeElement.value"


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("loss", losses.allowed_losses(losses.DATASETS["houses"], "line")),
        ("opt", tuple(losses.OPTIMIZERS)),
        ("data", tuple(key for key, data in losses.DATASETS.items() if data.task == "regression")),
    ],
)
def test_arrow_keys_choose_one_option_after_the_other(show_flat, word, keys):
    page = show_flat()
    page.locator(f"#word-{word}").focus()
    page.keyboard.press("Enter")
    for key in keys[1:4]:
        page.keyboard.press("ArrowDown")
        wait_for_query(page, word, key)
        wait_until_drawn(page)
        assert page.evaluate(FOCUSED) == key
        expect(page.locator("#menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"#word-{word}")).to_be_focused()


def test_the_focus_stays_where_the_sentence_is_built_again(show_flat):
    page = show_flat(f"?data={list(losses.DATASETS)[-1]}")
    page.locator("#word-data").focus()
    page.keyboard.press("Enter")
    page.locator(f"#menu input[value={next(iter(losses.TEST_FUNCTIONS))}]").focus()
    page.keyboard.press("Space")
    expect(page.locator("#word-loss")).to_have_count(0)
    wait_until_drawn(page)
    assert page.evaluate(FOCUSED) == next(iter(losses.TEST_FUNCTIONS))
    page.keyboard.press("ArrowDown")
    wait_for_query(page, "data", list(losses.TEST_FUNCTIONS)[1])


def test_a_menu_closes_when_the_focus_leaves_it(show_flat):
    page = show_flat()
    page.locator("#word-loss").click()
    expect(page.locator("#menu")).to_be_visible()
    page.locator("#lessons summary").focus()
    expect(page.locator("#menu")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("#lessons .gallery")).to_be_visible()
    page.locator("#word-loss").focus()
    expect(page.locator("#lessons .gallery")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("#menu")).to_be_visible()


def test_datasets_stand_under_the_headings_of_their_tasks(show_flat):
    page = show_flat()
    page.locator("#word-data").click()
    headings = page.locator("#menu .group > legend").all_inner_texts()
    tasks = {data.task for data in losses.DATASETS.values()}
    expected = [str(title) for task, title in TASK_TITLES.items() if task in tasks]
    assert headings == [*expected, str(LANDSCAPES_TITLE)]
    last = page.locator("#menu .group").last.locator("input")
    assert last.evaluate_all("(all) => all.map((one) => one.value)") == list(losses.TEST_FUNCTIONS)


@pytest.mark.parametrize("word", ["data", "model", "loss", "opt"])
def test_a_menu_has_one_scroll_bar_and_keeps_from_the_edges(show_flat, word):
    page = show_flat()
    page.locator(f"#word-{word}").click()
    box = page.locator("#menu").bounding_box()
    width = page.evaluate("document.documentElement.clientWidth")
    assert box["x"] >= 8
    assert box["x"] + box["width"] <= width - 7.5
    assert box["width"] * box["height"] < 0.4 * 1280 * 800, "it hides the picture"
    scrolling = page.locator("#menu, #menu *").evaluate_all(
        "(all) => all.filter((one) => one.scrollHeight > one.clientHeight + 1"
        " && getComputedStyle(one).overflowY === 'auto').length"
    )
    assert scrolling <= 1
