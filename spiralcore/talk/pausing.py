"""Films as slides of manim-slides, with a pause at each of their moments."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

from manim import config

from spiralcore.errors import harmless
from spiralcore.extras import PAUSING, require
from spiralcore.registry.films import FilmEntry
from spiralcore.stage.film import Film
from spiralcore.video.opening import film_class

require(PAUSING)
from manim_slides.slide import Slide  # noqa: E402
from manim_slides.slide.base import BaseSlide  # noqa: E402


class Paused(Slide, Film):
    """Mixed into a film: the same frames, as many slides as it has moments.

    Each slide ends with the picture of its moment. The last one is the end of the film: a fade back
    to the first picture would have to be a slide of its own.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Past manim-slides' Slide, which sets an option that Manim has no longer.
        BaseSlide.__init__(self, *args, **kwargs)
        self.settings = self.settings.model_copy(update={"loop": False})
        self.time_of = replace(self.time_of, loop=False, closing=0.0)

    def render(self, *args: Any, **kwargs: Any) -> Any:
        """Let Manim make the segments, and manim-slides slides of them."""
        again = Film.render(self, *args, **kwargs)
        if self.renderer.file_writer.output_spec.is_video:
            self._save_slides(use_cache=not config.disable_caching)
        return again

    def construct(self) -> None:
        """Play from moment to moment."""
        first = 0
        for frame, text in self.pauses():
            # Notes are Markdown, in which markup counts as such.
            self.next_slide(notes=escape(harmless(text), quote=False))
            self.play_frames(first, frame + 1)
            first = frame + 1

    def pauses(self) -> list[tuple[int, str]]:
        """The last frame of each slide, and what to say there."""
        rate, last = self.stage_camera.frame_rate, self.frame_count - 1
        *moments, end = self.moments()
        found: dict[int, str] = {}
        for moment in moments:
            frame = min(self.length.frame_at(moment.second, rate), last - 1)
            found[frame] = f"{found.get(frame, '')} {moment.text}".strip()
        return [*found.items(), (last, end.text)]


def paused(entry: FilmEntry, module: str) -> type[Film]:
    """A film of the catalogue with pauses, as a class of a module."""
    about = f"{entry.about}; with pauses."
    return type(
        entry.class_name, (Paused, film_class(entry)), {"__module__": module, "__doc__": about}
    )
