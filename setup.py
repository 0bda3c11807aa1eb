"""List the packages of the wheel; all other metadata is in ``pyproject.toml``.

The folder ``assets/`` is installed as the package ``app.assets``, which ``find_packages`` cannot express.
"""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["app", "app.*", "losses", "losses.*"]), "app.assets"],
    package_dir={"app.assets": "assets"},
)
