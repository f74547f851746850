"""Where things are in the explaining film: no holes in upright frames, the data in sight."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from spiralcore.scenes.explainer import Explainer

from spiralcore import Trajectory
from spiralcore.registry.aspects import ASPECTS
from spiralcore.registry.languages.en import ENGLISH
from spiralcore.stage.layout.box import Box
from spiralcore.stage.shots.learned import Learned
from spiralcore.stage.shots.moving import WithData
from spiralcore.stage.shots.opening import Promise
from spiralcore.stage.shots.places import Places
from spiralcore.stage.shots.shot import Shot
from spiralcore.stage.shots.training import Beat
from spiralcore.stage.shots.untrained import Cuts
from spiralcore.story.sentences import text_of
from tests.stage.shots.test_explainer import film


def apart(one: Box, other: Box) -> bool:
    return bool(
        one.right <= other.left + 0.01 or other.right <= one.left + 0.01
        or one.bottom <= other.top + 0.01 or other.bottom <= one.top + 0.01
    )  # fmt: skip


def frame_in(shown: Explainer, kind: type[Shot], share: float) -> int:
    """A frame of the first shot of a kind."""
    number = next(i for i, shot in enumerate(shown.shots) if isinstance(shot, kind))
    return round(10 * (shown._starts[number] + share * shown.shots[number].length))


def empty_rows(pixels: np.ndarray) -> float:
    """Part of the height that the longest run of rows of one colour takes."""
    plain = (pixels[..., :3] == pixels[:1, :1, :3]).all(axis=(1, 2))
    longest = run = 0
    for row in plain:
        run = run + 1 if row else 0
        longest = max(longest, run)
    return longest / len(pixels)


@pytest.mark.parametrize("aspect", list(ASPECTS))
def test_squares_and_numbers_lie_beside_each_other(trajectory: Trajectory, aspect: str) -> None:
    shown = film(trajectory, aspect=aspect)
    places = Places(shown, shown.captions_height())
    boxes = [places.large, places.numbers, *filter(None, [places.small])]
    for one, other in combinations(boxes, 2):
        assert apart(one, other), (one, other)
    assert all(places.area.holds(box) for box in boxes)
    assert (places.small is None) == (aspect == "1:1")


@pytest.mark.parametrize(("kind", "share"), [(Promise, 0.2), (Cuts, 0.4)])
def test_upright_frames_have_no_large_hole(
    trajectory: Trajectory, kind: type[Shot], share: float
) -> None:
    shown = film(trajectory, aspect="9:16")
    # While a line of the caption is read.
    assert empty_rows(shown.show(frame_in(shown, kind, share))) < 0.17


def test_the_data_stay_in_sight_until_all_is_learned(trajectory: Trajectory) -> None:
    shown = film(trajectory)
    keeping = [shot for shot in shown.shots if isinstance(shot, WithData)]
    assert [shot.leaves for shot in keeping] == [False] * (len(keeping) - 1) + [True]
    small = Places(shown, shown.captions_height()).small
    assert small is not None
    scale = 180 / 1080
    rows = slice(round(small.top * scale) + 1, round(small.bottom * scale) - 1)
    columns = slice(round(small.left * scale) + 1, round(small.right * scale) - 1)
    for kind in (Beat, Learned):
        pixels = shown.show(frame_in(shown, kind, 0.5))[rows, columns, :3]
        assert pixels.reshape(-1, 3).std(axis=0).max() > 5
    last = frame_in(shown, type(keeping[-1]), 1.0)
    assert shown.show(last + 1)[rows, columns, :3].std(axis=(0, 1)).max() < 1


def test_upright_frames_keep_the_title(trajectory: Trajectory) -> None:
    from spiralcore.stage.marks.words import Words
    from spiralcore.stage.shots.opening import Arms
    from spiralcore.story.sentences import Speaker

    title = text_of(Speaker(ENGLISH, 3).say("explain_title")).rstrip(".")
    for aspect, has_title in (("9:16", True), ("16:9", False)):
        shown = film(trajectory, aspect=aspect)
        shown.seek(frame_in(shown, Arms, 0.5))
        seen = [m.text for m in shown.mobjects if isinstance(m, Words) and m.shown]
        assert (title in " ".join(seen)) == has_title
