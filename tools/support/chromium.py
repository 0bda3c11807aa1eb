"""Find Chromium on this machine, for tests and tools.

As a script with ``--install`` it installs Debian's headless shell, or Chromium, if there is none, or fails
with one sentence; with ``--ordinary``, too, it prefers Chromium.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
"""Names of the program, in order of preference.

The headless shell is first because the others also draw a toolbar, which is a third of their work.
"""
ORDINARY = NAMES[1:]
"""Names of browsers as students have them; the bench measures in one of them."""
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WITHOUT_CARD = (*QUIET, "--enable-unsafe-swiftshader")
"""Arguments for a browser as it is on a machine without a graphics card.

It imitates a card for WebGL alone. One that draws the whole page with the imitated card takes twice as long.
"""
FLAT = (*QUIET, "--disable-3d-apis", "--disable-gpu", "--disable-software-rasterizer")
"""Arguments for a browser without WebGL and its graphics process, which takes as long as the page itself."""
MISSING = (
    "The browser tests need Chromium and none could be found or installed. "
    "Install it (on Debian: sudo apt-get install chromium) and run again."
)
STUCK = (
    "The browser tests are driven by Playwright, whose driver does not start here. "
    "It needs a system library (on Debian: sudo apt-get install libatomic1); install it and run again."
)


def find(names: Sequence[str] = NAMES) -> str | None:
    """Return the path of the first of the programs, ``CHROMIUM`` if that is set and one of them, or None."""
    programs = [os.environ.get("CHROMIUM"), *map(shutil.which, names)]
    return next((path for path in programs if path and (names == NAMES or Path(path).name in names)), None)


def path() -> str:
    """Return the path of a Chromium. Raises RuntimeError if there is none."""
    program = find()
    if not program:
        raise RuntimeError(MISSING)
    return program


def drives() -> bool:
    """Return whether Playwright's driver starts; on a minimal Debian it lacks a library."""
    command = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def complaint() -> str | None:
    """Return what this machine lacks, in one sentence, or None."""
    return MISSING if not find() else None if drives() else STUCK


def install(*packages: str) -> None:
    """Install Debian packages, as root or with sudo, if that is possible."""
    if not shutil.which("apt-get"):
        return
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and not shutil.which("sudo"):
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", *packages]):
        command = [*prefix, "apt-get", *arguments]
        if subprocess.run(command, check=False, env=environment, stdout=sys.stderr).returncode:
            return


if __name__ == "__main__":
    wanted = ORDINARY if "--ordinary" in sys.argv else NAMES
    if (complaint() or not find(wanted)) and "--install" in sys.argv:
        print("No browser to drive here; installing Debian's ...", flush=True)
        install("libatomic1", "fonts-dejavu-core")
        for name in wanted[:2]:
            if not find(wanted):
                install(name)
    sys.exit(complaint())
