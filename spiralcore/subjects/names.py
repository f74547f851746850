"""What films call the classes and the runs that they show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from spiralcore.errors import UsageError, nearest
from spiralcore.system.printable import short_name
from spiralcore.system.rounding import whole_number
from spiralcore.trajectory import Trajectory

LONGEST_CLASS = 18
"""Letters of a class's name that a picture has room for."""


MOST_LISTED = 3
"""Networks that a heading names; more of them are counted."""


def run_labels(paths: Sequence[Trajectory]) -> list[str]:
    """What runs are called that are seen together, in their order.

    Each by its own name, otherwise by its activation; where these are the same, by its file, and
    where they still are, with a number.
    """
    labels = _run_labels(paths)
    return [
        f"{label} {labels[: i + 1].count(label)}" if labels.count(label) > 1 else label
        for i, label in enumerate(labels)
    ]


def learned_with(paths: Sequence[Trajectory]) -> str:
    """What tells networks of one class count apart."""
    names = run_labels(paths)
    if len(names) > MOST_LISTED:
        kind = "networks" if any(path.run_name for path in paths) else "activations"
        return f"learned with {len(names)} {kind}"
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"learned with {listed}"


def _run_labels(paths: Sequence[Trajectory]) -> list[str]:
    labels = [path.run_name or path.activation_label for path in paths]
    stems = [_stem(path) for path in paths]
    if len({*stems}) < len(stems):
        return labels
    return [
        stem if stem and not path.run_name and labels.count(label) > 1 else label
        for path, label, stem in zip(paths, labels, stems, strict=True)
    ]


def _stem(path: Trajectory) -> str:
    """Its file's name without the ending; empty where it is from no file."""
    source = Path(path.source)
    return short_name(source.stem) if source.suffix == ".npz" else ""


def short_names(path: Trajectory) -> list[str]:
    """Names of classes as pictures have room for them; empty where there are none.

    They stay different: where the beginnings of two are the same, the end is kept instead.
    """
    names = [short_name(name.strip(), LONGEST_CLASS) for name in path.class_names]
    if len({*names}) == len(names):
        return names
    return [
        short if names.count(short) == 1 else _ending(name)
        for short, name in zip(names, path.class_names, strict=True)
    ]


def _ending(name: str) -> str:
    half = LONGEST_CLASS // 2
    return short_name(name.strip()[:half], half) + "…" + short_name(name.strip()[1 - half :], half)


def highlighted(path: Trajectory, wanted: Sequence[str]) -> list[int]:
    """The classes of a trajectory that are to stand out; raises as `classes_named` does."""
    return classes_named(wanted, path.classes, path.class_names, path.source)


def classes_named(
    wanted: Sequence[str], classes: int, class_names: Sequence[str], source: str
) -> list[int]:
    """The classes that are meant by names or numbers, each once.

    Parameters
    ----------
    wanted
        Names, or numbers from 0.
    classes, class_names
        How many there are, and what they are called, if they have names.
    source
        Whose classes, for messages.

    Raises
    ------
    UsageError
        If there is no class of a name.
    """
    names = [name.strip() for name in class_names]
    found = []
    for text in wanted:
        if text in names:
            found.append(names.index(text))
        elif (number := whole_number(text)) is not None and number < classes:
            found.append(number)
        else:
            known = ", ".join(names[:20]) + (" ..." if len(names) > 20 else "")
            raise UsageError(
                f"--highlight: there is no class '{text[:80]}' in {source}.{nearest(text, names)}",
                (f"some of {known}, or " if names else "") + f"numbers from 0 to {classes - 1}.",
            )
    return list(dict.fromkeys(found))
