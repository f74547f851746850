"""What a wheel holds, and what an index says of it, where `pyproject.toml` cannot say it."""

import re
import tomllib
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
REPOSITORY = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["spiralcore"][
    "repository"
].rstrip("/")
"""Where the project lives; nowhere yet, where the setting is empty."""


def described(text: str) -> str:
    """README with links and pictures that lead to the repository, whoever shows it.

    Where that has no place yet, pictures are left out, and links are the words that they had.
    """

    def led(found: re.Match[str]) -> str:
        picture, words, target = found.groups()
        if re.match(r"[a-z]+:|#", target):
            return found[0]
        if not REPOSITORY:
            return "" if picture else words
        return f"{picture}[{words}]({REPOSITORY}/{'raw' if picture else 'blob'}/main/{target})"

    text = re.sub(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", led, text)
    return text.replace("<this repository>", REPOSITORY or "<the repository>")


PLACES = {"Source": "", "Changelog": "/blob/main/CHANGELOG.md", "Issues": "/issues"}

setup(
    packages=[*find_packages(include=["spiralcore", "spiralcore.*"]), "spiralcore.scenes"],
    long_description=described((ROOT / "README.md").read_text("utf-8")),
    long_description_content_type="text/markdown",
    project_urls={name: REPOSITORY + rest for name, rest in PLACES.items() if REPOSITORY},
)
