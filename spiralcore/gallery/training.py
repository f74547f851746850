"""What the page needs to train networks by itself: what may be chosen, and the worker's program."""

from __future__ import annotations

import base64
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, get_args

from spiralcore.analysis.optima.arrangement import Quantity
from spiralcore.analysis.optima.containers import container_of, directions_of
from spiralcore.analysis.optima.table import largest_angle, optimum
from spiralcore.analysis.packing.metrics import leading
from spiralcore.data.generated import GeneratedData
from spiralcore.data.sets import GENERATED
from spiralcore.recipe.network_recipe import (
    RECORDING_REVISION,
    NetworkSettings,
    RecordingSettings,
    TrainingSettings,
)
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.spaces import Space

FEWEST_CLASSES, MOST_CLASSES = 2, 10

MOST_POINTS = 5000
"""Of all classes together: the epochs that the filter has not judged yet are held in memory."""

WORKER = (
    "arithmetic", "random", "sets", "activations", "layers", "compiled", "network", "swing",
    "recorder", "worker",
)  # fmt: skip
"""Scripts of the worker, in the order in which they need each other."""

SHARED = ("arithmetic", "activations")
"""Those of them that the page runs, too."""

SETS = ("spirals", "rings", "moons", "blobs", "checkerboard")

TRAINED = (
    "tanh", "relu", "sigmoid", "hardtanh", "leaky_relu", "gelu", "softplus", "disk", "ball",
    "sphere",
)  # fmt: skip
"""Data sets and activations that the worker has functions for."""

LABELS = {
    "noise": "Noise",
    "turns": "Turns of an arm",
    "inner_radius": "Inner radius",
    "outer_radius": "Outer radius",
    "extent": "Extent",
    "clusters_per_class": "Clusters a class",
    "radius": "Radius",
    "fields": "Fields a side",
    "gap": "Gap",
}
"""What people call settings of data; others are called by their names."""


def training_facts() -> dict[str, Any]:
    """What one may choose, with defaults and bounds, and the best packings to compare with."""
    usual, network = TrainingSettings(), NetworkSettings()
    film = {
        "widths": list(network.widths),
        "points": GeneratedData.model_fields["points_per_class"].default,
        "epochs": usual.epochs,
        "learning_rate": usual.learning_rate,
        "warm_up": usual.warm_up,
        "l2": usual.l2,
    }
    return {
        "sets": {kind: _choices(GENERATED[kind]) for kind in SETS},
        "classes": [FEWEST_CLASSES, MOST_CLASSES],
        "most_points": MOST_POINTS,
        "film": film,
        "usual": {**film, "points": 100, "epochs": 3000, "l2": 0.002,
                  "learning_rate": 0.005, "warm_up": 20},
        "packing": {name: _best(ACTIVATIONS[name].space) for name in TRAINED},
        "recording": RecordingSettings().model_dump(mode="json"),
        "recording_revision": RECORDING_REVISION,
    }  # fmt: skip


def _choices(entry: type[GeneratedData]) -> dict[str, Any]:
    """The settings that a kind of data has of its own."""
    own = {
        name: field
        for name, field in entry.model_fields.items()
        if name not in GeneratedData.model_fields and name != "kind"
    }
    return {
        "noun": entry.noun,
        "settings": {name: _bounds(name, field) for name, field in own.items()},
    }


def _bounds(name: str, field: Any) -> dict[str, Any]:
    """Default and bounds of a setting; `None` stands for one that is worked out."""
    parts = [field.annotation, *get_args(field.annotation)]
    notes = [
        *field.metadata,
        *(note for part in parts for note in getattr(part, "__metadata__", ())),
    ]
    notes += [inner for note in notes for inner in getattr(note, "metadata", ())]
    found: dict[str, Any] = {"least": None, "above": None, "most": None, "below": None}
    for note in notes:
        for key, bound in (("least", "ge"), ("above", "gt"), ("most", "le"), ("below", "lt")):
            value = getattr(note, bound, None)
            found[key] = found[key] if value is None else value
    whole = int in parts
    return {"label": LABELS.get(name, name), "default": field.default, "whole": whole, **found}


def _best(space: Space) -> dict[str, Any]:
    """The best packings of class means in a plane, by their number; see `closeness.py`."""
    counts = range(2, MOST_CLASSES + 1)
    metric = leading(space)
    if metric.name == "angle":
        container = directions_of(space)
        return {"by": "angle", "about": metric.about,
                "best": {n: largest_angle(container, 2, n) for n in counts}}  # fmt: skip
    inside = container_of(space)
    assert inside is not None, "spaces with a border are containers"
    best = {n: optimum(Quantity.DISTANCE, inside, 2, n).value for n in counts}
    return {"by": "distance", "about": metric.about, "best": best}


def worker() -> dict[str, Any]:
    """The program of the worker that trains: its source, and the compiled core in base64."""
    scripts = [_script(name) for name in WORKER]
    source = "\n".join(["const spiral = {};", *scripts, "onmessage = spiral.worker.listen;\n"])
    core = base64.b64encode((_folder() / "core.wasm").read_bytes()).decode("ascii")
    return {"source": source, "core": core}


def shared_scripts() -> dict[str, str]:
    """What the page runs of the worker's program, by the places that it has there."""
    return {f"script/{name}.js": _script(name) for name in SHARED}


def _folder() -> Traversable:
    return resources.files("spiralcore.gallery") / "worker"


def _script(name: str) -> str:
    return (_folder() / f"{name}.js").read_text("utf-8")
