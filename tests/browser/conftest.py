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
    running = stage.launch(playwright, flat=True)
    yield running
    running.close()


class Spare:
    """A page opened while the test before still runs, and then turned to the link that is asked for."""

    def __init__(self, browser: Browser, home: str) -> None:
        self.begin = partial(stage.begin, browser, home)
        self.page = self.begin()

    def take(self, query: str) -> Page:
        taken, self.page = self.page, self.begin()
        stage.settled(taken)
        if query:
            stage.turn(taken, query)
        return taken


@pytest.fixture(scope="session")
def spare(flat_browser: Browser, home: str) -> Spare:
    return Spare(flat_browser, home)


@pytest.fixture
def watched() -> Iterator[list[Page]]:
    """The pages of a test; at the end nothing may have gone wrong on them."""
    pages: list[Page] = []
    yield pages
    faults = [fault for page in pages for fault in page.watch.faults]
    for page in pages:
        page.context.close()
    assert not faults


@pytest.fixture
def open_page(home: str, browser: Browser, watched: list[Page]) -> Open:
    """Opens a link and waits for its picture."""

    def open_(
        query: str = "", width: int = 1280, height: int = 800, on: Browser | None = None, **more
    ) -> Page:
        watched.append(stage.visit(on or browser, home + query, width, height, **more))
        return watched[-1]

    return open_


@pytest.fixture
def open_flat(open_page: Open, flat_browser: Browser, spare: Spare, watched: list[Page]) -> Open:
    """The same in a browser without 3-D, which draws three times as fast, on a spare page where that will do."""

    def open_(query: str = "", **more) -> Page:
        if more:
            return open_page(query, on=flat_browser, **more)
        watched.append(spare.take(query))
        return watched[-1]

    return open_


@pytest.fixture(scope="module")
def phone(home: str, flat_browser: Browser) -> Iterator[Page]:
    """One phone for all that is touched."""
    page = stage.visit(flat_browser, home, **stage.PHONE)
    yield page
    faults = page.watch.faults
    page.context.close()
    assert not faults
