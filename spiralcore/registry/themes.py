"""Colours: what belongs to which class, on each background."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import lookup

Colours = NDArray[np.float32]


@dataclass(frozen=True)
class Theme:
    """A set of colours, all as ``#rrggbb``.

    Attributes
    ----------
    name
        What settings call it.
    background, panel
        Of the frame, and of a panel without regions.
    ink, faint
        Text and lines; what matters less.
    frame
        Borders of panels and the ticks in them.
    classes
        Class colours in order, all of them apart for normal, protan, deutan and tritan sight, the
        first ones most. A class has the same hue in all themes.
    regions
        Fills of their regions: the same hues, all of one lightness in OKLCH.
    plate
        Opacity of the plate that lies under all panels and texts where the film has no
        background, in the background's colour; 0 for films with a background.
    scheme
        Which colour scheme of browsers and systems goes with it.
    stills
        Name of the theme of what cannot be transparent, such as figures; empty for its own.
    """

    name: str
    background: str
    panel: str
    ink: str
    faint: str
    frame: str
    classes: tuple[str, ...]
    regions: tuple[str, ...]
    plate: float = 0.0
    scheme: Literal["dark", "light"] = "dark"
    stills: str = ""

    @property
    def transparent(self) -> bool:
        """Whether the frame is empty where nothing is drawn."""
        return self.plate > 0

    def class_colours(self, count: int) -> Colours:
        """Colours of the classes, shape (count, 3), 0 to 255; they repeat after the last."""
        return np.array([rgb(self.classes[c % len(self.classes)]) for c in range(count)])

    def region_colours(self, count: int) -> Colours:
        """Colours of their regions, shape (count, 3), 0 to 255; they repeat likewise."""
        return np.array([rgb(self.regions[c % len(self.regions)]) for c in range(count)])

    def class_marks(self, count: int) -> NDArray[np.uint8]:
        """What tells classes of one colour apart, shape (count,): indices of `MARKS`."""
        rounds = np.arange(count) // len(self.classes)
        return (rounds % len(MARKS)).astype(np.uint8)

    def repeated(self, classes: int, *, marked: bool = True) -> str:
        """Say from which class on colours repeat, and what tells points apart then.

        Parameters
        ----------
        classes
            Their number; an empty text where there are colours for all of them.
        marked
            Whether points have marks.
        """
        colours = len(self.classes)
        if classes <= colours:
            return ""
        text = f"colours repeat after {colours} classes"
        if not marked:
            return text
        names = [name for i, name in enumerate(MARKS) if i and classes > i * colours]
        marks = [f"after {(i + 1) * colours} {name}" for i, name in enumerate(names)][1:]
        text += f", then points have {', '.join([names[0], *marks])}"
        return text if classes <= len(MARKS) * colours else f"{text}; then all repeats"


MARKS = ("", "a hole", "a bar", "an upright bar")
"""What points of the first, second ... classes of one colour have in the middle."""

# Found by `python -m benchmarks.palette --search` and `--polish`, in the hues of Okabe and Ito,
# which were chosen for all kinds of colour vision; without these options it tells the distances.
_DARK_CLASSES = (
    "#7bcaea", "#f9a002", "#00b076", "#fcf73e", "#ca8fb9", "#e7613b", "#7b83cc",
    "#d8bcac", "#97a7ff", "#a58991", "#b3fedf", "#dee4fe", "#ebf7ca", "#a273ee",
    "#c37b5b", "#b992d5", "#7a8e7b", "#d8898d", "#bae0d3", "#e2d7a3",
)  # fmt: skip

_DARK_REGIONS = (
    "#024256", "#51350f", "#02482e", "#403e02", "#5b244e", "#612819", "#31346e",
    "#5f2c01", "#2e356d", "#62213b", "#024734", "#2f346e", "#374201", "#442d68",
    "#642603", "#4c2a62", "#064919", "#65212a", "#024738", "#463b01",
)  # fmt: skip

_LIGHT_CLASSES = (
    "#2d819f", "#7d4e00", "#005537", "#817e00", "#430b37", "#6f1c01", "#1e0073",
    "#9e7053", "#4640e0", "#cc4a7e", "#567668", "#3f4464", "#627129", "#543e7a",
    "#816255", "#7510a4", "#356b3d", "#52101c", "#0b3f33", "#554c20",
)  # fmt: skip

_LIGHT_REGIONS = (
    "#b2e7fe", "#ffd6a8", "#a2f3c8", "#e4e395", "#fcceee", "#fbd4c9", "#d7dcfb",
    "#fed4bb", "#d4dcff", "#fdd0dd", "#9bf4d0", "#d5dcfe", "#d6e89d", "#e3d6ff",
    "#ffd3c1", "#ebd3fe", "#b2f1b8", "#fed1d3", "#95f4d8", "#efdf93",
)  # fmt: skip

THEMES = {
    theme.name: theme
    for theme in (
        Theme(
            name="dark",
            background="#101317",
            panel="#171b20",
            ink="#eceff3",
            faint="#9aa4b0",
            frame="#5b6672",
            classes=_DARK_CLASSES,
            regions=_DARK_REGIONS,
        ),
        Theme(
            name="light",
            scheme="light",
            background="#fbfaf7",
            panel="#f2f0ea",
            ink="#1b1f24",
            faint="#5c646e",
            frame="#a9b0b8",
            classes=_LIGHT_CLASSES,
            regions=_LIGHT_REGIONS,
        ),
        # For slides of any colour. Text cannot be readable on black and on white, therefore it
        # lies on a plate, dense enough for a contrast of 4.5 where the slide is white.
        Theme(
            name="transparent",
            stills="dark",
            background="#101317",
            panel="#171b20",
            ink="#eceff3",
            faint="#bcc4ce",
            frame="#6b7682",
            classes=_DARK_CLASSES,
            regions=_DARK_REGIONS,
            plate=0.8,
        ),
    )
}


OPAQUE_THEMES = {name: entry for name, entry in THEMES.items() if not entry.transparent}
"""Those of figures, pages and decks."""


def theme(name: str) -> Theme:
    """Look a theme up by its name.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    return lookup(THEMES, name, "theme")


def is_transparent(name: object) -> bool:
    """Whether there is a theme of this name, and it has no background."""
    return isinstance(name, str) and name in THEMES and THEMES[name].transparent


def rgb(colour: str) -> Colours:
    """A colour ``#rrggbb`` as three numbers from 0 to 255."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32)
