"""A live class in browsers: a teacher's page and phones, and every fault that a lecture hall has."""

import csv
import json
import random
import re
import time
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from app.classroom.classroom import EXTENSION
from app.classroom.store import ClassNotFound
from app.common import limits
from app.lessons import LESSONS
from app.server import create_app
from tools.support import browser_pages
from tools.support.axe import violations
from tools.support.browser_pages import PHONE, navigate, wait_until_drawn

BY_CHOICE = next(key for key, lesson in LESSONS.items() if lesson.choices)
BY_PLACE = next(key for key, lesson in LESSONS.items() if not lesson.choices)
PATIENCE_SECONDS = 20
"""How long a test waits for what several pages and a server must do."""

MAX_FRAME_SHARE = 2.5
"""The longest script of a frame of 300 runs, in times of drawing two dots for each; at rest about 4 ms."""
DRAWING_TIME = """() => {
  const [canvas, dot] = [1000, 30].map((size) =>
    Object.assign(document.createElement("canvas"), { width: size, height: size }));
  const context = canvas.getContext("2d");
  dot.getContext("2d").fillRect(0, 0, 30, 30);
  const begin = performance.now();
  for (let i = 0; i < 20 * 600; i++) context.drawImage(dot, (37 * i) % 1000, (91 * i) % 1000);
  return (performance.now() - begin) / 20;
}"""
"""A script: milliseconds in which 600 dots are drawn on a canvas."""
NOT_IN = "Your answer is not in yet"
"""What a phone says whose answer has not arrived."""


@pytest.fixture(scope="module")
def app():
    made = create_app()
    yield made
    made.server.extensions[EXTENSION].store.close()


@pytest.fixture(scope="module")
def class_home(app):
    """The address of a server; its name is not that of this machine, so that phones could open it."""
    with browser_pages.serving(app.server) as address:
        yield address


@pytest.fixture(scope="module")
def teachers(flat_browser, class_home):
    """The page of all teachers, one after the other, in a browser profile."""
    return browser_pages.PagePool(flat_browser, class_home)


class LiveClass:
    """A teacher's page with a class, and phones in it."""

    def __init__(self, browser, teachers):
        self.browser, self.teachers, self.home = browser, teachers, teachers.home
        self.contexts, self.pages, self.faults = [], [], []

    def context(self, **options):
        made = self.browser.new_context(**options)
        self.contexts.append(made)
        return made

    def page(self, address, context=None, **options):
        page = (context or self.context(**options)).new_page()
        self.pages.append(page)
        page.on("pageerror", lambda error: self.faults.append(error.message))
        page.on("response", lambda r: self.faults.append(r.url) if r.status == 500 else None)
        page.goto(address)
        return page

    def start(self, query=f"?s={BY_CHOICE}", word=""):
        self.teacher = self.teachers.show(query)
        if word:
            self.teacher.once("dialog", lambda dialog: dialog.accept(word))
        self.teacher.locator("#share").click()
        self.teacher.locator("#share-dialog summary", has_text="live class").click()
        self.teacher.locator("#start-class").click()
        shown = self.teacher.locator(".class-code")
        expect(shown).to_have_text(re.compile(r"^\w{3} \w{3}$"))
        self.code = shown.inner_text().replace(" ", "")
        return self.teacher

    def phone(self, heading="You are in. Look at the wall.", context=None, **options):
        context = context or self.context(
            viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, **options
        )
        page = self.page(f"{self.home}class/{self.code}", context)
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        return page

    def close(self):
        """Close all pages but the teacher's, where the class is ended if the test has not."""
        for page in self.pages:
            page.close()
        for context in self.contexts:
            context.close()
        faults = [fault for fault in self.teacher.watch.faults if fault.startswith(("script", "500"))]
        self.teacher.watch.faults.clear()
        if self.teacher.locator("#class-end").is_visible():
            self.end()
        elif self.teacher.locator("#class-panel").count():  # another screen runs the class
            self.teacher.evaluate("() => localStorage.clear()")
            self.teacher.close()
        assert self.faults + faults == []

    def end(self):
        """End the class on the teacher's page."""
        self.teacher.locator("#class-end").click()
        self.teacher.locator("#class-really").click()
        expect(self.teacher.locator("#class-panel")).to_have_count(0)

    def next(self, beat):
        """Move the class to the next beat; on its way to *explore* nobody tries anything."""
        for passed in ("try", "run", beat) if beat == "explore" else (beat,):
            self.teacher.locator("#class-next").click()
            expect(self.teacher.locator("#class-panel")).to_have_attribute("data-beat", passed)


