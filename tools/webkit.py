"""Use the page in WebKitGTK, the engine of Apple's browsers; ``make webkit``.

Selenium drives Debian's ``webkit2gtk-driver`` on a virtual screen: every lesson, a menu, the slider of the
learning rate, playing, sharing and the exported surface. Exits with the faults that the pages noticed:
errors and warnings of the console, uncaught errors, and requests that the security policy forbids.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from selenium.webdriver.webkitgtk.service import Service
from selenium.webdriver.webkitgtk.webdriver import WebDriver

from app.lessons import LESSONS
from app.server import create_app
from tools.support import browser_pages

PATIENCE: Final = 90.0
"""Seconds after which waiting for the page fails."""
BROWSERS: Final = "webkit2gtk-4.*/MiniBrowser"
PROGRAMS: Final = ("WebKitWebDriver", "Xvfb")
NO_WEBKIT: Final = (
    "There is no WebKit to drive here. "
    "Install it (on Debian: sudo apt-get install webkit2gtk-driver xvfb) and run again."
)
RECORDER_PATH: Final = "/recorder.js"
RECORDER: Final = b"""
const faults = (window.faults = []);
for (const kind of ["error", "warn"]) {
  const report = console[kind];
  console[kind] = (...parts) => { faults.push(`console ${kind}: ${parts.join(" ")}`); report(...parts); };
}
addEventListener("error", ({ message, target }) => faults.push(message ?? `not loaded: ${target.src}`), true);
addEventListener("unhandledrejection", ({ reason }) => faults.push(`rejected: ${reason}`));
addEventListener("securitypolicyviolation", (event) => faults.push(`forbidden: ${event.blockedURI}`));
"""
"""A script that collects the faults of a page; WebKit's driver does not report them."""
IS_READY: Final = "return document.documentElement.dataset.ready === 'true'"
IS_DRAWN: Final = "return Boolean(document.querySelector('#landscape .gl-container canvas'))"
TONE: Final = "return document.getElementById('verdict').dataset.tone"
"""A script: the name of the outcome that the verdict tells, whatever its words are."""

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


