"""Plotly's script with only the trace types of the figures, a third of the whole.

It is committed, compressed, in ``plotly/``, with the licences of its parts. ``make bundle``
builds it (``tools/plotly_bundle.py``); a test checks that it is what the pinned tools build.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from losses.core.lazy import cached_property

FOLDER: Final = Path(__file__).parent / "plotly"
FILES: Final = {"br": "plotly.js.br", "gzip": "plotly.js.gz"}
"""File name by content coding, the smaller one first. Browsers accept ``br`` only over HTTPS."""


@dataclass(frozen=True)
class PlotlyScript:
    """A script, compressed by each content coding in the order of preference."""

    encodings: Mapping[str, bytes]

    @cached_property
    def name(self) -> str:
        """File name in URLs, which may be cached for ever: it holds a hash of the script."""
        return f"plotly-{hashlib.sha256(self.encodings['gzip']).hexdigest()[:12]}.js"

    @cached_property
    def source(self) -> bytes:
        """The script, uncompressed."""
        return gzip.decompress(self.encodings["gzip"])


@lru_cache(maxsize=1)
def plotly_javascript() -> PlotlyScript:
    """Return the script that the page and the exported surface load."""
    return PlotlyScript({coding: (FOLDER / name).read_bytes() for coding, name in FILES.items()})
