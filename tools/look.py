"""Take a picture of every screen of the page and measure how well it is filled; ``make look``.

The pictures are written to ``look/``, an answered lesson at the end of its run. The table says for each
screen which share of its card the landscape covers and how high the map is, and fails where that is less than
the goal, where a label is cut off or where something covers what is to be seen or pressed. A sheet of all
screens at one size and a picture of each named layout go into the documents, and the sizes of the cards into
the file that the test of the cameras reads. On a desktop axe-core must find nothing, and nothing may move
when a lesson is answered; on a projector the cards of a lesson may not overlap. ``python -m tools.look walk
desktop-`` takes the screens alone whose names contain one of these words; with ``documents`` among them it
writes these files from what it took.
"""

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from app.lessons import LESSONS
from app.url_state.state import parse
from tools.support import browser_pages
from tools.support.axe import violations

FOLDER = Path("look")
PICTURES = Path(__file__).parents[1] / "docs" / "develop" / "layouts"
CARD_SIZES = Path(__file__).parents[1] / "tests" / "app" / "page" / "card_sizes.json"
PATIENCE = 120_000
"""Milliseconds that a screen may take: two landscapes are drawn slowly without a graphics card."""
TOUCH = {"has_touch": True, "is_mobile": True}
LEAST_SHARE: Final = 0.65
"""The least share of its card, without the caption, that the bounding box of a landscape covers."""
LEAST_MAP_HEIGHT: Final = 200
"""The least height in pixels of the drawn part of a map on a desktop."""
LEAST_PICTURE_SHARE: Final = 0.45
"""The least share of a phone's height that a card has."""


@dataclass(frozen=True)
class Size:
    """A kind of screen: its size in pixels, its part of the link and Playwright's context options."""

    width: int
    height: int
    link: str = ""
    context: tuple[tuple[str, Any], ...] = ()


