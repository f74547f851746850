"""What a study says of the plane: the class means of typical networks, and how all others fared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.packing.metrics import leading
from spiralcore.errors import UsageError
from spiralcore.registry.activations import activation
from spiralcore.registry.spaces import Space
from spiralcore.study.seed_spread import Cell, Spread, column

if TYPE_CHECKING:
    import pyarrow as pa

PLANE = 2

Floats = NDArray[np.float32]


class Typical(NamedTuple):
    """The network of median loss of a cell.

    Attributes
    ----------
    epochs
        At which its class means are known, shape (T,), increasing.
    means
        Shape (T, K, 2).
    readout_weight, readout_bias
        Of the last epoch, shapes (K, 2) and (K,).
    """

    epochs: NDArray[np.int64]
    means: Floats
    readout_weight: Floats
    readout_bias: Floats

    def at(self, share: float) -> Floats:
        """The class means at a share of the way, 0 to 1, on the logarithm of the epochs.

        Shape (K, 2); between known epochs on straight lines.
        """
        ways = np.log1p(self.epochs) / np.log1p(self.epochs[-1])
        place = float(np.interp(share, ways, np.arange(len(ways))))
        before = min(int(place), len(ways) - 2)
        part = np.float32(place - before)
        return np.asarray(self.means[before] * (1 - part) + self.means[before + 1] * part)


@dataclass(frozen=True)
class Crowd:
    """The cells of two units of a study.

    Attributes
    ----------
    activations, classes
        What there is, in the order of the study.
    typical
        By activation and class count; where no network came to its end there is none.
    accuracy, packing
        Over the seeds of each cell. The packing is the smallest distance between class means as
        a part of the largest possible one, and in unbounded spaces the same for their angles.
    """

    activations: tuple[str, ...]
    classes: tuple[int, ...]
    typical: Mapping[tuple[str, int], Typical]
    accuracy: Mapping[tuple[str, int], Spread]
    packing: Mapping[tuple[str, int], Spread]

    def space(self, name: str) -> Space:
        """Where the values of an activation lie."""
        return activation(name).space

    @classmethod
    def load(cls, path: Path) -> Crowd:
        """Read a study.

        Raises
        ------
        SpiralError
            If it is none.
        UsageError
            If it has no networks of two units, or none whose path is kept.
        """
        from spiralcore.study.seed_spread import cells, members
        from spiralcore.study.table import read_study

        table = read_study(path)
        packing = packing_part(table)
        accuracy, parts = cells(table, column(table, "accuracy")), cells(table, packing)
        planar = [cell for cell in accuracy if cell.units == PLANE]
        shown = table.column("path_means").is_valid().to_numpy() & (column(table, "units") == PLANE)
        places = {
            cell: next((row for row in reversed(rows) if shown[row]), None)
            for cell, rows in members(table).items()
        }
        typical = {
            (cell.activation, cell.classes): _typical(table.slice(row, 1).to_pylist()[0])
            for cell, row in places.items()
            if row is not None
        }
        if not typical:
            raise UsageError(
                f"{path} has no networks of two units with the paths of their class means.",
                "a study.parquet of a grid with units = [2].",
            )
        return cls(
            activations=tuple(dict.fromkeys(cell.activation for cell in planar)),
            classes=tuple(sorted({cell.classes for cell in planar})),
            typical=typical,
            accuracy=_in_the_plane(accuracy),
            packing=_in_the_plane(parts),
        )


def packing_part(table: pa.Table) -> NDArray[np.float64]:
    """How near each network comes to the best packing of its space; NaN where it is unknown.

    That is the part of the best distance where there is one, otherwise that of the best angle.
    """
    spaces = [activation(name).space for name in table.column("activation").to_pylist()]
    columns = {name: column(table, name) for name in {leading(space).part_name for space in spaces}}
    return np.array([columns[leading(space).part_name][row] for row, space in enumerate(spaces)])


def _in_the_plane(found: Mapping[Cell, Spread]) -> dict[tuple[str, int], Spread]:
    return {
        (cell.activation, cell.classes): spread
        for cell, spread in found.items()
        if cell.units == PLANE
    }


def _typical(row: Mapping[str, Any]) -> Typical:
    classes = row["classes"]
    return Typical(
        epochs=np.array(row["path_epochs"]),
        means=np.array(row["path_means"], dtype=np.float32).reshape(-1, classes, PLANE),
        readout_weight=np.array(row["readout_weight"], dtype=np.float32).reshape(classes, PLANE),
        readout_bias=np.array(row["readout_bias"], dtype=np.float32),
    )
