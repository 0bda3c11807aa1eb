"""The environment variables that configure a server."""

import os
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Variable:
    """An environment variable; ``default`` is what counts if it is not set or empty."""

    name: str
    default: str
    effect: str
    """What it does, for the table of settings in the documents."""
    shown_default: str = ""
    """How the table writes the default if that is computed."""

    def read(self) -> str:
        """Return its value."""
        return os.environ.get(self.name) or self.default


HOST: Final = Variable("HOST", "127.0.0.1", "address that `losslab` and gunicorn listen at")
PORT: Final = Variable("PORT", "8050", "port of `losslab` and of gunicorn", "8050; gunicorn 8000")
WORKERS: Final = Variable("WEB_CONCURRENCY", "", "number of gunicorn's workers", "one for each core")
FRAME_ANCESTORS: Final = Variable(
    "LOSSLAB_FRAME_ANCESTORS", "*", "who may embed the page, in the syntax of CSP"
)
WAITING_REQUESTS: Final = Variable(
    "LOSSLAB_WAITING", "80", "requests of one worker that may wait; the next one gets a 503"
)
BODY_SECONDS: Final = Variable(
    "LOSSLAB_BODY_SECONDS", "20", "seconds after which a request whose body is not complete gets a 408"
)
RECYCLE: Final = Variable(
    "LOSSLAB_RECYCLE", "20000", "requests after which a worker is replaced, up to a quarter more; 0 for never"
)
CLASSES: Final = Variable(
    "LOSSLAB_CLASSES",
    "on",
    "`off` for no live classes, the folder in which running classes are kept, or for several servers the "
    "address of a Redis or Valkey that they share, such as `redis://redis:6379/0`",
    "a temporary folder in memory",
)
LESSONS_FILE: Final = Variable(
    "LOSSLAB_LESSONS", "", "file of lessons that the server shows, as `losslab --lessons`", "none"
)
TEACHERS: Final = Variable(
    "LOSSLAB_TEACHERS", "", "word that a teacher must know to start a live class", "none"
)

VARIABLES: Final = (
    HOST,
    PORT,
    WORKERS,
    Variable("DASH_URL_BASE_PATHNAME", "", "path of the page, such as `/lab/`; read by Dash", "`/`"),
    Variable(
        "DASH_REQUESTS_PATHNAME_PREFIX",
        "",
        "path that a proxy removes, such as `${JUPYTERHUB_SERVICE_PREFIX}proxy/8050/` in JupyterHub; "
        "read by Dash",
        "none",
    ),
    FRAME_ANCESTORS,
    WAITING_REQUESTS,
    BODY_SECONDS,
    RECYCLE,
    CLASSES,
    LESSONS_FILE,
    TEACHERS,
    Variable(
        "FORWARDED_ALLOW_IPS", "", "proxies that are trusted about HTTPS; read by gunicorn", "127.0.0.1"
    ),
    Variable(
        "PROMETHEUS_MULTIPROC_DIR",
        "",
        "folder in which the workers of one server share their metrics",
        "a temporary folder in memory",
    ),
)
"""The variables that an operator may set, in the order of the table."""
