"""``make audit``: what is installed is what was locked, untouched and free to use; offline.

Exits with a list of what is wrong: a version that is not the lock's, a file
that differs from its package's own record, a licence that nobody looked at,
something like a secret in the tree. Known weaknesses need a database from
outside: see CONTRIBUTING.md.
"""

import base64
import hashlib
import re
import subprocess
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]
FREE = re.compile(
    r"\b(MIT|BSD|Apache|PSF|Python Software|ISC|MPL|Mozilla|Zlib|0BSD|CC0|Unlicense|HPND|ZPL|Zope)", re.I
)
"""Licences under which a class may use, change and pass on what it installs."""
SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "a cloud key": re.compile(r"\b(AKIA[0-9A-Z]{16}|AIza[\w-]{35})\b"),
    "a token": re.compile(r"\b(gh[pousr]_\w{36}|xox[abp]-[\w-]{20,}|sk-\w{32,})"),
    "a password": re.compile(r"(?i)\b(password|secret|api_key)\s*[:=]\s*[\"'][^\"'\s]{8,}[\"']"),
}


def locked(name: str = "requirements.lock") -> dict[str, str]:
    """Version by package of a lock file."""
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / name).read_text(), re.M))


def licence(package: Distribution) -> str:
    """What a package says its licence is, in its shortest words."""
    said = package.metadata
    classified = [
        line.split(" :: ")[-1] for line in said.get_all("Classifier") or () if line.startswith("License")
    ]
    told = said.get("License-Expression") or ", ".join(classified) or said.get("License") or _printed(package)
    return told.strip().splitlines()[0][:60]


def _printed(package: Distribution) -> str:
    """The first words of the licence that a package carries, for one that does not name it."""
    texts = [file.read_text() for file in package.files or () if file.name.upper().startswith("LICEN")]
    return texts[0] if texts else "unknown"


def touched(package: Distribution) -> list[str]:
    """Files of a package that are not what its record says."""
    wrong = []
    for file in package.files or ():
        path = Path(str(file.locate()))
        if not file.hash or file.suffix == ".pyc" or ".." in file.parts:
            continue
        digest = hashlib.new(file.hash.mode, path.read_bytes()).digest() if path.exists() else b""
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != file.hash.value:
            wrong.append(str(file))
    return wrong


def secrets(text: str) -> list[str]:
    return [name for name, looks in SECRETS.items() if looks.search(text)]


def packages_at_fault(pins: dict[str, str]) -> list[str]:
    wrong = []
    for name, version in pins.items():
        try:
            package = distribution(name)
        except PackageNotFoundError:
            wrong.append(f"{name} is locked and not installed")
            continue
        if package.version != version:
            wrong.append(f"{name} is {package.version}, the lock says {version}")
        if not FREE.search(licence(package)):
            wrong.append(f"{name} has a licence to look at: {licence(package)}")
        wrong += [f"{name} was changed: {file}" for file in touched(package)]
    return wrong


def tree_at_fault() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    texts = {path: path.read_text(errors="replace") for path in files if path.is_file()}
    return [
        f"{path.relative_to(ROOT)} holds {what}" for path, text in texts.items() for what in secrets(text)
    ]


def main() -> None:
    pins = locked()
    for name in pins:
        package = distribution(name)
        print(f"{name:24s} {package.version:12s} {licence(package)}")
    wrong = packages_at_fault(locked("requirements-test.lock")) + tree_at_fault()
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main()