def with_recorder(application: Application) -> Application:
    """Return a WSGI application whose pages first load the script that records their faults."""

    def wrapped(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == RECORDER_PATH:
            start_response("200 OK", [("Content-Type", "text/javascript")])
            return [RECORDER]
        if environ["PATH_INFO"] != "/":
            return application(environ, start_response)
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        started: list[Any] = []
        page = b"".join(application(environ, lambda *parts: started.extend(parts)))
        page = page.replace(b"<head>", f'<head><script src="{RECORDER_PATH}"></script>'.encode(), 1)
        status, headers, *_ = started
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start_response(status, kept)
        return [page]

    return wrapped


@contextmanager
def serving() -> Iterator[str]:
    """Serve the application with the recorder in its pages, and yield its address."""
    with browser_pages.serving(with_recorder(create_app().server)) as home:
        yield home


def find() -> Path | None:
    """Return the path of the browser if everything that the tour needs is installed, else None."""
    found = next(Path("/usr/lib").glob(f"*/{BROWSERS}"), None)
    return found if all(map(shutil.which, PROGRAMS)) else None


@contextmanager
def virtual_screen() -> Iterator[str]:
    """Start an X server without a screen and yield the name of its display."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as process:
        try:
            os.close(writing)
            with open(reading, encoding="ascii") as display:
                yield f":{display.readline().strip()}"
        finally:
            process.terminate()


@contextmanager
def webkit(program: Path) -> Iterator["Tour"]:
    """Start the browser on a virtual screen and yield a tour with it."""
    with virtual_screen() as display:
        options = webdriver.WebKitGTKOptions()
        options.binary_location = str(program)
        options.add_argument("--automation")
        service = Service(shutil.which(PROGRAMS[0]), env=os.environ | {"DISPLAY": display})
        driver = webdriver.WebKitGTK(options=options, service=service)
        try:
            driver.set_window_size(1300, 900)
            yield Tour(driver)
        finally:
            driver.quit()


class Tour:
    """What a student does with the page, and the faults that the pages noticed meanwhile."""

    def __init__(self, driver: WebDriver) -> None:
        self.driver, self.faults = driver, list[str]()

    def run(self, script: str, *values: object) -> Any:
        """Run a script in the page and return its value."""
        return self.driver.execute_script(script, *values)

    def until(self, script: str, wanted: Callable[[Any], bool] = bool) -> None:
        """Wait until a script returns a wanted value. Raises TimeoutException after ``PATIENCE`` seconds."""
        WebDriverWait(self.driver, PATIENCE).until(lambda _: wanted(self.run(script)), script)

    def click(self, selector: str) -> None:
        """Click the first element that a CSS selector matches, as soon as it is shown."""
        element = self.driver.find_element(By.CSS_SELECTOR, selector)
        WebDriverWait(self.driver, PATIENCE).until(lambda _: element.is_displayed(), selector)
        element.click()

    @contextmanager
    def visit(self, address: str) -> Iterator[None]:
        """Open a page, wait until it is drawn, and collect its faults at the end."""
        self.driver.get(address)
        self.until(IS_READY)
        self.until(IS_DRAWN)
        yield
        self.faults += [f"{address}: {fault}" for fault in self.run("return window.faults")]

    def choose_data(self) -> None:
        """Choose other data in a menu."""
        self.click("#word-data")
        self.click("#menu input[value=spam]")
        self.until("return new URLSearchParams(location.search).get('data') === 'spam'")
        self.until(IS_READY)

    def play(self) -> None:
        """Play the run to its end."""
        self.click("#play")
        self.until(TONE, lambda tone: tone == "converged")

    def drag_rate(self) -> None:
        """Drag the slider of the learning rate until the run diverges, and let go."""
        slider = self.driver.find_element(By.ID, "slide-rate")
        width = slider.size["width"]
        drag = ActionChains(self.driver).move_to_element(slider).click_and_hold()
        drag.move_to_element_with_offset(slider, round(0.47 * width), 0).perform()
        self.until(TONE, lambda tone: tone == "diverged")
        ActionChains(self.driver).release().perform()
        self.until("return new URLSearchParams(location.search).has('rate')")
        self.until(IS_READY)

    def share(self) -> None:
        """Open the dialog with the link of this moment."""
        self.click("#share")
        self.until("return document.getElementById('share-link').textContent.includes('rate=')")

    def open_exported_surface(self, home: str, folder: Path) -> None:
        """Open the exported surface from a file."""
        file = folder / "landscape.html"
        with urlopen(f"{home}export/landscape.html") as answer:
            file.write_bytes(answer.read())
        self.driver.get(file.as_uri())
        self.until(IS_DRAWN)


def use_first_screen(student: Tour, home: str) -> None:
    """Play, drag and share on the first screen, choose other data, and open the exported surface."""
    for actions in ((student.play, student.drag_rate, student.share), (student.choose_data,)):
        with student.visit(home):
            for action in actions:
                print(action.__doc__, flush=True)
                action()
    with tempfile.TemporaryDirectory() as folder:
        print(student.open_exported_surface.__doc__, flush=True)
        student.open_exported_surface(home, Path(folder))


def open_lessons(student: Tour, home: str, lessons: Iterable[str] = LESSONS) -> None:
    """Open lessons one after the other."""
    for lesson in lessons:
        with student.visit(f"{home}?s={lesson}"):
            print(student.driver.title, flush=True)


def main() -> str | None:
    """Return the faults of the whole tour, one a line, or None if there are none."""
    program = find()
    if not program:
        return NO_WEBKIT
    with serving() as home, webkit(program) as student:
        use_first_screen(student, home)
        open_lessons(student, home)
    return "\n".join(student.faults) or None


if __name__ == "__main__":
    sys.exit(main())
