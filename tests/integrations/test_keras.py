"""Trainings of Keras 3, with each back end: see `keras_cases.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CASES = Path(__file__).with_name("keras_cases.py")
ROOT = CASES.parents[2]


@pytest.mark.parametrize("back_end", ["jax", "torch"])
def test_every_case_passes_with_a_back_end(back_end: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(CASES)],
        cwd=ROOT, env={**os.environ, "KERAS_BACKEND": back_end}, capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]
    assert " passed" in ran.stdout
    assert "skipped" not in ran.stdout
