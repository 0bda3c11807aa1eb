"""Define the Prometheus metrics of the app.

If ``PROMETHEUS_MULTIPROC_DIR`` is set, as under gunicorn, the workers share their metrics in files of that
folder. Each worker writes to the file of its slot, named by the environment variable ``LOSSLAB_SLOT``, not
by its process id: a restarted worker continues the counts of its predecessor, and there are never more files
than workers.
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
"""Upper bounds of the histograms, in seconds."""

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
    """Return the metrics of all processes in the text format of Prometheus."""
    registry = _REGISTRY
    if MULTIPROCESS_FOLDER:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry, MULTIPROCESS_FOLDER)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
