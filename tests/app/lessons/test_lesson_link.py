"""A lesson in a link: what is packed comes back, and what was cut, changed or made up is told."""

import gc
import json
import weakref
import zlib
from base64 import urlsafe_b64encode
from dataclasses import replace

import numpy as np
import pytest

from app.common import limits
from app.experiment.experiment import Experiment
from app.experiment.prepared import _prepare
from app.lessons import LESSONS, OTHER_PROBLEM_NOTE, lesson_of
from app.lessons.lesson import Lesson
from app.lessons.lesson_link import PREFIX, LinkError, pack_lesson, unpack_lesson
from app.url_state.state import apply_changes, parse, to_query
from tests.support.sent import scene

LESSON = Lesson(
    key="k",
    block=1,
    title="Ours",
    link="data=own&rate=0.2&points=regression_size,price_1,2.1_2,3.9_3,6.2_4,7.7_5,9",
    question="How *many*?",
    text="<img src=x onerror=alert(1)> {rate} {rate.format} {nothing}",
    choices=("Few", "$w^2$"),
    correct_choice=1,
    reveal="{steps}",
    aha="So.",
)
WORD = pack_lesson(LESSON)


def packed(value):
    """Return a word with any content, as pack_lesson writes it."""
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = deflater.compress(content) + deflater.flush()
    return PREFIX + urlsafe_b64encode(zlib.crc32(content).to_bytes(4, "big") + deflated).decode().rstrip("=")


@pytest.mark.parametrize("key", LESSONS)
def test_every_lesson_of_the_catalogue_fits_a_link_and_comes_back(key):
    lesson = LESSONS[key]
    word = pack_lesson(lesson)
    assert len(word) <= limits.MAX_LESSON_CHARACTERS
    again = unpack_lesson(word)
    for name in ("title", "text", "question", "choices", "correct_choice", "target", "aha", "reveal", "hero"):
        assert getattr(again, name) == getattr(lesson, name)
    assert (again.link, again.note, again.drag) == (lesson.link, lesson.note, lesson.drag)


def test_the_link_opens_the_lesson_and_stays_short():
    state, notices = parse(f"?s={WORD}")
    assert notices == ()
    assert (state.rate, state.dataset.target_name) == (0.2, "price")
    assert to_query(state) == f"?s={WORD}"
    answered = apply_changes(f"?s={WORD}", {"a": "1", "rate": "0.1"})[0]
    assert to_query(answered) == f"?s={WORD}&a=1&rate=0.1"
    told = Experiment(answered).lesson_moment
    assert told.run.rate == 0.2, "the numbers are those of the lesson"
    outside = to_query(apply_changes(f"?s={WORD}", {"s": ""})[0])
    assert "points=" in outside
    assert PREFIX not in outside


def test_the_texts_are_texts():
    card = scene(parse(f"?s={WORD}&a=1")[0])["lesson"]
    introduction = card["introduction"]
    assert introduction == "&lt;img src=x onerror=alert(1)&gt; 0.2 {rate.format} {nothing}"
    assert card["question"] == "How <em>many</em>?"
    assert card["choices"][1].startswith('<span class="math inline"><math')
    assert card["answer"]["feedback"].startswith("Right: <span")
    assert card["title"] == "So."
    assert (card["previous"], card["next"]) == ("", "")


@pytest.mark.parametrize("length", range(len(PREFIX), len(WORD), 7))
def test_a_link_that_was_cut_is_told(length):
    state, notices = parse(f"?s={WORD[:length]}&data=houses")
    assert state.lesson == ""
    assert state.data == "houses"
    assert "was cut or changed" in notices[0]


