"""Colours: what belongs to which class, on each background."""

from __future__ import annotations

from dataclasses import dataclass

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
        Class colours in order. The first seven are apart for normal, protan, deutan and
        tritan sight.
    fill
        Share of the class colour in the fill of its region; the rest is background.
    plate
        Opacity of the plate that lies under all panels and texts where the film has no
        background, in the background's colour; 0 for films with a background.
    """

    name: str
    background: str
    panel: str
    ink: str
    faint: str
    frame: str
    classes: tuple[str, ...]
    fill: float
    plate: float = 0.0

    @property
    def transparent(self) -> bool:
        """Whether the frame is empty where nothing is drawn."""
        return self.plate > 0

    def class_colours(self, count: int) -> Colours:
        """Colours of the classes, shape (count, 3), 0 to 255; they repeat after the last."""
        return np.array([rgb(self.classes[c % len(self.classes)]) for c in range(count)])

    def region_colours(self, count: int) -> Colours:
        """Muted forms of the class colours, shape (count, 3), 0 to 255."""
        background = rgb(self.background)
        return (background + self.fill * (self.class_colours(count) - background)).round()


# The first seven are those of Okabe and Ito 2008, which were chosen for all kinds of colour
# vision; the others continue them at the largest distance that was found.
_DARK_CLASSES = (
    "#56b4e9", "#e69f00", "#009e73", "#f0e442", "#cc79a7", "#d55e00", "#0072b2",
    "#a5ffd2", "#e1e1ff", "#876978", "#96c396", "#e1b4c3",
)  # fmt: skip

_LIGHT_CLASSES = (
    "#005af0", "#c3a500", "#3cc3a5", "#781e69", "#c35a5a", "#b4a5f0", "#2d4b00",
    "#85596f", "#4390a6", "#0b00d3", "#646f00", "#a6d385",
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
            fill=0.27,
        ),
        Theme(
            name="light",
            background="#fbfaf7",
            panel="#f2f0ea",
            ink="#1b1f24",
            faint="#5c646e",
            frame="#a9b0b8",
            classes=_LIGHT_CLASSES,
            fill=0.24,
        ),
        # For slides of any colour. Text cannot be readable on black and on white, therefore it
        # lies on a plate, dense enough for a contrast of 4.5 where the slide is white.
        Theme(
            name="transparent",
            background="#101317",
            panel="#171b20",
            ink="#eceff3",
            faint="#bcc4ce",
            frame="#6b7682",
            classes=_DARK_CLASSES,
            fill=0.27,
            plate=0.8,
        ),
    )
}


def theme(name: str) -> Theme:
    """Look a theme up by its name.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    return lookup(THEMES, name, "theme")


def rgb(colour: str) -> Colours:
    """A colour ``#rrggbb`` as three numbers from 0 to 255."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32)
