"""What all groups of settings have in common."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetJsonSchemaHandler

from spiralcore.errors import nearest

Positive = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


@dataclass(frozen=True)
class OneOf(AfterValidator):
    """Lets a text be one of some names only, and tells editors which.

    Attributes
    ----------
    func
        What raises a `ValueError` for others, and may give the text back in other letters.
    names
        The names.
    """

    names: tuple[str, ...] = ()

    def __get_pydantic_json_schema__(
        self, schema: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Add the names."""
        return {**handler(schema), "enum": list(self.names)}


def one_of(names: Collection[str]) -> OneOf:
    """Let a setting be one of some names only."""

    def known(name: str) -> str:
        if name not in names:
            raise not_one_of(name, names)
        return name

    return OneOf(known, tuple(names))


def not_one_of(name: str, names: Collection[str]) -> ValueError:
    """What to say of a name that is not among some, with the nearest of them."""
    return ValueError(f"one of {', '.join(names)}.{nearest(name, list(names))}")


class Settings(BaseModel):
    """A group of settings: immutable, and strict about what it takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def told(self, always: Sequence[str]) -> dict[str, Any]:
        """Those that differ from their defaults, and those that are told always, as plain values.

        So that a setting that is new does not change the name of what was made before it.
        """
        every = self.model_dump(mode="json")
        return {
            **self.model_dump(mode="json", exclude_defaults=True),
            **{name: every[name] for name in always},
        }
