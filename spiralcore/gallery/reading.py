"""What makes a file valid, for the page, which reads files of its readers by itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from spiralcore.trajectory.conversion import LARGEST_WHOLE
from spiralcore.trajectory.file import MAX_BYTES, MAX_TEXT_BYTES
from spiralcore.trajectory.given import SCHEMA
from spiralcore.trajectory.schema import ARRAYS, LARGEST, ArrayRule
from spiralcore.trajectory.unrecorded import CURVES, GAPS, LONGEST, READOUT


def reading_rules() -> dict[str, Any]:
    """The rules of the Python reader, as plain values; ``checking.js`` applies them."""
    return {
        "schema": SCHEMA,
        "most_bytes": MAX_BYTES,
        "most_text": MAX_TEXT_BYTES,
        "largest": float(np.nextafter(np.float32(LARGEST), np.float32(0))),
        "below": f"{LARGEST:g}",
        "largest_whole": LARGEST_WHOLE,
        "longest": LONGEST,
        "curves": CURVES,
        "readout": READOUT,
        "gaps": GAPS,
        "arrays": {name: _rule(rule) for name, rule in ARRAYS.items()},
    }


def _rule(rule: ArrayRule) -> dict[str, Any]:
    return {
        "shape": rule.shape,
        "kinds": rule.kinds,
        "whole": rule.stored is not np.float32,
        "required": rule.required,
        "least": rule.least,
        "most": rule.most,
    }
