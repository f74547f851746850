"""How a network packs its classes: one story in shots, made of what the networks really did.

Each shot is a piece of its own in `spiralcore.stage.shots`; those that the networks have nothing
for are left out, and every sentence is computed from their files.

Run it by itself with ``manim render scenes/explainer.py Explainer``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from itertools import accumulate

from spiralcore.registry.films import FilmEntry, Needs
from spiralcore.registry.languages.en import ENGLISH
from spiralcore.stage.clock.film_time import FilmTime
from spiralcore.stage.clock.pauses import Pause, spaced
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.borders import Bar
from spiralcore.stage.marks.words import LEADING, wrapped
from spiralcore.stage.panels.notes import fidelity_notes, of_all, repeated
from spiralcore.stage.shots.cast import Cast
from spiralcore.stage.shots.places import Places
from spiralcore.stage.shots.shot import Shot, Stage
from spiralcore.stage.shots.storyboard import ENDING, storyboard
from spiralcore.stage.story.captioned_film import FOOT, CaptionedFilm
from spiralcore.story.captions import Caption, CaptionTrack
from spiralcore.story.sentences import Speaker, text_of
from spiralcore.trajectory.play.timeline import Timeline

USUAL_SECONDS = 20.0
"""Setting of the length at which shots are as long as they say."""

MOST_NOTES = 2
"""Lines on what is wrong with networks."""


class Explainer(CaptionedFilm):
    """A list of shots."""

    needs = Needs.ALL
    caption_size = 54.0

    @cached_property
    def cast(self) -> Cast:
        """Who plays what."""
        return Cast.of(self.trajectories, self.settings.timeline)

    @cached_property
    def _story(self) -> tuple[Sequence[Shot], Sequence[Shot]]:
        """What there is to tell, and the way back to the start."""
        return storyboard(self.cast), ENDING.of(self.cast)

    @property
    def shots(self) -> Sequence[Shot]:
        """All of them, with the way back at the end of a film that loops."""
        story, ending = self._story
        return [*story, *ending] if self.settings.loop else story

    @property
    def pace(self) -> float:
        """Seconds of film for one of the shots."""
        return self.settings.seconds / USUAL_SECONDS

    def parts_of_time(self, entry: FilmEntry) -> FilmTime:
        """The shots are the action; the way back is the closing."""
        lengths = [self.pace * shot.length for shot in self.shots]
        closing = lengths.pop() if self.settings.loop else 0.0
        return FilmTime(self.settings.hold, sum(lengths), self.settings.loop, closing=closing)

    @cached_property
    def _starts(self) -> list[float]:
        """Film time at which each shot begins."""
        time = self.time_of
        lengths = [self.pace * shot.length for shot in self.shots]
        starts = [time.start, *accumulate(lengths[:-1], initial=time.start)][1:]
        return [*starts[:-1], time.action_over] if self.settings.loop else starts

    @cached_property
    def timeline(self) -> Timeline:
        """That of the lead, at the pace of the film."""
        found = self.cast.timeline
        return Timeline(self.pace * found.seconds, found.epochs)

    def _number(self, second: float) -> int:
        """Which shot is seen at a film time."""
        return max(bisect_right(self._starts, second + 1e-9) - 1, 0)

    def _own(self, number: int, second: float) -> float:
        """Second of a shot at a film time, at the usual pace."""
        since = (second - self._starts[number]) / self.pace
        return min(max(since, 0.0), self.shots[number].length)

    # What is said.

    @cached_property
    def captions(self) -> CaptionTrack:
        """The lines of all shots, in film time."""
        if not self.settings.captions:
            return CaptionTrack(())
        speaker = Speaker.of(self.cast.lead, self.settings.words)
        return CaptionTrack(
            [
                Caption(start + self.pace * said.start, start + self.pace * said.end, said.line)
                for shot, start in zip(self.shots, self._starts, strict=True)
                for said in shot.lines(speaker)
            ],
            self.time_of.duration,
        )

    def moments(self) -> list[Pause]:
        """A pause where each shot ends, with what is said in it; in English for speakers."""
        speaker = Speaker.of(self.cast.lead, ENGLISH)
        time, said = self.time_of, [
            " ".join(text_of(line.line) for line in shot.lines(speaker)) for shot in self.shots
        ]  # fmt: skip
        first, *others = [
            (start, text)
            for start, text in zip(self._starts, said, strict=True)
            if text and start < time.action_over
        ]
        ends = [*(start for start, _ in others[1:]), time.action_over]
        pauses = [Pause(end, text) for end, (_, text) in zip(ends, others, strict=True)]
        return spaced([Pause(time.start, first[1]), *pauses])

    def moment(self) -> Hashable:
        """A shot knows what its picture depends on."""
        second = self.film_second
        number = self._number(second)
        shot = self.shots[number].moment(self._own(number, second))
        return number, shot, self.spoken()

    # The picture.

    def build(self) -> None:
        """Let each shot place what it shows."""
        high = self.captions_height()
        places = Places(self, high)
        foot = Box(
            places.area.left, self.aspect.height - places.foot - high, places.area.width, high
        )
        if self.theme.transparent:
            # What moves lies on one plate, wherever it goes.
            whole = places.area.around(foot)
            self.place(Bar(whole, self.theme.background, opacity=0.0))
        for number, shot in enumerate(self.shots):
            stage = Stage(self, places, *self._turn(number), self.pace)
            shot.draw(stage)
            stage.set_up()
        self.show_captions(foot)
        self._say_how(foot)

    def _say_how(self, foot: Box) -> None:
        """How it is made, and what is wrong with its networks, once all else is said."""
        size, rest = self.text(FOOT), [note for note in repeated(self) if note.label is None]
        wrong = of_all(self, [], rest, foot.width, MOST_NOTES)
        method = fidelity_notes(self, self.playback(self.cast.lead)).text
        lines = [
            *wrapped(method, foot.width, size),
            *(note.text for line in wrong for note in line),
        ]
        top = foot.top - 0.5 * LEADING * size * (len(lines) - 1)
        for i, text in enumerate(lines):
            self.say_at_foot(text, foot._replace(top=top + LEADING * size * i), self.has_said_all)

    def _turn(self, number: int) -> tuple[Callable[[], bool], Callable[[], float]]:
        """Whether it is the turn of a shot, and its own second."""

        def shows() -> bool:
            return self._number(self.film_second) == number

        return shows, lambda: self._own(number, self.film_second)
