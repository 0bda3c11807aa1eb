"""Fixtures of the browser tests: one server, one browser, pages that must stay without fault."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser import stage

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def home() -> Iterator[str]:
    with stage.serving() as address:
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = stage.launch(playwright)
    yield running
    running.close()


@pytest.fixture(scope="session")
def flat_browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser that cannot draw in three dimensions."""
    running = stage.launch(playwright, "--disable-3d-apis")
    yield running
    running.close()


@pytest.fixture
def open_page(home: str, browser: Browser) -> Iterator[Open]:
    """Opens a link and waits for its picture; at the end nothing may have gone wrong on it."""
    pages: list[Page] = []

    def open_(
        query: str = "", width: int = 1280, height: int = 800, on: Browser | None = None, **more
    ) -> Page:
        pages.append(stage.visit(on or browser, home + query, width, height, **more))
        return pages[-1]

    yield open_
    faults = [fault for page in pages for fault in page.watch.faults]
    for page in pages:
        page.context.close()
    assert not faults


@pytest.fixture
def open_flat(open_page: Open, flat_browser: Browser) -> Open:
    """The same in the browser without 3-D, which draws three times as fast."""
    return partial(open_page, on=flat_browser)
