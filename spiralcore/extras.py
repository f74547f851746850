"""What is installed beside the base: packages that only some of the work needs."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.util import find_spec
from typing import NamedTuple

from spiralcore.errors import MissingExtraError


class Work(NamedTuple):
    """Work that the base alone cannot do.

    Attributes
    ----------
    purpose
        What it is, at the beginning of a sentence.
    extra
        What brings its packages.
    packages
        Names that it imports.
    """

    purpose: str
    extra: str
    packages: tuple[str, ...]


TRAINING = Work("Training", "train", ("torch", "numba"))
DRAWING = Work(
    "Drawing films",
    "film",
    (
        *("manim", "manimpango", "cairo", "PIL", "numba"),
        *("ffmpeg", "imageio", "imageio_ffmpeg", "font_source_sans_pro", "uharfbuzz"),
    ),
)
RECORDING = Work("Recording a network", "record", ("numba",))
FIGURES = Work("Drawing figures", "film", ("matplotlib", "font_source_sans_pro"))
STUDY = Work("A study", "study", ("pyarrow", "torch", "numba"))
PARQUET = Work("Reading Parquet", "study", ("pyarrow",))
CLUSTER = Work("Work on a cluster", "study", ("distributed",))
POWERPOINT = Work("A PowerPoint file", "talk", ("pptx",))
WIDGET = Work("A widget", "widget", ("anywidget",))
PAUSING = Work("A film with pauses", "talk", ("manim_slides",))

FRAMEWORKS = {
    "FlaxRecorder": Work("Recording a training of Flax", "flax", ("flax", "jax", "numba")),
    "KerasRecorder": Work("Recording a training of Keras", "keras", ("keras", "numba")),
    "LightningRecorder": Work(
        "Recording a training of Lightning", "lightning", ("lightning", "torch", "numba")
    ),
    "OptimizerRecorder": Work("Recording a training", "train", ("torch", "numba")),
    "SklearnRecorder": Work(
        "Recording a training of scikit-learn", "sklearn", ("sklearn", "numba")
    ),
    "TransformersRecorder": Work(
        "Recording a training of Transformers", "transformers", ("transformers", "torch", "numba")
    ),
}
"""What recorders of `spiralcore.integrations` need."""

EVERY = (TRAINING, DRAWING, FIGURES, STUDY, PARQUET, CLUSTER, POWERPOINT, PAUSING, WIDGET)
"""A package that several of them need is taken to be missed by the first."""


def require(*works: Work) -> None:
    """See to it that all packages of some work are installed, before any of it begins.

    Raises
    ------
    MissingExtraError
        If one is not, with the line to type.
    """
    for work in works:
        for package in absent(work.packages):
            raise MissingExtraError.for_extra(work.extra, package, work.purpose)


def absent(packages: Iterable[str]) -> list[str]:
    """Those of some packages that are not installed."""
    return [package for package in packages if not _is_there(package)]


def _is_there(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ValueError:  # somebody has put something in its place, or nothing
        return sys.modules.get(package) is not None


def missing_extra(error: ModuleNotFoundError) -> MissingExtraError | None:
    """What a failed import means, if it is one of a package that an extra brings."""
    missing = (error.name or "").partition(".")[0]
    for work in EVERY:
        if missing in work.packages:
            return MissingExtraError.for_extra(work.extra, missing, work.purpose)
    return None
