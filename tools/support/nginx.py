"""Find the nginx for the serving tests on this machine.

Run as a script with ``--install`` it installs Debian's nginx if there is none, or fails with one sentence.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.support.chromium import install
from tools.support.server_processes import ROOT, Server, free_port, running

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


def write_configuration(folder: Path, port: int, replicas: list[int]) -> Path:
    """Write the configuration with the folder and the ports of this test, otherwise unchanged."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for number, replica in enumerate(replicas, 1):
        text, count = re.subn(rf"replica{number}:8000", f"127.0.0.1:{replica}", text)
        assert count == 1
    text = text.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("/tmp/", f"{folder}/")
    (folder / "nginx.conf").write_text(text)
    return folder / "nginx.conf"


@contextmanager
def before(replicas: list[int]) -> Iterator[Server]:
    """Start nginx with ``deploy/nginx.conf`` before the replicas with these ports; yields its server.

    The workers of nginx are not root. Their folder is not pytest's ``tmp_path``, because each start of pytest
    makes the parent of all such folders private again.
    """
    port = free_port()
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        configuration = write_configuration(folder, port, replicas)
        command = [path(), "-p", str(folder), "-c", str(configuration), "-g", "daemon off;"]
        with running(command, port) as proxy:
            yield proxy


if __name__ == "__main__":
    if not find() and "--install" in sys.argv:
        print("No nginx here; installing Debian's ...", flush=True)
        install("nginx-light")
    sys.exit(None if find() else MISSING)