SIZES: Final = {
    "desktop": Size(1280, 800),
    "laptop": Size(1440, 900),
    "phone": Size(390, 844, context=tuple(TOUCH.items())),
    "projector": Size(1920, 1080, "theme=projector"),
    "dark": Size(1280, 800, context=(("color_scheme", "dark"),)),
}
OTHER_SCREENS: Final = {
    "experiment": "",
    "losses": "vs=mae",
    "losses-classes": "data=spam&vs=mse&k=30",
    "losses-slice": "data=iris&vs=mse&k=30",
    "datasets": "vs=outlier",
    "datasets-raw": "data=scaling&vs=standardized&k=30",
    "datasets-far": "data=spam&vs=separable&k=60",
    "race": "data=ravine&race=momentum,adam&k=20",
    "race-line": "race=momentum,adam,rmsprop,newton&k=10",
    "slice": "data=digits&k=20",
    "slice-network": "data=moons&model=mlp&k=200",
    "slice-flowers": "data=iris&k=50",
    "slice-longley": "data=longley&k=30",
    "linear": "model=linear&k=10",
    "saturation": "data=misra1a&k=20",
    "power": "model=power&k=10",
    "neuron": "model=neuron&k=20",
    "logistic": "data=tumors&k=20",
    "function": "data=beale",
    "function-ravine": "data=ravine&k=60&rate=0.039&steps=120",
    "function-saddle": "data=saddle&k=30",
    "function-rosenbrock": "data=rosenbrock&k=100",
    "function-rastrigin": "data=rastrigin&k=60",
    "function-himmelblau": "data=himmelblau&k=60",
    "raw": "data=scaling&k=20",
    "raw-same-scale": "data=scaling&k=20&scale=1",
    "steps-of-loss": "loss=zero_one&data=spam&k=10",
    "own-formula": "loss=own&formula=abs(r)**1.5&k=10",
    "own-data": "data=own&model=linear&k=20&points=regression_height,weight,shoe"
    "_160,52,37_165,61,38_170,66,40_176,70,42_181,84,43_188,90,45_192,86,46",
    "far": "rate=1.2&k=40",
}
LAYOUTS: Final = {"experiment": "experiment", "comparison": "losses", "lesson": "inbox-asked"}
"""The screen that stands for each named layout in the documents."""
MEASURE = """() => {
  const boxOf = (element) => element.getBoundingClientRect();
  const through = (m, p) => [0, 1, 2, 3].map((i) =>
    p.reduce((sum, value, j) => sum + m[4 * j + i] * value, 0));
  const visible = [...document.querySelectorAll(".view")].filter((card) => card.checkVisibility());
  const result = [];
  for (const card of visible) {
    const plot = card.querySelector(".plot");
    const { width, height } = boxOf(card);
    const layout = plot._fullLayout;
    const measured = { view: card.dataset.view, role: card.dataset.role, width, height,
      plot: [plot.clientWidth, plot.clientHeight, layout?.font?.size] };
    result.push(measured);
    if (layout?.scene?._scene) {
      const scene = layout.scene._scene;
      const { view, projection, model } = scene.glplot.cameraParams;
      let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
      for (const { x, y, z } of plot._fullData.filter(({ type }) => type === "surface")) {
        for (let i = 0; i < z.length; i += 1) for (let j = 0; j < z[i].length; j += 1) {
          if (!Number.isFinite(z[i][j])) continue;
          const { xaxis, yaxis, zaxis } = layout.scene;
          const inside = [[x[j], xaxis], [y[i], yaxis], [z[i][j], zaxis]].every(([value, { range }]) => {
            const [low, high] = [Math.min(...range), Math.max(...range)];
            const rounding = 1e-5 * (high - low); // of the nodes, which are sent in single precision
            return value >= low - rounding && value <= high + rounding;
          });
          if (!inside) continue;
          const point = [x[j], y[i], z[i][j]].map((value, axis) => value * scene.dataScale[axis]);
          const [across, up, , deep] = through(projection, through(view, through(model, [...point, 1])));
          const [h, v] = [(1 + across / deep) / 2, (1 - up / deep) / 2];
          [left, right] = [Math.min(left, h), Math.max(right, h)];
          [top, bottom] = [Math.min(top, v), Math.max(bottom, v)];
        }
      }
      const clip = (value) => Math.max(0, Math.min(1, value));
      const covered = Math.max(0, clip(right) - clip(left)) * Math.max(0, clip(bottom) - clip(top));
      measured.share = covered;
    } else if (layout?.yaxis) measured.axis = layout.yaxis._length;
  }
  return result;
}"""
"""A script that measures the visible cards; of a landscape the surface's bounding box, of a plot its axis."""
HIDDEN = """() => {
  const asking = document.documentElement.classList.contains("asking");
  const lesson = document.body.dataset.layout === "lesson";
  const texts = [...document.querySelectorAll(".slider :is(label, .note, .number)," +
    ".caption, .switch button, .answers button, .ways button")];
  const cut = texts.filter((e) => e.checkVisibility({ visibilityProperty: true }) &&
    getComputedStyle(e).overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1);
  const answer = asking ? ".answers button:last-child" : "#play";
  const needed = lesson ? [answer, ".ways > :last-child"] : [answer];
  const covered = needed.filter((selector) => {
    const element = document.querySelector(selector);
    if (!element) return false;
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const at = [[left + right, top + 4 + top + 4], [left + right, bottom - 4 + bottom - 4]];
    return !at.every(([x, y]) => element.contains(document.elementFromPoint(x / 2, y / 2)));
  });
  const strip = document.querySelector(".pictures");
  const hero = document.querySelector('[data-role="hero"]');
  const away = strip.scrollWidth > strip.clientWidth + 1 &&
    Math.abs(hero.getBoundingClientRect().left - strip.getBoundingClientRect().left) > 4;
  return [...cut.map((e) => `cut off: ${e.textContent || e.value}`), ...covered.map((e) => `covered: ${e}`),
    ...(away ? ["hero out of sight"] : [])];
}"""
"""A script that lists the texts that are cut off, and what is to be seen or pressed and is covered."""
OUT_OF_PLACE = """() => {
    const shown = [...document.querySelectorAll('main .card, .top, .sentence')]
        .filter((e) => e.checkVisibility());
    const boxes = shown.map((e) => [e.className, e.getBoundingClientRect()]);
    const beyond = boxes.filter(([, box]) =>
        box.bottom > innerHeight || box.right > innerWidth || box.left < 0);
    const over = boxes.flatMap(([name, a], i) => boxes.slice(i + 1)
        .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1
            && a.top < b.bottom - 1 && b.top < a.bottom - 1)
        .map(([other]) => `${name} / ${other}`));
    return [...beyond.map(([name]) => name), ...over];
}"""
"""A script: the cards that are partly outside the screen, and those that overlap."""
BASINS_SHOWN = "() => ![...document.querySelectorAll('.progress')].some((bar) => bar.checkVisibility())"
SHEET = """async ([sources, columns, width, height, quality]) => {
  const rows = Math.ceil(sources.length / columns);
  const canvas = Object.assign(document.createElement("canvas"),
    { width: columns * (width + 6), height: rows * (height + 6) });
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  for (const [i, source] of sources.entries()) {
    const picture = new Image();
    picture.src = source;
    await picture.decode();
    const scale = Math.min(width / picture.width, height / picture.height);
    context.drawImage(picture, (i % columns) * (width + 6), Math.floor(i / columns) * (height + 6),
      picture.width * scale, picture.height * scale);
  }
  return canvas.toDataURL("image/webp", quality);
}"""
"""A script that draws pictures side by side and returns them as a data URL."""


