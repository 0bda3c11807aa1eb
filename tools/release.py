"""Build what a release consists of in ``dist/``; ``make release``.

These are the source archive, the wheel that is built from it, the documents, a list of the packages that an
installation has (CycloneDX), and the SHA-256 sums of them. The same commit gives the same bytes, on any day.
With ``--draft`` it is built from the files of the working tree as they are, without the checks that the
commit can be tagged.
"""

import argparse
import gzip
import hashlib
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Final, TypeVar

from tools import links

ROOT: Final = Path(__file__).parents[1]
DIST: Final = ROOT / "dist"
SUMS: Final = "SHA256SUMS"
Item = TypeVar("Item")


def main() -> None:
    """Build the release, or say what is missing and exit."""
    parser = argparse.ArgumentParser(prog="python -m tools.release", description=__doc__)
    parser.add_argument("--draft", action="store_true", help="build the working tree, without the checks")
    draft = parser.parse_args().draft
    if not draft and (problems := obstacles()):
        sys.exit("\n".join(f"Cannot be released: {problem}" for problem in problems))
    DIST.mkdir(exist_ok=True)
    for old in DIST.iterdir():
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        copy_tree(source)
        build(source, DIST)
        write_documents(DIST)
    write_components(DIST)
    write_sums(DIST)
    print(f"{DIST} has version {version()}." + ("" if draft else f" Now: git tag v{version()}"))


def version() -> str:
    """Return the version that ``losses/__init__.py`` states."""
    text = (ROOT / "losses" / "__init__.py").read_text(encoding="utf-8")
    [number] = re.findall(r'^__version__ = "(.+)"$', text, re.M)
    return str(number)


def obstacles() -> list[str]:
    """Return a sentence for each reason why the current commit cannot be tagged.

    On the way ``tests/links_released.tsv`` is made equal to ``tests/links.tsv``, which freezes the links.
    """
    found = []
    heading = f"## [{version()}] - "
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    if not re.search(rf"^{re.escape(heading)}\d{{4}}-\d\d-\d\d$", changelog, re.M):
        found.append(f"CHANGELOG.md has no dated section {heading.strip()} YYYY-MM-DD.")
    if f"\nversion: {version()}\n" not in (ROOT / "CITATION.cff").read_text(encoding="utf-8"):
        found.append(f"CITATION.cff does not say version: {version()}.")
    links.freeze()
    if changed := git("status", "--porcelain").split("\n")[0]:
        found.append(f"there are changes that are not committed: {changed.strip()}")
    if git("tag", "--list", f"v{version()}"):
        found.append(f"the tag v{version()} exists already.")
    return found


def tracked_files() -> list[str]:
    """List the paths of the files that Git tracks, or would track."""
    names = git("ls-files", "-zco", "--exclude-standard").split("\0")
    return [name for name in names if name and (ROOT / name).is_file()]


def copy_tree(target: Path) -> None:
    """Copy the tracked files to the folder ``target``."""
    for name in tracked_files():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes((ROOT / name).read_bytes())
        (target / name).chmod(0o755 if os.access(ROOT / name, os.X_OK) else 0o644)


def build(source: Path, folder: Path) -> tuple[Path, Path]:
    """Build the source archive from the tree ``source`` and the wheel from it; return their paths."""
    command: list[str | Path] = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, source]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(build_time()), "PYTHONHASHSEED": "0"}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(result.stdout[-2000:] + result.stderr[-2000:])
    archive, wheel = _only(folder.glob("*.tar.gz")), _only(folder.glob("*.whl"))
    normalize(archive)
    return archive, wheel


def normalize(archive: Path) -> None:
    """Give all files of an archive one time and owner, which otherwise differ from build to build."""
    with tarfile.open(archive) as old:
        content = [(member, _bytes(old, member)) for member in old.getmembers() if member.isfile()]
    _write_archive(archive, [(m.name, data, m.mode) for m, data in content])


def write_documents(folder: Path) -> Path:
    """Build the documents from the source archive in ``folder`` and write them as an archive beside it."""
    target = folder / f"losslab-{version()}-docs.tar.gz"
    with tempfile.TemporaryDirectory() as temporary:
        source = unpack(_only(folder.glob("*[0-9].tar.gz")), Path(temporary))
        site = Path(temporary) / "site"
        doctrees = Path(temporary) / "doctrees"
        subprocess.run(
            [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", "-d", doctrees, source / "docs", site],
            check=True,
            cwd=source,
            env=os.environ | {"SOURCE_DATE_EPOCH": str(build_time())},
        )
        files = sorted(path for path in site.rglob("*") if path.is_file() and path.name != ".buildinfo")
        _write_archive(
            target,
            [(f"losslab-{version()}-docs/{p.relative_to(site)}", p.read_bytes(), 0o644) for p in files],
        )
    return target


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack a source archive and return its top folder."""
    with tarfile.open(archive) as content:
        content.extractall(folder, filter="data")
    return _only(path for path in folder.iterdir() if path.is_dir())


def write_components(folder: Path) -> Path:
    """Write the packages of ``requirements.lock`` with their hashes as a CycloneDX document."""
    target = folder / f"losslab-{version()}.cdx.json"
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "cyclonedx_py",
        "requirements",
        "--output-reproducible",
    ]
    command += ["--pyproject", ROOT / "pyproject.toml", "-o", target, ROOT / "requirements.lock"]
    subprocess.run(command, check=True, capture_output=True)
    return target


def write_sums(folder: Path) -> None:
    """Write the SHA-256 sums of the files in ``folder``, as ``sha256sum --check`` reads them."""
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.name}\n" for p in sorted(folder.iterdir())]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def build_time() -> int:
    """Return the time of the current commit in seconds since 1970."""
    return int(git("log", "-1", "--format=%ct"))


def git(*arguments: str) -> str:
    """Return what a command of Git prints."""
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def _write_archive(target: Path, files: Iterable[tuple[str, bytes, int]]) -> None:
    with (
        target.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=build_time()) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, data, mode in sorted(files):
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.mode = len(data), build_time(), mode
            archive.addfile(member, BytesIO(data))


def _bytes(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    assert file is not None
    return file.read()


def _only(items: Iterable[Item]) -> Item:
    [item] = items
    return item


if __name__ == "__main__":
    main()
