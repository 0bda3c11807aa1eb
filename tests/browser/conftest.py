"""Fixtures of the browser tests: one server, one browser, and pages that are checked for faults."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tools.support import browser_pages

Open = Callable[..., Page]

expect.set_options(timeout=20_000)  # several parts of the tests share the cores


@pytest.fixture(scope="session")
def home() -> Iterator[str]:
    """The address of a server."""
    with browser_pages.serving() as address:
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = browser_pages.launch(playwright)
    yield running
    running.close()


@pytest.fixture(scope="session")
def flat_browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser without WebGL."""
    running = browser_pages.launch(playwright, flat=True)
    yield running
    running.close()


@pytest.fixture(scope="session")
def page_pool(browser: Browser, home: str) -> browser_pages.PagePool:
    """Pages of the browser, which tests open faster than new ones."""
    return browser_pages.PagePool(browser, home)


@pytest.fixture(scope="session")
def flat_page_pool(flat_browser: Browser, home: str) -> browser_pages.PagePool:
    return browser_pages.PagePool(flat_browser, home)


@pytest.fixture
def watched() -> Iterator[list[Page]]:
    """The pages of a test, which are closed at its end; the test fails if one of them had a fault."""
    pages: list[Page] = []
    yield pages
    faults = [fault for page in pages for fault in page.watch.faults]
    for page in pages:
        page.close()
    assert not faults


@pytest.fixture
def open_page(page_pool: browser_pages.PagePool, watched: list[Page]) -> Open:
    """Return a function that opens a link and waits until it is drawn."""
    return lambda *link, **options: _add(watched, page_pool.open(*link, **options))


@pytest.fixture
def open_flat(flat_page_pool: browser_pages.PagePool, watched: list[Page]) -> Open:
    """Return the same function for a browser without WebGL, which is three times as fast."""
    return lambda *link, **options: _add(watched, flat_page_pool.open(*link, **options))


@pytest.fixture
def show(page_pool: browser_pages.PagePool) -> Iterator[Open]:
    """Return a function that shows a link on a page which is shared, see ``PagePool.show``."""
    yield from _shared(page_pool)


@pytest.fixture
def show_flat(flat_page_pool: browser_pages.PagePool) -> Iterator[Open]:
    """Return the same function for the browser without WebGL."""
    yield from _shared(flat_page_pool)


def _shared(pool: browser_pages.PagePool) -> Iterator[Open]:
    pages: list[Page] = []
    yield lambda *link, **options: _add(pages, pool.show(*link, **options))
    faults = [fault for page in set(pages) for fault in page.watch.faults]
    for page in set(pages):
        page.watch.faults.clear()
        if faults:
            page.close()
    assert not faults


def _add(pages: list[Page], page: Page) -> Page:
    pages.append(page)
    return page
