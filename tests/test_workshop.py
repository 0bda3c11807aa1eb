"""Packaging and tools: the wheel, lock files, the Makefile, the search for a browser, the audit."""

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, metadata
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from app.__main__ import _parser
from tools import audit
from tools.support import chromium

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TEST_REQUIREMENTS = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]

VISIT_SCRIPT = """
import losses, losslab
from losslab.server import create_app
client = create_app().server.test_client()
page = client.get("/").get_data(as_text=True)
assert "Fit a line" in page
import re
local = [url for url in re.findall(r'(?:src|href)="(/[^"]+)"', page)]
assert any(url.startswith("/assets/") for url in local)
assert {client.get(url).status_code for url in local} == {200}
print(losslab.__file__)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory, distributions):
    """Return the folder into which the project's wheel is unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    with ZipFile(distributions[1]) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.slow
def test_the_wheel_contains_every_file(wheel):
    for folder, installed in (("app", "losslab"), ("losses", "losses"), ("assets", "losslab/assets")):
        files = [p for p in (ROOT / folder).rglob("*") if p.is_file() and p.suffix != ".pyc"]
        assert files
        missing = [p for p in files if not (wheel / installed / p.relative_to(ROOT / folder)).exists()]
        assert missing == []


@pytest.mark.slow
def test_the_wheel_installs_two_packages_and_one_command(wheel):
    [metadata] = wheel.glob("*.dist-info")
    assert {path.name for path in wheel.iterdir()} == {"losslab", "losses", metadata.name}
    assert (metadata / "entry_points.txt").read_text().split() == [
        "[console_scripts]", "losslab", "=", "losslab.__main__:main",
    ]  # fmt: skip


