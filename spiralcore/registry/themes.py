"""Colours: what belongs to which class, on each background."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import UsageError, lookup

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
    font, bold
        Files of the letters, each as a data URL (RFC 2397), so that they go wherever the theme
        goes; empty for those of the package.
    hues
        Which of `spiralcore.registry.languages.language.HUES` each class is called by, -1 for
        none; empty where they are called in that order.
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
    font: str = ""
    bold: str = ""
    hues: tuple[int, ...] = ()

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

    def value_colours(self, shares: NDArray[np.floating]) -> Colours:
        """Colours of measured values by their shares of the way from the least to the largest.

        Shapes (N,) and (N, 3), 0 to 255; the scale goes from dim to vivid on each background.
        """
        stops = np.array([rgb(stop) for stop in SCALES[self.scheme]])
        places = np.linspace(0, 1, len(stops))
        return np.stack([np.interp(shares, places, channel) for channel in stops.T], axis=1).astype(
            np.float32
        )

    def point_colours(
        self, classes: int, labels: NDArray[np.int64], targets: NDArray[np.float32] | None
    ) -> Colours:
        """Colours of points, shape (N, 3), 0 to 255: of their values, or else of their classes."""
        if targets is None:
            return np.asarray(self.class_colours(classes)[labels])
        return self.value_colours(shares_of(targets))

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


SCALES = {
    "dark": ("#6f7fe8", "#3fa9d6", "#45c79a", "#b6d957", "#fdf06a"),
    "light": ("#8a6d00", "#2f7d32", "#007a7f", "#2d5fa8", "#45218f"),
}
"""Scales of measured values by the scheme of a theme: of even steps of lightness, the largest
farthest from the background, and each colour 3 : 1 from it."""

MARKS = ("", "a hole", "a bar", "an upright bar")
"""What points of the first, second ... classes of one colour have in the middle."""

# Found by `python -m benchmarks.facts.palette --search` and `--polish`, in the hues of Okabe and
# Ito, which were chosen for all kinds of colour vision; without these options it tells the
# distances.
_DARK_CLASSES = (
    "#7bcaea", "#f4a12c", "#11b173", "#f8f13b", "#c78cb6", "#e45e3a", "#7581c9",
    "#ccb2a4", "#97a4fe", "#9c8087", "#bce9ce", "#edddf6", "#c7dc9f", "#ae7be8",
    "#c66d62", "#bbb5cf", "#788b75", "#e2897e", "#a0cdc2", "#f1ca6c",
)  # fmt: skip

_DARK_REGIONS = (
    "#024053", "#523100", "#05452a", "#3d3b11", "#58214b", "#622210", "#2c326c",
    "#5c2801", "#2d326c", "#601d36", "#014529", "#4b275d", "#314005", "#452962",
    "#62201a", "#402b65", "#13450f", "#631f1a", "#024439", "#493602",
)  # fmt: skip

_LIGHT_CLASSES = (
    "#0c85a9", "#80500b", "#25593f", "#837f13", "#430b38", "#6e1d04", "#1b0272",
    "#a76d4c", "#4b45de", "#e7227c", "#567964", "#503c5b", "#5f7528", "#401a62",
    "#a25a51", "#6522b5", "#3d6d38", "#562520", "#203f38", "#5b4a23",
)  # fmt: skip

_LIGHT_REGIONS = (
    "#b1e8ff", "#fed6aa", "#a5f2c7", "#e5e395", "#ffccef", "#fdd3c8", "#d5dcfe",
    "#ffd4bd", "#d5dcfe", "#fed0db", "#a5f2c6", "#eed1ff", "#d1eaa0", "#e6d5ff",
    "#fed2cb", "#e1d8fe", "#baefb2", "#ffd2cb", "#90f4de", "#fada90",
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


OWN = "own"
"""What settings call the theme that a recipe brings with it."""


def shares_of(targets: NDArray[np.float32]) -> NDArray[np.float32]:
    """Measured values as shares of the way from the least to the largest, shapes (N,)."""
    least, most = float(targets.min()), float(targets.max())
    return (targets - least) / ((most - least) or 1.0)


def theme(name: str) -> Theme:
    """Look a theme up by its name.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    if name == OWN:
        raise UsageError(*NO_OWN)
    return lookup(THEMES, name, "theme")


NO_OWN = (
    f"There is no theme '{OWN}', as no recipe brings one.",
    f"a recipe with a table [theme], or one of {', '.join(THEMES)}.",
    "[theme] with background, ink, classes or font in a file my.toml, and --recipe my.toml",
)
"""What was found, what was expected, what to type."""


def is_transparent(name: object) -> bool:
    """Whether there is a theme of this name, and it has no background."""
    return isinstance(name, str) and name in THEMES and THEMES[name].transparent


def rgb(colour: str) -> Colours:
    """A colour ``#rrggbb`` as three numbers from 0 to 255."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32)
