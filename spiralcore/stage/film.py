"""The base of all films.

A frame is a pure function of the trajectories, the settings and the film time: `Film.show`
sets any time, in any order. Under the `manim` command one animation drives the same clock.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from manim import Mobject, Scene, ValueTracker, linear

from spiralcore.analysis.network.prepare import prepare
from spiralcore.recipe import FilmSettings
from spiralcore.registry.films import FilmEntry, Needs, entry_of_class
from spiralcore.stage.clock.film_length import FilmLength
from spiralcore.stage.clock.film_time import FilmTime
from spiralcore.stage.clock.pauses import Pause, training_pauses
from spiralcore.stage.frame_drawer import Crossfade, FrameDrawer
from spiralcore.stage.framing import Framing, asked_aspect
from spiralcore.stage.layout.box import LEAST_TEXT, TEXT, Box
from spiralcore.stage.marks.plate import Plate
from spiralcore.stage.marks.words import use_letters
from spiralcore.stage.painted import StageCamera, refuse_opengl
from spiralcore.stage.pixels.canvas import Pixels
from spiralcore.stage.pixels.changes import Picture, ReservedBoxes
from spiralcore.stage.story.camera_path import CameraPath
from spiralcore.story.captions import CaptionTrack
from spiralcore.story.telling import stops
from spiralcore.study.crowd import Crowd
from spiralcore.subjects.default import default_sources
from spiralcore.subjects.subject import Source, trajectories
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.play.playback import FrameGrid, Playback
from spiralcore.trajectory.play.timeline import Timeline

if TYPE_CHECKING:
    from spiralcore.stage.panels.panel import Panel

READOUT_RATE = 12
"""How often a second numbers on screen change: often enough to run, slow enough to be read."""


class Film(Scene):
    """A film about trajectories.

    Subclasses name their `needs` and `build` the picture from static mobjects and from
    mobjects with a rule that sets them to any second of the action.

    Parameters
    ----------
    sources
        What it shows: trajectories, of which those of wide layers are projected, see
        `spiralcore.analysis.network.prepare`, or a study. Left out, they are found by
        `spiralcore.subjects.default`.
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
        sources: Sequence[Source] | None = None,
        settings: FilmSettings | None = None,
        **kwargs: Any,
    ) -> None:
        refuse_opengl(f"The film '{type(self).__name__}'")
        super().__init__(*args, **{**kwargs, "camera_class": StageCamera})
        entry = entry_of_class(type(self).__name__, self.needs)
        found_settings = FilmSettings()
        if sources is None:
            sources, found_settings = default_sources(entry)
        self.settings = settings or found_settings
        self.trajectories = [
            prepare(path, entry, self.settings.layer) for path in trajectories(sources)
        ]
        self._studies = [source for source in sources if isinstance(source, Crowd)]
        self.aspect = asked_aspect(self.stage_camera, self.settings)
        # How much larger than in a frame of 16:9 texts are, and what goes with them.
        self.text_scale = TEXT.get(self.aspect.name, 1.0)
        self.theme = self.settings.colours
        use_letters(self.theme)
        self.stage_camera.look_at(self.aspect)
        self.stage_camera.have_background_of(self.theme)
        self.time_of = self.parts_of_time(entry)
        self.clock = ValueTracker(0.0)
        self._static, self._moving = list[Mobject](), list[Mobject]()
        self._updates: list[Callable[[float], None]] = []
        self._reserved = ReservedBoxes()
        self._playbacks: dict[int, Playback] = {}
        self._is_built = False

    def build(self) -> None:
        """Lay out the picture; implemented by each film."""
        raise NotImplementedError

    def parts_of_time(self, entry: FilmEntry) -> FilmTime:
        """How long its parts are; what a film says other has an entry that knows of it."""
        rows = len({path.classes for path in self.trajectories}) or 1
        return FilmTime.of(self.settings, entry, rows)

    def moving(self) -> Sequence[Trajectory]:
        """Whose motion film time follows."""
        return self.trajectories

    @property
    def study(self) -> Crowd:
        """The study of a film about one."""
        (study,) = self._studies
        return study

    @property
    def sources(self) -> Sequence[Source]:
        """What it shows, as it is shown."""
        return [*self.trajectories, *self._studies]

    @cached_property
    def timeline(self) -> Timeline:
        """The common timeline of all trajectories, for films whose action is the training."""
        paths, settings = self.moving(), self.settings
        return timeline(paths, settings.seconds, settings.timeline, self.stops())

    def stops(self) -> Sequence[int]:
        """Epochs of the events that film time slows down at, the most important first."""
        return stops(self.moving())

    def moments(self) -> list[Pause]:
        """Where a speaker stops; the events of the training, where a film does not say other."""
        return training_pauses(self.moving(), self.timeline, self.time_of)

    @cached_property
    def captions(self) -> CaptionTrack:
        """What is read on the picture, in film time; nothing, where a film does not say other."""
        return CaptionTrack(())

    @cached_property
    def length(self) -> FilmLength:
        """How long it is and when what of it is seen, with a voice."""
        return FilmLength.of(self.time_of, self.captions, self.settings.spoken)

    @cached_property
    def camera_path(self) -> CameraPath | None:
        """What part of the frame is seen when, in seconds of the action; None for all of it."""
        return None

    @property
    def leaves_out(self) -> str:
        """What it does not show of its trajectories: on the picture, and for a speaker."""
        return ""

    def playback(self, trajectory: Trajectory) -> Playback:
        """A trajectory on the film's timeline; the same object each time."""
        key = id(trajectory)
        if key not in self._playbacks:
            smoothing, rate = self.settings.smoothing, self.stage_camera.frame_rate
            frames = FrameGrid(self.time_of.start, rate)
            self._playbacks[key] = Playback(trajectory, self.timeline, smoothing, frames)
        return self._playbacks[key]

    def text(self, size: float = 0.0) -> float:
        """A font size of a frame of 16:9, as large as the aspect of this one needs it."""
        return max(self.text_scale * size, LEAST_TEXT)

    def place(self, *mobjects: Mobject) -> None:
        """Add mobjects that never change; they are drawn once, below all others."""
        self._static.extend(mobjects)

    def place_live(
        self, mobject: Mobject, update: Callable[[float], None], within: Box | None = None
    ) -> None:
        """Add a mobject that changes.

        Parameters
        ----------
        mobject, update
            Drawn over all before; set to a second of the action, 0 at its start.
        within
            Where it stays, in design pixels; None if it may be anywhere. For a text that of the
            longest one that it can become.
        """
        self._reserved.reserve(mobject, within)
        mobject.add_updater(lambda _: update(self.action_second))
        self._updates.append(update)
        self._moving.append(mobject)

    def show_panels(self, *panels: Panel) -> None:
        """Add panels, over all that was added before."""
        for panel in panels:
            self.place(*panel.still())
            for live in panel.live():
                self.place_live(*live)

    def slowly(self, second: float) -> float:
        """The second that numbers on screen belong to: they change `READOUT_RATE` times in one."""
        return float(np.floor(second * READOUT_RATE + 1e-6) / READOUT_RATE)

    @property
    def stage_camera(self) -> StageCamera:
        """The camera that draws this film."""
        assert isinstance(self.camera, StageCamera)
        return self.camera

    @property
    def film_second(self) -> float:
        """Film time of the present frame, exactly on the grid of frames where nobody speaks."""
        rate = self.stage_camera.frame_rate
        return self.length.film_second(round(self.clock.get_value() * rate) / rate)

    @property
    def action_second(self) -> float:
        """Seconds of the action that are over in the present frame."""
        return self.time_of.action_second(self.film_second)

    def moment(self) -> Hashable:
        """What the present frame depends on: frames of one moment are the same picture."""
        second = self.film_second
        if self.restless or self.time_of.is_apart(second):
            return "film", second
        return "action", self.action_second

    def fading(self) -> float:
        """How far the fade back to the start is in the present frame, 0 to 1."""
        return self.time_of.crossfade(self.film_second)

    @property
    def frame_count(self) -> int:
        """Number of frames of the film."""
        return self.length.frames(self.stage_camera.frame_rate)

    def _ensure_built(self) -> None:
        """Lay out the picture, the first time that it is needed."""
        use_letters(self.theme)
        if self._is_built:
            return
        self.build()
        if self.theme.transparent:
            parts = [*self._static, *self._moving]
            self._static.insert(0, Plate.under(parts, self.theme, self.aspect))
        if self.framing.moves:
            # Manim draws anew what has an updater: under a camera that moves nothing stands still.
            for mobject in self._static:
                mobject.add_updater(lambda _: self.framing.aim(self.action_second))
        self.add(*self._static, *self._moving)
        if self.settings.loop:
            self.add(Crossfade(self.drawer, self.fading))
        self.update_mobjects(0)
        self._is_built = True

    def seek(self, frame: int) -> None:
        """Set all mobjects to a frame, without drawing."""
        self._ensure_built()
        self.clock.set_value(frame / self.stage_camera.frame_rate)
        self.framing.aim(second := self.action_second)
        for update in self._updates:
            update(second)
        self._reserved.follow()

    @cached_property
    def framing(self) -> Framing:
        """What the camera sees."""
        return Framing(self.stage_camera, self.aspect, self.camera_path)

    def show(self, frame: int) -> Pixels:
        """Draw any frame, 0 to `frame_count` - 1; see `Picture` for what is returned."""
        return self.picture(frame).pixels

    def picture(self, frame: int) -> Picture:
        """Draw any frame, and tell where it may differ from the one that was drawn before."""
        self.seek(frame)
        return self.drawer.draw()

    @cached_property
    def drawer(self) -> FrameDrawer:
        """What draws the frames, once the film is built."""
        return FrameDrawer(self, self._static, self._reserved, self.stage_camera)

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
