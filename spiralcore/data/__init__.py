"""Where points come from."""

from spiralcore.data.spirals import Points, spirals

__all__ = ["Points", "spirals"]
