"""Films and measurements of how neural networks bend space while they learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spiralcore.version import __version__

if TYPE_CHECKING:
    from spiralcore.notebook.show import film
    from spiralcore.recording.array_recorder import ArrayRecorder
    from spiralcore.training.torch_recorder.recorder import Recorder
    from spiralcore.trajectory import Trajectory

__all__ = ["ArrayRecorder", "Recorder", "Trajectory", "__version__", "film"]

RECORDERS = {
    "Recorder": ("spiralcore.training.torch_recorder.recorder", "train"),
    "ArrayRecorder": ("spiralcore.recording.array_recorder", "record"),
}
"""Where recorders are, and the extra that each needs."""


def __dir__() -> list[str]:
    return sorted(__all__)


def __getattr__(name: str) -> Any:
    if name == "Trajectory":
        from spiralcore.trajectory import Trajectory

        return Trajectory
    if name == "film":
        from spiralcore.notebook.show import film

        return film
    if name in RECORDERS:
        from importlib import import_module

        from spiralcore.errors import MissingExtraError

        module, extra = RECORDERS[name]
        try:
            return getattr(import_module(module), name)
        except ModuleNotFoundError as error:
            missing = error.name or extra
            raise MissingExtraError.for_extra(extra, missing, "Recording a network") from None
    raise AttributeError(f"module 'spiralcore' has no attribute {name!r}")