@dataclass(frozen=True)
class Measured:
    """What was measured of a screen: its cards, and its picture."""

    screen: str
    size: str
    cards: Sequence[dict[str, Any]]
    path: Path
    hidden: Sequence[str] = ()
    """What is cut off or covered."""

    @property
    def shares(self) -> list[float]:
        """The shares of their cards that the landscapes cover."""
        return [card["share"] for card in self.cards if "share" in card]

    @property
    def map_heights(self) -> list[float]:
        """The heights of the maps: of their drawn part, on a phone of their cards."""
        key = "height" if self.size == "phone" else "axis"
        return [card[key] for card in self.cards if card["view"].startswith("map") and key in card]

    @property
    def faults(self) -> list[str]:
        """What is below the goal, as short texts."""
        least = LEAST_PICTURE_SHARE * SIZES["phone"].height if self.size == "phone" else LEAST_MAP_HEIGHT
        small = [f"landscape {share:.0%}" for share in self.shares if share < LEAST_SHARE]
        low = [f"map {height:.0f} px" for height in self.map_heights if height < least]
        areas = {card["view"]: card["width"] * card["height"] for card in self.cards}
        hero = max((areas[card["view"]] for card in self.cards if card["role"] == "hero"), default=0)
        beaten = [f"{view} larger than the hero" for view, area in areas.items() if area > hero + 1]
        return small + low + beaten + list(self.hidden)


def screens() -> Iterator[tuple[str, str]]:
    """Yield name and query of every screen: each lesson asked and answered, and the others."""
    yield from OTHER_SCREENS.items()
    for lesson in LESSONS.values():
        yield f"{lesson.key}-asked", f"s={lesson.key}"
        answer = str(lesson.correct_choice) if lesson.choices else "0,0"
        last = f"&k={parse(f'?s={lesson.key}')[0].steps}" if lesson.plays else ""
        yield f"{lesson.key}-answered", f"s={lesson.key}&a={answer}{last}"


