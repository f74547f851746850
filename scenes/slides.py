"""Every film as slides of manim-slides, with pauses at what happens in it.

Run one with ``manim-slides render scenes/slides.py Bending``, show it with
``manim-slides present Bending``.
"""

from spiralcore.registry.films import FILMS
from spiralcore.talk.pausing import paused

globals().update({entry.class_name: paused(entry, __name__) for entry in FILMS.values()})
