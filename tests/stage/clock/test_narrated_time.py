"""A film waits for a voice: known answers, and what holds for any captions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiralcore.errors import UsageError
from spiralcore.stage.clock.film_length import FilmLength
from spiralcore.stage.clock.film_time import FilmTime
from spiralcore.stage.clock.narrated_time import BREATH, NarratedTime
from spiralcore.story.captions import Caption, CaptionTrack
from spiralcore.story.sentences import Run


def track(*times: tuple[float, float]) -> CaptionTrack:
    return CaptionTrack([Caption(start, end, (Run("Said."),)) for start, end in times])


def read(time: NarratedTime) -> list[tuple[float, float]]:
    return [(caption.start, caption.end) for caption in time.captions.captions]


def test_what_is_short_is_read_as_before_and_what_is_long_makes_the_film_longer() -> None:
    time = NarratedTime(track((1, 4), (5, 8)), [2.0, 5.6], 10.0)
    assert read(time) == [(1, 4), (5, pytest.approx(11))]
    assert time.duration == pytest.approx(13)
    assert [time.told(second) for second in (0, 1, 4, 5, 8, 10)] == pytest.approx(
        [0, 1, 4, 5, 11, 13]
    )
    assert [time.without(second) for second in (0, 1, 4, 5, 11, 13)] == pytest.approx(
        [0, 1, 4, 5, 8, 10]
    )
    assert time.without(8) == pytest.approx(6.5, abs=0.3)  # the middle of what is stretched


def test_a_silence_of_a_breath_follows_where_captions_follow_at_once() -> None:
    time = NarratedTime(track((0, 3), (3, 6), (6, 9)), [4.0, 2.7, 3.0], 9.0)
    assert BREATH == 0.4
    assert read(time) == [
        (0, pytest.approx(4.4)),
        (pytest.approx(4.4), pytest.approx(7.5)),
        (pytest.approx(7.5), pytest.approx(10.9)),
    ]
    assert time.duration == pytest.approx(10.9)


@given(
    parts=st.lists(
        st.tuples(st.floats(0, 5), st.floats(2.5, 6), st.floats(0, 20)), min_size=1, max_size=6
    ),
    rest=st.floats(0, 5),
)
def test_nothing_is_cut_off_and_time_never_goes_back(
    parts: list[tuple[float, float, float]], rest: float
) -> None:
    times, at = [], 0.0
    for before, lasts, _ in parts:
        times.append((at + before, at + before + lasts))
        at = times[-1][1]
    spoken = [seconds for _, _, seconds in parts]
    time = NarratedTime(track(*times), spoken, at + rest)
    for (start, end), seconds, (own, over) in zip(read(time), spoken, times, strict=True):
        assert end - start >= seconds + BREATH - 1e-9
        assert end - start >= over - own - 1e-9
        assert time.without(start) == pytest.approx(own, abs=1e-6)
        assert time.told(own) == pytest.approx(start, abs=1e-6)
    assert read(time)[-1][1] <= time.duration + 1e-9
    seen = [time.without(second) for second in np.linspace(0, time.duration, 200)]
    assert (np.diff(seen) >= 0).all()
    assert (seen[0], seen[-1]) == (0, pytest.approx(at + rest))


@pytest.mark.parametrize("spoken", [[1.0], [1.0, 1.0, 1.0]])
def test_another_number_of_lengths_than_of_captions_is_refused(spoken: list[float]) -> None:
    with pytest.raises(UsageError) as caught:
        NarratedTime(track((0, 3), (3, 6)), spoken, 9.0)
    assert str(caught.value) == (
        f"spoken: found {len(spoken)} lengths, and the film has 2 captions.\n"
        "expected: as many seconds as captions.\n"
        "next: --narration FOLDER, which measures them"
    )


def test_frames_of_a_film_with_a_voice() -> None:
    parts = FilmTime(hold=1.0, action=7.0, loop=False)
    captions = track((1, 4), (5, 8))
    silent, told = (FilmLength.of(parts, captions, spoken) for spoken in ((), (2.0, 5.6)))
    assert (silent.duration, silent.frames(10), silent.frame_at(8, 10)) == (9, 90, 80)
    assert (told.duration, told.frames(10)) == (pytest.approx(12), 120)
    assert told.frame_at(8, 10) == 110
    assert silent.poster_frame(10) == parts.poster_frame(10)
    shown = told.film_second(told.poster_frame(10) / 10)
    assert shown == pytest.approx(parts.poster_frame(10) / 10, abs=0.1)
