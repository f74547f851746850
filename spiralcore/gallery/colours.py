"""The films' palette for the page: as facts for what is drawn, as a style sheet for the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.themes import OPAQUE_THEMES, SCALES, Theme, rgb

LINE = 0.35
"""Share of the frame's colour in quiet lines; the rest is background."""

CONTRAST = 7.0
"""Of all texts, as WCAG 2.2 asks for in 1.4.6, level AAA."""

LETTERS = "Page Sans"
"""What style sheets call the letters of the page."""

STEPS = 100
"""Between the faint colour of a theme and its ink."""


def themes_of(own: Theme | None) -> dict[str, Theme]:
    """The themes of a page: one of one's own alone, else all that have a background."""
    return OPAQUE_THEMES if own is None else {own.name: own}


def palette(own: Theme | None = None) -> dict[str, Any]:
    """The colours of the themes of a page, and which scheme each goes with."""
    names = ("background", "panel", "ink", "frame", "classes", "regions", "scheme")
    return {
        name: {key: getattr(entry, key) for key in names}
        | {"faint": readable(entry), "values": SCALES[entry.scheme]}
        for name, entry in themes_of(own).items()
    }


def readable(theme: Theme) -> str:
    """The faint colour of a theme, as near to its ink as texts need it.

    On the page faint texts are small, and numbers of axes lie over regions: on all of these grounds
    the contrast is `CONTRAST` or that of the ink, if that has less.
    """
    grounds = [rgb(colour) for colour in (theme.background, theme.panel, *theme.regions)]
    faint, ink = rgb(theme.faint), rgb(theme.ink)
    for step in range(STEPS + 1):
        mixed = (faint + (ink - faint) * step / STEPS).round()
        if min(contrast(mixed, ground) for ground in grounds) >= CONTRAST:
            return _written(mixed)
    return theme.ink


def contrast(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Contrast of two colours, 0 to 255 each, from 1 to 21: see WCAG 2.2, "contrast ratio"."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: NDArray[Any]) -> float:
    """Relative luminance of sRGB."""
    share = np.asarray(colour, np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def style_sheet(own: Theme | None = None) -> str:
    """Custom properties of the same themes: the system decides until the reader does.

    On paper it is the light one. A theme of one's own is the same everywhere, with its letters.
    """
    if own is not None:
        return f":root, :root[data-theme] {{ {_rules(own)} }}\n{_faces(own)}"
    usual = {entry.scheme: _rules(entry) for entry in reversed(OPAQUE_THEMES.values())}
    chosen = "".join(
        f':root[data-theme="{name}"] {{ {_rules(entry)} }}\n'
        for name, entry in OPAQUE_THEMES.items()
    )
    return (
        f":root {{ {usual['dark']} }}\n"
        f"@media (prefers-color-scheme: light) {{ :root {{ {usual['light']} }} }}\n"
        f"{chosen}"
        f"@media print {{ :root, :root[data-theme] {{ {usual['light']} }} }}\n"
    )


def _faces(own: Theme) -> str:
    """The letters of a theme under the name of the page's own; the later rule counts."""
    return "".join(
        f'@font-face {{ font-family: "{LETTERS}"; font-weight: {weight}; src: url("{url}"); }}\n'
        for weight, url in ((400, own.font), (600, own.bold))
        if url
    )


def _rules(theme: Theme) -> str:
    return f"color-scheme: {theme.scheme}; {_properties(theme)}"


def _properties(theme: Theme) -> str:
    background, frame = rgb(theme.background), rgb(theme.frame)
    line = _written(background + LINE * (frame - background))
    found = {name: getattr(theme, name) for name in ("background", "panel", "ink", "frame")}
    found |= {"faint": readable(theme), "line": line}
    found["values"] = f"linear-gradient(to right, {', '.join(SCALES[theme.scheme])})"
    return " ".join(f"--{name}: {colour};" for name, colour in found.items())


def _written(colour: NDArray[Any]) -> str:
    return "#" + "".join(f"{value:02x}" for value in colour.round().astype(int))
