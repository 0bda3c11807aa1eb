"""When and at which commit a measurement was made, so that a reader can tell how old its numbers are."""

import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
DESCRIBE: Final = ("git", "describe", "--always", "--dirty", "--exclude=*")


def provenance() -> dict[str, str]:
    """Return the date and the commit of now, as the stored results of a measurement begin."""
    try:
        commit = subprocess.run(DESCRIBE, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        commit = "unknown"  # not a clone, or no git
    return {"date": date.today().isoformat(), "commit": commit}


def sentence(results: Mapping[str, Any]) -> str:
    """Return a sentence with the date and the commit of stored results."""
    return f"Measured on {results['date']} at commit {results['commit']}."
