"""`spiral train`: networks on spirals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from spiralcore.cli.engines import chosen_engine
from spiralcore.cli.option_kinds import ListCommand, list_option
from spiralcore.cli.options import engine_options, set_option, setting
from spiralcore.cli.progress import watch
from spiralcore.cli.verbosity import is_quiet
from spiralcore.cluster.address import Address
from spiralcore.data import GENERATED, read_table
from spiralcore.data.table_columns import Columns
from spiralcore.errors import SpiralError, TrajectoryError, UsageError, harmless, nearest
from spiralcore.extras import TRAINING, require
from spiralcore.recipe import load_recipe
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.policies import POLICIES
from spiralcore.shell import quoted
from spiralcore.system.files import tidied
from spiralcore.system.pointers import refuse_pointer
from spiralcore.system.rounding import fixed
from spiralcore.training.training_job import is_made_by, training_job


@click.command("train", cls=ListCommand)
@click.option(
    "--recipe",
    type=click.Path(path_type=Path),
    help="A TOML file. See `spiral render --print-recipe`. [default: the options below]",
)
@list_option("--classes", type=int, metavar="K ...", help="Class counts. [default: 4]")
@list_option(
    "--activation",
    metavar="NAME ...",
    help="Of the drawn layer: {}. [default: tanh]".format(", ".join(ACTIVATIONS)),
)
@list_option("--seed", type=int, metavar="N ...", help="Random seeds. [default: the recipe's]")
@click.option("--epochs", type=int, help="Full-batch steps of Adam. [default: 10000]")
@click.option(
    "--data",
    metavar="KIND|FILE",
    help="{}; or points of your own: a CSV with the columns x, y and label, an npz or a Parquet "
    "file. [default: spirals]".format(", ".join(GENERATED)),
)
@click.option("--x", metavar="COLUMN", help="Of a file: which column is x; a name or a number.")
@click.option("--y", metavar="COLUMN", help="Which is y.")
@click.option("--label", metavar="COLUMN", help="Which has the classes.")
@click.option(
    "--scale",
    type=click.Choice(["same", "each"]),
    help="Of a file: one scale for x and y, or one for each. [default: same, unless their spans "
    "are very different]",
)
@click.option("--points", type=int, help="Points in each class. [default: 200]")
@click.option("--turns", type=float, help="Turns of each arm of the spirals. [default: 4 / K]")
@click.option("--noise", type=float, help="Noise; of spirals, of the angle in rad. [default: 0.17]")
@list_option("--widths", type=int, metavar="W ...", help="Hidden widths. [default: 120 80 40 2]")
@click.option("--inner-activation", help="Of the other layers. [default: the same, see README]")
@click.option("--learning-rate", type=float, help="Of Adam. [default: 0.0005]")
@click.option("--l2", type=float, help="Weight of the L2 term. [default: 0.005]")
@click.option("--attempts", type=int, help="Tries, if it dies or gets stuck. [default: 8]")
@click.option(
    "--keep",
    help="Which epochs: {}. [default: adaptive]".format(
        "; ".join(f"{entry.name}, {entry.summary}" for entry in POLICIES.values())
    ),
)
@click.option("--max-megabytes", type=float, help="Size of a file at most. [default: 24]")
@set_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File for one network, folder for several. [default: this folder]",
)
@engine_options
def command(
    recipe: Path | None,
    classes: tuple[int, ...],
    activation: tuple[str, ...],
    seed: tuple[int, ...],
    data: str | None,
    x: str | None,
    y: str | None,
    label: str | None,
    scale: str | None,
    given: tuple[str, ...],
    out: Path | None,
    jobs: int,
    scheduler: Address | None,
    **settings: Any,
) -> None:
    """Train networks on interleaved spirals, or other data, and record how they bend the plane.

    Several values train several networks side by side: --classes 2 3 4 --seed 1 2.
    A network whose file is there already, made from the same settings, is not trained again.
    """
    names = {
        "epochs": "training.epochs",
        "points": "data.points_per_class",
        "turns": "data.turns",
        "noise": "data.noise",
        "widths": "network.widths",
        "inner_activation": "network.inner_activation",
        "learning_rate": "training.learning_rate",
        "l2": "training.l2",
        "attempts": "training.attempts",
        "keep": "recording.keep",
        "max_megabytes": "recording.max_megabytes",
    }
    overrides: dict[str, Any] = {
        names[name]: list(value) if isinstance(value, tuple) else value
        for name, value in settings.items()
        if value not in (None, ())
    }
    said = dict(map(setting, given))
    overrides |= _data_overrides(
        data, recipe, classes, overrides | said, {"x": x, "y": y, "label": label, "scale": scale}
    )
    overrides |= _columns(recipe, "activations", activation, "tanh")
    overrides |= said
    if isinstance(overrides.get("classes"), list):
        overrides.setdefault("close_ups", overrides["classes"])
    if "seed" in said or not seed:
        seed = (load_recipe(recipe, overrides).seed,)
    recipes = [
        run.network_recipe(count, name)
        for number in dict.fromkeys(seed)
        for run in [load_recipe(recipe, {**overrides, "seed": number})]
        for count in run.classes
        for name in run.activations
    ]
    targets = _targets(out, [recipe.file_name for recipe in recipes])
    todo = [
        training_job(recipe, path)
        for recipe, path in zip(recipes, targets, strict=True)
        if not _is_made(path, recipe.settings())
    ]
    if todo and scheduler is None:
        require(TRAINING)
    folders = {path.parent for path in targets}
    with tidied(*folders), chosen_engine(jobs, scheduler) as engine:
        for job in todo:
            engine.submit(job)
        failures = watch("training", todo, engine.events()) if todo else []
    for path in targets:
        if path.exists() and not is_quiet():
            click.echo(harmless(_summary(path)))
    if failures:
        raise SpiralError(f"{len(failures)} of {len(recipes)} networks could not be trained.")


def _columns(recipe: Path | None, name: str, given: tuple[Any, ...], usual: Any) -> dict[str, Any]:
    """What was given; without a recipe that has it, too, what is usual."""
    values = list(given or (() if recipe else (usual,)))
    return {name: values} if values else {}


def _data_overrides(
    data: str | None,
    recipe: Path | None,
    classes: tuple[int, ...],
    given: Mapping[str, Any],
    of_files: Mapping[str, str | None],
) -> dict[str, Any]:
    """Settings that follow from ``--data``, and the options that go with it."""
    if not (data is None or data in GENERATED or Path(data).suffix or Path(data).exists()):
        known = list(GENERATED)
        raise UsageError(
            f"There is no data set and no file '{data}'.{nearest(data, known)}",
            f"{', '.join(known)}, or a file with the columns x, y and label.",
        )
    if data is not None and data not in GENERATED:
        return table_overrides(Path(data), classes, given, of_files)
    for name, value in of_files.items():
        if value is not None:
            raise UsageError(
                f"--{name} goes with a file of points.",
                "--data with the name of a file.",
                f"spiral train --data points.csv --{name} {quoted(value)}",
            )
    found = _columns(recipe, "classes", classes, 4)
    return {**found, **({"data.kind": data} if data is not None else {})}


def table_overrides(
    path: Path,
    classes: tuple[int, ...],
    given: Mapping[str, Any],
    options: Mapping[str, Any],
) -> dict[str, Any]:
    """Settings that follow from a table of points; says what is in it.

    Raises
    ------
    UsageError
        If the table cannot be used, or something is asked for that it decides.
    """
    columns = Columns(options["x"], options["y"], options["label"])
    table = read_table(path, columns, options["scale"])
    count = len(table.names)
    strange = [
        f"--{name.removeprefix('data.').replace('points_per_class', 'points')}"
        for name in given
        if name.startswith("data.")
    ]
    if classes and classes != (count,):
        strange.append(f"--classes {classes[0]}")
    if given.get("classes", [count]) != [count]:
        strange.append(f"--set classes={given['classes']}")
    if strange:
        raise UsageError(
            f"{strange[0]} does not go with --data: "
            f"{path} has {count} classes and points of its own.",
            "one of the two.",
        )
    points = len(table.points.labels)
    click.echo(harmless(f"{path}: {points:,} points in {count} classes: {table.counted()}"))
    for note in table.notes:
        click.echo(harmless(f"{path}: {note}"), err=True)
    settings = {"table": str(path), "table_sha256": table.digest, **options, "scale": table.scale}
    return {
        **{f"data.{name}": value for name, value in settings.items() if value is not None},
        "classes": [count],
    }


def _targets(out: Path | None, names: list[str]) -> list[Path]:
    if out is None:
        return [Path(name) for name in names]
    if out.suffix not in ("", ".npz") and not out.is_dir():
        raise UsageError(
            f"{out} does not end like a trajectory.",
            "a file.npz or a folder.",
            f"--out {quoted(out.with_suffix('.npz'))}",
        )
    if out.is_dir() and out.suffix == ".npz":
        raise UsageError(f"{out} is a folder.", "a file, or a folder whose name has no ending.")
    if out.suffix == ".npz":
        if len(names) > 1:
            raise UsageError(
                f"{out} is one file, and {len(names)} networks are to be trained.",
                "a folder.",
                f"--out {quoted(out.with_suffix(''))}",
            )
        return [out]
    return [out / name for name in names]


def _is_made(path: Path, settings: dict[str, Any]) -> bool:
    """Whether a file holds the network of these settings."""
    from spiralcore.trajectory import Trajectory

    refuse_pointer(path, "a trajectory, or a new file.")
    if not path.exists():
        return False
    try:
        made = Trajectory.load(path).recipe
    except TrajectoryError as error:
        raise UsageError(
            f"{path} is there and is not a trajectory, so it is not replaced: {error.found}",
            "a new file.",
            f"--out with another name, or rm {quoted(path)}",
        ) from None
    return is_made_by(made, settings)


def _summary(path: Path) -> str:
    from spiralcore.cli.verbs.info import facts_of
    from spiralcore.system.printable import printable

    facts = facts_of(path)
    lines = [
        f"{path}: accuracy {fixed(facts['accuracy'], 3)}, "
        f"cross-entropy {fixed(facts['cross_entropy'], 3)}, "
        f"{facts['size_bytes'] / 1e6:.1f} MB",
        *map(printable, facts["history"]),
    ]
    return "\n    ".join(lines)
