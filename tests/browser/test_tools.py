"""Short forms of the long commands that need a browser: ``make bench`` and ``make look``."""

import re

from app.browser_assets.plotly_bundle import plotly_javascript
from tools import look
from tools.bench import browser as bench


def test_the_bench_measures_the_page_that_make_run_serves(browser, monkeypatch):
    monkeypatch.setattr(bench, "VISITS", 1)
    with bench.pages() as (ours, standard):
        row = bench.first_visit(browser, ours, standard)
        page, milliseconds = bench.opened(browser, ours, "#landscape")
        loaded = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
        page.context.close()
    theirs_first, ours_first = map(float, re.fullmatch(r"(\d+) ms / (\d+) ms", row.note).groups())
    assert abs(row.value - theirs_first / ours_first) < 0.01
    assert milliseconds > 0
    assert f"{ours}static/{plotly_javascript().name}" in loaded


def test_look_takes_the_pictures_that_it_is_asked_for(browser, home, tmp_path):
    [picture] = look.take_screenshots(browser, home, ["broken"], tmp_path)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 20_000
