"""Draw the pictures of the first screen and of each lesson with a browser; ``make previews``.

They are written to ``assets/images/`` and shown by the README and beside shared links.
"""

import html
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from app.lessons import LESSONS
from app.lessons.lesson import Lesson
from app.web.index_page import PREVIEW_SIZE
from tools.support import browser_pages

ASSETS = Path(__file__).parents[1] / "assets"
VIEWS = {"ten": "data", "outlier": "data"}
"""The figure in the picture of a lesson, if it is not the landscape."""
JPEG_QUALITY = 68
WINDOW = {"width": 1280, "height": 1060}
"""Size of the page, in pixels, at which the landscape is about as large as in the picture."""
CARD = """<!DOCTYPE html>
<style>
body {{ margin: 0; width: {width}px; height: {height}px; display: flex; background: #f7f8f4; color: #1b2130;
  font-family: system-ui, sans-serif; overflow: hidden; }}
div {{ width: 520px; padding: 56px 0 56px 60px; box-sizing: border-box; display: flex;
  flex-direction: column; }}
h1 {{ font-size: 62px; line-height: 1.1; margin: auto 0 26px; letter-spacing: -.02em; }}
p {{ font-size: 34px; line-height: 1.3; margin: 0 0 auto; color: #40485a; }}
b {{ font-size: 34px; }} i {{ font-style: normal; color: #c2410c; }}
small {{ font-size: 26px; color: #586073; }}
img {{ width: 640px; height: 590px; margin: 20px 0 0 20px; object-fit: contain; }}
</style>
<div><b>Loss<i>lab</i></b><h1>{title}</h1><p>{question}</p><small>{number}</small></div><img src="{picture}">
"""
FIGURE_IMAGE = """(view) => {
  const figure = document.getElementById(view);
  return figure._fullLayout.scene?._scene.toImage("png")
    ?? Plotly.toImage(figure, {format: "png", width: 640, height: 590});
}"""
"""A script that returns a figure as a data URL."""


def card(browser: Browser, home: str, lesson: Lesson, number: int) -> None:
    """Draw the picture of a lesson: its question and its figure before the answer."""
    page = browser_pages.visit(browser, f"{home}?s={lesson.key}", **WINDOW)
    figure = page.evaluate(FIGURE_IMAGE, VIEWS.get(lesson.key, "landscape"))
    question = page.locator("#lesson .asked b").first.inner_text()
    width, height = PREVIEW_SIZE
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(
        CARD.format(
            width=width,
            height=height,
            title=html.escape(lesson.title),
            question=html.escape(question),
            number=f"Lesson {number} of {len(LESSONS)}",
            picture=figure,
        )
    )
    page.locator("img").wait_for()
    page.evaluate("document.querySelector('img').decode()")
    page.screenshot(path=ASSETS / "images" / f"lesson-{lesson.key}.jpg", type="jpeg", quality=JPEG_QUALITY)
    page.context.close()


def first_screen(browser: Browser, home: str) -> None:
    """Draw the first screen."""
    page = browser_pages.visit(browser, home)
    page.screenshot(path=ASSETS / "images" / "picture.png")
    page.context.close()


if __name__ == "__main__":
    with browser_pages.serving() as home, sync_playwright() as playwright:
        browser = browser_pages.launch(playwright)
        first_screen(browser, home)
        for number, lesson in enumerate(LESSONS.values(), 1):
            card(browser, home, lesson, number)
