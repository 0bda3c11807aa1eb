"""Links as mail, chat and writing programs leave them, and links that were cut."""

import json
from pathlib import Path
from unicodedata import normalize
from urllib.parse import quote, unquote

import pytest

from app.problem_setup.custom_dataset import parse_dataset
from app.url_state.link_repair import repaired_pairs
from app.url_state.points_check import _repairs
from app.url_state.state import parse, to_query
from app.url_state.value_types import MAX_ENCODINGS

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
        LINK.replace("&", "&#038;"), LINK.replace("&", "\\u0026"), LINK.replace("&", "%26amp%3B"),
        LINK.replace("=", "&#61;"), LINK.replace(",", "&#44;"), LINK.replace(",", "%u002C"),
        LINK.replace("&", "%26"), LINK.replace("&", ";"), LINK.replace(",", "%25252C"),
        "?" + quote(quote(LINK[1:])), LINK + quote("।"), LINK + quote("。"), LINK + quote("؟"),
        LINK + quote("」"), LINK + quote("）"), LINK + quote("\u202f»."), LINK + quote("👍"),
        LINK + quote("を開く"), LINK + "/", LINK + '">here</a>', LINK + "](https://x.org)", LINK + "&gt;",
        LINK + "#top", LINK + "#:~:text=a", LINK + "https://losslab.org/" + LINK, LINK + " <https://losslab.org/>",
        "?" + quote("".join(chr(ord(ch) + 0xFEE0) for ch in LINK[1:])),
        LINK.replace("=", quote("＝")).replace("&", quote("＆")), LINK.replace("0.2", quote("０．２")),
        LINK.replace("&", "\\&"), '?"' + LINK[1:] + '"',
        LINK.replace("=", "=%22").replace("&", "%22&") + "%22", LINK.replace("&", "&%C2%A0"),
        LINK + "&msclkid=1&gad_source=1&_openstat=x&s_kwcid=2&srsltid=3&usp=x",
        LINK + "&sdata=a&reserved=0&PHPSESSID=1&hsCtaTracking=2&trkCampaign=3&mibextid=4&WT.mc_id=5",
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


HINDI = to_query(parse("?data=own&points=" + quote("binary_Größe,आयु_1,ja_2,nein_3,ja_4,nein"))[0])


@pytest.mark.parametrize("link", [SPELLED, HINDI])
@pytest.mark.parametrize(
    "mangle",
    [
        lambda link: link + ".",
        lambda link: link + ").",
        lambda link: link + "%C2%A0",
        lambda link: link + quote("।"),
        lambda link: link + quote("を開く"),
        lambda link: link + "%22%3Ehere%3C/a%3E",
        lambda link: link + "...",
        lambda link: link.replace(",", "%252C"),
        lambda link: link.replace("%", "%2525").replace(",", "%25252C"),
        lambda link: link.replace(",", ",%20"),
        lambda link: link.replace("_", "_%E2%81%A0"),
        lambda link: link.replace("_", "%5C_").replace(",", "%5C,"),
        lambda link: link.replace("points=", "points=%22"),
        lambda link: quote(normalize("NFD", unquote(link)), safe="?&=,_.~"),
        lambda link: link.replace("&", "%20&"),
        lambda link: link.replace("rows", "Rows"),
        lambda link: link.replace("=", "%20=%20"),
    ],
)
def test_data_that_the_check_proves_are_repaired_without_a_word(link, mangle):
    state, notices = parse(mangle(link))
    assert notices == ()
    assert to_query(state) == link


@pytest.mark.parametrize(
    "link",
    [
        "?data=own&points=regression_x,y_1,2_2,3_3,5.5)",
        "?data=own&points=regression_x%252Cy_1%252C2_2%252C3_3%252C5.5",
    ],
)
def test_data_without_a_check_are_repaired_if_they_are_none_else(link):
    state, notices = parse(link)
    assert (state.points, notices) == ("regression_x,y_1,2_2,3_3,5.5", ())


def test_a_link_without_the_check_is_read_as_it_stands():
    state, notices = parse("?data=own&points=regression_x,y_1,2_2,3_3,5")
    assert (len(state.dataset.y), notices) == (3, ())


def test_what_is_encoded_without_end_is_decoded_a_few_times():
    """Each decoding of such a text takes away two characters, so that a link would take thousands."""
    nested = "%" + "25" * 1000
    assert len(list(_repairs(nested))) == 3 * (MAX_ENCODINGS + 1)
    assert "%2525" in repaired_pairs(f"data={nested}41")[0][1]
    assert "%2525" in repaired_pairs(f"data{nested}3d1")[0][0]
