"""All kinds of data that a network can learn."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Discriminator, Tag

from spiralcore.data.blobs import Blobs
from spiralcore.data.checkerboard import Checkerboard
from spiralcore.data.generated import DataSet, GeneratedData
from spiralcore.data.moons import Moons
from spiralcore.data.rings import Rings
from spiralcore.data.spirals import Spirals
from spiralcore.data.table import TableData

GENERATED: dict[str, type[GeneratedData]] = {
    one.model_fields["kind"].default: one for one in (Spirals, Rings, Moons, Blobs, Checkerboard)
}
"""Kinds of data that are drawn from their settings, by their names."""

DATA_SETS: dict[str, type[DataSet]] = {**GENERATED, "table": TableData}


def kind_of(data: Any) -> Any:
    """The kind of some settings: what they say, or what it was before there were several."""
    if isinstance(data, DataSet):
        return data.kind
    if not isinstance(data, Mapping):
        return Spirals.model_fields["kind"].default
    if "kind" in data:
        return data["kind"]
    is_table = any(data.get(name) is not None for name in ("table", "table_sha256"))
    return "table" if is_table else "spirals"


def noun_of(data: Any) -> str:
    """What to call the points of a file by what its recipe says of them."""
    if not isinstance(data, Mapping) or not ({"kind", "turns", "table_sha256"} & set(data)):
        return DataSet.noun
    known = DATA_SETS.get(str(kind_of(data)))
    return known.noun if known is not None else DataSet.noun


def _union(kinds: Mapping[str, type[DataSet]]) -> Any:
    """Settings of any of some kinds, told apart by ``kind``."""
    tagged = tuple(Annotated[one, Tag(name)] for name, one in kinds.items())
    return Annotated[functools.reduce(operator.or_, tagged), Discriminator(kind_of)]


AnyData = _union(DATA_SETS)
"""Settings of any kind of data."""

AnyGeneratedData = _union(GENERATED)
"""The same without tables: what is drawn anew for each seed."""
