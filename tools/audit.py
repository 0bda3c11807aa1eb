"""Check the installed packages and their licences, and search the repository for secrets; ``make audit``.

Works offline. Exits with a list of faults: a version other than the locked one, a file whose hash differs
from its package's record, a licence that ``FREE`` does not match, a text that looks like a secret. For known
vulnerabilities an online database is needed: see docs/develop/setup.md.
"""

import base64
import hashlib
import re
import subprocess
import sys
from email.message import Message
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import cast

ROOT = Path(__file__).parents[1]
FREE = re.compile(
    r"\b(MIT|BSD|Apache|PSF|Python Software|ISC|MPL|Mozilla|Zlib|0BSD|CC0|Unlicense|HPND|ZPL|Zope)", re.I
)
"""Licences under which a package may be used, changed and redistributed."""
SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "a cloud key": re.compile(r"\b(AKIA[0-9A-Z]{16}|AIza[\w-]{35})\b"),
    "a token": re.compile(r"\b(gh[pousr]_\w{36}|xox[abp]-[\w-]{20,}|sk-\w{32,})"),
    "a password": re.compile(r"(?i)\b(password|secret|api_key)\s*[:=]\s*[\"'][^\"'\s]{8,}[\"']"),
}


def locked(name: str = "requirements.lock") -> dict[str, str]:
    """Return the version of each package of a lock file."""
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / name).read_text(), re.M))


def licence(package: Distribution) -> str:
    """Return the licence of a package from its metadata, or else the first line of its licence file."""
    metadata = cast(Message, package.metadata)
    classified = [
        line.split(" :: ")[-1] for line in metadata.get_all("Classifier") or () if line.startswith("License")
    ]
    name = (
        metadata.get("License-Expression")
        or ", ".join(classified)
        or metadata.get("License")
        or _printed(package)
    )
    return name.strip().splitlines()[0][:60]


def _printed(package: Distribution) -> str:
    """Return the text of the licence file of a package."""
    texts = [file.read_text() for file in package.files or () if file.name.upper().startswith("LICEN")]
    return texts[0] if texts else "unknown"


def touched(package: Distribution) -> list[str]:
    """Return the files of a package whose hash differs from its record."""
    changed = []
    for file in package.files or ():
        path = Path(str(file.locate()))
        if not file.hash or file.suffix == ".pyc" or ".." in file.parts:
            continue
        digest = hashlib.new(file.hash.mode, path.read_bytes()).digest() if path.exists() else b""
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != file.hash.value:
            changed.append(str(file))
    return changed


def secrets(text: str) -> list[str]:
    """Return the kinds of secrets that a text seems to contain."""
    return [kind for kind, pattern in SECRETS.items() if pattern.search(text)]


def packages_at_fault(pins: dict[str, str]) -> list[str]:
    """Return the faults of installed packages; ``pins`` has the locked version of each."""
    faults = []
    for name, version in pins.items():
        try:
            package = distribution(name)
        except PackageNotFoundError:
            faults.append(f"{name} is locked and not installed")
            continue
        if package.version != version:
            faults.append(f"{name} is {package.version}, the lock says {version}")
        if not FREE.search(licence(package)):
            faults.append(f"{name} has a licence to look at: {licence(package)}")
        faults += [f"{name} was changed: {file}" for file in touched(package)]
    return faults


def tree_at_fault() -> list[str]:
    """Return the files of the repository that seem to contain secrets."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    texts = {path: path.read_text(errors="replace") for path in files if path.is_file()}
    return [
        f"{path.relative_to(ROOT)} holds {kind}" for path, text in texts.items() for kind in secrets(text)
    ]


def main() -> None:
    """Print the licence of each package of the application and exit with all faults."""
    pins = locked()
    for name in pins:
        package = distribution(name)
        print(f"{name:24s} {package.version:12s} {licence(package)}")
    faults = packages_at_fault(locked("requirements-test.lock")) + tree_at_fault()
    sys.exit("\n".join(faults) or 0)


if __name__ == "__main__":
    main()
