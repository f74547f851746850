"""What is public: listed in the reference, in `__all__`, and in what Python shows."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from importlib import import_module

import pytest

import spiralcore
from tests.docs.blocks import ROOT

PAGE = (ROOT / "docs" / "python-api.md").read_text("utf-8")
MODULES = re.findall(r"automodule:: (\S+)", PAGE)


def test_the_package_lists_its_names_and_no_others() -> None:
    assert dir(spiralcore) == ["ArrayRecorder", "Recorder", "Trajectory", "__version__", "film"]
    assert set(re.findall(r"auto(?:class|function):: spiralcore\.(\w+)$", PAGE, re.MULTILINE)) == {
        name for name in dir(spiralcore) if not name.startswith("_")
    }
    for name in dir(spiralcore):
        assert getattr(spiralcore, name)


@pytest.mark.parametrize("name", MODULES)
def test_a_public_module_says_what_is_public_and_documents_it(name: str) -> None:
    module = import_module(name)
    assert module.__doc__
    assert module.__all__
    assert len(set(module.__all__)) == len(module.__all__)
    for public in module.__all__:
        if name == "spiralcore.integrations":  # tried where their frameworks are
            assert f"autoclass:: {name}.{public.removesuffix('Recorder').lower()}.{public}" in PAGE
            continue
        value = getattr(module, public)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert inspect.getdoc(value), f"{name}.{public}"
            assert value.__module__.startswith("spiralcore")


def test_the_base_is_light_also_by_its_public_names() -> None:
    light = [name for name in MODULES if "stage" not in name and "figures" not in name]
    light = [name for name in light if "study" not in name]
    code = f"import sys\nfor name in {light!r}: __import__(name)\n"
    code += "print(sorted({'torch', 'manim', 'numba', 'matplotlib', 'pyarrow'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_python_runs_the_package_as_the_command() -> None:
    for module in ("spiralcore", "spiralcore.cli"):
        command = [sys.executable, "-m", module, "--version"]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        assert ran.stdout == f"spiral, version {spiralcore.__version__}\n"
