"""`spiral export` as a user types it: films found by name, and what mistakes are told."""

from __future__ import annotations

from pathlib import Path

import imageio.v3 as imageio
import pytest

from spiralcore import Trajectory
from spiralcore.cli.verbs.export import command, grouped, parsed_size
from spiralcore.errors import UsageError
from spiralcore.recipe import load_recipe
from spiralcore.registry.films import FILMS
from spiralcore.video.finding import find_film
from tests.cli import known
from tests.conftest import spiral

SMALL = ("--quality", "180p20", "--seconds", "1")


@pytest.fixture
def run(tmp_path: Path, trajectory: Trajectory, relu_trajectory: Trajectory) -> Path:
    """What a run leaves behind: networks of three classes and a film."""
    folder = tmp_path / "renders" / "trajectories"
    folder.mkdir(parents=True)
    trajectory.save(folder / "3-tanh-0123456789ab.npz")
    trajectory.save(folder / "3-tanh-0123456789ab.attempt-1.npz")
    relu_trajectory.save(folder / "3-relu-0123456789ab.npz")
    for name in ("row-3-classes", "bending-mine"):
        (tmp_path / "renders" / f"{name}.mp4").touch()
    return tmp_path


def test_films_of_a_run_are_found_by_their_names(run: Path) -> None:
    films = ("row-3-classes", "renders/bending-3-relu.mp4", "classes")
    ran = spiral(run, "export", *films, "--to", "png", "--out", "talk", *SMALL)
    assert ran.returncode == 0, ran.stderr
    names = ["bending-3-relu.png", "classes.png", "row-3-classes.png"]
    assert sorted(path.name for path in (run / "talk").iterdir()) == names
    assert "3 frames drawn" in ran.stdout
    for name in names:
        assert imageio.imread(run / "talk" / name).shape == (180, 320, 3)
    files = [f"renders/trajectories/3-{name}-0123456789ab.npz" for name in ("tanh", "relu")]
    alone = spiral(run, "export", "row", *files, "--out", "row.png", *SMALL)
    assert alone.returncode == 0, alone.stderr
    assert (run / "row.png").read_bytes() == (run / "talk" / "row-3-classes.png").read_bytes()


@pytest.mark.parametrize(
    ("name", "files", "layer"),
    [
        ("row-3-classes", ["3-tanh", "3-relu"], None),
        ("renders/classes.gif", ["3-tanh", "3-relu"], None),
        ("bending-3-tanh", ["3-tanh"], None),
        ("renders/angles-3-relu", ["3-relu"], None),
        ("bending-3-tanh-layer-2", ["3-tanh"], 2),
    ],
)
def test_a_name_says_which_networks_and_which_layer(
    run: Path, monkeypatch: pytest.MonkeyPatch, name: str, files: list[str], layer: int | None
) -> None:
    monkeypatch.chdir(run)
    order = find_film(load_recipe(None), name)
    assert [path.name for path in order.trajectories] == [f"{f}-0123456789ab.npz" for f in files]
    assert order.settings.layer == layer
    assert order.film == Path(name).name.partition("-")[0].partition(".")[0]


def test_the_network_of_the_recipe_is_taken_before_others(
    run: Path, monkeypatch: pytest.MonkeyPatch, trajectory: Trajectory
) -> None:
    monkeypatch.chdir(run)
    recipe = load_recipe(None, {"close_ups": [3]})
    mine = recipe.trajectory_path(recipe.network_recipe(3, "tanh"))
    trajectory.save(mine)
    assert find_film(recipe, "bending-3-tanh").trajectories == (mine,)
    mine.rename(mine.with_name("3-tanh-ba9876543210.npz"))
    with pytest.raises(UsageError) as caught:
        find_film(recipe, "bending-3-tanh")
    assert str(caught.value) == (
        "renders/trajectories has 2 networks of 3 classes with tanh: 3-tanh-0123456789ab.npz, "
        "3-tanh-ba9876543210.npz.\n"
        "expected: one, or the recipe of the run that is meant.\n"
        "next: spiral export bending renders/trajectories/3-tanh-0123456789ab.npz, "
        "or --recipe FILE"
    )


