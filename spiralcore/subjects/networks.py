"""Films about trajectories: of one network, of a row, of all class counts, of two."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from spiralcore.analysis.network.prepare import check
from spiralcore.errors import UsageError
from spiralcore.recipe import NetworkRecipe, Recipe
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.films import UNTRAINED, FilmEntry, Needs
from spiralcore.subjects.sentences import data_name, sentence
from spiralcore.subjects.subject import Source, Subject, count_range, trajectories
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.compare.comparison import compare
from spiralcore.trajectory.unrecorded import is_unlabelled

ROW_ENDING = "classes"


class Networks(Subject):
    """What films about trajectories have in common."""

    wanted: int | None = None
    """How many files there have to be; any number but none where that is open."""

    placeholders = "FILE.npz"

    def check_files(
        self, film: FilmEntry, files: Sequence[Path], layer: int | None, verb: str
    ) -> None:
        """See to it that there are as many as wanted, and that the film can show each."""
        if not files:
            raise UsageError(
                f"The film '{film.name}' is not told what to show.",
                f"{self.needs.value}.",
                f"spiral {verb} {film.name} {self.placeholders}" + self._also(film),
            )
        if self.wanted is not None and len(files) != self.wanted:
            raise UsageError(f"{len(files)} files are given.", f"{self.needs.value}.")
        loaded = [Trajectory.load(path) for path in files]
        for trajectory in loaded:
            check(trajectory, film, layer)
        self.check_together(loaded)

    def check_together(self, paths: Sequence[Trajectory]) -> None:
        """See to it that trajectories can be in one film; raises `UsageError`."""

    def told(self, sources: Sequence[Source]) -> str:
        """What they learn."""
        first, *others = paths = trajectories(sources)
        if not others:
            said = sentence(first)
            labelled = not is_unlabelled(first)
            among = f" in {first.classes} classes" if labelled else ", without labels"
            among = ", coloured by value" if first.targets is not None else among
            return f"{said[0].upper()}{said[1:]}: {first.points:,} points{among}."
        classes = count_range(path.classes for path in paths)
        return f"{len(paths)} networks learn {classes} classes of {data_name(paths)}, in step."

    def _also(self, film: FilmEntry) -> str:
        return f", or spiral render --films {film.name} to train them too"


class OneNetwork(Networks):
    """One network."""

    needs = Needs.ONE
    wanted = 1

    def casts(self, recipe: Recipe, film: str) -> list[list[NetworkRecipe]]:
        """Each activation at each class count that is shown alone."""
        return [
            [recipe.network_recipe(classes, name, film)]
            for classes in recipe.close_ups
            for name in recipe.activations
        ]

    def name(self, film: str, networks: Sequence[NetworkRecipe]) -> tuple[str, str]:
        """``FILM-4-tanh``."""
        classes, activation = networks[0].classes, networks[0].activation
        title = f"{classes} classes, {ACTIVATIONS[activation].label}"
        return f"{film}-{classes}-{activation}", title

    def accepts_name(self, of: str | None) -> bool:
        """With an activation at the end."""
        return of in ACTIVATIONS

    def default_networks(self, recipe: Recipe, classes: int) -> list[tuple[int, str]]:
        """The first activation."""
        return [(classes, recipe.activations[0])]


class NetworkRow(Networks):
    """Networks of one class count, one for each activation."""

    needs = Needs.ROW

    def casts(self, recipe: Recipe, film: str) -> list[list[NetworkRecipe]]:
        """A row for each class count."""
        return [
            [recipe.network_recipe(classes, name, film) for name in recipe.activations]
            for classes in recipe.classes
        ]

    def name(self, film: str, networks: Sequence[NetworkRecipe]) -> tuple[str, str]:
        """``FILM-4-classes``."""
        classes = networks[0].classes
        return f"{film}-{classes}-{ROW_ENDING}", f"{classes} {ROW_ENDING}"

    def accepts_name(self, of: str | None) -> bool:
        """With ``classes`` at the end."""
        return of == ROW_ENDING

    def check_together(self, paths: Sequence[Trajectory]) -> None:
        """They have the same class count."""
        counts = {path.classes for path in paths}
        if len(counts) > 1:
            raise UsageError(
                f"The files have {' and '.join(map(str, sorted(counts)))} classes.",
                f"{self.needs.value}.",
            )

    def default_networks(self, recipe: Recipe, classes: int) -> list[tuple[int, str]]:
        """All activations."""
        return [(classes, name) for name in recipe.activations]


class AllNetworks(NetworkRow):
    """Networks of several class counts."""

    needs = Needs.ALL

    def casts(self, recipe: Recipe, film: str) -> list[list[NetworkRecipe]]:
        """All rows in one film."""
        return [[network for row in super().casts(recipe, film) for network in row]]

    def name(self, film: str, networks: Sequence[NetworkRecipe]) -> tuple[str, str]:
        """That of the film alone: a run makes one."""
        return film, "all class counts"

    def accepts_name(self, of: str | None) -> bool:
        """With nothing at the end."""
        return of is None

    def check_together(self, paths: Sequence[Trajectory]) -> None:
        """Any class counts."""

    def default_networks(self, recipe: Recipe, classes: int) -> list[tuple[int, str]]:
        """All of them."""
        return [(count, name) for count in recipe.classes for name in recipe.activations]


class TwoNetworks(Networks):
    """Two trajectories of the same points."""

    needs = Needs.TWO
    wanted = 2
    _, placeholders = UNTRAINED[needs]

    def casts(self, recipe: Recipe, film: str) -> list[list[NetworkRecipe]]:
        """None: no recipe asks for two."""
        return []

    def name(self, film: str, networks: Sequence[NetworkRecipe]) -> tuple[str, str]:
        """That of the film alone."""
        return film, film

    def check_together(self, paths: Sequence[Trajectory]) -> None:
        """They can be compared: raises what says why they cannot."""
        compare(*paths, arrays=["epochs"])

    def default_networks(self, recipe: Recipe, classes: int) -> list[tuple[int, str]]:
        """The first activation and the last one."""
        return [(classes, recipe.activations[0]), (classes, recipe.activations[-1])]

    def told(self, sources: Sequence[Source]) -> str:
        """What they learn."""
        first = trajectories(sources)[0]
        return f"Two networks learn the same {first.points:,} points in {first.classes} classes."

    def _also(self, film: FilmEntry) -> str:
        return ""
