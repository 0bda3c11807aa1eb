"""What the server sends, as the browser decodes it, for tests and tools."""

import json
from typing import Any

from app.protocol.base import encode


def sent(value: Any) -> Any:
    """Return a value of the protocol as the browser decodes it."""
    return json.loads(encode(value))
