"""Nothing stale: whatever code makes a film, a figure or a part of the page is in its key."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from functools import cache, lru_cache
from pathlib import Path

import pytest

import spiralcore
from spiralcore import Trajectory
from spiralcore.figures.catalogue import FIGURES
from spiralcore.gallery.plan import JOBS
from spiralcore.registry.films import FILMS, Needs
from spiralcore.video import dependencies
from spiralcore.video.dependencies import code_digest, read_module, sources
from spiralcore.video.request import MAKERS
from spiralcore.video.stills import CATALOGUE
from tests.conftest import shown_by
from tests.study.conftest import small_study

__all__ = ["small_study"]

PACKAGE = Path(spiralcore.__file__).parent

LOADED = """
import json, os, sys
import manim, matplotlib, numba, scipy  # once for all, as they take their time

def in_fork(answer):
    into, out = os.pipe()
    if os.fork() == 0:
        with open(out, "w") as pipe:
            json.dump(answer(), pipe)
        os._exit(0)
    os.close(out)
    with open(into) as pipe:
        return json.load(pipe)

def loaded(make):
    make()
    return sorted(name for name in sys.modules if name.split(".")[0] == "spiralcore")

def films(asked):
    # What all films load, once for all.
    import spiralcore.stage.film
    import spiralcore.video.finishing, spiralcore.video.film_jobs, spiralcore.video.render_plan
    return {n: in_fork(lambda: loaded(lambda: film(n, f))) for n, f in asked.items()}

def film(name, files):
    from pathlib import Path
    from spiralcore.recipe import FilmSettings
    from spiralcore.video.opening import load_source, open_film
    shown = [load_source(name, Path(file)) for file in files]
    made = open_film(name, shown, FilmSettings(seconds=1.0, hold=0.5), 240, 10)
    made.show(0), made.show(8)

def figure(name, file):
    from pathlib import Path
    from spiralcore import Trajectory
    from spiralcore.figures.catalogue import make
    from spiralcore.registry.themes import theme
    place = Path(file).with_name("a.png")
    make(name, Trajectory.load(Path(file)), theme("dark"), [(place, "png", "")])

def page(file):
    from pathlib import Path
    from spiralcore.gallery.part_jobs import write_live_part
    place = Path(file).with_name("part.js")
    write_live_part(Path(file), 2.0, "part", place, lambda share: None)

