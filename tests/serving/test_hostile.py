"""Some of the malformed requests that ``make hostile`` sends, and which answers count as faults."""

import pytest

from tools import hostile
from tools.hostile import faults, run
from tools.support.http_client import Answer


def test_malformed_requests_cause_no_fault_and_no_growth_of_memory():
    statuses, found = run(500, seed=1, workers=1, tries=12)
    assert found == []
    assert statuses.total() >= 500
    assert min(statuses[status] for status in (200, 400, 404, 405, 415)) > 0


def test_every_piece_of_many_requests_has_requests_of_its_own(monkeypatch):
    monkeypatch.setattr(hostile, "hypothesis_requests", lambda count, seed: [b"%d" % seed])
    monkeypatch.setattr(hostile, "GENERATORS", (lambda r: b"%d" % r.getrandbits(60),))
    first, *others = hostile.pieces(100_000, 3)
    assert len(others) % 2 == 1
    assert {len(piece) for piece in (first, *others)} == {hostile.PIECE}
    assert not set(first) & {request for piece in others for request in piece}
    assert [len(piece) for piece in hostile.pieces(5, 3)] == [3, 2]


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
