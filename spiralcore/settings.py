"""What all groups of settings have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Positive = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


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
