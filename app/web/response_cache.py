"""Compress responses and cache compressed ones, for static files, pages and rate previews."""

import gzip
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import flask
from cachetools import LRUCache
from werkzeug.http import parse_accept_header

from ..common import prometheus_metrics


@lru_cache(maxsize=256)
def accepts_gzip(accepted: str) -> bool:
    """Tell whether an ``Accept-Encoding`` header allows gzip."""
    return bool(parse_accept_header(accepted)["gzip"] > 0)


@dataclass(frozen=True)
class CachedResponse:
    """A gzip-compressed body with its headers and its entity tag."""

    compressed_body: bytes
    headers: tuple[tuple[str, str], ...]
    etag: str

    def response(self) -> flask.Response:
        """Answer the current request: 304 if the client has this version, else the body, plain or gzip."""
        request = flask.request
        if request.if_none_match.contains_weak(self.etag):
            response = flask.Response(status=304)
            for name, value in self.headers:
                if name != "Content-Type":
                    response.headers[name] = value
        else:
            use_gzip = accepts_gzip(request.headers.get("Accept-Encoding", ""))
            response = flask.Response(
                self.compressed_body if use_gzip else gzip.decompress(self.compressed_body)
            )
            response.headers.update(self.headers)
            if use_gzip:
                response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        response.set_etag(self.etag, weak=True)
        return response


class ResponseCache:
    """Cache responses by key, at most ``max_bytes`` of compressed bodies; ``name`` labels it in the metrics.

    Like ``common.cache`` it discards the least recently used first. It is no decorator because the middleware
    looks a request up before the view function runs and stores the response after it. A response larger than
    the whole cache is not stored.
    """

    def __init__(self, name: str, max_bytes: int) -> None:
        self.name = name
        self._responses = LRUCache[Hashable, CachedResponse](
            max_bytes, getsizeof=lambda response: len(response.compressed_body)
        )
        self._lock = Lock()

    @property
    def size(self) -> int:
        """Bytes of all stored bodies."""
        return int(self._responses.currsize)

    def get(self, key: Hashable) -> CachedResponse | None:
        """Return the response stored under a key, or None, and count the lookup."""
        prometheus_metrics.CACHE_LOOKUPS.labels(self.name).inc()
        response = self.find(key)
        if response is None:
            prometheus_metrics.CACHE_MISSES.labels(self.name).inc()
        return response

    def find(self, key: Hashable) -> CachedResponse | None:
        """Return the response stored under a key, or None."""
        with self._lock:
            return self._responses.get(key)

    def put(self, key: Hashable, response: CachedResponse) -> None:
        """Store a response under a key, in place of an earlier one."""
        with self._lock, suppress(ValueError):  # raised if the response is larger than the cache
            self._responses[key] = response
