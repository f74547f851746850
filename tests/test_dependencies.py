"""What is declared is imported, what is imported is declared, and all of it is locked and free."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import licences
from scripts.lock import (
    BUILD,
    CUDA,
    FRAMEWORKS,
    INTEGRATIONS,
    ON_DEMAND,
    PACKAGES,
    TORCH,
    Pin,
    environments,
    parse,
)

LOCKS = (PACKAGES, TORCH, CUDA, BUILD, *ON_DEMAND.values(), INTEGRATIONS)

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = PROJECT["project"]["optional-dependencies"]

ROOMS = {
    "train": ("spiralcore/training", "spiralcore/integrations/optimizer.py"),
    "record": ("spiralcore/recording",),
    "film": ("spiralcore/stage", "spiralcore/video", "spiralcore/figures", "scenes"),
    "study": ("spiralcore/study", "spiralcore/cluster"),
    "talk": ("spiralcore/talk",),
    **{
        extra: tuple(
            str(path.relative_to(ROOT))
            for path in sorted((ROOT / "spiralcore" / "integrations").glob(f"{extra}*.py"))
        )
        for extra in FRAMEWORKS
    },
    "dev": ("tests", "benchmarks", "scripts", "examples"),
    "docs": ("docs",),
    "release": (),
    "widget": ("spiralcore/gallery/widget",),
    "lab": (),
}
"""Where the packages of an extra are at home; the base has all the rest of spiralcore."""

PROGRAMS = {
    "accelerate": ("spiralcore/integrations/transformers.py", "TrainingArguments"),
    "anywidget": ("spiralcore/gallery/widget/explorer.py", "import anywidget"),
    "build": ("scripts/package.py", '"build"'),
    "codespell": ("Makefile", "-m codespell_lib"),
    "furo": ("docs/conf.py", 'html_theme = "furo"'),
    "import-linter": ("Makefile", "importlinter.cli"),
    "ipywidgets": ("tests/integrations/test_widget.py", "import ipywidgets"),
    "jupyterlab": ("tests/integrations/test_widget.py", '"-m", "jupyterlab"'),
    "ipykernel": ("tests/notebook/test_show.py", "nbclient"),
    "mypy": ("Makefile", "-m mypy"),
    "myst-parser": ("docs/conf.py", '"myst_parser"'),
    "pre-commit": ("CONTRIBUTING.md", "bin/pre-commit"),
    "pytest-cov": ("scripts/coverage.py", "--cov="),
    "pytest-xdist": ("Makefile", "pytest.* --numprocesses"),
    "ruff": ("Makefile", "-m ruff"),
    "sphinx-click": ("docs/conf.py", '"sphinx_click"'),
    "twine": ("scripts/package.py", '"twine"'),
    "uv": ("scripts/lock.py", '"uv"'),
}
"""Packages of which nothing is imported: where they are run, and how one can tell."""

PLACES = {
    f"{place['sys_platform']}-{place['platform_machine']}-{place['python_version']}": place
    for place in environments()
}

OWN = {"spiralcore", "scenes", "tests", "scripts", "benchmarks", "examples", "docs"}

ELSEWHERE = {"anywidget", "atheris"}
"""Fuzzing has wheels for some machines only; the widget is installed where it is tried."""

FETCHED = {"flax", "jax", "keras", "lightning", "optax", "pytorch_lightning", "transformers"}
"""Modules of the lock of the integrations, which are not installed here: distributions have their
names."""

BROUGHT = {"optax", "pytorch-lightning"}
"""What a framework brings that tests of the integrations use, too."""


def names(requirements: list[str]) -> set[str]:
    return {str(canonicalize_name(Requirement(text).name)) for text in requirements} - {
        "spiralcore"
    }


BASE = names(PROJECT["project"]["dependencies"])
NOT_SHIPPED = ("all", "dev", *ON_DEMAND)
SHIPPED = BASE.union(*(names(EXTRAS[extra]) for extra in EXTRAS if extra not in NOT_SHIPPED))


def imported(node: ast.AST, at_start_only: bool) -> Iterator[str]:
    """Top-level names of all modules that a syntax tree imports."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module and not child.level:
            yield child.module.partition(".")[0]
        elif not at_start_only or not (isinstance(child, ast.FunctionDef) or for_types(child)):
            yield from imported(child, at_start_only)


