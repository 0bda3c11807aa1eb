"""Some of the malformed requests that ``make hostile`` sends, and which answers count as faults."""

import pytest

from tools.hostile import faults, run
from tools.support.http_client import Answer


def test_malformed_requests_cause_no_fault_and_no_growth_of_memory():
    statuses, found = run(500, seed=1, workers=1, tries=12)
    assert found == []
    assert statuses.total() == 500
    assert min(statuses[status] for status in (200, 400, 404, 405, 415)) > 0


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, {}, b""),
        Answer(503, {}, b""),
        Answer(400, {}, b"Traceback (most recent call last)"),
        Answer(404, {}, b"Werkzeug/3.1"),
        Answer(200, {"set-cookie": "a=b"}, b""),
    ],
)
def test_a_fault_is_found(answer):
    assert faults(b"", answer)
    assert not faults(b"", Answer(503, {"retry-after": "2"}, b"Please come again."))
