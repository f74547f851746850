"""The search for the best file under a limit, with files whose size is known."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiralcore.errors import SpiralError
from spiralcore.video.encode.fitting import (
    ATTEMPTS,
    NO_CONTROL,
    Descent,
    Grade,
    RateControl,
    size_text,
    write_fitting,
)

CRF = RateControl(best=20, good=32, worst=44, halving=6)


class Encoder:
    """Writes files of a known size, and counts them."""

    def __init__(self, best: float, power: float, halving: float) -> None:
        self.best, self.power, self.halving = best, power, halving
        self.made: list[Grade] = []

    def size(self, grade: Grade) -> int:
        worse = (grade.rate_control - CRF.best) / self.halving if grade.rate_control else 0
        return round(self.best * (grade.side / 1080) ** self.power * 2**-worse)

    def __call__(self, grade: Grade, path: Path) -> None:
        self.made.append(grade)
        path.write_bytes(bytes(self.size(grade)))


@given(
    limit=st.floats(3_000, 200_000),
    power=st.floats(1.0, 2.0),
    halving=st.floats(4.0, 9.0),
)
def test_the_file_is_under_the_limit_and_near_it(
    tmp_path_factory: pytest.TempPathFactory, limit: float, power: float, halving: float
) -> None:
    encoder = Encoder(200_000, power, halving)
    path = tmp_path_factory.mktemp("fit") / "film.mp4"
    write_fitting(encoder, path, Descent(1080, 180, CRF), limit, strict=False)
    size = path.stat().st_size
    smallest = encoder.size(Grade(180, CRF.worst))
    assert size <= limit or size == smallest > limit
    assert size >= 0.8 * limit or size == smallest
    assert len(encoder.made) <= ATTEMPTS
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_fits_at_its_best_is_made_once(tmp_path: Path) -> None:
    encoder = Encoder(50_000, 1.5, 6)
    write_fitting(encoder, tmp_path / "a.mp4", Descent(1080, 180, CRF), 50_000, strict=True)
    assert encoder.made == [Grade(1080, 20)]


def test_quality_goes_first_then_size_then_the_rest_of_quality() -> None:
    descent = Descent(1080, 270, CRF)
    way = [descent.grade(step * descent.end / 40) for step in range(41)]
    assert way[0] == Grade(1080, 20)
    assert way[-1] == Grade(270, 44)
    assert all(a.side >= b.side and a.rate_control <= b.rate_control for a, b in pairwise(way))
    assert {grade.rate_control for grade in way if 270 < grade.side < 1080} == {32}
    assert all(grade.side % 2 == 0 for grade in way)


def test_without_a_dial_the_size_alone_gives_way() -> None:
    descent = Descent(480, 180, NO_CONTROL)
    assert descent.grade(0) == Grade(480)
    assert descent.grade(descent.end) == Grade(180)
    assert descent.grade(1.5).side == 240


def test_what_is_better_when_larger_is_turned_down() -> None:
    descent = Descent(480, 480, RateControl(best=80, good=60, worst=20, halving=40))
    assert [descent.grade(way).rate_control for way in (0, 0.5, 1.0, 9.0)] == [80, 60, 40, 20]


def test_a_limit_that_cannot_be_met_names_the_smallest_that_can(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    encoder = Encoder(2_000_000, 1.5, 6)
    with pytest.raises(SpiralError) as caught:
        write_fitting(encoder, path, Descent(1080, 180, CRF), 5_000, strict=True)
    smallest = encoder.size(Grade(180, 44))
    kilobytes = math.ceil(smallest / 100) / 10
    assert str(caught.value) == (
        f"{path} cannot have 5 kB: the smallest that can be made of it has {kilobytes} kB, with a "
        "shorter side of 180 pixels.\n"
        "expected: more room, or a shorter film.\n"
        f"next: --max-size {kilobytes}kB, or fewer --seconds"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("size", "text", "rounded_up"),
    [
        (5e6, "5 MB", "5 MB"),
        (1_234_567, "1.2 MB", "1.3 MB"),
        (123_456, "123 kB", "124 kB"),
        (2_100, "2.1 kB", "2.1 kB"),
    ],
)
def test_sizes_for_people(size: float, text: str, rounded_up: str) -> None:
    assert size_text(size) == text
    assert size_text(size, up=True) == rounded_up