@pytest.fixture
def live(flat_browser, teachers):
    made = LiveClass(flat_browser, teachers)
    yield made
    made.close()


def screen(phone):
    """Return the locator of the phone's present screen."""
    return phone.locator("#phone")


def answer(phone, number):
    phone.locator(".choice").nth(number).click()
    expect(phone.locator(".note")).to_contain_text("Your answer is in")


def test_two_lessons_with_three_phones(live):
    """From the start of the class to the lab on the phones, and on to the next lesson.

    The wall asks, although its lesson was answered before, and takes no answer itself.
    """
    teacher = live.start(f"?s={BY_CHOICE}&a=0")
    phones = [live.phone() for _ in range(3)]
    expect(teacher.locator(".class-count")).to_have_text("3 are here")
    live.next("ask")
    expect(teacher.locator("#lesson .answers p")).to_have_count(len(LESSONS[BY_CHOICE].choices))
    expect(teacher.locator("#lesson button")).to_have_count(0)
    for phone, choice in zip(phones, (0, 1, 1), strict=True):
        answer(phone, choice)
    expect(teacher.locator(".class-count")).to_have_text("3 of 3 have answered")
    expect(teacher.locator(".class-bars .bar")).to_have_count(0)
    live.next("show")
    expect(teacher.locator(".class-bars .votes").nth(1)).to_have_text("2 · 67 %")
    expect(teacher.locator(".vote-key")).to_have_count(0)
    expect(phones[0].get_by_role("heading", name="Look at the wall.")).to_be_visible()
    live.next("reveal")
    right = LESSONS[BY_CHOICE].correct_choice
    expect(teacher.locator(".class-bars li").nth(right)).to_have_class("correct")
    expect(teacher.locator("#lesson .aha")).to_be_visible()
    for phone, choice in zip(phones, (0, 1, 1), strict=True):
        name = "Right: " if choice == right else "It is "
        expect(phone.get_by_role("heading", name=name)).to_be_visible()
        expect(phone.get_by_role("link", name="Explore")).to_have_count(0)
    live.next("explore")
    link = phones[1].get_by_role("link", name="Explore")
    expect(link).to_have_attribute("href", re.compile(rf"s={BY_CHOICE}.*a=1"))
    live.next("ask")
    following = list(LESSONS)[list(LESSONS).index(BY_CHOICE) + 1]
    teacher.wait_for_function("(key) => location.search.includes(`s=${key}`)", arg=following)
    for phone in phones:
        expect(screen(phone)).to_have_attribute("data-screen", "ask")
    link.or_(phones[1].locator("h1")).first.wait_for()


def test_places_are_dots_on_a_map_and_the_right_one_is_a_star(live):
    teacher = live.start(f"?s={BY_PLACE}")
    phone = live.phone()
    live.next("ask")
    canvas = phone.locator(".small-map canvas")
    box = canvas.bounding_box()
    phone.touchscreen.tap(box["x"] + 0.25 * box["width"], box["y"] + 0.5 * box["height"])
    tapped = phone.locator(".axis output").all_inner_texts()
    sliders = phone.get_by_role("slider")
    assert sliders.count() == 2
    sliders.first.focus()
    phone.keyboard.press("ArrowRight")
    assert phone.locator(".axis output").all_inner_texts()[0] != tapped[0]
    phone.get_by_role("button", name="This is my place").click()
    expect(phone.locator(".note")).to_contain_text("Your answer is in")
    expect(teacher.locator(".class-count")).to_have_text("1 of 1 have answered")
    teacher.locator("#map").click(position={"x": 150, "y": 100})
    live.next("show")
    expect(teacher.locator("#class-panel .small-map")).to_be_visible()
    assert "a=" not in teacher.url, "a click on the wall answers nothing"
    live.next("reveal")
    expect(teacher.locator(".median")).to_contain_text("from the right place")
    expect(phone.locator(".gap")).to_contain_text("away")


