"""Which packages a wheel holds: all in this tree, and the films, which stand beside it."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["spiralcore", "spiralcore.*"]), "spiralcore.scenes"])
