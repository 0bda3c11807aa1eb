"""The access log: a line of JSON for each request, without personal data.

A line has the route, method, status and duration of a request, and an id that connects an error shown on the
page with its line. It has no address, no query and no header of the visitor except a valid ``X-Request-ID``.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Final

LOGGER: Final = logging.getLogger("losslab")
REQUEST_ID: Final = re.compile(r"[0-9A-Za-z-]{8,64}")
IP_ADDRESS: Final = re.compile(
    r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\[?\b[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){3,7}\]?"
)


class JsonFormatter(logging.Formatter):
    """Format a log record as one line of JSON, with IP addresses in its message replaced.

    Other libraries, such as gunicorn, put addresses of clients into their messages.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": IP_ADDRESS.sub("(address)", record.getMessage()),
            "process": record.process,
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Write the log to stderr, where terminals, systemd and container engines expect it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    LOGGER.handlers[:] = [handler]
    LOGGER.setLevel(level)
    LOGGER.propagate = False