def test_a_phone_that_is_loaded_again_is_where_it_was_with_its_answer(live):
    live.start()
    phone = live.phone()
    for beat in ("lobby", "ask", "show", "reveal", "explore"):
        if beat != "lobby":
            live.next(beat)
        expect(screen(phone)).to_have_attribute("data-screen", beat)
        if beat == "ask":
            answer(phone, 1)
        before = phone.locator("#phone").inner_text()
        phone.reload()
        expect(screen(phone)).to_have_attribute("data-screen", beat)
        expect(phone.locator("#phone")).to_have_text(re.compile(re.escape(before.split("\n")[0])))
        if beat == "ask":
            expect(phone.locator(".choice").nth(1)).to_have_attribute("aria-pressed", "true")
    expect(live.teacher.locator(".class-count")).to_have_text(re.compile(r"^1 "))


def test_a_few_words_are_in_the_middle_of_a_phone_and_what_became_of_a_try_is_in_sight(live):
    live.start()
    phone = live.phone()
    assert 200 < phone.locator("h1").bounding_box()["y"] < 500
    for beat in ("ask", "show", "reveal", "try"):
        live.next(beat)
    phone.get_by_role("button", name="Try this").click()
    expect(phone.locator(".note")).not_to_be_empty()
    note = phone.locator(".note").bounding_box()
    assert note["y"] + note["height"] <= PHONE["height"]


def test_the_code_scanned_again_in_another_tab_is_no_second_vote(live):
    teacher = live.start()
    first = live.phone()
    live.next("ask")
    answer(first, 0)
    second = live.phone(heading="", context=first.context)
    answer(second, 1)
    expect(teacher.locator(".class-count")).to_have_text("1 of 1 have answered")
    live.next("show")
    expect(teacher.locator(".class-bars .votes")).to_have_text(
        [re.compile("^0"), re.compile("^1"), re.compile("^0")]
    )


def test_an_answer_given_without_a_network_arrives_when_it_is_back(live):
    teacher = live.start()
    phone = live.phone()
    live.next("ask")
    expect(phone.locator(".choice").first).to_be_visible()
    phone.context.set_offline(True)
    phone.locator(".choice").nth(2).click()
    expect(phone.locator(".note")).to_contain_text(NOT_IN)
    with phone.expect_event("requestfailed"):
        pass  # a look at the class, also in vain
    expect(phone.locator(".note")).to_contain_text(NOT_IN)
    phone.context.set_offline(False)
    expect(teacher.locator(".class-count")).to_have_text("1 of 1 have answered")
    expect(phone.locator(".note")).to_contain_text("Your answer is in")


def test_an_answer_after_the_close_is_told(live):
    live.start()
    phone = live.phone()
    live.next("ask")
    expect(phone.locator(".choice").first).to_be_visible()
    phone.context.set_offline(True)
    phone.locator(".choice").first.click()
    expect(phone.locator(".note")).to_contain_text(NOT_IN)
    live.next("show")
    phone.context.set_offline(False)
    expect(phone.get_by_role("heading", name="Look at the wall.")).to_be_visible()
    expect(phone.locator("#phone")).to_contain_text("You have not answered.")


SLEEP = """(asleep) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => asleep });
    document.dispatchEvent(new Event('visibilitychange'));
}"""
"""A script: hide a page or show it again, as a phone does whose screen goes off and on."""


