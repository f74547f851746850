"""A film file that shows itself in a notebook."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from spiralcore.registry.formats import format_of


@dataclass(frozen=True)
class Clip:
    """A film that was made.

    Attributes
    ----------
    path
        The file.
    """

    path: Path
    _keeper: object = field(default=None, repr=False)
    """Whatever the file lives with."""

    def _repr_html_(self) -> str:
        """The film inside the page, so that a notebook can be sent away by itself."""
        kind = format_of(self.path.suffix)
        if kind is None:
            return escape(str(self.path))
        data = base64.b64encode(self.path.read_bytes()).decode("ascii")
        if kind.kind != "video":
            name = escape(self.path.stem)
            return f'<img src="data:{kind.media};base64,{data}" alt="{name}">'
        return (
            f'<video src="data:{kind.media};base64,{data}" width="854" style="max-width: 100%" '
            "controls loop muted playsinline></video>"
        )
