"""Find the nginx for the serving tests on this machine.

Run as a script with ``--install`` it installs Debian's nginx if there is none, or fails with one sentence.
"""

import shutil
import sys

from tools.support.chromium import install

MISSING = (
    "The serving tests need nginx and none could be found or installed. "
    "Install it (on Debian: sudo apt-get install nginx-light) and run again."
)


def find() -> str | None:
    """Return the path of nginx, or None."""
    return shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


def path() -> str:
    """Return the path of nginx. Raises RuntimeError if there is none."""
    executable = find()
    if not executable:
        raise RuntimeError(MISSING)
    return executable


if __name__ == "__main__":
    if not find() and "--install" in sys.argv:
        print("No nginx here; installing Debian's ...", flush=True)
        install("nginx-light")
    sys.exit(None if find() else MISSING)