def test_a_phone_that_slept_for_five_minutes_wakes_up_in_the_right_beat(live, app, monkeypatch):
    """Its clock stands still, then both clocks are five minutes later."""
    asleep, asked = limits.HERE_SECONDS + 255, []
    live.start()
    context = live.context(viewport={"width": PHONE["width"], "height": PHONE["height"]})
    context.clock.install()
    phone = live.phone(context=context)
    live.next("ask")
    answer(phone, 1)
    phone.clock.pause_at(phone.evaluate("Date.now()") + 100)
    phone.evaluate(SLEEP, True)
    phone.clock.run_for(5_000)  # the look that was due
    phone.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    later = SimpleNamespace(time=lambda: time.time() + asleep)
    monkeypatch.setattr("app.classroom.routes.time", later)

    def here():
        now = later.time()
        return app.server.extensions[EXTENSION].store.votes(live.code, now - limits.HERE_SECONDS, now).here

    assert here() == 0
    live.next("show")
    live.next("reveal")
    phone.clock.fast_forward(1000 * asleep)
    assert asked == []
    phone.evaluate(SLEEP, False)
    expect(screen(phone)).to_have_attribute("data-screen", "reveal")
    phone.clock.resume()
    expect(live.teacher.locator(".class-count")).to_have_text("1 is here")
    assert here() == 1


def test_a_second_screen_of_the_teacher_shows_the_same_and_may_press(live):
    teacher = live.start()
    live.phone()
    live.next("ask")
    other = live.page(teacher.url, teacher.context)
    expect(other.locator("#class-panel")).to_have_attribute("data-beat", "ask")
    assert other.locator(".class-code").inner_text() == teacher.locator(".class-code").inner_text()
    other.locator("#class-next").click()
    expect(teacher.locator("#class-panel")).to_have_attribute("data-beat", "show")
    teacher.reload()
    expect(teacher.locator("#class-panel")).to_have_attribute("data-beat", "show")


FORGET_WORD = """() => {
    const stored = JSON.parse(localStorage.getItem('losslab.class'));
    delete stored.kept.word;
    localStorage.setItem('losslab.class', JSON.stringify(stored));
}"""
"""A script: a screen does not know the teachers' word, as one to which a class was handed over."""


def forget(live, room, phone):
    """Empty the store; wait until it has the class again, born anew, with the answer of its phone.

    The phone sees the class in its lobby first, before the teacher's page brings it to its beat.
    """
    born, now, held = room.store.find(live.code, time.time()).born, time.time(), []
    live.teacher.route("**/turn", lambda route: held.append(route))
    room.store.close()
    expect(screen(phone)).to_have_attribute("data-screen", "lobby")
    for press in held:
        press.continue_()
    live.teacher.unroute("**/turn")

    def is_back():
        try:
            return room.store.find(live.code, now).born != born and room.store.votes(live.code, 0, now).rounds
        except ClassNotFound:
            return False

    while not is_back():
        assert time.time() < now + PATIENCE_SECONDS
        live.teacher.wait_for_timeout(100)


def test_a_forgotten_class_comes_back_by_itself_with_its_answers(live, app, monkeypatch):
    """Also where starting one needs a word, which is asked for once where it is not known."""
    room = app.server.extensions[EXTENSION]
    monkeypatch.setattr(room, "teacher_word", "apple")
    teacher = live.start(word="apple")
    phone = live.phone()
    live.next("ask")
    answer(phone, 1)
    forget(live, room, phone)
    expect(teacher.locator(".class-count")).to_have_text("1 of 1 have answered")
    assert teacher.locator(".class-code").inner_text().replace(" ", "") == live.code
    teacher.evaluate(FORGET_WORD)
    teacher.reload()
    expect(teacher.locator("#class-panel")).to_have_attribute("data-beat", "ask")
    teacher.once("dialog", lambda dialog: dialog.accept("apple"))
    forget(live, room, phone)
    expect(phone.locator(".note")).to_contain_text("Your answer is in")
    live.next("show")
    expect(teacher.locator(".class-bars .votes").nth(1)).to_have_text("1 · 100 %")


