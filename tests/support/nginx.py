"""The nginx that the tests start: Debian's, found here or installed.

Run as a script with ``--install`` it makes sure that there is one, or fails
with one sentence.
"""

import shutil
import sys

from tools.support.chromium import install

MISSING = (
    "The serving tests need nginx and none could be found or installed. "
    "Install it (on Debian: sudo apt-get install nginx-light) and run again."
)


def find() -> str | None:
    return shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


def path() -> str:
    """The path of an installed nginx; RuntimeError with a sentence where there is none."""
    found = find()
    if not found:
        raise RuntimeError(MISSING)
    return found


if __name__ == "__main__":
    if not find() and "--install" in sys.argv:
        print("No nginx here; installing Debian's ...", flush=True)
        install("nginx-light")
    sys.exit(None if find() else MISSING)
