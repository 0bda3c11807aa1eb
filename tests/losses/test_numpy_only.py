"""The library works in an environment that has NumPy and nothing else; its examples say the truth."""

import doctest
import importlib
import pkgutil
import subprocess
import sys
import venv
from importlib.metadata import distribution
from pathlib import Path

import pytest

import losses

ROOT = Path(__file__).parents[2]
MODULES = ["losses", *(m.name for m in pkgutil.walk_packages(losses.__path__, "losses."))]
PROGRAM = """
import importlib, pkgutil, sys
import losses
for module in pkgutil.walk_packages(losses.__path__, "losses."):
    importlib.import_module(module.name)
problem = losses.problem("norris", "line", "mse", standardize=True)
print(losses.certify(problem).critical_rate)
run = losses.descend(problem, rate=0.1, steps=100)
print(run.outcome.name)
try:
    losses.plot(losses.surface(problem, size=5), run)
except ImportError as error:
    print(error)
outside = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names
print(sorted(outside - {"cython_runtime"} - {name for name in outside if name.startswith("_")}))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """The Python of a new environment with links to the installed NumPy and to the library."""
    folder = tmp_path_factory.mktemp("numpy-only")
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.check_output([python, "-c", ask], text=True).strip())
    installed = distribution("numpy")
    for name in {Path(file).parts[0] for file in installed.files if ".." not in Path(file).parts}:
        (packages / name).symlink_to(installed.locate_file(name))
    (packages / "losses").symlink_to(ROOT / "losses")
    return python


def test_every_module_is_imported_and_a_run_made_with_numpy_alone(python, tmp_path):
    result = subprocess.run(
        [python, "-W", "error", "-c", PROGRAM], capture_output=True, text=True, cwd=tmp_path
    )
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines == [
        "1.0",
        "CONVERGED",
        "losses.plot draws with Plotly; install it with: pip install plotly",
        "['losses', 'numpy']",
    ]


def test_examples_of_docstrings_are_true():
    modules = map(importlib.import_module, MODULES)
    results = {m.__name__: doctest.testmod(m, optionflags=doctest.NORMALIZE_WHITESPACE) for m in modules}
    assert {name: result for name, result in results.items() if result.failed} == {}


def test_docstrings_have_examples():
    tests = [test for name in MODULES for test in doctest.DocTestFinder().find(importlib.import_module(name))]
    assert len([test for test in tests if test.examples]) > 14


def test_examples_of_documents_are_true():
    paths = [path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts]
    results = {
        path.name: doctest.testfile(str(path), module_relative=False, encoding="utf-8") for path in paths
    }
    assert {name: result for name, result in results.items() if result.failed} == {}


def test_packages_say_that_they_are_typed():
    for package in ("losses", "app"):
        assert (ROOT / package / "py.typed").is_file()