def test_the_end_is_told_and_the_phone_forgets(live):
    teacher = live.start()
    phone = live.phone()
    live.end()
    assert teacher.locator("#lesson button").count() > 0, "the page takes answers again"
    expect(phone.get_by_role("heading", name="This class has ended.")).to_be_visible()
    assert phone.evaluate("Object.keys(localStorage).length") == 0
    assert teacher.evaluate("Object.keys(localStorage).filter((key) => key.includes('class')).length") == 0
    teacher.reload()
    wait_until_drawn(teacher)
    assert teacher.locator("#class-panel").count() == 0


def test_a_clicker_moves_the_class_and_not_the_lesson(live):
    teacher = live.start(f"?s={BY_CHOICE}&theme=projector")
    phone = live.phone()
    panel = teacher.locator("#class-panel")
    for key, beat in (("PageDown", "ask"), ("PageDown", "show"), ("PageUp", "ask"), ("PageDown", "show")):
        teacher.keyboard.press(key)
        expect(panel).to_have_attribute("data-beat", beat)
    assert f"s={BY_CHOICE}" in teacher.url
    teacher.keyboard.press("b")
    expect(phone.get_by_role("heading", name="Pause. Please look up.")).to_be_visible()
    teacher.keyboard.press("b")
    expect(screen(phone)).to_have_attribute("data-screen", "show")
    teacher.keyboard.press("c")
    expect(panel).to_have_attribute("data-code", "")
    teacher.keyboard.press("c")
    expect(panel).not_to_have_attribute("data-code", "")


def waiting_screen(live, context):
    """Return a page that waits to be paired, and its digits."""
    page = live.page(f"{live.home}class/{live.code}#remote", context)
    expect(page.locator(".digits")).to_have_text(re.compile(r"^\d{4}$"))
    return page, page.locator(".digits").inner_text()


def pair(page, digits):
    page.locator("#class-digits").fill(digits)
    page.locator("#class-digits").press("Enter")


def test_a_remote_lets_the_class_vote_again_beside_its_first_vote(live):
    teacher = live.start()
    phone = live.phone()
    remote, digits = waiting_screen(live, phone.context)
    teacher.locator("#class-remote").click()
    pair(teacher, f"{(int(digits) + 1) % 10_000:04d}")
    expect(teacher.locator("#class-panel .wrong")).to_have_text("No phone shows these four digits.")
    pair(teacher, digits)
    expect(teacher.locator("#class-panel .wrong")).to_have_count(0)
    remote.locator("#remote-next").click()
    answer(phone, 0)
    remote.locator("#remote-next").click()
    expect(remote.locator(".aha")).to_contain_text("100 % are right")
    remote.set_viewport_size({"width": 320, "height": 640})
    remote.evaluate("document.documentElement.style.fontSize = '200%'")
    assert remote.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(remote, "#phone") == []
    remote.locator("#remote-pause").click()
    expect(phone.get_by_role("heading", name="Pause")).to_be_visible()
    remote.locator("#remote-door").click()
    expect(remote.locator("#remote-door")).to_have_text("Open the door")
    other, digits = waiting_screen(live, live.context())
    remote.locator("#remote-again").click()
    expect(phone.locator(".choice").first).to_have_attribute("aria-pressed", "false")
    answer(phone, 1)
    live.next("show")
    expect(teacher.locator(".class-bars .votes").nth(1)).to_have_text("0 → 1 · 100 %")
    expect(teacher.locator(".class-bars .bar .earlier")).to_have_count(3)
    expect(teacher.locator(".class-bars .vote-key span")).to_have_text(["first vote", "second vote"])
    teacher.locator("#class-keep").click()
    with teacher.expect_download() as download:
        teacher.locator("#class-csv").click()
    rows = list(csv.DictReader(download.value.path().read_text("utf-8-sig").splitlines()))
    counts = [(row["round"], row["choice"], row["answers"]) for row in rows]
    assert counts == [(str(n), c, str(int((n, c) in ((1, "A"), (2, "B"))))) for n in (1, 2) for c in "ABC"]
    assert {row["link"] for row in rows} == {f"{live.home}?s={BY_CHOICE}"}
    with teacher.expect_download() as download:
        teacher.locator("#class-png").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    remote.locator("summary").click()
    pair(remote, digits)
    expect(other.locator("#remote-wall")).to_be_visible()
    expect(teacher.locator("#class-panel")).to_have_text(re.compile("This screen does not run the class."))


