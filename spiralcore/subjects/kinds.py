"""The kinds of subjects, by their keys in the catalogue of films."""

from __future__ import annotations

from spiralcore.registry.films import FilmEntry, Needs
from spiralcore.subjects.networks import AllNetworks, NetworkRow, OneNetwork, TwoNetworks
from spiralcore.subjects.studies import OneStudy
from spiralcore.subjects.subject import Subject

KINDS: tuple[Subject, ...] = (
    OneNetwork(),
    NetworkRow(),
    AllNetworks(),
    TwoNetworks(),
    OneStudy(),
)

SUBJECTS: dict[Needs, Subject] = {kind.needs: kind for kind in KINDS}


def subject_of(film: FilmEntry) -> Subject:
    """The subject of a film."""
    return SUBJECTS[film.needs]
