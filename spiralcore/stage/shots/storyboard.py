"""The film as a list of shots."""

from __future__ import annotations

from collections.abc import Sequence

from spiralcore.stage.shots.cast import Cast
from spiralcore.stage.shots.learned import Back, Learned, Packed, Undone
from spiralcore.stage.shots.more import Aside, Enter, Together
from spiralcore.stage.shots.moving import WithData
from spiralcore.stage.shots.opening import Arms, Promise, Title
from spiralcore.stage.shots.shot import Shot
from spiralcore.stage.shots.spaces import Room, Rules, Space
from spiralcore.stage.shots.training import Beat
from spiralcore.stage.shots.untrained import Cuts, Layers, Untrained

ORDER: tuple[type[Shot], ...] = (
    Title, Promise, Arms, Layers, Untrained, Cuts, Beat, Learned, Undone, Packed,
    Aside, Enter, Together, Space, Room, Rules,
)  # fmt: skip
"""Kinds of shots; each gives as many as the networks have something for."""

ENDING: type[Shot] = Back
"""What follows in a film that loops."""


def storyboard(cast: Cast) -> Sequence[Shot]:
    """The shots that some networks give, in order, without the `ENDING`."""
    shots = [shot for kind in ORDER for shot in kind.of(cast)]
    for shot in [shot for shot in shots if isinstance(shot, WithData)][-1:]:
        shot.leaves = True
    return shots
