"""Recorders for trainings of other people's frameworks, one line for the user.

Each is imported when it is named, and its framework with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spiralcore.integrations.flax import FlaxRecorder
    from spiralcore.integrations.keras import KerasRecorder
    from spiralcore.integrations.lightning import LightningRecorder
    from spiralcore.integrations.optimizer import OptimizerRecorder
    from spiralcore.integrations.sklearn import SklearnRecorder
    from spiralcore.integrations.transformers import TransformersRecorder

__all__ = [
    "FlaxRecorder",
    "KerasRecorder",
    "LightningRecorder",
    "OptimizerRecorder",
    "SklearnRecorder",
    "TransformersRecorder",
]


def __dir__() -> list[str]:
    return sorted(__all__)


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'spiralcore.integrations' has no attribute {name!r}")
    from importlib import import_module

    from spiralcore.errors import MissingExtraError
    from spiralcore.extras import FRAMEWORKS

    work = FRAMEWORKS[name]
    module = name.removesuffix("Recorder").lower()
    try:
        return getattr(import_module(f"spiralcore.integrations.{module}"), name)
    except ModuleNotFoundError as error:
        missing = error.name or work.packages[0]
        raise MissingExtraError.for_extra(work.extra, missing, work.purpose) from None