def names_of(words: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs of screen and size whose name contains one of ``words``; all without words."""
    pairs = [(screen, size) for size in SIZES for screen, _ in screens()]
    chosen = [pair for pair in pairs if any(word in "-".join(reversed(pair)) for word in words)]
    return chosen if words else pairs


def show(browser: Browser, home: str, link: str, size: Size, page: Page | None) -> Page:
    """Show a link on a page of a size, which is opened if there is none or if it does not answer."""
    if page:
        try:
            browser_pages.show_link(page, link)
        except TimeoutError:
            page.context.close()
        else:
            return page
    opened = browser_pages.open_page(browser, home + link, size.width, size.height, **dict(size.context))
    opened.set_default_timeout(PATIENCE)
    browser_pages.wait_until_drawn(opened)
    return opened


def complaints(page: Page, screen: str, size: str) -> list[str]:
    """Return what is cut off, covered or out of place on a screen, and what axe-core finds."""
    found: list[str] = page.evaluate(HIDDEN)
    if size == "projector" and screen.endswith(("-asked", "-answered")):
        found += page.evaluate(OUT_OF_PLACE)
    return found + violations(page) if size == "desktop" else found


def moved(measured: Sequence[Measured]) -> list[str]:
    """Return the lessons whose plots have other sizes on a desktop once they are answered."""
    plots = {
        each.screen: [(card["view"], *card["plot"][:2]) for card in each.cards]
        for each in measured
        if each.size == "desktop"
    }
    asked = [screen.removesuffix("-asked") for screen in plots if screen.endswith("-asked")]
    return [
        key for key in asked if plots.get(f"{key}-answered", plots[f"{key}-asked"]) != plots[f"{key}-asked"]
    ]


def take_screenshots(
    browser: Browser, home: str, names: Iterable[tuple[str, str]], folder: Path = FOLDER
) -> Iterator[Measured]:
    """Take the named screenshots into a folder and yield what was measured; a page serves all of a size."""
    folder.mkdir(exist_ok=True)
    queries = dict(screens())
    pages: dict[str, Page] = {}
    for screen, name in names:
        size = SIZES[name]
        link = "?" + "&".join(part for part in (queries[screen], size.link) if part)
        page = pages[name] = show(browser, home, link, size, pages.get(name))
        path = folder / f"{name}-{screen}.png"
        try:
            page.wait_for_function(BASINS_SHOWN)
        except TimeoutError:
            pages.pop(name).context.close()
            yield Measured(screen, name, (), path, ["not drawn in time"])
            continue
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300)))")
        page.screenshot(path=path)
        yield Measured(screen, name, page.evaluate(MEASURE), path, complaints(page, screen, name))
    for page in pages.values():
        page.context.close()


def sheet(page: Page, paths: Sequence[Path], columns: int, size: tuple[int, int], quality: float) -> bytes:
    """Return pictures side by side as a WebP file."""
    sources = [f"data:image/png;base64,{b64encode(path.read_bytes()).decode()}" for path in paths]
    url = page.evaluate(SHEET, [sources, columns, *size, quality])
    return b64decode(url.partition(",")[2])


def write_documents(browser: Browser) -> None:
    """Write the sheet of all screens on a desktop, and for each layout its picture at each size.

    They are made of the pictures that there are, of this run or an earlier one.
    """
    page = browser.new_page()
    PICTURES.mkdir(exist_ok=True)
    paths = {(screen, size): FOLDER / f"{size}-{screen}.png" for screen, size in names_of(())}
    paths = {name: path for name, path in paths.items() if path.exists()}
    desktop = [path for (_, size), path in paths.items() if size == "desktop"]
    if not desktop:
        sys.exit("There are no pictures of a desktop yet: run make look first.")
    (PICTURES / "screens.webp").write_bytes(sheet(page, desktop, 4, (360, 225), 0.55))
    for layout, screen in LAYOUTS.items():
        row = [paths[screen, size] for size in ("desktop", "phone") if (screen, size) in paths]
        if row:
            (PICTURES / f"{layout}.webp").write_bytes(sheet(page, row, len(row), (720, 450), 0.8))
    page.close()


def write_card_sizes(measured: Sequence[Measured]) -> None:
    """Write for each screen and size its link, and width, height and text size of its landscapes.

    Rows of screens that were not measured now stay.
    """
    queries = dict(screens())
    anew = {(f"?{queries[each.screen]}", each.size) for each in measured}
    written = json.loads(CARD_SIZES.read_text(encoding="utf-8"))
    rows = [row for row in written if (row["link"], row["size"]) not in anew]
    rows += [
        {"link": f"?{queries[each.screen]}", "size": each.size, "view": card["view"], "card": card["plot"]}
        for each in measured
        for card in each.cards
        if "share" in card
    ]
    order = {(f"?{queries[screen]}", size): i for i, (screen, size) in enumerate(names_of(()))}
    kept = [row for row in rows if (row["link"], row["size"]) in order]
    kept.sort(key=lambda row: (order[row["link"], row["size"]], row["view"]))
    lines = ",\n".join(map(json.dumps, kept))
    CARD_SIZES.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def table(measured: Iterable[Measured]) -> str:
    """Return a line for each screen: landscapes, maps and what is below the goal."""
    lines = []
    for each in measured:
        shares = " ".join(f"{share:.0%}" for share in each.shares) or "-"
        heights = " ".join(f"{height:.0f}" for height in each.map_heights) or "-"
        faults = ", ".join(each.faults)
        lines.append(f"{each.size:10} {each.screen:22} {shares:10} {heights:10} {faults}")
    return "\n".join(lines)


def main(words: Sequence[str]) -> int:
    """Take the screenshots, print the table and return how many screens are below the goal."""
    with browser_pages.serving() as home, sync_playwright() as playwright:
        browser = browser_pages.launch(playwright)
        measured = []
        for each in take_screenshots(browser, home, names_of(words)):
            print(table([each]), flush=True)
            measured.append(each)
        if not words or "documents" in words:
            write_documents(browser)
            write_card_sizes(measured)
        browser.close()
    failed = sum(bool(each.faults) for each in measured)
    print(f"{failed} of {len(measured)} screens are below the goal")
    print(f"plots that move when a lesson is answered: {', '.join(moved(measured)) or 'none'}")
    return failed + len(moved(measured))


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
