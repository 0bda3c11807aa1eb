"""Settings of all tests: the process defaults of the application, hypothesis, and the option ``--quick``."""

import gc

import pytest
from hypothesis import settings

import app  # noqa: F401  # sets the number of BLAS threads; must come before NumPy
from tools import release
from tools.support.case_selection import QUICK_CASES, quick_items

settings.register_profile("steady", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("quick", max_examples=10, deadline=None, derandomize=True)
settings.register_profile("search", max_examples=3000, deadline=None, print_blob=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def distributions(tmp_path_factory):
    """Build the source archive of the working tree and the wheel from it; return their paths."""
    source = tmp_path_factory.mktemp("source")
    release.copy_tree(source)
    return release.build(source, tmp_path_factory.mktemp("distributions"))


def pytest_addoption(parser):
    """Add ``--quick``, for use while developing."""
    parser.addoption(
        "--quick",
        action="store_true",
        help=f"{QUICK_CASES} cases of each test and few examples, none marked slow",
    )


def pytest_configure(config):
    """Try few examples of property tests with ``--quick``; do not look for garbage among collected tests."""
    gc.disable()
    if config.getoption("--quick"):
        settings.load_profile("quick")


def pytest_collection_finish():
    """Look for garbage from now on, but never among the modules and tests, which live to the end."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config, items):
    """Leave out what ``--quick`` does not run."""
    if config.getoption("--quick"):
        kept = quick_items(items)
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept
