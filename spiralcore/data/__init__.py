"""Where points come from."""

from spiralcore.data.spirals import Points, spirals
from spiralcore.data.table import Table, read_table

__all__ = ["Points", "Table", "read_table", "spirals"]
