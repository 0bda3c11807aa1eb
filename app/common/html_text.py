"""JSON inside of HTML."""

import json
from typing import Any


def json_for_html(value: Any) -> str:
    """Return JSON that is safe inside a ``<script>`` element: it has no ``<``."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
