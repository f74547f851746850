"""Snapshots of trajectories in tests: compare, accept, and say what is wrong.

What pytest has to do with it is in the plugin `pytest_spiralcore`.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from spiralcore.errors import SpiralError, TrajectoryError, UsageError
from spiralcore.shell import quoted
from spiralcore.system.file_names import key
from spiralcore.system.pointers import refuse_pointer
from spiralcore.testing.excerpt import MOST_EPOCHS, snapshot_of
from spiralcore.testing.names import SnapshotNames
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.compare.comparison import ATOL, Comparison, compare, describe

__all__ = ["Accepted", "SnapshotMismatch", "TrajectorySnapshot"]

DRAWING = {"matplotlib": "matplotlib", "font_source_sans_pro": "font-source-sans-pro"}
"""Packages that a picture needs, and what to install."""

Fate = Literal["new", "changed", "as before"]


class SnapshotMismatch(AssertionError):  # noqa: N818  # what pytest shows; no error of a user
    """A trajectory is not that of its snapshot."""


class Accepted(NamedTuple):
    """What became of a snapshot when it was renewed.

    Attributes
    ----------
    file
        Where it is.
    fate
        Whether it was written, and why.
    words
        What changed, and by how much.
    size
        Of the file, in bytes.
    """

    file: str
    fate: Fate
    words: str
    size: int


@dataclass(frozen=True)
class Surroundings:
    """What a test tells its snapshots.

    Attributes
    ----------
    names
        What their files are called.
    evidence
        Gives a folder for pictures of what is wrong.
    command
        The line that accepts what the test has made.
    update
        Whether it is to be accepted now.
    use
        Is told which files the test has asked for.
    tell
        Is told what became of a snapshot that was renewed.
    """

    names: SnapshotNames
    evidence: Callable[[], Path]
    command: str
    update: bool
    use: Callable[[Path], None]
    tell: Callable[[Accepted], None]


class TrajectorySnapshot:
    """Compares trajectories with snapshots that were accepted before; call it.

    Parameters
    ----------
    surroundings
        Of the test.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self._test = surroundings
        self._used: dict[str, Path] = {}

    def __call__(
        self,
        trajectory: Trajectory | str | Path,
        name: str = "",
        *,
        atol: float = ATOL,
        align: Sequence[str] = (),
        arrays: Sequence[str] = (),
        epochs: int = MOST_EPOCHS,
    ) -> None:
        """Compare a trajectory with its snapshot; with ``--trajectory-update`` accept it.

        Parameters
        ----------
        trajectory
            What the test has made, or its file.
        name
            Tells several snapshots of one test apart.
        atol, align, arrays
            Tolerance, alignment and what to compare, see
            `spiralcore.trajectory.compare.comparison.compare`.
        epochs
            How many epochs a new snapshot keeps at most.

        Raises
        ------
        SnapshotMismatch
            If there is no snapshot, or it is another trajectory, with what to type.
        PointerError
            If the content of the snapshot is elsewhere; it is not written, either.
        UsageError
            If a test uses a name twice, or an option cannot be used.
        """
        __tracebackhide__ = True
        if not isinstance(trajectory, Trajectory):
            trajectory = Trajectory.load(trajectory)
        path = self._test.names.file(name)
        self._use(path)
        refuse_pointer(Path(_shown(path)), "a snapshot.")
        found: Comparison | None = None
        why = f"There is no snapshot {_shown(path)}.{self._formerly(name, path)}"
        if path.exists():
            try:
                found = compare(
                    Trajectory.load(path), trajectory, atol=atol, ways=align, arrays=arrays
                )
            except TrajectoryError as error:
                why = f"The trajectory cannot be compared with its snapshot: {error.found}"
        elif self._test.update:
            why = ""
        if self._test.update:
            self._accept(path, trajectory, epochs, found, why)
        elif found is None:
            raise SnapshotMismatch(f"{why}\nnext: {self._test.command}")
        elif not found.same:
            raise SnapshotMismatch(self._message(path, trajectory, found))

    def _use(self, path: Path) -> None:
        """Note that a file is that of a snapshot of this test; it can be that of one only."""
        earlier = self._used.setdefault(key(path.stem), path)
        if earlier is not path:
            both = f"'{path.stem}'"
            if earlier != path:
                both = f"'{earlier.stem}' and {both}, which is one file on some systems"
            raise UsageError(
                f"Two snapshots of this test are called {both}.",
                "a name for each.",
                'trajectory_snapshot(trajectory, "another name")',
            )
        self._test.use(path)

    def _formerly(self, name: str, path: Path) -> str:
        """How to keep a snapshot whose file has another name now; an empty text without one."""
        former = self._test.names.former_file(name)
        if former is None:
            return ""
        move = f"cp {quoted(_shown(former))} {quoted(_shown(path))}"
        return f" It was once called {_shown(former)}; if it is in there, keep it: {move}"

    def _accept(
        self,
        path: Path,
        trajectory: Trajectory,
        epochs: int,
        found: Comparison | None,
        why: str,
    ) -> None:
        """Write a snapshot, unless the one that is there agrees."""
        fate: Fate = "new" if not path.exists() else "changed"
        if found is not None and found.same:
            fate = "as before"
        else:
            snapshot_of(trajectory, epochs).save(path)
        words = why if found is None or fate == "as before" else "; ".join(differences(found))
        size = path.stat().st_size
        self._test.tell(Accepted(_shown(path), fate, words if fate == "changed" else "", size))

    def _message(self, path: Path, trajectory: Trajectory, found: Comparison) -> str:
        folder = self._test.evidence()
        made = folder / path.name
        trajectory.save(made)
        names = [deviation.array for deviation in found.differing]
        both = f"{quoted(_shown(path))} {quoted(_shown(made))}"
        lines = [
            f"The trajectory is not that of its snapshot {_shown(path)}.",
            *differences(found),
            *([f"different: {', '.join(names)}"] if len(names) > 1 else []),
            f"picture: {picture_of(found, folder / f'{path.stem}.png')}",
            f"look closer: spiral diff {both} --film difference.mp4",
            f"next: if this is how it should be, {self._test.command}",
        ]
        return "\n".join(lines)


def differences(found: Comparison) -> list[str]:
    """In what a comparison differs: the worst, where it begins, and what is missing."""
    lines = []
    first, worst = found.first, found.worst
    if worst is not None and first is not None:
        lines.append(f"worst: {describe(worst, atol=found.atol, counting=found.counting)}")
        begins, named = first.first_epoch, found.counting.named
        since = "at all times" if begins is None else named(begins)
        lines.append(f"first: {since}, {first.array}")
    if found.lost:
        lines.append(f"missing: {', '.join(found.lost)}")
    return lines


def picture_of(found: Comparison, path: Path) -> str:
    """Draw a comparison where matplotlib is there for it; says where, or what to install."""
    absent = [name for name in DRAWING if importlib.util.find_spec(name) is None]
    if absent:
        return (
            f"none, as {absent[0]} is not installed: pip install "
            f"{' '.join(DRAWING[name] for name in absent)}"
        )
    from spiralcore.figures.difference_figure import draw_difference
    from spiralcore.figures.style import save, styled
    from spiralcore.registry.themes import theme

    light = theme("light")
    try:
        with styled(light):
            save(draw_difference(found, light), path, "png")
    except (OSError, SpiralError) as error:
        return f"none: {error}"
    return _shown(path)


def _shown(path: Path) -> str:
    """A path as short as it can be typed."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith(os.pardir) else relative
