"""Files for other places to work in: they say what the project says elsewhere."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

import spiralcore
from scripts import installing
from spiralcore import headers
from spiralcore import setup as without_make
from tests.setup.small_project import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PYTHONS = [
    line.rpartition(" ")[2]
    for line in PROJECT["classifiers"]
    if re.search(r"Python :: 3\.\d+$", line)
]
FILES = [
    ".github/workflows/ci.yml",
    *(f".github/ISSUE_TEMPLATE/{name}.yml" for name in ("bug", "idea", "config")),
    "CITATION.cff",
]  # fmt: skip


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_they_are_yaml(name: str) -> None:
    assert isinstance(read(name), dict)


def test_the_matrix_has_every_system_and_python_and_runs_what_ci_runs() -> None:
    jobs = read(".github/workflows/ci.yml")["jobs"]
    systems = jobs["unix"]["strategy"]["matrix"]["os"] + [jobs["windows"]["runs-on"]]
    assert systems == ["ubuntu-latest", "macos-latest", "windows-latest"]
    for job in jobs.values():
        assert job["strategy"]["matrix"]["python"] == PYTHONS
    runs = [step.get("run", "") for step in jobs["unix"]["steps"]]
    (line,) = re.findall(r"^\.ci/stranger (make .*)$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert line in runs
    assert f"brew install {' '.join(headers.BREW)}" in runs
    (tests,) = (step["run"] for step in jobs["windows"]["steps"] if "pytest" in step.get("run", ""))
    assert all((ROOT / folder).is_dir() for folder in tests.split()[3:])


def test_one_range_of_pythons_stands_everywhere() -> None:
    """Where it cannot be read from one place: shell and Python begin before there is anything."""
    first, last = PYTHONS[0], PYTHONS[-1]
    assert PROJECT["requires-python"] == f">={first}"
    numbers = tuple(tuple(map(int, name.split("."))) for name in PYTHONS)
    assert installing.PYTHONS == without_make.PYTHONS == numbers
    shell = (ROOT / "scripts" / "setup.sh").read_text("utf-8")
    after = (3, numbers[-1][1] + 1)
    assert f"if {numbers[0]} <= sys.version_info < {after}:" in shell
    (candidates,) = re.findall(r"python3\}\"((?: python[\d.]+)+); do", shell)
    assert candidates.split() == [f"python{name}" for name in reversed(PYTHONS)]
    texts = ["README.md", "CONTRIBUTING.md", "docs/clone.md", "docs/pip.md", "docs/reliability.md",
             "scripts/setup.sh", "locks/packages.lock"]  # fmt: skip
    for name in texts:
        said = re.findall(r"(3\.\d+) to (3\.\d+)", (ROOT / name).read_text("utf-8"))
        assert set(said) == {(first, last)}, name


def test_the_image_takes_the_same_headers_and_runs_as_nobody_special() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assert f"--no-install-recommends {' '.join(headers.APT)} " in text
    stages = text.split("\nFROM ")
    assert "USER spiral" in stages[-1]
    assert 'ENTRYPOINT ["spiral"]' in stages[-1]
    assert "build-essential" not in stages[-1]
    for image in re.findall(r"(?m)^FROM \S+:([\d.]+)", text):
        assert image in PYTHONS


def test_the_versions_of_the_image_are_those_of_the_locks() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    (command,) = re.findall(r"(?m)^RUN (sed .*) > ", text)
    kept = subprocess.run(
        shlex.split(command), cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    pins = [Requirement(line) for line in kept.splitlines()]
    assert len(pins) > 150
    assert {"torch", "manim", "numpy"} <= {pin.name for pin in pins}


def test_the_citation_is_of_this_release() -> None:
    cited = read("CITATION.cff")
    assert cited["version"] == spiralcore.__version__
    assert cited["abstract"] == PROJECT["description"]
    assert cited["keywords"] == PROJECT["keywords"]
    assert cited["authors"] == PROJECT["authors"]


def test_the_container_of_editors_is_set_up_by_make() -> None:
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text("utf-8"))
    assert container["postCreateCommand"] == "make setup"
    assert container["image"].partition(":")[2] in PYTHONS


CONDA = {"torch": "pytorch", "matplotlib": "matplotlib-base"}
BY_PIP = {"font-source-sans-pro", "manim-slides"}


def test_the_conda_recipe_asks_for_what_the_project_asks_for() -> None:
    text = (ROOT / "conda" / "meta.yaml").read_text("utf-8")
    run = text.partition("  run:\n")[2].partition("test:\n")[0]
    asked = dict(re.findall(r"- (\S+) (\S+)", run))
    assert asked.pop("python") == PROJECT["requires-python"]
    extras = PROJECT["optional-dependencies"]
    wanted = list(PROJECT["dependencies"])
    for extra in ("train", "film", "study", "talk"):
        wanted += extras[extra]
    needed = {}
    for one in map(Requirement, wanted):
        if one.name not in BY_PIP | {"spiralcore"}:
            needed[CONDA.get(one.name, one.name)] = set(str(one.specifier).split(","))
    assert {name: set(ranges.split(",")) for name, ranges in asked.items()} == needed
    assert all(name in text for name in BY_PIP)


def test_all_files_are_there_for_those_who_look_for_them() -> None:
    for name in ("SECURITY.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md"):
        assert Path(ROOT / name).stat().st_size > 300
