"""For real use: ``gunicorn -c deploy/gunicorn.conf.py "app.server:wsgi()"`` from the root of the project.

Every value here gives way to gunicorn's own command line; ``WEB_CONCURRENCY``
says how many workers, ``PORT`` where, ``FORWARDED_ALLOW_IPS`` which proxies
are believed.
"""

import contextlib
import ctypes
import gc
import os
import sys
import tempfile
from pathlib import Path

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")  # the workers are the parallelism

with contextlib.suppress(OSError, AttributeError):  # where there is no glibc there is nothing to say
    M_ARENA_MAX = -8
    ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)  # an arena a thread would hold many times what is used


def _writable() -> str | None:
    """Memory where there is some, else the temporary folder, else nothing: a disk may be read-only."""
    for folder in ("/dev/shm", None):
        try:
            return tempfile.mkdtemp(prefix="losslab-", dir=folder)
        except OSError:
            continue
    return None


def _cores() -> int:
    """Cores that this process may use; a container's share may be fewer than the machine has."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


scratch = _writable()
if scratch:
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", scratch)

bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY") or _cores())
worker_class = "gthread"
threads = 96
preload_app = True
max_requests = int(os.environ.get("LOSSLAB_RECYCLE", "20000"))
max_requests_jitter = max_requests // 4
timeout = 60
graceful_timeout = 30
keepalive = 75
limit_request_line = 8190
limit_request_fields = 60
control_socket_disable = True
worker_tmp_dir = scratch
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "app.web.access_log.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "losslab": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}


def pre_fork(server, worker):
    """The lowest free slot: a worker's counters go on in the file of the one it follows."""
    taken = {other.slot for other in server.WORKERS.values()}
    worker.slot = min(set(range(len(taken) + 1)) - taken)


def when_ready(server):
    gc.collect()
    gc.freeze()  # what all workers share is neither searched nor copied


def post_fork(server, worker):
    gc.set_threshold(20_000, 20, 50)
    sys.setswitchinterval(5e-4)  # a long computation gives way sooner to short ones
    os.environ["LOSSLAB_SLOT"] = str(worker.slot)


def on_exit(server):
    if scratch:
        for path in Path(scratch).iterdir():
            path.unlink()
        Path(scratch).rmdir()
