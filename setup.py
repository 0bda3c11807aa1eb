"""The packages of the wheel; everything else is in ``pyproject.toml``.

``assets/`` is installed inside of ``app``, which a search for packages cannot express.
"""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["app", "app.*", "losses", "losses.*"]), "app.assets"],
    package_dir={"app.assets": "assets"},
)
