"""Every transition of a class."""

from dataclasses import replace
from itertools import product

import pytest

from app.classroom.class_state import (
    BEATS,
    InvalidPress,
    admit,
    change_settings,
    open_class,
    press,
)
from app.common import limits
from app.protocol.classroom import ClassSettings, Press

NOW = 1000.0
CLASS = open_class("GMRXQV", "d" * 32, "b1", "?s=a", NOW)


def at(beat, turn=1, number=1, **changes):
    """Return a class in a beat of a turn."""
    record = replace(CLASS, turn=turn, beat=beat, round=number, link="?s=a", joined=3, can_try=True)
    return replace(record, revealed=beat in ("reveal", "try", "run", "explore"), **changes)


def to(beat, turn=1, number=1, link="?s=a"):
    return Press(turn=turn, link=link, beat=beat, round=number)


ALLOWED = {
    "ask": {"ask", "show", "reveal", "try", "run", "explore"},
    "show": {"ask", "show", "reveal", "try", "run", "explore"},
    "reveal": {"show", "reveal", "try", "run", "explore"},
    "try": {"reveal", "try", "run", "explore"},
    "run": {"try", "run", "explore"},
    "explore": {"run", "explore"},
}
"""From each beat of a turn, those to which the class may go within the round."""


@pytest.mark.parametrize(("before", "after"), [*product(ALLOWED, BEATS)])
def test_within_a_round_the_class_goes_forward_or_back_by_one(before, after):
    record = at(before)
    if after not in ALLOWED[before]:
        with pytest.raises(InvalidPress):
            press(record, to(after), NOW)
        return
    changed = press(record, to(after), NOW)
    assert (changed.turn, changed.beat, changed.round) == (1, after, 1)
    assert changed.version == record.version + (before != after)


SKIPPING = {
    "ask": {"ask", "show", "reveal", "explore"},
    "show": {"ask", "show", "reveal", "explore"},
    "reveal": {"show", "reveal", "explore"},
    "explore": {"reveal", "explore"},
}
"""The same where the link has no descent with a rate."""


@pytest.mark.parametrize(("before", "after"), [*product(SKIPPING, BEATS)])
def test_a_turn_without_a_rate_skips_the_beats_of_trying(before, after):
    record = at(before, can_try=False)
    if after in SKIPPING[before]:
        assert press(record, to(after), NOW).beat == after
    else:
        with pytest.raises(InvalidPress):
            press(record, to(after), NOW)


def test_a_class_that_was_forgotten_begins_where_it_was_if_its_link_can_be_tried():
    assert press(CLASS, to("run", turn=3), NOW, can_try=True).can_try
    with pytest.raises(InvalidPress):
        press(CLASS, to("run", turn=3), NOW)


@pytest.mark.parametrize(("before", "after"), [*product(ALLOWED, BEATS)])
def test_a_second_round_is_asked_once_an_answer_was_shown(before, after):
    if after == "ask" and before != "ask":
        assert press(at(before), to(after, number=2), NOW).round == 2
    else:
        with pytest.raises(InvalidPress):
            press(at(before), to(after, number=2), NOW)


def test_there_is_no_third_round_and_none_is_taken_back():
    with pytest.raises(InvalidPress):
        press(at("show", number=2), to("ask", number=1), NOW)
    with pytest.raises(InvalidPress):
        press(at("show"), to("ask", number=3), NOW)


def test_what_was_revealed_is_not_asked_again_in_the_same_round():
    back = press(at("reveal"), to("show"), NOW)
    assert back.revealed
    with pytest.raises(InvalidPress):
        press(back, to("ask"), NOW)
    assert press(press(at("ask"), to("show"), NOW), to("ask"), NOW).beat == "ask"


@pytest.mark.parametrize(("turn", "beat", "number"), [*product((0, 2, 3), BEATS, (1, 2))])
def test_the_next_turn_follows_the_present_one(turn, beat, number):
    pressed = to(beat, turn, number, "?s=b")
    if turn == 2 and beat != "lobby" and number == 1:
        changed = press(at("reveal"), pressed, NOW, can_try=True)
        is_revealed = BEATS.index(beat) >= BEATS.index("reveal")
        assert (changed.turn, changed.link, changed.revealed) == (2, "?s=b", is_revealed)
    else:
        with pytest.raises(InvalidPress):
            press(at("reveal"), pressed, NOW, can_try=True)


@pytest.mark.parametrize(("turn", "beat"), [*product((0, 1, 7), BEATS)])
def test_a_class_just_opened_may_go_to_any_turn_but_not_to_its_lobby(turn, beat):
    """The store may have forgotten a class in its seventh turn."""
    if (turn == 0) == (beat == "lobby"):
        assert press(CLASS, to(beat, turn), NOW, can_try=True).turn == turn
    else:
        with pytest.raises(InvalidPress):
            press(CLASS, to(beat, turn), NOW, can_try=True)


def test_the_link_of_a_turn_stays():
    with pytest.raises(InvalidPress):
        press(at("ask"), to("show", link="?s=other"), NOW)


def test_a_press_ends_a_pause():
    paused = change_settings(at("ask"), ClassSettings(door=True, paused=True, live=False), NOW)
    assert paused.paused
    assert not press(paused, to("ask"), NOW).paused


def test_the_same_press_or_switch_twice_changes_nothing():
    once = press(CLASS, to("ask"), NOW)
    assert press(once, to("ask"), NOW + 5) is once
    shut = change_settings(once, ClassSettings(door=False, paused=False, live=True), NOW)
    assert (shut.door, shut.live, shut.version) == (False, True, once.version + 1)
    assert change_settings(shut, ClassSettings(door=False, paused=False, live=True), NOW + 5) is shut


def test_a_student_who_joins_gives_phones_nothing_to_read():
    joined = admit(CLASS, NOW)
    assert joined.joined == 1
    assert joined.face(2) == CLASS.face(2)


def test_how_long_a_class_lasts():
    assert CLASS.until == NOW + limits.EMPTY_CLASS_SECONDS
    joined = admit(CLASS, NOW + 60)
    assert joined.until == NOW + 60 + limits.CLASS_SECONDS
    pressed = press(joined, to("ask"), NOW + 3600)
    assert pressed.until == NOW + 3600 + limits.CLASS_SECONDS
    late = press(pressed, to("show"), NOW + 7 * 3600)
    assert late.until == NOW + limits.LONGEST_CLASS_SECONDS