def for_types(node: ast.AST) -> bool:
    """Whether it is the `if TYPE_CHECKING:` of what only mypy imports."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


distributions = lru_cache(packages_distributions)


@lru_cache
def modules(file: Path, at_start_only: bool) -> frozenset[str]:
    return frozenset(imported(ast.parse(file.read_text()), at_start_only))


def packages(files: list[Path], at_start_only: bool = False) -> dict[str, Path]:
    """Distributions of what files import, each with one file that does."""
    owners = distributions()
    found: dict[str, Path] = {}
    for file in files:
        for module in modules(file, at_start_only):
            if module not in sys.stdlib_module_names and module not in OWN | ELSEWHERE:
                missing = [module if module in FETCHED else f"nothing installed has {module}"]
                for owner in owners.get(module, missing):
                    if owner == "spiralcore":
                        continue
                    found[str(canonicalize_name(owner))] = file.relative_to(ROOT)
    return found


def files_of(extra: str) -> list[Path]:
    if extra in ROOMS:
        places = [ROOT / room for room in ROOMS[extra]]
        return [
            file
            for place in places
            for file in ([place] if place.is_file() else place.rglob("*.py"))
        ]
    elsewhere = {file for rooms in ROOMS for file in files_of(rooms)}
    return sorted(set((ROOT / "spiralcore").rglob("*.py")) - elsewhere)


@pytest.mark.parametrize("extra", ["base", *ROOMS])
def test_what_is_imported_is_declared(extra: str) -> None:
    declared = BASE if extra == "base" else BASE | names(EXTRAS[extra])
    if extra == "dev":
        declared |= SHIPPED | BROUGHT
    needs = {"study": "train", "talk": "film", "lightning": "train", "transformers": "train"}
    needs |= {"flax": "record", "keras": "record", "sklearn": "record"}
    for other, needed in needs.items():
        if extra == other:
            declared |= names(EXTRAS[needed])
    undeclared = {
        name: str(file)
        for name, file in packages(files_of(extra), at_start_only=extra != "dev").items()
        if name not in declared
    }
    assert undeclared == {}
    # Inside of functions any extra may be imported: the message says which is missing.
    assert set(packages(files_of(extra))) - SHIPPED - declared == set()


@pytest.mark.parametrize("extra", ["base", *ROOMS])
def test_what_is_declared_is_imported(extra: str) -> None:
    declared = BASE if extra == "base" else names(EXTRAS[extra])
    # In their room, or by a verb that needs them.
    idle = declared - set(packages(files_of(extra))) - set(packages(files_of("base")))
    if extra == "base":
        idle -= set(packages([file for room in ROOMS for file in files_of(room)]))
    for name in sorted(idle & set(PROGRAMS)):
        file, sign = PROGRAMS[name]
        assert re.search(sign, (ROOT / file).read_text()), f"{name} is not run in {file}"
    assert idle - set(PROGRAMS) == set()


@lru_cache
def pins(*locks: Path) -> list[Pin]:
    return [pin for lock in locks or LOCKS for pin in parse(lock.read_text())]


def test_every_pin_has_hashes_and_nothing_points_to_a_place() -> None:
    for lock in LOCKS:
        text = lock.read_text()
        assert not re.search(
            r"://|^\s*-(?!-hash=sha256:[0-9a-f]{64})|find-links", text, re.MULTILINE
        )
    assert [pin.name for pin in pins() if not pin.hashes] == []


@pytest.mark.parametrize("place", PLACES.values(), ids=list(PLACES))
def test_the_lock_holds_what_is_declared_once_for_each_machine(place: dict[str, str]) -> None:
    here = [pin for pin in pins() if pin.fits(place)]
    locked = {pin.name: pin.version for pin in here}
    of_packages = [pin.name for pin in pins(PACKAGES) if pin.fits(place)]
    assert len(of_packages) == len(set(of_packages))
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]]
    for extra in EXTRAS:
        wanted += EXTRAS[extra]
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        if name == "spiralcore" or (requirement.marker and not requirement.marker.evaluate(place)):
            continue
        assert requirement.specifier.contains(locked[name]), requirement


def test_every_locked_package_has_a_licence_that_is_free_to_use() -> None:
    rows = list(licences.read(licences.PAGE))
    assert {(row.name, row.version) for row in rows} == {(p.name, p.version) for p in pins()}
    kinds: dict[str, set[str]] = {}
    for row in rows:
        kinds.setdefault(row.kind, set()).add(row.wanted)
    assert kinds.keys() <= set(licences.KINDS), [r for r in rows if r.kind == "unknown"]
    # What one may not use or pass on freely is no part of what users install.
    assert kinds.get("copyleft", set()) <= {"dev", "to build", *ON_DEMAND}
    assert kinds.get("proprietary", set()) <= {"torch for CUDA"}


def test_what_others_wrote_in_this_package_is_named_with_its_licence() -> None:
    found = {str(path.relative_to(ROOT)) for path in ROOT.glob("spiralcore/**/LICENSE*")}
    assert set(PROJECT["project"]["license-files"]) == {"LICENSE", *found}
    page = licences.PAGE.read_text()
    assert all(f"`{Path(path).parent}`" in page for path in found)
    version = re.search(r"Ee=`([\d.]+)`", (ROOT / "spiralcore/talk/reveal/reveal.js").read_text())
    assert version
    assert f"reveal.js](https://revealjs.com) {version[1]} (MIT" in page


def test_the_page_says_what_the_packages_say() -> None:
    said = {row.name: row.licence for row in licences.read(licences.PAGE)}
    found = {pin.name: licences.installed_licence(pin) for pin in pins()}
    there = {name: licence for name, licence in found.items() if licence}
    assert len(there) > 100
    assert {name: said[name] for name in there} == there


@pytest.mark.parametrize(
    ("licence", "kind"),
    [
        ("MIT", "permissive"),
        ("GPL-3.0-only OR MIT", "permissive"),
        ("MIT AND GPL-3.0-only", "copyleft"),
        ("LGPL-2.1-only OR MPL-1.1", "weak copyleft"),
        ("(Apache-2.0 WITH LLVM-exception) AND MPL-2.0", "weak copyleft"),
        ("AGPL-3.0-only", "unknown"),
        ("unknown", "unknown"),
    ],
)
def test_alternatives_are_the_best_and_sums_the_worst(licence: str, kind: str) -> None:
    assert licences.Row("a", "1", licence, "dev").kind == kind
