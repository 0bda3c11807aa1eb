"""Ready answers, compressed once and kept: files for ever, first pages as long as there is room."""

import gzip
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import flask
from werkzeug.http import parse_accept_header

from ..common import prometheus_metrics


@lru_cache(maxsize=256)
def accepts_gzip(accepted: str) -> bool:
    """Whether a browser's header says so."""
    return bool(parse_accept_header(accepted)["gzip"] > 0)


@dataclass(frozen=True)
class CachedResponse:
    """An answer's compressed body and the headers that go with it."""

    compressed_body: bytes
    headers: tuple[tuple[str, str], ...]
    etag: str

    def response(self) -> flask.Response:
        """For the present request: compressed for who takes it, nothing for who has it."""
        asked = flask.request
        if asked.if_none_match.contains_weak(self.etag):
            response = flask.Response(status=304)
            for name, text in self.headers:
                if name != "Content-Type":
                    response.headers[name] = text
        else:
            zipped = accepts_gzip(asked.headers.get("Accept-Encoding", ""))
            response = flask.Response(
                self.compressed_body if zipped else gzip.decompress(self.compressed_body)
            )
            response.headers.update(self.headers)
            if zipped:
                response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        response.set_etag(self.etag, weak=True)
        return response


class ResponseCache:
    """Ready answers by key, the least recently used thrown out beyond so many bytes.

    Unlike ``app.common.cache``, which wraps what computes, it is looked into before anyone computes, and put into after.
    """

    def __init__(self, name: str, max_bytes: int) -> None:
        self.name, self.max_bytes, self.size = name, max_bytes, 0
        self._responses = OrderedDict[object, CachedResponse]()
        self._lock = Lock()

    def get(self, key: object) -> CachedResponse | None:
        prometheus_metrics.CACHE_LOOKUPS.labels(self.name).inc()
        with self._lock:
            found = self._responses.get(key)
            if found:
                self._responses.move_to_end(key)
        if not found:
            prometheus_metrics.CACHE_MISSES.labels(self.name).inc()
        return found

    def put(self, key: object, response: CachedResponse) -> None:
        with self._lock:
            before = self._responses.pop(key, None)
            self._responses[key] = response
            self.size += len(response.compressed_body) - (len(before.compressed_body) if before else 0)
            while self.size > self.max_bytes:
                self.size -= len(self._responses.popitem(last=False)[1].compressed_body)
