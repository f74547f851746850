"""The films' palette for the page: as facts for what is drawn, as a style sheet for the rest."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from spiralcore.stage.palette import THEMES, Theme, rgb

PAGE_THEMES = ("dark", "light")

LINE = 0.35
"""Share of the frame's colour in quiet lines; the rest is background."""


def palette() -> dict[str, Any]:
    """The colours of both themes."""
    names = ("background", "panel", "ink", "faint", "frame", "classes", "regions")
    themes = {name: asdict(THEMES[name]) for name in PAGE_THEMES}
    return {name: {key: colours[key] for key in names} for name, colours in themes.items()}


def style_sheet() -> str:
    """Custom properties of both themes: the system decides until the reader does."""
    dark, light = (_properties(THEMES[name]) for name in PAGE_THEMES)
    return (
        f":root {{ color-scheme: dark; {dark} }}\n"
        f"@media (prefers-color-scheme: light) {{ :root {{ color-scheme: light; {light} }} }}\n"
        f':root[data-theme="dark"] {{ color-scheme: dark; {dark} }}\n'
        f':root[data-theme="light"] {{ color-scheme: light; {light} }}\n'
    )


def _properties(theme: Theme) -> str:
    background, frame = rgb(theme.background), rgb(theme.frame)
    mixed = (background + LINE * (frame - background)).round().astype(int)
    line = "#" + "".join(f"{value:02x}" for value in mixed)
    names = ("background", "panel", "ink", "faint", "frame")
    found = {name: getattr(theme, name) for name in names} | {"line": line}
    return " ".join(f"--{name}: {colour};" for name, colour in found.items())
