"""The films' palette for the page: as facts for what is drawn, as a style sheet for the rest."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from spiralcore.registry.themes import OPAQUE_THEMES, Theme, rgb

LINE = 0.35
"""Share of the frame's colour in quiet lines; the rest is background."""


def palette() -> dict[str, Any]:
    """The colours of all themes that have a background, and which scheme each goes with."""
    names = ("background", "panel", "ink", "faint", "frame", "classes", "regions", "scheme")
    themes = {name: asdict(entry) for name, entry in OPAQUE_THEMES.items()}
    return {name: {key: colours[key] for key in names} for name, colours in themes.items()}


def style_sheet() -> str:
    """Custom properties of the same themes: the system decides until the reader does."""
    usual = {entry.scheme: _rules(entry) for entry in reversed(OPAQUE_THEMES.values())}
    chosen = "".join(
        f':root[data-theme="{name}"] {{ {_rules(entry)} }}\n'
        for name, entry in OPAQUE_THEMES.items()
    )
    return (
        f":root {{ {usual['dark']} }}\n"
        f"@media (prefers-color-scheme: light) {{ :root {{ {usual['light']} }} }}\n"
        f"{chosen}"
    )


def _rules(theme: Theme) -> str:
    return f"color-scheme: {theme.scheme}; {_properties(theme)}"


def _properties(theme: Theme) -> str:
    background, frame = rgb(theme.background), rgb(theme.frame)
    mixed = (background + LINE * (frame - background)).round().astype(int)
    line = "#" + "".join(f"{value:02x}" for value in mixed)
    names = ("background", "panel", "ink", "faint", "frame")
    found = {name: getattr(theme, name) for name in names} | {"line": line}
    return " ".join(f"--{name}: {colour};" for name, colour in found.items())
