"""Install Debian's Firefox and WebKit for their tests, or fail with a sentence."""

import sys

from tools import firefox, webkit
from tools.support import chromium


def main() -> str | None:
    """Install what is not there; return a sentence if a browser could not be installed."""
    missing = ["firefox-esr"] * (not firefox.find()) + ["webkit2gtk-driver", "xvfb"] * (not webkit.find())
    if missing:
        print("Installing Debian's", ", ".join(missing), "...", flush=True)
        chromium.install(*missing)
    if not firefox.find():
        return firefox.NO_FIREFOX
    return None if webkit.find() else webkit.NO_WEBKIT


if __name__ == "__main__":
    sys.exit(main())
