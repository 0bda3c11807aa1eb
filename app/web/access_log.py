"""What is written down: a line of JSON a request, and nothing about a person.

No address, no link, no header of the visitor's: the route, the status, how
long it took and an id that ties a page's complaint to a line.
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
    """A record as one line of JSON. Network addresses in messages of others are left out."""

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
    """Write the lines where a terminal, systemd or a container looks for them."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    LOGGER.handlers[:] = [handler]
    LOGGER.setLevel(level)
    LOGGER.propagate = False
