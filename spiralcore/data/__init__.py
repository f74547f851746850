"""Where points come from."""

from spiralcore.data.blobs import Blobs, blobs
from spiralcore.data.checkerboard import Checkerboard, checkerboard
from spiralcore.data.generated import DataSet, GeneratedData, Points
from spiralcore.data.moons import Moons, moons
from spiralcore.data.rings import Rings, rings
from spiralcore.data.sets import DATA_SETS, GENERATED
from spiralcore.data.spirals import Spirals, spirals
from spiralcore.data.table import Table, TableData, read_table

__all__ = [
    "DATA_SETS",
    "GENERATED",
    "Blobs",
    "Checkerboard",
    "DataSet",
    "GeneratedData",
    "Moons",
    "Points",
    "Rings",
    "Spirals",
    "Table",
    "TableData",
    "blobs",
    "checkerboard",
    "moons",
    "read_table",
    "rings",
    "spirals",
]