@pytest.mark.parametrize("after", [")", ".", "…", " ", "”."])
def test_what_a_sentence_puts_behind_it_is_left_out(after):
    assert parse(f"?s={WORD}{after}")[0].lesson == WORD


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 9000,
        {},
        {"l": "", "t": "T", "q": "Q"},
        {"l": "", "t": "T", "q": "Q", "c": ["a"]},
        {"l": "", "t": "T", "q": "Q", "c": ["a", ""]},
        {"l": "", "t": "T", "q": "Q", "c": ["a", "b"], "r": 3},
        {"l": "", "t": "T", "q": "Q", "c": ["a", "b"], "r": -1},
        {"l": "", "t": "T", "q": "Q", "c": ["a", "b"], "p": ["w", "b"]},
        {"l": "", "t": "T", "q": "Q", "p": ["w"]},
        {"l": "", "t": "T", "q": "Q", "c": ["a", "b"], "h": "../x"},
        {"l": "", "t": "T", "q": "Q", "c": ["a", "b"], "w": "nothing"},
        {"l": "", "t": "T", "q": "Q", "c": ["a", "b"], "z": 1},
        {"l": "", "t": "a\x00b", "q": "Q", "c": ["a", "b"]},
        {"l": "", "t": "\u202eT", "q": "Q", "c": ["a", "b"]},
        {"l": "", "t": "T" * 81, "q": "Q", "c": ["a", "b"]},
        {"l": 3, "t": "T", "q": "Q", "c": ["a", "b"]},
        b" " * 10_000_000,
    ],
    ids=lambda content: str(content)[:60],
)
def test_what_the_page_has_not_written_is_refused(content):
    word = packed(content)[: limits.MAX_LESSON_CHARACTERS]
    with pytest.raises(LinkError):
        unpack_lesson(word)
    state, notices = parse(f"?s={word}")
    assert (state.lesson, len(notices)) == ("", 1)


def test_random_words_are_refused():
    rng = np.random.default_rng(1)
    letters = np.array(list("ABCXYZabcxyz0189-_.~%"))
    for size in rng.integers(0, 60, 300):
        word = PREFIX + "".join(rng.choice(letters, size))
        assert parse(f"?s={word}")[0].lesson == ""


@pytest.mark.parametrize(
    "link",
    [
        "s=walk&a=0&lang=es",
        "rate=nonsense&start=x",
        "data=own&points=browser",
        "data=own&points=regression_a",
        "data=%00&formula=%F0",
        f"s={WORD}",
        "&&&==",
        "plane=random&data=digits",
        "fog=1&start=1,1e300",
        "rate=1e300",
    ],
)
@pytest.mark.parametrize(
    "target", [(), ("best_u", "best_v"), ("nothing", "1"), ("nan", "inf"), ("1e999", "0")]
)
def test_a_lesson_on_any_link_is_shown_before_and_after_the_answer(link, target):
    choices = () if target else ("A", "B")
    word = pack_lesson(
        replace(LESSON, link=link, choices=choices, target=target, hero="map", correct_choice=0)
    )
    answer = "0.5,0.5" if target else "1"
    for query in (f"?s={word}", f"?s={word}&a={answer}"):
        state, _ = parse(query)
        assert state.lesson == word
        assert state.lang == "auto"
        card = scene(state)["lesson"]
        assert card["asking"] == (query == f"?s={word}"), "its link does not answer it"


def test_a_fault_of_the_link_of_a_lesson_is_told():
    word = pack_lesson(replace(LESSON, link="rate=-1"))
    assert parse(f"?s={word}")[1] == (
        "This link asked for rate=-1. Using 0.08 instead. A learning rate is above zero.",
    )


def test_lesson_of_takes_both_kinds_of_keys():
    assert lesson_of("walk") is LESSONS["walk"]
    assert lesson_of(WORD).title == "Ours"


def test_of_lessons_of_links_few_experiments_are_kept():
    """Their runs may be large, and anybody can make as many links as he likes."""
    kept = list[weakref.ref[Experiment]]()
    for rate in ("0.1", "0.2", "0.3", "0.4", "0.5"):
        word = pack_lesson(replace(LESSON, link=f"rate={rate}"))
        moment = Experiment(parse(f"?s={word}")[0]).lesson_moment
        lesson_of(word).text_formatter(moment)
        kept.append(weakref.ref(moment))
    del moment
    gc.collect()
    assert sum(reference() is not None for reference in kept) <= 2


def test_a_lesson_of_a_link_costs_one_problem_more_than_its_page_and_only_for_its_numbers():
    _prepare.cache_clear()
    numbers, none = (
        pack_lesson(replace(LESSON, link="data=icecream", text=text, choices=("A", "B"), reveal=text))
        for text in ("{rate}", "No numbers.")
    )
    scene(parse(f"?s={none}&a=1&seed=7&n=40")[0])
    assert len(_prepare.cache) == 1
    card = scene(parse(f"?s={numbers}&a=1&seed=7&n=41")[0])["lesson"]
    assert len(_prepare.cache) == 3
    assert OTHER_PROBLEM_NOTE in card["answer"]["explanation"]
    assert OTHER_PROBLEM_NOTE not in scene(parse(f"?s={numbers}&a=1")[0])["lesson"]["answer"]["explanation"]
