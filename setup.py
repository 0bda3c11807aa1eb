"""List the packages of the wheel; all other metadata is in ``pyproject.toml``.

The folder ``app/`` is installed as the package ``losslab``, because many projects have a package ``app``, and
``assets/`` as ``losslab.assets``. ``find_packages`` cannot express either.
"""

from setuptools import find_packages, setup

setup(
    packages=[
        *find_packages(include=["losses", "losses.*"]),
        "losslab",
        *(f"losslab.{name}" for name in find_packages("app")),
        "losslab.assets",
    ],
    package_dir={"losslab": "app", "losslab.assets": "assets"},
)
