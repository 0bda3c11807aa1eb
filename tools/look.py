"""Take screenshots of the page on several screens into the folder ``look/``; ``make look``."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, sync_playwright

from tools.support import browser_pages

FOLDER = Path("look")
TOUCH = {"has_touch": True, "is_mobile": True}

SCREENSHOTS: Final[dict[str, tuple[str, int, int, dict[str, Any]]]] = {
    "desktop": ("", 1280, 800, {}),
    "wide": ("", 1920, 1080, {}),
    "tablet": ("", 768, 1024, {}),
    "phone": ("", 390, 844, TOUCH),
    "small": ("", 320, 640, TOUCH),
    "dark": ("", 1280, 800, {"color_scheme": "dark"}),
    "projector": ("?theme=projector", 1280, 800, {}),
    "diverging": ("?rate=1.2", 1280, 800, {}),
    "logistic": ("?data=spam", 1280, 800, {}),
    "mismatch": ("?data=spam&loss=mse", 1280, 800, {}),
    "raw": ("?data=norris&standardize=0&k=40", 1280, 800, {}),
    "broken": ("?rate=abc&k=99&foo=1", 1280, 800, {}),
}
"""Link, width and height in pixels, and Playwright's context options of each screenshot."""


def take_screenshots(browser: Browser, home: str, names: Iterable[str], folder: Path = FOLDER) -> list[Path]:
    """Take the named screenshots into a folder and return their paths."""
    folder.mkdir(exist_ok=True)
    paths = []
    for name in names:
        query, width, height, context = SCREENSHOTS[name]
        page = browser_pages.visit(browser, home + query, width, height, **context)
        paths.append(folder / f"{name}.png")
        page.screenshot(path=paths[-1], full_page=width < 1000)
        page.context.close()
    return paths


def main() -> None:
    """Take all screenshots, and one in a browser without WebGL."""
    with browser_pages.serving() as home, sync_playwright() as playwright:
        print(*take_screenshots(browser_pages.launch(playwright), home, SCREENSHOTS), sep="\n")
        flat = browser_pages.launch(playwright, flat=True)
        browser_pages.visit(flat, home).screenshot(path=FOLDER / "flat.png")
        print(FOLDER / "flat.png")


if __name__ == "__main__":
    main()
