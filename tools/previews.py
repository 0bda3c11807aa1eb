"""Draw the pictures of the first screen and of each lesson with a browser; ``make previews``.

They are written to ``assets/images/`` and shown by the README, beside shared links and by the gallery of
lessons; ``python -m tools.previews gallery`` draws those of the gallery alone.
"""

import sys
from base64 import b64decode, b64encode
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, sync_playwright

from app.api.lesson_gallery import PICTURE_SIZE
from app.lessons import LESSONS
from app.lessons.lesson import Lesson
from app.web.index_page import PREVIEW_SIZE
from tools.support import browser_pages

ASSETS = Path(__file__).parents[1] / "assets"
JPEG_QUALITY = 68
WEBP_QUALITY = 0.8
WINDOW = {"width": 1280, "height": 1060}
"""Size of the page, in pixels, at which the landscape is about as large as in the picture."""
GALLERY_WINDOW = {"width": 1280, "height": 800}
TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
FIGURE_IMAGE = """(view) => {
  const figure = document.getElementById(view);
  return figure._fullLayout.scene?._scene.toImage("png")
    ?? Plotly.toImage(figure, {format: "png", width: 640, height: 590});
}"""
"""A script that returns a figure as a data URL."""
SMALL_PICTURE = """async ([source, width, height, quality]) => {
  const picture = new Image();
  picture.src = source;
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  const scale = Math.min(width / picture.width, height / picture.height);
  const size = [picture.width * scale, picture.height * scale];
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, (width - size[0]) / 2, (height - size[1]) / 2, ...size);
  return canvas.toDataURL("image/webp", quality);
}"""
"""A script that returns a picture, whole and in the middle of another size, as a data URL of WebP."""


def card(browser: Browser, home: str, lesson: Lesson, number: int) -> None:
    """Draw the picture of a lesson: its question and its figure before the answer."""
    page = browser_pages.visit(browser, f"{home}?s={lesson.key}", **WINDOW)
    figure = page.evaluate(FIGURE_IMAGE, lesson.hero)
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


def gallery_picture(browser: Browser, home: str, lesson: Lesson) -> None:
    """Draw the picture of a lesson in the gallery: what it asks about, before the answer."""
    page = browser_pages.visit(browser, f"{home}?s={lesson.key}", **GALLERY_WINDOW)
    hero = lesson.hero
    plots = page.locator(f"#{hero}, #{hero}-2").all()
    boxes = [box for plot in plots if (box := plot.bounding_box())]
    left, top = (min(box[side] for box in boxes) for side in ("x", "y"))
    right = max(box["x"] + box["width"] for box in boxes)
    bottom = max(box["y"] + box["height"] for box in boxes)
    page.add_style_tag(content=".plot ~ *, .ring, .example { visibility: hidden !important; }")
    shot = page.screenshot(clip={"x": left, "y": top, "width": right - left, "height": bottom - top})
    source = f"data:image/png;base64,{b64encode(shot).decode()}"
    small = page.evaluate(SMALL_PICTURE, [source, *PICTURE_SIZE, WEBP_QUALITY])
    picture = ASSETS / "images" / "gallery" / f"{lesson.key}.webp"
    picture.write_bytes(b64decode(small.partition(",")[2]))
    page.context.close()


def first_screen(browser: Browser, home: str) -> None:
    """Draw the first screen."""
    page = browser_pages.visit(browser, home)
    page.screenshot(path=ASSETS / "images" / "picture.png")
    page.context.close()


if __name__ == "__main__":
    with browser_pages.serving() as home, sync_playwright() as playwright:
        browser = browser_pages.launch(playwright)
        for lesson in LESSONS.values():
            gallery_picture(browser, home, lesson)
        if sys.argv[1:] != ["gallery"]:
            first_screen(browser, home)
            for number, lesson in enumerate(LESSONS.values(), 1):
                card(browser, home, lesson, number)