KNOWN = ", ".join(FILMS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "No film is named.\n"
         "expected: a film that a run has made, or one of `spiral films` with the files it shows.\n"
         "next: spiral export row-4-classes\n"),
        (["k3.npz"], "No film is named before k3.npz.\n"
         "expected: a film that a run has made, or one of `spiral films` with the files it shows.\n"
         "next: spiral export bending k3.npz\n"),
        (["row-3-clases"], "There is no film 'row-3-clases'. Did you mean 'row-3-classes'?\n"
         f"expected: one of {KNOWN} with trajectory files, or one of those in renders: "
         "row-3-classes.\n"
         "next: spiral films\n"),
        (["renders/bending-mine.mp4"],
         "'renders/bending-mine.mp4' is a film of files that somebody named, and not of a run.\n"
         "expected: the trajectory that it shows.\nnext: spiral export bending FILE.npz\n"),
        (["bending"], "The film 'bending' is not told what to show.\n"
         "expected: one trajectory.\n"
         "next: spiral export bending FILE.npz, or spiral render --films bending to train them "
         "too\n"),
        (["row-9-classes"], "renders/trajectories has no network of 9 classes for the film 'row'.\n"
         "expected: what `spiral render` or `make render` leaves there.\n"
         "next: spiral render --films row, or spiral export row FILE.npz\n"),
        (["bending-3-disk"], "renders/trajectories has no network of 3 classes with disk for the "
         "film 'bending'.\n"
         "expected: what `spiral render` or `make render` leaves there.\n"
         "next: spiral render --films bending, or spiral export bending FILE.npz\n"),
        (["row-3-classes", "--to", "webmm"], "There is no target 'webmm'. Did you mean 'webm'?\n"
         f"expected: one of {known.targets}.\n"
         "next: spiral export --help\n"),
        (["row-3-classes", "--max-size", "5 MP"], "'5 MP' is no size of a file.\n"
         "expected: a number and a unit.\n"
         "next: --max-size 5MB, 500kB or 5MiB\n"),
        (["row-3-classes", "--to", "gif", "webp", "--out", "a.gif"],
         "a.gif cannot be gif and webp.\n"
         "expected: a folder, or a file with the ending of the only target.\n"
         "next: --out a, or --out a.gif --to gif\n"),
        (["row-3-classes", "renders/row-3-classes.mp4"], "Two films would be row-3-classes.mp4.\n"
         "expected: films of different names.\n"
         "next: one of them alone\n"),
        (["row-3-classes", "--to", "mp4", "gif", "--theme", "transparent"], "the default recipe, "
         "with the options, has a setting that cannot be used:\n"
         "  formats: found 'mp4', 'gif' with the theme 'transparent', expected webm, mov, webp, "
         "avif or png; left out they are webm and png\n"),
    ],
)  # fmt: skip
def test_mistakes_are_told_before_anything_is_drawn(
    run: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(run)
    with pytest.raises(UsageError) as caught:
        command.main(arguments, standalone_mode=False)
    assert f"{caught.value}\n" == message
    assert [path.name for path in run.iterdir()] == ["renders"]


def test_a_mistake_ends_with_exit_code_2(run: Path) -> None:
    ran = spiral(run, "export", "row-3-clases")
    assert ran.returncode == 2
    assert ran.stderr.startswith("spiral: There is no film 'row-3-clases'. Did you mean")
    assert "Traceback" not in ran.stderr


def test_a_size_that_cannot_be_met_says_what_can(run: Path) -> None:
    options = ("--no-loop", "--max-size", "1kB", *SMALL)
    ran = spiral(run, "export", "bending-3-tanh", "--out", "a.mp4", *options)
    assert ran.returncode == 1
    line = next(line for line in ran.stderr.splitlines() if line.startswith("next: --max-size"))
    size = line.removeprefix("next: --max-size ").partition(",")[0]
    assert (
        f"a.mp4 cannot have 1 kB: the smallest that can be made of it has {size[:-2]} kB, "
        "with a shorter side of 180 pixels."
    ) in ran.stderr
    assert not (run / "a.mp4").exists()
    again = spiral(run, "export", "bending-3-tanh", "--out", "a.mp4", *options, "--max-size", size)
    assert again.returncode == 0, again.stderr
    assert 0.8 * parsed_size(size) < (run / "a.mp4").stat().st_size <= parsed_size(size)


@pytest.mark.parametrize(
    ("text", "size"),
    [("5MB", 5_000_000), ("500 kB", 500_000), ("5MiB", 5 * 2**20), ("1.5mb", 1_500_000),
     ("800k", 800_000), ("12345", 12345), ("2 GB", 2 * 10**9)],
)  # fmt: skip
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    assert parsed_size(text) == size


@pytest.mark.parametrize("text", ["", "MB", "-5MB", "5 apples", "0MB", "5,5MB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parsed_size(text)


def test_files_belong_to_the_film_before_them() -> None:
    words = ("row", "a.npz", "b.npz", "classes", "crowding", "study.parquet")
    assert grouped(words) == [
        ("row", (Path("a.npz"), Path("b.npz"))),
        ("classes", ()),
        ("crowding", (Path("study.parquet"),)),
    ]


def test_help_names_every_target_and_the_readme_tells_of_it() -> None:
    said = spiral(Path.cwd(), "export", "--help").stdout
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    for name in ("mp4", "webm", "mov", "gif", "webp", "png"):
        assert f"\n  {name:5} " in said
        assert name in readme
    for option in ("--to", "--max-size", "--theme", "--no-loop", "--out"):
        assert option in said
        assert option in readme


def test_classes_stand_out_in_exported_films_as_in_rendered_ones(run: Path) -> None:
    """The poster is that of the film with the setting, and not that without it."""
    file = next(run.rglob("*.npz"))
    usual = ["--to", "png", "--quality", "180p10", "--seconds", "1"]
    found = []
    for number, more in enumerate([[], ["--highlight", "1"]]):
        target = run / f"{number}.png"
        spiral(run, "export", "bending", str(file), *usual, *more, "--out", str(target))
        found.append(target.read_bytes())
    assert found[0] != found[1]
    refused = spiral(run, "export", "bending", str(file), *usual, "--highlight", "9")
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"spiral: --highlight: there is no class '9' in {file}.")
