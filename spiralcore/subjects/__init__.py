"""What films are about: one network, a row of them, all, two, a study."""

from spiralcore.subjects.kinds import SUBJECTS, subject_of
from spiralcore.subjects.subject import Source, Subject

__all__ = ["SUBJECTS", "Source", "Subject", "subject_of"]
