"""Plotly's script: all of it as it is installed, or only what the figures use where that has been built.

``python -m app.browser_assets.plotly_bundle`` builds it from Plotly's npm package, if npm is there:
a third of the size. It is never committed and never asked for: where it is
missing, or of another version than the installed one, the whole is served.
"""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

TRACE_MODULES: Final = ("bar", "contour", "heatmap", "scatter3d", "surface")
"""What the figures are drawn with, beside ``scatter``, which is always there."""
BUILD_FOLDER: Final = Path(__file__).parent / "built"
ESBUILD_VERSION: Final = "0.28.1"
COMPRESS_PROGRAM: Final = """
const fs = require("fs"), zlib = require("zlib"), [file] = process.argv.slice(2), source = fs.readFileSync(file);
const quality = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: source.length };
fs.writeFileSync(file + ".br", zlib.brotliCompressSync(source, { params: quality }));
fs.writeFileSync(file + ".gz", zlib.gzipSync(source, { level: 9 }));
"""


@dataclass(frozen=True)
class Script:
    """A script at a ``path``, with its codings beside it where it was ``built``. Nothing is read before someone asks for it."""

    path: Path
    built: bool

    @cached_property
    def name(self) -> str:
        """One for each content: it is told apart by what it was made of and with, and by its size."""
        told = f"{plotly_version()} {ESBUILD_VERSION} {entry_source()} {self.path.name} {self.path.stat().st_size}"
        return f"plotly-{hashlib.sha256(told.encode()).hexdigest()[:12]}.js"

    @cached_property
    def source(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def encodings(self) -> Mapping[str, bytes]:
        """The script compressed, by coding: ``br``, ``gzip``."""
        if not self.built:
            return {"gzip": gzip.compress(self.source, 6, mtime=0)}
        return {
            coding: self.path.with_suffix(f".js.{end}").read_bytes()
            for coding, end in (("br", "br"), ("gzip", "gz"))
        }


@lru_cache(maxsize=1)
def plotly_javascript() -> Script:
    """The script that the page loads."""
    return (
        Script(built_script_path(), True)
        if built_script_path().exists()
        else Script(_full_script_path(), False)
    )


def _full_script_path() -> Path:
    return Path(str(files("plotly") / "package_data" / "plotly.min.js"))


@lru_cache(maxsize=1)
def plotly_version() -> str:
    """The version of the installed script, as its first lines tell it."""
    with _full_script_path().open("rb") as script:
        found = re.search(rb"plotly\.js v([\w.-]+)", script.read(400))
    return found[1].decode() if found else ""


def built_script_path() -> Path:
    """Where the script of this version with these traces is, once it is built."""
    return BUILD_FOLDER / f"plotly-{plotly_version()}-{'-'.join(TRACE_MODULES)}.js"


def entry_source() -> str:
    """The program of which esbuild makes the script."""
    traces = ", ".join(f'require("plotly.js/lib/{name}")' for name in TRACE_MODULES)
    return f'const Plotly = require("plotly.js/lib/core");\nPlotly.register([{traces}]);\nmodule.exports = Plotly;\n'


def build() -> Path:
    """Build and compress the script; raises RuntimeError with a sentence where that cannot be done."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not (npm and node):
        raise RuntimeError("npm is not there; the page works with the whole of Plotly all the same")
    options = "--bundle --minify --format=iife --global-name=Plotly --target=es2020 --log-level=error"
    aliases = ["--alias:regl=@plotly/regl", "--alias:stream=stream-browserify"]
    names = ["--define:global=window", "--define:define.amd=false"]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "package.json").write_text(json.dumps({"name": "bundle", "private": True}))
        (home / "entry.js").write_text(entry_source())
        (home / "pack.js").write_text(COMPRESS_PROGRAM)
        wanted = [f"plotly.js@{plotly_version()}", f"esbuild@{ESBUILD_VERSION}"]
        _run([npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *wanted], home)
        esbuild = str(home / "node_modules" / ".bin" / "esbuild")
        _run([esbuild, "entry.js", *options.split(), *aliases, *names, "--outfile=plotly.js"], home)
        _run([node, "pack.js", "plotly.js"], home)
        BUILD_FOLDER.mkdir(exist_ok=True)
        for old in BUILD_FOLDER.glob("plotly-*"):
            old.unlink()
        for ending in (".js.br", ".js.gz", ".js"):  # the script itself last: it is what is looked for
            shutil.move(home / f"plotly{ending}", built_script_path().with_suffix(ending))
    return built_script_path()


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def main() -> None:
    try:
        built = build()
    except RuntimeError as wrong:
        sys.exit(f"No bundle: {wrong}")
    sizes = {name: len(body) for name, body in plotly_javascript().encodings.items()}
    print(
        f"{built}: {built.stat().st_size} bytes, " + ", ".join(f"{n} in {name}" for name, n in sizes.items())
    )


if __name__ == "__main__":
    main()
