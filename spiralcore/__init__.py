"""Films and measurements of how neural networks bend space while they learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spiralcore.trajectory import Trajectory

__version__ = "0.1.0"

__all__ = ["Trajectory", "__version__"]


def __getattr__(name: str) -> Any:
    if name == "Trajectory":
        from spiralcore.trajectory import Trajectory

        return Trajectory
    raise AttributeError(f"module 'spiralcore' has no attribute {name!r}")
