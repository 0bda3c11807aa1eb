"""Draw the pictures of the first screen and of each lesson with a browser; ``make previews``.

They are written to ``assets/images/`` and shown by the README and beside shared links.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, sync_playwright

from app.lessons import LESSONS
from app.lessons.lesson import Lesson
from app.web.index_page import PREVIEW_SIZE
from tools.support import browser_pages

ASSETS = Path(__file__).parents[1] / "assets"
VIEWS = {"handwriting": "data", "typo": "data"}
"""The figure in the picture of a lesson, if it is not the landscape."""
JPEG_QUALITY = 68
WINDOW = {"width": 1280, "height": 1060}
"""Size of the page, in pixels, at which the landscape is about as large as in the picture."""
TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
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
        TEMPLATES.get_template("lesson_picture.html").render(
            width=width,
            height=height,
            title=lesson.title,
            question=question,
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
