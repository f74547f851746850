"""What every kind of subject can tell of itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path

from spiralcore.recipe import NetworkRecipe, Recipe
from spiralcore.registry.films import FILMS, UNTRAINED, FilmEntry, Needs
from spiralcore.study.crowd import Crowd
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.unrecorded import is_unlabelled

Source = Trajectory | Crowd
"""What a file of a film holds."""

DEFAULT_CLASSES = 4
"""Class count of films of one class count that are not told which."""


class Subject(ABC):
    """A kind of thing that films are about: how it is selected, checked, loaded and named.

    Attributes
    ----------
    needs
        Its key in the catalogue of films.
    noun, suffix
        What one of its files is called, and how it ends.
    is_training
        Whether its films can show a training.
    """

    needs: Needs
    noun, suffix = "trajectory", ".npz"
    is_training = True

    @property
    def is_trained(self) -> bool:
        """Whether a run trains its networks; others are made of files that somebody names."""
        return self.needs not in UNTRAINED

    # What a run makes of it.

    @abstractmethod
    def casts(self, recipe: Recipe, film: str) -> list[list[NetworkRecipe]]:
        """The networks that a film shows: a list for each film that a run makes of it."""

    @abstractmethod
    def name(self, film: str, networks: Sequence[NetworkRecipe]) -> tuple[str, str]:
        """What files of a film of a run are called, without aspect and ending, and its title."""

    def accepts_name(self, of: str | None) -> bool:
        """Whether a run gives a film a name that ends so: ``FILM-classes-of``, or ``FILM``."""
        return False

    # What somebody names.

    @abstractmethod
    def check_files(
        self, film: FilmEntry, files: Sequence[Path], layer: int | None, verb: str
    ) -> None:
        """See to it that a film can be made of files.

        Parameters
        ----------
        film
            Which one.
        files
            As they were named, in order.
        layer
            The hidden layer that shall be shown, if one was chosen.
        verb
            Who asks, for what to type next.

        Raises
        ------
        UsageError
            If they are too few or too many, or the film cannot show one of them.
        TrajectoryError
            If one of them is no trajectory.
        """

    def load(self, path: Path) -> Source:
        """Load one of its files; raises as that file's reader does."""
        return Trajectory.load(path)

    def default_files(self, recipe: Recipe, film: FilmEntry) -> list[Path]:
        """What the `manim` command shows of a run when it is not told what."""
        pairs = self.default_networks(recipe, _default_classes(recipe))
        return [
            recipe.trajectory_path(recipe.network_recipe(classes, activation, film.name))
            for classes, activation in pairs
        ]

    def default_networks(self, recipe: Recipe, classes: int) -> list[tuple[int, str]]:
        """Class counts and activations of these networks."""
        return []

    def maker(self, recipe: Recipe, film: FilmEntry) -> str:
        """What to type so that they are there."""
        usual = film.name in recipe.films or film.name not in FILMS or not self.is_trained
        return "make render" if usual else f"make render FILMS={film.name}"

    # What is said of it.

    @abstractmethod
    def told(self, sources: Sequence[Source]) -> str:
        """What is shown, in one sentence for a speaker."""

    def heading(self, film: FilmEntry, sources: Sequence[Source]) -> str:
        """What a slide with a film is called."""
        paths = trajectories(sources)
        classes = count_range(path.classes for path in paths)
        labels = dict.fromkeys(path.activation_label for path in paths)
        said = f"{classes} classes"
        if all(is_unlabelled(path) for path in paths):
            said = f"{count_range(path.points for path in paths)} points"
        return f"{film.name.capitalize()}: {said}, {', '.join(labels)}"


def trajectories(sources: Iterable[Source]) -> list[Trajectory]:
    """Those of some sources that are trajectories."""
    return [source for source in sources if isinstance(source, Trajectory)]


def count_range(counts: Iterable[int]) -> str:
    """``4``, or ``2 to 7``."""
    low, *_, high = [*(ordered := sorted(counts)), ordered[-1]]
    return f"{low}" if low == high else f"{low} to {high}"


def _default_classes(recipe: Recipe) -> int:
    return DEFAULT_CLASSES if DEFAULT_CLASSES in recipe.classes else recipe.classes[0]