def test_any_link_is_a_turn(live):
    live.start("?data=icecream&rate=0.4&steps=200")
    phone = live.phone()
    live.next("ask")
    expect(live.teacher.locator("#class-panel")).to_have_attribute("data-size", "wall")
    expect(phone.locator("h1")).to_contain_text("What does the run do")
    expect(phone.locator(".choice")).to_have_count(4)


def test_without_a_class_nothing_of_it_is_loaded_and_an_embedded_page_starts_none(open_flat, home):
    page = open_flat()
    names = page.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)"
    )
    page.locator("#share").click()
    assert page.locator("#start-class").count() == 1
    assert [path for path in names if "class" in path or "wall" in path] == []
    page.goto(f"{home}?embed=1")
    wait_until_drawn(page)
    assert page.locator("#start-class").count() == 0 or not page.locator("#share").is_visible()


def test_a_server_without_classes_offers_none(flat_browser, monkeypatch):
    monkeypatch.setenv("LOSSLAB_CLASSES", "off")
    with browser_pages.serving(create_app().server) as home:
        page = flat_browser.new_page()
        navigate(page, home)
        wait_until_drawn(page)
        page.locator("#share").click()
        assert page.locator("#start-class").count() == 0
        page.close()


BEATS = ("lobby", "ask", "show", "reveal", "explore")


@pytest.mark.parametrize("lesson", [BY_CHOICE, BY_PLACE])
def test_phone_and_panel_have_no_barrier_and_the_phone_fits_a_narrow_screen_and_large_letters(live, lesson):
    live.start(f"?s={lesson}")
    phone = live.phone()
    for beat in BEATS:
        if beat != "lobby":
            live.next(beat)
        expect(screen(phone)).to_have_attribute("data-screen", beat)
        for width, size in ((320, "100%"), (390, "200%"), (320, "200%")):
            phone.set_viewport_size({"width": width, "height": 640})
            phone.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
            overflow = phone.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, (beat, width, size)
        phone.evaluate("document.documentElement.style.fontSize = ''")
        assert violations(phone) == [], beat
        assert violations(live.teacher, "#class-panel") == [], beat


def try_as_students(client, code, students):
    """Send a random start and rate for each of the students; return the lowest rate on offer."""
    chance, field = (
        random.Random(5),
        client.get(f"class/{code}/question?turn=1").get_json()["reveal"]["attempt"],
    )
    low, high = field["rates"]
    for n in students:
        start = [float(f"{chance.uniform(*field['map'][axis]):.6g}") for axis in "uv"]
        value = {"start": start, "rate": float(f"{low * (high / low) ** chance.random():.6g}")}
        body = {"token": f"{n:032x}", "turn": 1, "round": 1, "value": value}
        assert client.put(f"class/{code}/answer", json=body).status_code == 204
    return low


def phone_of(live, number):
    """Return the phone of a student who joined as a token alone; the first number is that of a real phone."""
    context = live.context(viewport=PHONE)
    kept = json.dumps({"at": 4e12, "kept": {"token": f"{number - 1:032x}", "answers": {}}})
    context.add_init_script(f"localStorage.setItem('losslab.class.{live.code}', '{kept}')")
    return live.page(f"{live.home}class/{live.code}", context)


