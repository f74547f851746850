"""Where a framework is not installed, the tests of its recorder are skipped, with the reason."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

NEEDS = {
    "test_flax.py": "flax",
    "test_keras.py": "keras",
    "test_lightning.py": "lightning",
    "test_pages.py": "keras",
    "test_transformers.py": "transformers",
}
"""Those that are not here need what `make setup` installs."""


class Skipped(pytest.Module):
    """A file of tests that is not loaded."""

    def collect(self) -> Any:
        needed = NEEDS[self.path.name]
        pytest.skip(
            f"{needed} is installed by `make test-integrations`, which runs these",
            allow_module_level=True,
        )


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> Any:
    needed = NEEDS.get(module_path.name)
    if needed is None or find_spec(needed) is not None:
        return None
    return Skipped.from_parent(parent, path=module_path)
