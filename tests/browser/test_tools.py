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


def test_look_fails_a_screen_whose_picture_is_small(tmp_path):
    hero = {"view": "landscape", "role": "hero", "width": 400, "height": 300, "share": 0.3}
    strip = {"view": "map", "role": "side", "width": 450, "height": 300, "axis": 60}
    measured = look.Measured("lesson", "desktop", [hero, strip], tmp_path)
    assert measured.faults == ["landscape 30%", "map 60 px", "map larger than the hero"]
    assert look.Measured("lesson", "phone", [hero | {"share": 0.7}], tmp_path).faults == []
