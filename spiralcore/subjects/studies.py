"""Films about a study."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from spiralcore.errors import UsageError
from spiralcore.recipe import NetworkRecipe, Recipe
from spiralcore.registry.films import FilmEntry, Needs
from spiralcore.study.crowd import Crowd
from spiralcore.subjects.subject import Source, Subject, count_range

DEFAULT_STUDY = "study/study.parquet"
"""Where `spiral study` leaves one, in the folder of a run."""


class OneStudy(Subject):
    """A study of many networks."""

    needs = Needs.STUDY
    is_training = False
    noun, suffix = "study", ".parquet"

    def casts(self, recipe: Recipe, film: str) -> list[list[NetworkRecipe]]:
        """None: a grid asks for its networks."""
        return []

    def name(self, film: str, networks: Sequence[NetworkRecipe]) -> tuple[str, str]:
        """That of the film alone."""
        return film, film

    def check_files(
        self, film: FilmEntry, files: Sequence[Path], layer: int | None, verb: str
    ) -> None:
        """See to it that there is one file, and that it is a study."""
        if len(files) != 1:
            raise UsageError(
                f"The film '{film.name}' is told of {len(files)} files.",
                f"one: {self.needs.value}.",
                f"spiral {verb} {film.name} STUDY.parquet; `spiral study` makes one",
            )
        Crowd.load(files[0])

    def load(self, path: Path) -> Source:
        """Load a study; raises as `Crowd.load` does."""
        return Crowd.load(path)

    def default_files(self, recipe: Recipe, film: FilmEntry) -> list[Path]:
        """The study in the folder of the run."""
        return [Path(recipe.output) / DEFAULT_STUDY]

    def maker(self, recipe: Recipe, film: FilmEntry) -> str:
        """A study takes hours: nothing is started by a hint."""
        return ""

    def told(self, sources: Sequence[Source]) -> str:
        """Which networks it has."""
        (crowd,) = (source for source in sources if isinstance(source, Crowd))
        return (
            f"A study of networks that tell {count_range(crowd.classes)} classes apart with two "
            f"units, and {len(crowd.activations)} activations."
        )

    def heading(self, film: FilmEntry, sources: Sequence[Source]) -> str:
        """What a slide with such a film is called."""
        return "More and more classes in the plane"
