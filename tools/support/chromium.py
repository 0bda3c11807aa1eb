"""The browser that the tests drive: found on this machine, or installed from Debian.

Run as a script with ``--install`` it makes sure that there is one, or fails
with one sentence.
"""

import os
import shutil
import subprocess
import sys

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
"""The shell without windows first: the others draw a toolbar for every page, a third of all their work."""
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SOLID = (*QUIET, "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
FLAT = (*QUIET, "--disable-3d-apis", "--disable-gpu", "--disable-software-rasterizer")
"""Without three dimensions, and without the graphics process, which takes as long as the page itself."""
MISSING = (
    "The browser tests need Chromium and none could be found or installed. "
    "Install it (on Debian: sudo apt-get install chromium) and run again."
)
STUCK = (
    "The browser tests are driven by Playwright, whose driver does not start here. "
    "It needs a system library (on Debian: sudo apt-get install libatomic1); install it and run again."
)


def find() -> str | None:
    """The path of an installed Chromium, ``CHROMIUM`` first."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def path() -> str:
    """The path of an installed Chromium; RuntimeError with a sentence where there is none."""
    found = find()
    if not found:
        raise RuntimeError(MISSING)
    return found


def drives() -> bool:
    """Whether Playwright's driver starts: it is a program of its own, and a bare Debian lacks a library of it."""
    asked = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0


def complaint() -> str | None:
    """What is wrong with this machine, in one sentence."""
    return MISSING if not find() else None if drives() else STUCK


def install(*packages: str) -> None:
    """Debian's packages, by root or sudo."""
    if not shutil.which("apt-get"):
        return
    become = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if become and not shutil.which("sudo"):
        return
    quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "stdout": sys.stderr}
    for words in (["update", "-qq"], ["install", "-y", "-qq", *packages]):
        if subprocess.run([*become, "apt-get", *words], check=False, **quiet).returncode:
            return


if __name__ == "__main__":
    if complaint() and "--install" in sys.argv:
        print("No browser to drive here; installing Debian's ...", flush=True)
        install("libatomic1", "fonts-dejavu-core")
        for name in NAMES[:2]:
            if not find():
                install(name)
    sys.exit(complaint())