@pytest.mark.slow
def test_the_installed_wheel_serves_the_page(wheel, tmp_path):
    environment = os.environ | {"PYTHONPATH": str(wheel)}
    process = subprocess.run(
        [sys.executable, "-c", VISIT_SCRIPT], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert process.returncode == 0, process.stderr
    assert Path(process.stdout.strip()).is_relative_to(wheel)


def pins(text: str) -> dict[str, str]:
    """Return the version of each package of a lock file."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


def unmet(requirements: list[str], lock: str) -> list[str]:
    """Return the requirements that a lock file does not fulfil."""
    pinned = {canonicalize_name(name): version for name, version in pins(lock).items()}
    applicable = [r for r in map(Requirement, requirements) if r.marker is None or r.marker.evaluate()]
    return [str(r) for r in applicable if not r.specifier.contains(pinned.get(canonicalize_name(r.name), ""))]


def test_lock_files_fulfil_the_requirements_and_agree():
    run, test = ((ROOT / f"requirements{suffix}.lock").read_text() for suffix in ("", "-test"))
    assert unmet(PROJECT["dependencies"], run) == []
    assert unmet(TEST_REQUIREMENTS, test) == []
    assert pins(run).items() <= pins(test).items()


def needs_newer(requires: str | None, python: str = "3.11.2") -> bool:
    """Return whether a package does not run on Debian 12's Python, the oldest that is supported."""
    return requires is not None and python not in SpecifierSet(requires)


def test_no_locked_package_needs_a_newer_python_than_debian_has():
    locked = pins((ROOT / "requirements-test.lock").read_text())
    requires = {name: metadata(name).get("Requires-Python") for name in locked if is_installed(name)}
    assert len(requires) > 0.9 * len(locked)
    assert [name for name, needed in requires.items() if needs_newer(needed)] == []
    assert needs_newer(">=3.11.5")
    assert not needs_newer(">=3.10")
    assert not needs_newer(None)


def is_installed(name: str) -> bool:
    """Return whether a package is installed; some are for other systems alone."""
    try:
        metadata(name)
    except PackageNotFoundError:
        return False
    return True


@pytest.mark.parametrize("lock", ["", "numpy==1.26.4 \\\n    --hash=sha256:0\n", "# numpy==2.1.0\n"])
def test_an_unmet_requirement_is_found(lock):
    assert unmet(["numpy>=2.0,<3"], lock) == ["numpy<3,>=2.0"]


def test_every_pin_has_a_hash():
    for name in ("requirements.lock", "requirements-test.lock"):
        entries = re.split(r"\n(?=[\w.-]+==)", (ROOT / name).read_text())
        assert len(entries) > 5
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_make_targets_run_existing_modules_and_ci_runs_make():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    phony = set(re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split())
    assert phony == targets
    assert re.search(r"\bmake test\b", (ROOT / ".ci" / "run").read_text())
    for module in re.findall(r"python -m ((?:tests|tools)\.[.\w]+)", makefile):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists()
    for script in re.findall(r"python ((?:tests|tools)/\S+)", makefile):
        assert (ROOT / script).exists()


def hook_commands() -> list[str]:
    """Return the commands of the hooks that run before a commit."""
    text = (ROOT / ".pre-commit-config.yaml").read_text()
    return re.findall(r"^ +entry: (.+)$", text, re.MULTILINE)


def test_the_hooks_before_a_commit_run_existing_commands_and_all_of_make_lint():
    programs = Path(sys.executable).parent
    for command in hook_commands():
        program, *arguments = command.split()
        assert program.startswith(".venv/bin/")
        assert (programs / Path(program).name).exists(), program
        if arguments[:1] == ["-m"]:
            assert (ROOT / arguments[1].replace(".", "/")).with_suffix(".py").exists(), arguments[1]
    lint = re.search(r"^lint:.*\n((?:\t.+\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)[1]
    tools = re.findall(r"\$\((?:BIN|NODE)\)[/ ](\S+)", lint)
    assert len(tools) >= 3
    for tool in tools:
        assert any(tool in command for command in hook_commands()), tool


def test_the_security_policy_names_existing_commands_and_documents():
    text, makefile = (ROOT / "SECURITY.md").read_text(), (ROOT / "Makefile").read_text()
    commands = re.findall(r"`make (\w+)`", text)
    assert {"audit", "hostile"} <= set(commands)
    assert [name for name in commands if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []
    paths = re.findall(r"\]\(([^)]+)\)", text)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_without_a_browser_the_installation_fails_with_one_sentence(tmp_path):
    environment = {"PATH": str(tmp_path), "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    command = [sys.executable, chromium.__file__, "--install"]
    process = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert process.returncode != 0
    assert process.stderr.strip() == chromium.MISSING


@pytest.mark.parametrize("name", chromium.NAMES)
def test_every_known_browser_is_found(name, tmp_path, monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    (tmp_path / name).write_text("#!/bin/sh\n")
    (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium.path() == str(tmp_path / name)


def test_the_bench_prefers_an_ordinary_browser(tmp_path, monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    shell = chromium.NAMES[0]
    for name in (shell, "chromium"):
        assert chromium.find(chromium.ORDINARY) is None
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    assert chromium.find(chromium.ORDINARY) == str(tmp_path / "chromium")
    assert chromium.find() == str(tmp_path / shell)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / shell))
    assert chromium.find(chromium.ORDINARY) == str(tmp_path / "chromium")


def test_host_and_port_come_from_the_command_line_or_the_environment(monkeypatch):
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("PORT", "8123")
    options = _parser().parse_args([])
    assert (options.host, options.port) == ("0.0.0.0", 8123)
    options = _parser().parse_args(["--port", "9000"])
    assert (options.host, options.port) == ("0.0.0.0", 9000)


@pytest.mark.slow
def test_packages_are_free_and_unmodified_and_the_repository_has_no_secret():
    versions = {name: distribution(name).version for name in audit.locked()}
    assert len(versions) > 5
    assert audit.packages_at_fault(versions) == []
    assert audit.tree_at_fault() == []


@pytest.mark.parametrize(
    "text", ["-----BEGIN RSA " + "PRIVATE KEY-----", "AKIA" + "A" * 16, "pass" + "word = 'correct-horse'"]
)
def test_a_secret_is_found(text):
    assert audit.secrets(text)


def test_a_wrong_or_missing_package_is_found():
    faults = audit.packages_at_fault({"numpy": "0.1", "no-such-package": "1"})
    assert faults == [
        f"numpy is {distribution('numpy').version}, the lock says 0.1",
        "no-such-package is locked and not installed",
    ]
