"""Build Plotly's script with only the trace types of the figures; ``make bundle``.

esbuild bundles the modules of Plotly's npm package. The same tools give the same bytes on every machine.
"""

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.browser_assets.plotly_bundle import FILES, FOLDER
from tools.support import node

TRACE_MODULES: Final = ("bar", "contour", "heatmap", "scatter3d", "surface")
"""Trace types of the figures besides ``scatter``, which every bundle contains."""
REFINES, DOES_NOT_REFINE = b"this.refineData=!0", b"this.refineData=!1"
"""Whether Plotly interpolates a surface to at least 120 × 120 points before it draws it.

Between our grid's points it would draw the same flat pieces in four parts, which takes three times as long
where there is no graphics card.
"""
LICENCES: Final = "LICENCES.txt"
ESBUILD_OPTIONS: Final = (
    "--bundle",
    "--minify",
    "--format=iife",
    "--global-name=Plotly",
    "--target=es2020",
    "--charset=ascii",
    "--log-level=error",
    "--define:global=window",
    "--define:define.amd=false",
)
BROTLI_PROGRAMS: Final = {
    "compress": """
const zlib = require("node:zlib"), source = require("node:fs").readFileSync(0);
const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
const params = { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_SIZE_HINT]: source.length };
process.stdout.write(zlib.brotliCompressSync(source, { params }));
""",
    "decompress": """
process.stdout.write(require("node:zlib").brotliDecompressSync(require("node:fs").readFileSync(0)));
""",
}
"""Node programs that read standard input and write standard output; Python has no Brotli."""


@dataclass(frozen=True)
class Bundle:
    """A built script and the licences of the packages in it."""

    script: bytes
    licences: str


def entry_source() -> str:
    """Return the source of the bundle's entry point, the input of esbuild."""
    traces = ", ".join(f'require("plotly.js/lib/{name}")' for name in TRACE_MODULES)
    return (
        'const Plotly = require("plotly.js/lib/core");\n'
        f"Plotly.register([{traces}]);\n"
        "module.exports = Plotly;\n"
    )


def locked_version(package: str) -> str:
    """Return the version of a package of npm in the lock file."""
    packages = json.loads((node.ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return str(packages[f"node_modules/{package}"]["version"])


def build() -> Bundle:
    """Build the script. Raises RuntimeError if the tools are missing or esbuild fails."""
    banner = (
        f"/* plotly.js v{locked_version('plotly.js')} with {', '.join(TRACE_MODULES)} and scatter. "
        "Surfaces are not refined. "
        f"Copyright Plotly, Inc. MIT licence; {LICENCES} has the licences of all parts. */"
    )
    esbuild = node.MODULES / "esbuild" / "bin" / "esbuild"
    with tempfile.TemporaryDirectory() as folder:
        outfile, metafile = Path(folder) / "plotly.js", Path(folder) / "meta.json"
        files = [f"--outfile={outfile}", f"--metafile={metafile}"]
        command = node.node_command(esbuild, *ESBUILD_OPTIONS, f"--banner:js={banner}", *files)
        _output(command, entry_source().encode())
        script = outfile.read_bytes()
        inputs = json.loads(metafile.read_text(encoding="utf-8"))["inputs"]
    return Bundle(without_refinement(script), licences(list(inputs)))


def without_refinement(script: bytes) -> bytes:
    """Return Plotly's script that draws a surface as it is. Raises RuntimeError if it has changed there."""
    if script.count(REFINES) != 1:
        raise RuntimeError(f"{REFINES.decode()} is not in it once")
    return script.replace(REFINES, DOES_NOT_REFINE)


def licences(inputs: list[str]) -> str:
    """Return the names, versions and licences of the packages to which the files ``inputs`` belong."""
    packages = sorted({folder for path in inputs if (folder := _package_folder(path))})
    return "\n".join(_licence(node.ROOT / folder) for folder in packages)


def _package_folder(path: str) -> str:
    """Return the folder of the package of a file, such as ``node_modules/@plotly/d3``; empty if none."""
    before, found, after = path.rpartition("node_modules/")
    names = after.split("/")
    return before + found + "/".join(names[: 2 if names[0].startswith("@") else 1]) if found else ""


def _licence(folder: Path) -> str:
    """Return a package's name, version, kind of licence and the text of its licence."""
    about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    title = f"{about['name']} {about['version']}: {about.get('license', 'see below')}"
    texts = [path.read_text(encoding="utf-8").strip() for path in _licence_files(folder)]
    return "\n\n".join(["=" * 80 + f"\n{title}", *texts]) + "\n"


def _licence_files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.name.lower().startswith(("licen", "notice")))


def _output(command: list[str], source: bytes) -> bytes:
    """Return what a command writes for ``source`` on its input. Raises RuntimeError if it fails."""
    result = subprocess.run(command, input=source, cwd=node.ROOT, capture_output=True, check=False)
    if result.returncode:
        raise RuntimeError(f"{Path(command[1]).name} failed:\n{result.stderr.decode(errors='replace')}")
    return result.stdout


def brotli(action: str, data: bytes) -> bytes:
    """Compress or decompress bytes by Brotli, as ``BROTLI_PROGRAMS`` names it."""
    return _output(node.node_command("-e", BROTLI_PROGRAMS[action]), data)


def store(bundle: Bundle, folder: Path = FOLDER) -> None:
    """Write a bundle, compressed, and its licences; compressed files of the same script stay as they are."""
    folder.mkdir(exist_ok=True)
    (folder / LICENCES).write_text(bundle.licences, encoding="utf-8")
    stored = folder / FILES["gzip"]
    if stored.exists() and gzip.decompress(stored.read_bytes()) == bundle.script:
        return
    stored.write_bytes(gzip.compress(bundle.script, 9, mtime=0))
    (folder / FILES["br"]).write_bytes(brotli("compress", bundle.script))


def main() -> None:
    """Build and store the script and print its sizes; exit with a message if that fails."""
    try:
        bundle = build()
        store(bundle)
    except RuntimeError as error:
        sys.exit(f"Plotly's script is as it was: {error}")
    sizes = ", ".join(f"{(FOLDER / name).stat().st_size} by {coding}" for coding, name in FILES.items())
    print(f"{FOLDER}: {len(bundle.script)} bytes, {sizes}")


if __name__ == "__main__":
    main()
