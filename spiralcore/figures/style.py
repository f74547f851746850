"""The look that all figures share, and files that are the same whenever they are made again."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import matplotlib
import numpy as np
from font_source_sans_pro import font_files_otf
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, fontManager

from spiralcore.registry.themes import Theme
from spiralcore.system.files import whole_file
from spiralcore.system.font_file import font_bytes

Kind = Literal["png", "svg"]

FONT, OWN_FONT = "Source Sans Pro", "spiralcore own"
REGULAR, BOLD = 400, 600
"""Weights, as OpenType counts them."""
DOTS_PER_INCH = 200
TITLE_SIZE, TEXT_SIZE, TICK_SIZE = 17.0, 11.0, 10.5

MARGIN = 0.35
"""Of texts, in inches."""

SCALE = 1.2
"""Length of a scale of values, in inches."""

LETTER = 0.5 / 72
"""Width of a digit for each point of its size, in inches."""

SOFTWARE = "spiralcore"


class Area(NamedTuple):
    """A rectangle of a figure, in inches from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


@contextmanager
def styled(theme: Theme) -> Iterator[None]:
    """Let matplotlib use our settings, and nobody else's, while the block runs.

    Figures are made and saved inside: fonts and SVG settings count when a file is written.
    """
    family = _family(theme)
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "font.family": [family],
                "font.size": TEXT_SIZE,
                "text.color": theme.ink,
                "figure.facecolor": theme.background,
                "savefig.facecolor": theme.background,
                "axes.facecolor": theme.panel,
                "axes.edgecolor": theme.frame,
                "axes.labelcolor": theme.faint,
                "axes.labelsize": TEXT_SIZE,
                "axes.linewidth": 0.8,
                "axes.unicode_minus": True,
                "grid.color": theme.frame,
                "xtick.color": theme.frame,
                "ytick.color": theme.frame,
                "xtick.labelcolor": theme.faint,
                "ytick.labelcolor": theme.faint,
                "xtick.labelsize": TICK_SIZE,
                "ytick.labelsize": TICK_SIZE,
                # Outlines of the letters, so that nobody needs the font; names of parts that do
                # not depend on the time.
                "svg.fonttype": "path",
                "svg.hashsalt": SOFTWARE,
            }
        )
        yield


def _family(theme: Theme) -> str:
    """What matplotlib calls the letters of a theme, which it then knows."""
    if theme.font:
        return _own_family(theme.font, theme.bold)
    _register_fonts()
    return FONT


@lru_cache(maxsize=8)
def _own_family(regular: str, bold: str) -> str:
    """Make two font files known, as data URLs; matplotlib reads them from disk when it draws."""
    folder = Path(tempfile.mkdtemp(prefix="spiralcore-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    family = f"{OWN_FONT} {folder.name}"
    for weight, url in ((REGULAR, regular), (BOLD, bold)):
        kind = url.partition(";")[0].rpartition("/")[2]
        path = folder / f"{weight}.{kind}"
        path.write_bytes(font_bytes(url))
        fontManager.ttflist.append(FontEntry(fname=str(path), name=family, weight=weight))
    return family


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    for name in ("SourceSansPro", "SourceSansProSemibold"):
        fontManager.addfont(font_files_otf[name])


def sheet(theme: Theme, width: float, height: float, title: str, subtitle: str) -> Figure:
    """An empty figure with its heading.

    Parameters
    ----------
    theme
        Its colours.
    width, height
        In inches.
    title, subtitle
        What is shown, large; and how, small.
    """
    figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH)
    write(figure, MARGIN, 0.45, title, TITLE_SIZE, theme.ink, weight="semibold")
    write(figure, MARGIN, 0.73, subtitle, TEXT_SIZE, theme.faint)
    return figure


def write(
    figure: Figure,
    x: float,
    y: float,
    text: str,
    size: float,
    colour: str,
    side: Literal["left", "center", "right"] = "left",
    weight: str = "normal",
) -> None:
    """Place a line of text, its baseline in inches from the upper left corner."""
    width, height = figure.get_size_inches()
    # Names come from files: a dollar sign in them is no formula.
    figure.text(
        x / width, 1 - y / height, text, fontsize=size, color=colour, ha=side, va="baseline",
        fontweight=weight, parse_math=False,
    )  # fmt: skip


def show_scale(
    figure: Figure, right: float, y: float, ends: tuple[str, str], theme: Theme, size: float
) -> None:
    """Show the scale of measured values on a line of text that ends so far to the right, in inches.

    Parameters
    ----------
    figure
        In which.
    right, y
        Its end and its baseline, in inches from the upper left corner.
    ends
        The least and the largest value, for people.
    theme
        Its colours.
    size
        Of the texts, in points.
    """
    room = size * LETTER
    write(figure, right, y, ends[1], size, theme.faint, "right")
    end = right - room * (len(ends[1]) + 1)
    bar = axes_in(figure, Area(end - SCALE, y - size * 0.75 / 72, SCALE, size * 0.75 / 72))
    bar.imshow(theme.value_colours(np.linspace(0, 1, 256))[None] / 255, aspect="auto")
    bar.set_axis_off()
    write(figure, end - SCALE - room, y, f"value: {ends[0]}", size, theme.faint, "right")


def axes_in(figure: Figure, area: Area, *, polar: bool = False) -> Axes:
    """Axes that fill a rectangle."""
    width, height = figure.get_size_inches()
    place = (
        area.left / width,
        1 - (area.top + area.height) / height,
        area.width / width,
        area.height / height,
    )
    return figure.add_axes(place, projection="polar" if polar else None)


def save(figure: Figure, path: Path, kind: Kind, note: str = "") -> None:
    """Write a figure; the file appears whole or not at all.

    Parameters
    ----------
    figure
        Made within `styled`, which has to be in force here, too.
    path, kind
        Where, and as what.
    note
        A comment that goes into the file.
    """
    metadata = (
        {"Software": SOFTWARE, "Comment": note}
        if kind == "png"
        else {"Creator": SOFTWARE, "Description": note, "Date": None}
    )
    with whole_file(path) as part:
        figure.savefig(part, format=kind, metadata=metadata)
