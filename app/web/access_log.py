"""The access log: a line of JSON for each request, without personal data.

A line has the route, method, status and duration of a request, and an id that connects an error shown on the
page with its line. It has no address, no query and no header of the visitor except a valid ``X-Request-ID``.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Final

LOGGER: Final = logging.getLogger("losslab")
WARNINGS_LOGGER: Final = "py.warnings"
"""The logger of Python's warnings, once they are captured."""
REQUEST_ID: Final = re.compile(r"[0-9A-Za-z-]{8,64}")
IP_ADDRESS: Final = re.compile(
    r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\[?\b[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){3,7}\]?"
)


QUOTED: Final = re.compile(r"""(?<!\w)(['"]).*\1""", re.DOTALL)
"""What another library quotes: of a request that it cannot read, that is the whole line with its link."""


class JsonFormatter(logging.Formatter):
    """Format a log record as one line of JSON that knows no address, no link and no value of a visitor.

    Other libraries, such as gunicorn, put addresses of clients and lines of requests into their messages. The
    message of an exception may name values of someone's data, so a trace has its type and the places alone.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self.scrubbed(record),
            "process": record.process,
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["trace"] = trace_without_values(record.exc_info[1])
        return json.dumps(line, default=str)

    @staticmethod
    def scrubbed(record: logging.LogRecord) -> str:
        """Return a message without addresses and, if another library wrote it, without what it quotes."""
        text = record.getMessage()
        if not record.name.startswith(LOGGER.name):
            text = QUOTED.sub("(text)", text)
        return IP_ADDRESS.sub("(address)", text)


def trace_without_values(error: BaseException | None) -> str:
    """Return the places of a traceback and the type of its exception, and the same of what caused it."""
    parts = list[str]()
    while error is not None:
        frames = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"{frames}{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(reversed(parts))


def log_to_stderr(level: int = logging.INFO) -> None:
    """Write the log to stderr, where terminals, systemd and container engines expect it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    LOGGER.handlers[:] = [handler]
    LOGGER.setLevel(level)
    LOGGER.propagate = False
    logging.getLogger(WARNINGS_LOGGER).handlers[:] = [handler]
    logging.captureWarnings(True)
