"""Open several pages in Debian's Firefox over WebDriver BiDi and use the first screen; ``make firefox``.

Puppeteer drives it (``tools/firefox.mjs``). Exits with 1 if Firefox's console has warnings or errors.
``make test`` opens some of these pages.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tools.support import browser_pages, node

LINKS: Final = (
    "",
    "?data=spam&vs=mse&start=-6,6&theme=dark",
    "?s=pace",
    "?data=himmelblau&race=adam",
    "?lang=es",
)
NO_FIREFOX: Final = (
    "There is no Firefox here. Install it (on Debian: sudo apt-get install firefox-esr) and run again."
)


def find() -> str | None:
    """Return the path of Firefox, or None."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


def tour(home: str, links: Sequence[str] = LINKS) -> int | str:
    """Visit links below ``home`` and use the first screen.

    Returns the exit code, 0 if the console was empty, or a sentence if there is no Firefox or no Node.
    """
    program = find()
    if not program:
        return NO_FIREFOX
    try:
        command = node.node_command(Path(__file__).with_suffix(".mjs"), program, home, *links)
    except RuntimeError as error:
        return str(error)
    return subprocess.run(command, check=False).returncode


def main() -> int | str:
    """Visit all links of a page that is served here."""
    if not find():
        return NO_FIREFOX
    with browser_pages.serving() as home:
        return tour(home)


if __name__ == "__main__":
    sys.exit(main())
