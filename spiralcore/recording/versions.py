"""What a record was made with."""

from __future__ import annotations

import platform
import sys

import numba
import numpy as np


def versions(**frameworks: str) -> dict[str, str]:
    """Versions by name; those of what trained the network are given."""
    package = sys.modules["spiralcore"]  # to import it is to import all that it offers, torch too
    return {
        "spiralcore": str(package.__dict__["__version__"]),
        "numpy": np.__version__,
        "numba": numba.__version__,
        **frameworks,
        "machine": platform.machine(),
    }
