"""Ready answers, compressed once and kept: files for ever, first pages as long as there is room."""

import gzip
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import flask
from isal import igzip
from werkzeug.http import parse_accept_header

from ..common import prometheus_metrics

LEAST = 1000
"""Bytes below which compressing gains nothing."""


@lru_cache(maxsize=256)
def takes_gzip(accepted: str) -> bool:
    """Whether a browser's header says so."""
    return bool(parse_accept_header(accepted)["gzip"] > 0)


@dataclass(frozen=True)
class Ready:
    """An answer's compressed body and the headers that go with it."""

    packed: bytes
    headers: tuple[tuple[str, str], ...]
    tag: str

    def response(self) -> flask.Response:
        """For the present request: compressed for who takes it, nothing for who has it."""
        asked = flask.request
        if asked.if_none_match.contains_weak(self.tag):
            response = flask.Response(status=304)
            for name, text in self.headers:
                if name != "Content-Type":
                    response.headers[name] = text
        else:
            zipped = takes_gzip(asked.headers.get("Accept-Encoding", ""))
            response = flask.Response(self.packed if zipped else gzip.decompress(self.packed))
            response.headers.update(self.headers)
            if zipped:
                response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        response.set_etag(self.tag, weak=True)
        return response


class Pantry:
    """Ready answers by key, the least recently used thrown out beyond so many bytes.

    Unlike ``app.common.cache``, which wraps what computes, it is looked into before anyone computes, and put into after.
    """

    def __init__(self, name: str, most: int) -> None:
        self.name, self.most, self.held = name, most, 0
        self._kept = OrderedDict[object, Ready]()
        self._lock = Lock()

    def get(self, key: object) -> Ready | None:
        prometheus_metrics.LOOKUPS.labels(self.name).inc()
        with self._lock:
            found = self._kept.get(key)
            if found:
                self._kept.move_to_end(key)
        if not found:
            prometheus_metrics.MISSES.labels(self.name).inc()
        return found

    def put(self, key: object, ready: Ready) -> None:
        with self._lock:
            before = self._kept.pop(key, None)
            self._kept[key] = ready
            self.held += len(ready.packed) - (len(before.packed) if before else 0)
            while self.held > self.most:
                self.held -= len(self._kept.popitem(last=False)[1].packed)


def compress(response: flask.Response) -> flask.Response:
    """Gzip what is made for one reader and worth it, as small as zlib's fast level in a seventh of its time."""
    if (
        response.status_code != 200
        or response.direct_passthrough
        or "Content-Encoding" in response.headers
        or len(plain := response.get_data()) < LEAST
        or not takes_gzip(flask.request.headers.get("Accept-Encoding", ""))
    ):
        return response
    response.set_data(igzip.compress(plain, 1))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.add("Vary", "Accept-Encoding")
    return response
