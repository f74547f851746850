"""Films and measurements of how neural networks bend space while they learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spiralcore.training.torch_recorder import Recorder
    from spiralcore.trajectory import Trajectory

__version__ = "0.1.0"

__all__ = ["Recorder", "Trajectory", "__version__"]


def __getattr__(name: str) -> Any:
    if name == "Trajectory":
        from spiralcore.trajectory import Trajectory

        return Trajectory
    if name == "Recorder":
        from spiralcore.errors import MissingExtraError

        try:
            from spiralcore.training.torch_recorder import Recorder
        except ModuleNotFoundError as error:
            missing = error.name or "torch"
            raise MissingExtraError.for_extra("train", missing, "Recording a network") from None
        return Recorder
    raise AttributeError(f"module 'spiralcore' has no attribute {name!r}")
