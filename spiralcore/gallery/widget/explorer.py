"""The widget: the page in a frame, and what it shares with Python."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import anywidget
import traitlets

from spiralcore.gallery.playground import single_page


class Explorer(anywidget.AnyWidget):  # type: ignore[misc]
    """The explorer of a trajectory.

    Parameters
    ----------
    network
        See `spiralcore.gallery.watch.handed.handed`.
    last, count
        Number of the last epoch, and of points.

    Attributes
    ----------
    epoch
        The epoch that is seen.
    points
        The points that are followed, counted from 0.
    height
        In pixels.
    """

    _esm = (resources.files("spiralcore.gallery.widget") / "widget.js").read_text("utf-8")
    _page = traitlets.Unicode().tag(sync=True)
    _network = traitlets.Bytes().tag(sync=True)
    epoch = traitlets.Int(0).tag(sync=True)
    points = traitlets.List(traitlets.Int()).tag(sync=True)
    height = traitlets.Int(720, min=200, max=4000).tag(sync=True)

    def __init__(self, network: bytes, last: int, count: int, **traits: Any) -> None:
        self._last, self._count = last, count
        super().__init__(_page=_page(), _network=network, **traits)

    @traitlets.validate("epoch")
    def _an_epoch(self, proposal: Any) -> int:
        epoch = int(proposal["value"])
        if not 0 <= epoch <= self._last:
            raise traitlets.TraitError(f"There is no epoch {epoch:,}, but 0 to {self._last:,}.")
        return epoch

    @traitlets.validate("points")
    def _some_points(self, proposal: Any) -> list[int]:
        points = list(dict.fromkeys(map(int, proposal["value"])))
        wrong = [point for point in points if not 0 <= point < self._count]
        if wrong:
            raise traitlets.TraitError(
                f"There is no point {wrong[0]:,}, but 0 to {self._count - 1:,}."
            )
        return points[-64:]


@cache
def _page() -> str:
    """The page that is in the frame; it may ask nobody for anything."""
    script = (resources.files("spiralcore.gallery.widget") / "framed.js").read_text("utf-8")
    return single_page({"only": "network"}, scripts=[script])
