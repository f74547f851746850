"""The best file that is not larger than a limit: encode, measure, and aim again.

What can be given up is put in one order: first the quality, as far as it still looks good, then
the size of the picture, then the rest of the quality. A step along this way is measured in
expected halvings of the file, so that the first guess is a good one and few attempts are needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from spiralcore.errors import SpiralError
from spiralcore.registry.formats import NO_CONTROL, RateControl
from spiralcore.system.files import scratch_file, whole_file

AREA_POWER = 1.5
"""A picture whose sides are half as long makes a file of about 2^-1.5 of the size."""

AIM, NEAR_ENOUGH = 0.96, 0.88
"""What part of the limit is aimed at, and what is not improved any more."""

ATTEMPTS = 8

SHORTEST_STEP = 0.02

SMALLEST = 180
"""Shorter side below which nothing can be read."""


@dataclass(frozen=True)
class Grade:
    """How good a file is.

    Attributes
    ----------
    side
        The shorter one of the picture, in pixels, even.
    rate_control
        The encoder's own measure of quality.
    """

    side: int
    rate_control: float = 0.0


@dataclass(frozen=True)
class Descent:
    """The way from the best file down to the smallest.

    Attributes
    ----------
    side, smallest
        The shorter one of the picture, in pixels: at best and at the least.
    rate_control
        Of the encoder.
    """

    side: int
    smallest: int
    rate_control: RateControl = NO_CONTROL

    @property
    def _turns(self) -> tuple[float, float]:
        """Where quality gives way to size, and size to quality again."""
        control = self.rate_control
        first = abs(control.good - control.best) / control.halving
        return first, first + AREA_POWER * math.log2(max(self.side / self.smallest, 1.0))

    @property
    def end(self) -> float:
        """Length of the way, in expected halvings."""
        control = self.rate_control
        return self._turns[1] + abs(control.worst - control.good) / control.halving

    def grade(self, way: float) -> Grade:
        """The grade after so many expected halvings."""
        first, second = self._turns
        control = self.rate_control
        better = min(way, first) + max(min(way, self.end) - second, 0.0)
        sign = math.copysign(1.0, control.worst - control.best)
        setting = control.best + sign * better * control.halving
        share = max(min(way, second) - first, 0.0)
        side = self.side * 2 ** (-share / AREA_POWER)
        least = min(self.smallest, self.side)
        if better > 0:
            setting = round(setting / control.step) * control.step
        return Grade(max(2 * math.floor(side / 2 + 1e-9), least), round(setting, 3))


Make = Callable[[Grade, Path], None]
"""Writes a file of some grade."""


def write_fitting(make: Make, path: Path, descent: Descent, limit: float, *, strict: bool) -> None:
    """Write the best file that is not larger than a limit.

    Parameters
    ----------
    make
        Writes one.
    path
        Where it belongs.
    descent
        What may be given up for it.
    limit
        In bytes.
    strict
        Whether it is an error if the smallest is still too large; else this one is taken.

    Raises
    ------
    SpiralError
        If there is no such file, with the size of the smallest.
    """
    with whole_file(path) as best, scratch_file(path.parent, path.suffix) as trial:
        too_large: list[tuple[float, float]] = []
        fits: tuple[float, float] | None = None
        tried: set[Grade] = set()
        way = 0.0
        for attempt in range(1, ATTEMPTS + 1):
            if fits is None and attempt == ATTEMPTS:
                way = descent.end
            while fits is None and way < descent.end and descent.grade(way) in tried:
                way = min(way + SHORTEST_STEP, descent.end)
            grade = descent.grade(way)
            if grade in tried:
                break
            tried.add(grade)
            make(grade, trial)
            size = trial.stat().st_size
            is_last = fits is None and way >= descent.end
            if size > limit and is_last and strict:
                raise _too_little(path, limit, grade, size)
            if size <= limit or is_last:
                fits = (way, size)
                trial.replace(best)
                if way == 0 or is_last or size >= NEAR_ENOUGH * limit:
                    break
            else:
                too_large.append((way, size))
            way = _next(too_large, fits, limit, descent.end)


def _next(
    too_large: list[tuple[float, float]],
    fits: tuple[float, float] | None,
    limit: float,
    end: float,
) -> float:
    """Where the file is expected to be as large as it may be."""
    way, size = too_large[-1]
    aim = math.log2(size / (AIM * limit))
    if fits is None:
        slope = 1.0
        if len(too_large) > 1:
            before, larger = too_large[-2]
            slope = math.log2(larger / size) / (way - before) if size < larger else 0.25
        return min(way + max(aim / min(max(slope, 0.25), 2.0), SHORTEST_STEP), end)
    span = fits[0] - way
    if span < SHORTEST_STEP:
        return fits[0]
    share = aim / math.log2(size / fits[1])
    return way + span * min(max(share, 0.1), 0.9)


def _too_little(path: Path, limit: float, grade: Grade, size: int) -> SpiralError:
    return SpiralError(
        f"{path} cannot have {size_text(limit)}: the smallest that can be made of it has "
        f"{size_text(size, up=True)}, with a shorter side of {grade.side} pixels.",
        "more room, or a shorter film.",
        f"--max-size {size_text(size, up=True).replace(' ', '')}, or fewer --seconds",
    )


def side_with_room(side: int, known: int, need: float, room: float) -> int:
    """The shorter side of a picture, smaller where its file would not have room.

    Parameters
    ----------
    side
        What it is at most, in pixels, even.
    known, need
        A side, and how large a file it makes.
    room
        How large it may be, in the same unit.
    """
    needed = need * (side / known) ** AREA_POWER
    if needed <= room:
        return side
    smaller = side * (room / needed) ** (1 / AREA_POWER)
    return max(int(smaller) // 2 * 2, min(SMALLEST, side))


def size_text(size: float, *, up: bool = False) -> str:
    """A size in bytes for people; ``up`` never says less than it is."""
    unit, name = (1e6, "MB") if size >= 1e6 else (1e3, "kB")
    value = size / unit
    digits = 1 if value < 10 else 0
    if up:
        value = math.ceil(value * 10**digits) / 10**digits
    return f"{value:.{digits}f}".removesuffix(".0") + f" {name}"
