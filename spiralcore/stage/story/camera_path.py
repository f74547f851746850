"""A camera that goes to what is spoken of, and back to the whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from spiralcore.registry.aspects import Aspect
from spiralcore.stage.layout.box import UNIT, Box, scene_point
from spiralcore.stage.painted import StageCamera
from spiralcore.trajectory.play.easing import eased


class Shot(NamedTuple):
    """A view that has been reached at a second, and is left at another one."""

    arrive: float
    leave: float
    box: Box


class CameraPath:
    """What part of the frame is seen at any second.

    Parameters
    ----------
    aspect
        Of the frame.
    shots
        In order, not overlapping. Each box is seen whole, with as much around it as the aspect
        asks for. Before the first and after the last one the whole frame is seen.
    move
        Seconds that a move takes from the whole and back to it; between shots it lasts from the
        one to the other.
    """

    def __init__(self, aspect: Aspect, shots: Sequence[Shot], move: float = 1.2) -> None:
        self._whole = Box(0.0, 0.0, float(aspect.width), float(aspect.height))
        self._keys: list[tuple[float, Box]] = []
        for shot in shots:
            view = framed(shot.box, aspect)
            last = self._keys[-1][0] if self._keys else -math.inf
            if not self._keys or shot.arrive - last > 2 * move:
                if self._keys:
                    self._keys.append((last + move, self._whole))
                self._keys.append((shot.arrive - move, self._whole))
            elif shot.arrive < last:
                raise ValueError(f"shots have to be in order, and not to overlap: {shots}")
            self._keys += [(shot.arrive, view), (shot.leave, view)]
        if self._keys:
            self._keys.append((self._keys[-1][0] + move, self._whole))

    def view(self, second: float) -> Box:
        """The part of the frame, in design pixels; of the frame's own shape."""
        before = self._whole
        for i, (at, box) in enumerate(self._keys):
            if second < at:
                if i == 0:
                    return self._whole
                since = self._keys[i - 1][0]
                return between(before, box, eased((second - since) / (at - since)))
            before = box
        return before

    def is_whole(self, second: float) -> bool:
        """Whether all of the frame is seen."""
        return self.view(second) == self._whole


def framed(box: Box, aspect: Aspect) -> Box:
    """The smallest part of the plane of an aspect's shape around a box, both with one centre."""
    width = max(box.width, box.height * aspect.width / aspect.height)
    height = width * aspect.height / aspect.width
    return Box(box.middle - width / 2, box.top + (box.height - height) / 2, width, height)


def between(one: Box, other: Box, share: float) -> Box:
    """A view on the way from one to another: sizes in even proportion, so that a zoom is steady.

    The place that both show at the same part of the frame stays where it is.
    """
    if share <= 0 or one == other:
        return one
    if share >= 1:
        return other
    ratio = other.width / one.width
    width = one.width * ratio**share
    # How far the size has gone: what does not change it moves evenly.
    part = share if abs(ratio - 1) < 1e-9 else (width - one.width) / (other.width - one.width)
    left = one.left + part * (other.left - one.left)
    top = one.top + part * (other.top - one.top)
    return Box(left, top, width, one.height * width / one.width)


def aim(camera: StageCamera, view: Box) -> None:
    """Let a camera see a part of the frame, in design pixels."""
    camera.frame_width = view.width * UNIT
    camera.frame_height = view.height * UNIT
    camera.frame_center = scene_point(view.middle, view.top + view.height / 2)
