"""Links as mail, chat and writing programs leave them, and links that were cut."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from app.problem_setup.custom_dataset import parse_dataset
from app.url_state.state import parse, to_query

CASES = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "real_files" / "cases.json").read_text(encoding="utf-8")
)
LINK = "?loss=mae&data=outlier&rate=0.2&start=-1,1.5&steps=80&k=13"


@pytest.mark.parametrize("case", [case for case in CASES if "url" in case], ids=lambda case: case["id"])
def test_a_mangled_link_opens_what_was_sent(case):
    state, notices = parse(case["url"])
    assert to_query(state) == to_query(parse(case["expected"]["link"])[0])
    assert len(notices) == case["expected"]["notices"]


@pytest.mark.parametrize(
    "link",
    [
        LINK.replace("&", "&amp;amp;"), LINK + '"', LINK + "%3E", LINK + ">,", LINK + "%20", "?" + LINK,
        LINK + "*",
        LINK.replace("-1", "%E2%80%931"), LINK.replace("-1", "%E2%88%921"), LINK.upper().replace("?", "?"),
        LINK.replace("k=", "\u200bk=").replace("\u200b", "%E2%80%8B"), LINK.replace(",", "%252C"),
        quote(LINK[1:]), LINK + "&gclid=x&mc_cid=1&_ga=2", LINK + "#utm_source=x", LINK + "&lang=auto",
        LINK.replace("mae", "MAE"), LINK + "”", LINK.replace("=", "=3D"), LINK + "&ref=mail",
    ],
)  # fmt: skip
def test_a_link_with_one_reading_is_repaired_without_a_word(link):
    state, notices = parse(link)
    assert notices == ()
    assert to_query(state) == LINK


@pytest.mark.parametrize("lang", ["es-MX", "es_ES", "ES"])
def test_a_regional_language_is_its_language(lang):
    state, notices = parse(f"?lang={lang}")
    assert (state.lang, notices) == ("es", ())


@pytest.mark.parametrize(
    "link",
    ["?loss=own&formula=abs(r)", "?loss=own&formula=max(r,0)-r&k=3", "?loss=own&formula=where(r<0,-r,r)"],
)
def test_formulas_are_not_touched(link):
    state, notices = parse(link)
    assert notices == ()
    assert state.formula == link.split("formula=")[1].split("&")[0]


def test_labels_are_not_touched():
    points = "binary_x,A_1,yes)_2,No_3,yes)_4,No"
    state, notices = parse("?data=own&points=" + quote(points))
    assert (state.points, notices) == (points, ())
    assert parse_dataset(points).classes == ("No", "yes)")


@pytest.mark.parametrize(
    ("link", "told"), [("?loss=msee", "loss=msee"), ("?rat=0.1", "rat=0.1"), ("?data=spamm", "data=spamm")]
)
def test_a_real_mistake_is_told_in_short(link, told):
    _, (notice,) = parse(link)
    assert told in notice
    assert len(notice) < 160


SPELLED = to_query(parse("?data=own&points=regression_hours,score_1,52_2,55_3.5,61_5,70_6,78")[0])


def test_the_data_come_last_and_the_link_is_whole():
    assert SPELLED.rpartition("&")[2].startswith("points=")
    assert to_query(parse(SPELLED)[0]) == SPELLED
    assert parse(SPELLED)[1] == ()


@pytest.mark.parametrize("end", range(len("?rows="), len(SPELLED)))
def test_a_cut_anywhere_is_told(end):
    assert parse(SPELLED[:end])[1]


@pytest.mark.parametrize("case", [case for case in CASES if "spell" in case.get("how", {})])
def test_a_link_of_the_page_that_lost_its_end_says_so(case):
    link = to_query(parse(f"?data=own&points={case['how']['spell']}")[0])
    assert parse(link)[1] == ()
    assert parse(link[: -case["how"]["cut"]])[1]


def test_a_link_without_the_check_is_read_as_it_stands():
    state, notices = parse("?data=own&points=regression_x,y_1,2_2,3_3,5")
    assert (len(state.dataset.y), notices) == (3, ())
