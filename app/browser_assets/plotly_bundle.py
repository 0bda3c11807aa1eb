"""Plotly's script: a custom bundle with only the needed trace types if one was built, else the full script.

``python -m app.browser_assets.plotly_bundle`` builds the custom bundle, a third of the size, from Plotly's
npm package; it needs npm. The bundle is optional and never committed. While there is none of the installed
Plotly version, the full script of the Python package is served.
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
"""Trace types of the figures besides ``scatter``, which every bundle contains."""
BUILD_FOLDER: Final = Path(__file__).parent / "built"
ESBUILD_VERSION: Final = "0.28.1"
ESBUILD_OPTIONS: Final = (
    "--bundle",
    "--minify",
    "--format=iife",
    "--global-name=Plotly",
    "--target=es2020",
    "--log-level=error",
    "--alias:regl=@plotly/regl",
    "--alias:stream=stream-browserify",
    "--define:global=window",
    "--define:define.amd=false",
)
COMPRESS_PROGRAM: Final = """
const fs = require("fs"), zlib = require("zlib");
const [file] = process.argv.slice(2), source = fs.readFileSync(file);
const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
const params = { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_SIZE_HINT]: source.length };
fs.writeFileSync(file + ".br", zlib.brotliCompressSync(source, { params }));
fs.writeFileSync(file + ".gz", zlib.gzipSync(source, { level: 9 }));
"""
"""Node program that writes a file compressed by Brotli and gzip beside it; Python has no Brotli."""


@dataclass(frozen=True)
class PlotlyScript:
    """A script file, read when it is first needed.

    ``is_custom_bundle`` tells whether it is a custom bundle, whose compressed versions are stored beside it.
    """

    path: Path
    is_custom_bundle: bool

    @cached_property
    def name(self) -> str:
        """File name in URLs, which may be cached for ever.

        It holds a hash of the versions of Plotly and esbuild, the entry point, and the file's name and size.
        """
        file = f"{self.path.name} {self.path.stat().st_size}"
        origin = f"{plotly_version()} {ESBUILD_VERSION} {entry_source()} {file}"
        return f"plotly-{hashlib.sha256(origin.encode()).hexdigest()[:12]}.js"

    @cached_property
    def source(self) -> bytes:
        """The script, uncompressed."""
        return self.path.read_bytes()

    @cached_property
    def encodings(self) -> Mapping[str, bytes]:
        """The compressed script by content coding: ``br``, if built, before ``gzip``, as it is smaller."""
        if not self.is_custom_bundle:
            return {"gzip": gzip.compress(self.source, 6, mtime=0)}
        return {
            coding: self.path.with_suffix(f".js.{suffix}").read_bytes()
            for coding, suffix in (("br", "br"), ("gzip", "gz"))
        }


@lru_cache(maxsize=1)
def plotly_javascript() -> PlotlyScript:
    """Return the script that the page loads: the custom bundle if there is one, else the full script."""
    if built_script_path().exists():
        return PlotlyScript(built_script_path(), is_custom_bundle=True)
    return PlotlyScript(_full_script_path(), is_custom_bundle=False)


def _full_script_path() -> Path:
    return Path(str(files("plotly") / "package_data" / "plotly.min.js"))


@lru_cache(maxsize=1)
def plotly_version() -> str:
    """Return the version of the installed script from the comment at its top, else an empty text."""
    with _full_script_path().open("rb") as script:
        match = re.search(rb"plotly\.js v([\w.-]+)", script.read(400))
    return match[1].decode() if match else ""


def built_script_path() -> Path:
    """Return the path of the custom bundle of the installed version; the file may not exist."""
    return BUILD_FOLDER / f"plotly-{plotly_version()}-{'-'.join(TRACE_MODULES)}.js"


def entry_source() -> str:
    """Return the source of the bundle's entry point, the input of esbuild."""
    traces = ", ".join(f'require("plotly.js/lib/{name}")' for name in TRACE_MODULES)
    return (
        'const Plotly = require("plotly.js/lib/core");\n'
        f"Plotly.register([{traces}]);\n"
        "module.exports = Plotly;\n"
    )


def build() -> Path:
    """Build and compress the custom bundle, remove older ones and return its path.

    Raises RuntimeError if npm is missing or a command fails.
    """
    npm, node = shutil.which("npm"), shutil.which("node")
    if not (npm and node):
        raise RuntimeError("npm is not there; the page works with the whole of Plotly all the same")
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        (workspace / "package.json").write_text(json.dumps({"name": "bundle", "private": True}))
        (workspace / "entry.js").write_text(entry_source())
        (workspace / "pack.js").write_text(COMPRESS_PROGRAM)
        packages = [f"plotly.js@{plotly_version()}", f"esbuild@{ESBUILD_VERSION}"]
        _run(
            [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *packages], workspace
        )
        esbuild = str(workspace / "node_modules" / ".bin" / "esbuild")
        _run([esbuild, "entry.js", *ESBUILD_OPTIONS, "--outfile=plotly.js"], workspace)
        _run([node, "pack.js", "plotly.js"], workspace)
        BUILD_FOLDER.mkdir(exist_ok=True)
        for outdated in BUILD_FOLDER.glob("plotly-*"):
            outdated.unlink()
        for suffix in (".js.br", ".js.gz", ".js"):  # the script last: its existence marks a complete bundle
            shutil.move(workspace / f"plotly{suffix}", built_script_path().with_suffix(suffix))
    return built_script_path()


def _run(command: list[str], folder: Path) -> None:
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{result.stdout}{result.stderr}")


def main() -> None:
    """Build the custom bundle and print its sizes; exit with a message if that fails."""
    try:
        path = build()
    except RuntimeError as error:
        sys.exit(f"No bundle: {error}")
    encodings = plotly_javascript().encodings
    compressed_sizes = ", ".join(f"{len(body)} in {coding}" for coding, body in encodings.items())
    print(f"{path}: {path.stat().st_size} bytes, {compressed_sizes}")


if __name__ == "__main__":
    main()