asked = json.load(sys.stdin)
print(json.dumps({
    "films": in_fork(lambda: films(asked["films"])),
    "figures": {
        n: in_fork(lambda: loaded(lambda: figure(n, asked["file"]))) for n in asked["figures"]
    },
    "page": in_fork(lambda: loaded(lambda: page(asked["file"]))),
}))
"""


def film_modules(name: str) -> tuple[str, ...]:
    return (f"spiralcore.scenes.{name}", *MAKERS)


def figure_modules(name: str) -> tuple[str, ...]:
    return (CATALOGUE, f"spiralcore.figures.{FIGURES[name].module}")


@pytest.fixture(scope="module")
def loaded(
    tmp_path_factory: pytest.TempPathFactory,
    trajectory: Trajectory,
    relu_trajectory: Trajectory,
    small_study: Path,
) -> dict[str, tuple[tuple[str, ...], list[str]]]:
    """Of each thing that is drawn the modules that its key names, and those that were loaded."""
    folder = tmp_path_factory.mktemp("drawn")
    films = {}
    for name, entry in FILMS.items():
        if entry.needs is Needs.STUDY:
            films[name] = [str(small_study / "study.parquet")]
            continue
        films[name] = []
        for number, path in enumerate(shown_by(name, relu_trajectory, trajectory)):
            path.save(folder / f"{name}-{number}.npz")
            films[name].append(str(folder / f"{name}-{number}.npz"))
    asked = {"films": films, "figures": list(FIGURES), "file": films["bending"][0]}
    ran = subprocess.run(
        [sys.executable, "-c", LOADED],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    films_and_figures = {
        **{f"film {name}": (film_modules(name), names) for name, names in found["films"].items()},
        **{f"figure {n}": (figure_modules(n), names) for n, names in found["figures"].items()},
    }
    return {**films_and_figures, "page": ((JOBS,), found["page"])}


def test_all_that_is_loaded_is_followed(
    loaded: dict[str, tuple[tuple[str, ...], list[str]]],
) -> None:
    for thing, (roots, names) in loaded.items():
        assert len(names) > 20, thing
        assert set(names) - set(sources(roots)) == set(), thing


@pytest.mark.parametrize("thing", ["film layers", "film crowding", "figure angles", "page"])
def test_an_edit_of_any_module_that_is_loaded_changes_the_key(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    thing: str,
    loaded: dict[str, tuple[tuple[str, ...], list[str]]],
) -> None:
    roots, names = loaded[thing]
    # No file comes or goes here; to look for them again is most of what a key takes.
    monkeypatch.setattr(dependencies, "_files", lru_cache(None)(dependencies._files))
    package = copied(tmp_path)
    before = code_digest(roots, package)
    assert before == code_digest(roots)
    for name in names:
        path = file_of(name, package)
        text = path.read_text("utf-8")
        path.write_text(text + "\nEDITED = 1\n", "utf-8")
        assert code_digest(roots, package) != before, name
        path.write_text(text, "utf-8")
    assert code_digest(roots, package) == before


def test_all_keys_of_a_process_are_of_one_state_of_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = copied(tmp_path)
    one, other = film_modules("bending"), film_modules("row")
    before = code_digest(other, package)
    found = dependencies._files
    looked: list[Path] = []

    def files(path: Path) -> dict[str, Path]:
        looked.append(path)
        return found(path)

    monkeypatch.setattr(dependencies, "__file__", str(package / "video" / "dependencies.py"))
    monkeypatch.setattr(dependencies, "_files", files)
    monkeypatch.setattr(dependencies, "_running", cache(dependencies._running.__wrapped__))
    code_digest(one)
    # Workers may have loaded it by now, or may not.
    film = package / "stage" / "film.py"
    film.write_text(film.read_text("utf-8") + "\nEDITED = 1\n", "utf-8")
    assert code_digest(other) == before
    assert looked == [package]
    assert code_digest(other, package) != before


def test_data_that_a_module_reads_counts(tmp_path: Path) -> None:
    package, roots = copied(tmp_path), film_modules("packing")
    before = code_digest(roots, package)
    table = package / "analysis" / "optima" / "table.json"
    table.write_text(table.read_text("utf-8") + " ", "utf-8")
    assert code_digest(roots, package) != before


def test_a_new_import_brings_what_it_imports(tmp_path: Path) -> None:
    package, roots = copied(tmp_path), film_modules("bending")
    deep = package / "stage" / "deep" / "inner"
    deep.mkdir(parents=True)
    for folder in (deep.parent, deep):
        (folder / "__init__.py").write_text("")
    (deep / "new.py").write_text("COLOUR = 'red'\n")
    before = code_digest(roots, package)
    film = package / "stage" / "film.py"
    film.write_text(
        film.read_text("utf-8") + "\n\ndef late():\n    from .deep.inner import new\n", "utf-8"
    )
    with_it = code_digest(roots, package)
    assert with_it != before
    (deep / "new.py").write_text("COLOUR = 'blue'\n")
    assert code_digest(roots, package) != with_it
    (deep / "__init__.py").write_text("HEAVY = 1\n")
    assert "spiralcore.stage.deep.inner" in sources(roots, package)


def test_tests_docs_comments_and_what_is_not_loaded_do_not_count(tmp_path: Path) -> None:
    package, roots = copied(tmp_path), film_modules("bending")
    before = code_digest(roots, package)
    for place in (tmp_path / "tests" / "test_new.py", tmp_path / "docs" / "new.md"):
        place.parent.mkdir(exist_ok=True)
        place.write_text("EDITED = 1\n")
    for other in ("cli/verbs/info.py", "talk/deck.py", "gallery/page.py", "../scenes/field.py"):
        path = package / other
        path.write_text(path.read_text("utf-8") + "\nEDITED = 1\n", "utf-8")
    film = package / "stage" / "film.py"
    text = film.read_text("utf-8").replace('"""', '"""Said in other words. ', 1)
    film.write_text(text + "\n# Said in passing.\n", "utf-8")
    assert code_digest(roots, package) == before


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('"""Doc."""\nx = 1  # why\n\n\ny = 2\n', "...\nx = 1\ny = 2"),
        ("class A: 'one line'\nclass B:\n    '''Dö\n    c'''  # c\n    z = 1\n",
         "class A: ...\nclass B:\n    ...\n    z = 1"),
        ('x = "#f00"\ny = f"{x} # no comment"\n', 'x = "#f00"\ny = f"{x} # no comment"'),
        ("x = '''\n# kept\n'''\n", "x = '''\n# kept\n'''"),
        ("x = '\\\\'  # it's\n", "x = '\\\\'"),
    ],
)  # fmt: skip
def test_only_comments_and_docstrings_are_left_out(text: str, code: str) -> None:
    assert read_module(text).code == code


def test_a_module_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'spiralcore\.scenes\.nothing'"):
        code_digest(film_modules("nothing"))


def copied(folder: Path) -> Path:
    """The package and its films in a folder, as in a checkout."""
    leave = shutil.ignore_patterns("__pycache__", "reveal", "site")
    shutil.copytree(PACKAGE, folder / "spiralcore", ignore=leave)
    if not (PACKAGE / "scenes").exists():
        shutil.copytree(PACKAGE.parent / "scenes", folder / "scenes", ignore=leave)
    return folder / "spiralcore"


def file_of(name: str, package: Path) -> Path:
    """The file of a module in a copy."""
    parts = name.split(".")[1:]
    home = (
        package.parent if parts[:1] == ["scenes"] and not (package / "scenes").exists() else package
    )
    place = home.joinpath(*parts)
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