def test_300_students_draw_the_cliff_and_2_over_l(live, app):
    """One phone by its keyboard, 299 by their choices alone: cloud, cliff, three rings, the own verdict."""
    teacher = live.start("?s=walk&theme=projector")
    phone, client = live.phone(), app.server.test_client()
    for n in range(1, 300):
        assert client.put(f"class/{live.code}/me", json={"token": f"{n:032x}"}).status_code == 200
    for beat in ("ask", "show", "reveal", "try"):
        live.next(beat)
    expect(screen(phone)).to_have_attribute("data-screen", "try")
    low = try_as_students(client, live.code, range(1, 300))
    rate = phone.get_by_role("slider", name="learning rate")
    rate.focus()
    phone.keyboard.press("Home")
    assert rate.get_attribute("aria-valuetext") == f"{low:.3g}"
    assert violations(phone, "#phone") == []
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(phone.locator("#phone-status")).to_contain_text("Your answer is in")
    expect(teacher.locator(".class-count")).to_have_text("300 of 300 have tried")

    live.next("run")
    words = teacher.locator(".cloud-words")
    expect(words).to_contain_text(re.compile("Step [3-9]"))
    expect(phone.locator(".verdict")).to_contain_text("after 60 steps")
    teacher.emulate_media(reduced_motion="reduce")
    teacher.locator("#class-replay").click()
    expect(teacher.locator(".class-cloud")).to_have_attribute("data-over", "true")
    counts = [int(n) for n in re.findall(r"(\d+) (?:there|on the way|ha)", words.inner_text())]
    assert len(counts) == 3
    assert sum(counts) == 300
    script = float(teacher.locator(".class-cloud").get_attribute("data-script"))
    assert 0.0 < script <= MAX_FRAME_SHARE * teacher.evaluate(DRAWING_TIME)
    assert violations(teacher, "#class-panel") == []

    teacher.keyboard.press("PageDown")
    expect(words).to_contain_text("The edge is between")
    below, beyond = map(float, re.search(r"between (\S+) and ([\d.]+\d)", words.inner_text()).groups())
    expect(teacher.locator(".cliff-limit")).to_be_empty()
    teacher.keyboard.press("PageDown")
    expect(teacher.locator(".cliff-limit")).to_contain_text("2/L = 0.677")
    assert below <= 0.677 <= beyond
    teacher.locator(".class-table summary").click()
    expect(teacher.locator(".class-table td")).to_have_count(8 * 4)
    assert violations(teacher, "#class-panel") == []
    lit = client.get(f"class/{live.code}/face").get_json()["lit"]
    assert len(lit) == len(set(lit)) == 3
    assert 1 not in lit  # the phone of the keyboard is student 1, with the lowest rate
    other = phone_of(live, lit[2])
    expect(other.locator(".ring")).to_contain_text("first one beyond the cliff")
    expect(phone.locator(".ring")).to_be_hidden()
    teacher.keyboard.press("PageDown")
    expect(phone.get_by_role("link", name="Explore")).to_have_attribute("href", re.compile("rate="))


def test_a_phone_is_used_by_keyboard_alone(live):
    live.start()
    phone = live.phone()
    live.next("ask")
    expect(phone.locator(".choice").first).to_be_visible()
    phone.keyboard.press("Tab")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(phone.locator("#phone-status")).to_contain_text("Your answer is in")
    expect(phone.locator(".choice").nth(1)).to_have_attribute("aria-pressed", "true")


def test_a_phone_speaks_its_own_language_and_who_cannot_scan_types_the_code(live):
    teacher = live.start()
    expect(teacher.locator(".class-unreachable")).to_contain_text("works on this machine only")
    assert teacher.locator("#class-panel img").count() == 0, "no code to scan that leads nowhere"
    assert "127.0.0.1" not in teacher.locator("#class-panel").inner_text()
    assert "localhost" not in teacher.locator("#class-panel").inner_text()
    widest = "(code) => { code.textContent = 'MWM WMW'; return code.scrollWidth - code.clientWidth; }"
    assert teacher.locator(".class-code").evaluate(widest) <= 0, "six wide letters fit"
    context = live.context(locale="es-ES", viewport={"width": 390, "height": 844})
    phone = live.page(f"{live.home}class/{live.code}", context)
    expect(phone.locator("html")).to_have_attribute("lang", "es")
    expect(screen(phone)).to_have_attribute("data-screen", "lobby")
    expect(phone.locator("h1")).to_have_text("Ya estás dentro. Mira la pantalla.")
    page = live.page(f"{live.home}class", viewport={"width": PHONE["width"], "height": PHONE["height"]})
    page.get_by_label("six letters").fill(f"{live.code[:3].lower()} {live.code[3:].lower()}")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
