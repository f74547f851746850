"""The base of all films.

A frame is a pure function of the trajectories, the settings and the film time: `Film.show`
sets any time, in any order. Under the `manim` command one animation drives the same clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from manim import ManimColor, Mobject, Scene, ValueTracker, linear

from spiralcore.analysis.network.prepare import prepare
from spiralcore.errors import UsageError
from spiralcore.recipe import FilmSettings
from spiralcore.registry.aspects import ASPECTS, aspect_of
from spiralcore.registry.films import Needs, entry_of_class
from spiralcore.registry.themes import theme
from spiralcore.stage.clock.film_time import FilmTime
from spiralcore.stage.clock.pauses import Pause, training_pauses
from spiralcore.stage.default_subject import cast, cast_study
from spiralcore.stage.layout.box import TEXT, Box
from spiralcore.stage.marks.plate import Plate
from spiralcore.stage.painted import Painted, StageCamera, refuse_opengl
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas, Pixels
from spiralcore.stage.pixels.changes import Picture, PixelBoxes, ReservedBoxes, whole_frame
from spiralcore.story.captions import CaptionTrack
from spiralcore.study.crowd import Crowd
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.timeline import Timeline

READOUT_RATE = 12
"""How often a second numbers on screen change: often enough to run, slow enough to be read."""


class Film(Scene):
    """A film about trajectories.

    Subclasses name their `needs` and `build` the picture from static mobjects and from
    mobjects with a rule that sets them to any second of the action.

    Parameters
    ----------
    trajectories
        What it shows; found by itself where None, see `spiralcore.stage.default_subject`. Those
        of wide layers are projected, see `spiralcore.analysis.network.prepare`.
    study
        The same for films about a study.
    settings
        How it looks.
    args, kwargs
        Those of Manim's `Scene`.
    """

    needs: ClassVar[Needs] = Needs.ONE

    restless: ClassVar[bool] = False
    """Whether something moves while the training stands still, by `film_second`."""

    def __init__(
        self,
        *args: Any,
        trajectories: Sequence[Trajectory] | None = None,
        study: Crowd | None = None,
        settings: FilmSettings | None = None,
        **kwargs: Any,
    ) -> None:
        refuse_opengl(f"The film '{type(self).__name__}'")
        super().__init__(*args, **{**kwargs, "camera_class": StageCamera})
        entry = entry_of_class(type(self).__name__, self.needs)
        found_settings = FilmSettings()
        if self.needs is Needs.STUDY and study is None:
            study, found_settings = cast_study()
        elif self.needs is not Needs.STUDY and trajectories is None:
            trajectories, found_settings = cast(entry)
        self._study = study
        self.settings = settings or found_settings
        self.trajectories = [
            prepare(path, entry, self.settings.layer) for path in trajectories or ()
        ]
        camera = self.stage_camera
        self.aspect = aspect_of(camera.pixel_width, camera.pixel_height)
        camera.look_at(self.aspect)
        if self.settings.aspect not in (self.aspect.name, FilmSettings().aspect):
            # Only the `manim` command comes here: the resolution is its own.
            width, height = ASPECTS[self.settings.aspect].pixels(
                min(camera.pixel_width, camera.pixel_height)
            )
            raise UsageError(
                f"The recipe asks for {self.settings.aspect}, "
                f"the command for {camera.pixel_width} x {camera.pixel_height} pixels.",
                "a resolution of that aspect.",
                f"manim render --resolution {width},{height}",
            )
        self.theme = theme(self.settings.theme)
        if self.theme.transparent:
            # Pixels are premultiplied: an empty one has no colour.
            self.stage_camera.background_color = ManimColor("#000000")
            self.stage_camera.background_opacity = 0.0
        else:
            self.stage_camera.background_color = ManimColor(self.theme.background)
        self.time_of = FilmTime(self.settings.hold, self.settings.seconds, self.settings.loop)
        self.clock = ValueTracker(0.0)
        self._static: list[Mobject] = []
        self._moving: list[Mobject] = []
        self._updates: list[Callable[[float], None]] = []
        self._reserved = ReservedBoxes()
        self._playbacks: dict[int, Playback] = {}
        self._drawn: float | None = None
        self._is_built = False

    def build(self) -> None:
        """Lay out the picture; implemented by each film."""
        raise NotImplementedError

    # What films build with.

    def moving(self) -> Sequence[Trajectory]:
        """Whose motion film time follows; all trajectories, where a film does not say other."""
        return self.trajectories

    @property
    def study(self) -> Crowd:
        """The study of a film about one."""
        assert self._study is not None
        return self._study

    @cached_property
    def timeline(self) -> Timeline:
        """The common timeline of all trajectories, for films whose action is the training."""
        return timeline(self.moving(), self.settings.seconds, self.settings.timeline)

    def moments(self) -> list[Pause]:
        """Where a speaker stops; the events of the training, where a film does not say other."""
        return training_pauses(self.moving(), self.timeline, self.time_of)

    @cached_property
    def captions(self) -> CaptionTrack:
        """What is read on the picture, in film time; nothing, where a film does not say other."""
        return CaptionTrack(())

    @property
    def leaves_out(self) -> str:
        """What it does not show of its trajectories: on the picture, and for a speaker."""
        return ""

    def playback(self, trajectory: Trajectory) -> Playback:
        """A trajectory on the film's timeline; the same object each time."""
        key = id(trajectory)
        if key not in self._playbacks:
            self._playbacks[key] = Playback(trajectory, self.timeline)
        return self._playbacks[key]

    def text(self, size: float) -> float:
        """A font size of a frame of 16:9, as large as the aspect of this one needs it."""
        return TEXT.get(self.aspect.name, 1.0) * size

    def place(self, *mobjects: Mobject) -> None:
        """Add mobjects that never change; they are drawn once, below all others."""
        self._static.extend(mobjects)

    def place_live(
        self, mobject: Mobject, update: Callable[[float], None], within: Box | None = None
    ) -> None:
        """Add a mobject that changes.

        Parameters
        ----------
        mobject
            Drawn over all that was added before.
        update
            Sets it to a second of the action, see `FilmTime`: 0 is the first epoch, less is the
            hold.
        within
            Where it stays, in design pixels, so that the rest of the frame can be left alone;
            None if it may be anywhere. For a text that of the longest one that it can become.
        """
        self._reserved.reserve(mobject, within)
        mobject.add_updater(lambda _: update(self.action_second))
        self._updates.append(update)
        self._moving.append(mobject)

    def slowly(self, second: float) -> float:
        """The second that numbers on screen belong to: they change `READOUT_RATE` times in one."""
        return float(np.floor(second * READOUT_RATE + 1e-6) / READOUT_RATE)

    # Film time.

    @property
    def stage_camera(self) -> StageCamera:
        """The camera that draws this film."""
        assert isinstance(self.camera, StageCamera)
        return self.camera

    @property
    def film_second(self) -> float:
        """Film time of the present frame, exactly on the grid of frames."""
        rate = self.stage_camera.frame_rate
        return float(round(self.clock.get_value() * rate) / rate)

    @property
    def action_second(self) -> float:
        """Seconds of the action that are over in the present frame."""
        return self.time_of.action_second(self.film_second)

    @property
    def frame_count(self) -> int:
        """Number of frames of the film."""
        return self.time_of.frames(self.stage_camera.frame_rate)

    def _ensure_built(self) -> None:
        """Lay out the picture, the first time that it is needed."""
        if self._is_built:
            return
        self.build()
        if self.theme.transparent:
            self._static.insert(0, self._plate())
        self.add(*self._static, *self._moving)
        if self.settings.loop:
            self.add(_Crossfade(self))
        self.update_mobjects(0)
        self._is_built = True

    def _plate(self) -> Plate:
        return Plate.under([*self._static, *self._moving], self.theme, self.aspect)

    @cached_property
    def _background(self) -> Pixels:
        """The static parts alone."""
        return self._apart(self._static)

    def _apart(self, mobjects: Sequence[Mobject]) -> Pixels:
        """Draw mobjects without touching the frame that is being drawn."""
        camera = StageCamera(
            background_color=self.stage_camera.background_color,
            background_opacity=self.stage_camera.background_opacity,
            pixel_width=self.stage_camera.pixel_width,
            pixel_height=self.stage_camera.pixel_height,
            frame_rate=self.stage_camera.frame_rate,
        )
        camera.look_at(self.aspect)
        camera.capture_mobjects(mobjects)
        return np.array(camera.pixel_array)

    def seek(self, frame: int) -> None:
        """Set all mobjects to a frame, without drawing."""
        self._ensure_built()
        self.clock.set_value(frame / self.stage_camera.frame_rate)
        second = self.action_second
        for update in self._updates:
            update(second)
        self._reserved.follow()

    @cached_property
    def _whole(self) -> PixelBoxes:
        return whole_frame(self.stage_camera.pixel_height, self.stage_camera.pixel_width)

    @property
    def _changing(self) -> PixelBoxes:
        """The parts of the frame that anything moves in."""
        camera = self.stage_camera
        scale = camera.pixel_width / self.aspect.width
        return self._reserved.pixels(camera.pixel_height, camera.pixel_width, scale)

    def show(self, frame: int) -> Pixels:
        """Draw any frame.

        Parameters
        ----------
        frame
            0 to `frame_count` - 1.

        Returns
        -------
        NDArray
            Premultiplied RGBA, shape (height, width, 4). The next call overwrites it.
        """
        return self.picture(frame).pixels

    def picture(self, frame: int) -> Picture:
        """Draw any frame, and tell where it may differ from the one that was drawn before."""
        self.seek(frame)
        pixels = np.asarray(self.stage_camera.pixel_array, dtype=np.uint8)
        is_mixed = self.time_of.crossfade(self.film_second) > 0
        moment = self.film_second if self.restless else self.action_second
        if self._drawn == moment and not is_mixed:
            return Picture(pixels, self._whole[:0])
        boxes = self._whole if self._drawn is None or is_mixed else self._changing
        for top, bottom, left, right in boxes:
            pixels[top:bottom, left:right] = self._background[top:bottom, left:right]
        self.stage_camera.capture_mobjects(self.mobjects[len(self._static) :])
        self._drawn = None if is_mixed else moment
        return Picture(pixels, boxes)

    def construct(self) -> None:
        """What the `manim` command runs: the same frames, one after the other."""
        self.play_frames(0, self.frame_count)

    def play_frames(self, first: int, end: int) -> None:
        """Let Manim play the frames from ``first`` to before ``end``."""
        self._ensure_built()
        rate = self.stage_camera.frame_rate
        # Half a frame less, so that rounding can never add a frame.
        start, run_time = first / rate, (end - first - 0.5) / rate
        self.clock.set_value(start)
        advance: Any = self.clock.animate
        self.play(advance(run_time=run_time, rate_func=linear).set_value(start + run_time))


class _Crossfade(Painted):
    """Fades from the last picture to the first by way of what both share: the static parts.

    Half-way, where nothing but those is seen, film time goes back to the start, see
    `spiralcore.stage.clock.film_time.FilmTime.action_second`.
    """

    def __init__(self, film: Film) -> None:
        super().__init__()
        self._film = film
        self.points = Box(0, 0, 1, 1).corners()
        self.add_updater(lambda _: None)  # Manim draws anew what has one

    def paint(self, canvas: Canvas) -> None:
        """Mix."""
        share = self._film.time_of.crossfade(self._film.film_second)
        if share > 0:
            kernels.mix(canvas.pixels, self._film._background, 1 - abs(2 * share - 1))
