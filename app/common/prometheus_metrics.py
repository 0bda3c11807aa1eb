"""What is counted and timed, for Prometheus. Several processes share one set of files.

Under gunicorn each worker writes to the file of its slot, given by the
environment's ``LOSSLAB_SLOT``, so that a successor goes on where a worker
ended and the files stay as many as the workers.
"""

import os
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess, values

MULTIPROCESS_FOLDER: Final = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

if MULTIPROCESS_FOLDER:
    values.ValueClass = values.MultiProcessValue(  # type: ignore[no-untyped-call]
        lambda: os.environ.get("LOSSLAB_SLOT", "main")
    )

_REGISTRY: Final = CollectorRegistry()
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS: Final = Counter("losslab_requests", "Requests answered", ("route", "status"), registry=_REGISTRY)
LATENCY: Final = Histogram(
    "losslab_request_seconds", "Time to answer", ("route",), buckets=_BUCKETS, registry=_REGISTRY
)
CACHE_LOOKUPS: Final = Counter("losslab_cache_lookups", "Lookups in a cache", ("cache",), registry=_REGISTRY)
CACHE_MISSES: Final = Counter(
    "losslab_cache_misses", "Lookups that found nothing", ("cache",), registry=_REGISTRY
)
KERNEL_SECONDS: Final = Histogram(
    "losslab_kernel_seconds", "Time in the mathematics", ("kernel",), buckets=_BUCKETS, registry=_REGISTRY
)


def exposition() -> bytes:
    """All that was counted, by every process, in Prometheus' text format."""
    registry = _REGISTRY
    if MULTIPROCESS_FOLDER:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry, MULTIPROCESS_FOLDER)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
