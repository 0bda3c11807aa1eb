"""Configuration of gunicorn for production.

From the root of the project: ``gunicorn -c deploy/gunicorn.conf.py``; where ``losslab`` is installed, from
any folder: ``gunicorn -c gunicorn.conf.py``.

Options of gunicorn's command line override these values. Environment variables: ``WEB_CONCURRENCY`` is the
number of workers, ``HOST`` and ``PORT`` the address, ``FORWARDED_ALLOW_IPS`` the trusted proxies,
``LOSSLAB_RECYCLE`` the number of requests after which a worker is replaced (plus up to a quarter at random; 0
for never).
"""

import contextlib
import ctypes
import fcntl
import importlib
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

# Let glibc allocate from two arenas. By default it has one for each of the 96 threads, up to eight for each
# core, and each keeps freed memory for itself: two workers then use a third more memory (docs/adr/0038).
# Let it also return arrays of 4 MiB and more to the system when they are freed. By itself it raises that size
# up to 32 MiB, and keeps a quarter more memory. Other C libraries have no such options.
with contextlib.suppress(OSError, AttributeError):
    M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # from malloc.h
    for option, value in ((M_ARENA_MAX, 2), (M_MMAP_THRESHOLD, 4 << 20), (M_TRIM_THRESHOLD, 8 << 20)):
        ctypes.CDLL(None).mallopt(option, value)


def _scratch_folder(workers: int) -> str | None:
    """Create a folder in memory or else among temporary files; return None if both are full or read-only.

    A server that loads its configuration again keeps its folder.
    """
    for place in ("/dev/shm", None):
        with contextlib.suppress(OSError):
            if folder := _own_folder(place):
                return folder
            folder = tempfile.mkdtemp(prefix=PREFIX, dir=place)
            if _allocate_metrics(folder, workers):
                return folder
    return None


def _own_folder(place: str | None) -> str | None:
    """Return the folder that this process has made before; delete those whose process was killed.

    A process holds a lock on its folder, which its workers share and which ends with the last of them.
    """
    for folder in Path(place or tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if folder.stat().st_uid != os.getuid():
            continue
        if str(folder) == os.environ.get(FOLDER):
            return str(folder)
        with contextlib.suppress(OSError), (folder / LOCK).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    return None


def _allocate_metrics(folder: str, workers: int) -> bool:
    """Allocate the files of metrics of all workers; return whether there is room for them.

    They are mapped into memory. Where a file has only a size, writing to it ends the process with SIGBUS as
    soon as another program has filled the disk.
    """
    try:
        locked = os.open(Path(folder) / LOCK, os.O_CREAT | os.O_RDONLY)
        fcntl.flock(locked, fcntl.LOCK_EX | fcntl.LOCK_NB)  # for as long as this process and its workers live
        for slot in ("main", *range(workers + 1)):
            for kind in ("counter", "histogram"):
                with (Path(folder) / f"{kind}_{slot}.db").open("wb") as file:
                    if hasattr(os, "posix_fallocate"):  # not on macOS
                        os.posix_fallocate(file.fileno(), 0, METRICS_BYTES)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        return False
    return True


def _cores() -> int:
    """Return the number of cores that this process may use, which in a container can be fewer than exist."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


PACKAGE = "app" if Path("app/server.py").is_file() else "losslab"  # a checkout or an installation
# For this machine alone unless HOST says otherwise: on a network a proxy that buffers belongs before it.
bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_CONCURRENCY") or _cores())
METRICS_BYTES = 262_144  # of a file; what is counted takes a quarter of it
PREFIX, LOCK, FOLDER = "losslab-", "in-use", "LOSSLAB_SCRATCH"
scratch = _scratch_folder(workers)
if scratch:
    os.environ[FOLDER] = scratch
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", scratch)
    os.environ["LOSSLAB_CLASSES"] = os.environ.get("LOSSLAB_CLASSES") or scratch

wsgi_app = f"{PACKAGE}.server:wsgi()"
worker_class = "gthread"
threads = 96
preload_app = True
max_requests = int(os.environ.get("LOSSLAB_RECYCLE") or "20000")
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
    "formatters": {"json": {"()": f"{PACKAGE}.web.access_log.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "losslab": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}


def pre_fork(server, worker):
    """Give a new worker the lowest free slot: it continues the metrics file of the worker it replaces."""
    used_slots = {other.slot for other in server.WORKERS.values()}
    worker.slot = min(set(range(len(used_slots) + 1)) - used_slots)


def post_fork(server, worker):
    """Tune a new worker and tell it its slot."""
    limits = importlib.import_module(f"{PACKAGE}.common.limits")
    sys.setswitchinterval(limits.SWITCH_SECONDS)  # so that short requests wait less for long ones
    os.environ["LOSSLAB_SLOT"] = str(worker.slot)
    logging.captureWarnings(True)  # so that they are lines of JSON, too


LIGHT = "losslab.light"  # of app/web/middleware.py


def post_request(worker, req, environ, resp):
    """Let looks at a live class not age a worker: recycling counts work."""
    if environ.get(LIGHT):
        worker.nr -= 1


def on_exit(server):
    """Delete the scratch folder."""
    if scratch:
        for path in Path(scratch).iterdir():
            path.unlink()
        Path(scratch).rmdir()
