from __future__ import annotations

import platform
import subprocess
import sys
from importlib.metadata import version

import pytest

from spiralcore import __version__
from spiralcore.cluster.fitness import (
    check_scheduler,
    check_workers,
    code_of_tree,
    describe,
    is_installed,
)
from spiralcore.errors import SpiralError
from spiralcore.extras import DRAWING, TRAINING

PYTHON = ".".join(platform.python_version_tuple()[:2])
SAME = f"expected: spiralcore {__version__} with the extra 'study', as here.\n"
PACKAGES = {
    "python": platform.python_version() + ".final.0",
    "dask": version("dask"),
    "distributed": version("distributed"),
}
INSTALL = f'next: pip install "spiralcore[study]=={__version__}" there, and start it again'


def test_this_machine_is_fit() -> None:
    here = describe()
    assert here == {
        "Python": PYTHON,
        "dask": version("dask"),
        "distributed": version("distributed"),
        "spiralcore": __version__,
        "code": code_of_tree(),
        "missing": [],
    }
    check_scheduler("tcp://head:1", PACKAGES)
    check_workers({"tcp://one:1": here, "tcp://two:1": here})
    assert is_installed("numpy")
    assert not is_installed("no_such_package")
    assert not is_installed("no_such_package.inside")


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (
            {"Python": "3.9"},
            f"has Python 3.9, and this machine {PYTHON}.\n"
            f"expected: the same Python on all machines.\nnext: start it with Python {PYTHON}",
        ),
        *(
            (
                {name: "2021.1.0"},
                f"has {name} 2021.1.0, and this machine {version(name)}.\n"
                f"expected: the same {name} on all machines.\n"
                f"next: pip install {name}=={version(name)} there, and start it again",
            )
            for name in ("dask", "distributed")
        ),
        (
            {"spiralcore": "0.0.1"},
            f"has spiralcore 0.0.1, and this machine {__version__}.\n{SAME}{INSTALL}",
        ),
        (
            {"code": "0" * 64},
            f"has other code of spiralcore {__version__} than this machine.\n"
            "expected: the same code on all machines, so that they make the same bytes.\n"
            "next: install the same checkout there, and start it again",
        ),
    ],
)
def test_other_versions(other: dict[str, object], message: str) -> None:
    with pytest.raises(SpiralError) as caught:
        check_workers({"tcp://one:1": {**describe(), **other}})
    assert str(caught.value) == f"The Dask worker at tcp://one:1 {message}"
    assert caught.value.exit_code == 1


def test_schedulers_of_other_versions() -> None:
    with pytest.raises(SpiralError) as caught:
        check_scheduler("tcp://head:1", {**PACKAGES, "python": "3.9.1.final.0"})
    assert str(caught.value) == (
        f"The Dask scheduler at tcp://head:1 has Python 3.9, and this machine {PYTHON}.\n"
        f"expected: the same Python on all machines.\nnext: start it with Python {PYTHON}"
    )
    with pytest.raises(SpiralError) as caught:
        check_scheduler("tcp://head:1", {**PACKAGES, "distributed": "2021.1.0"})
    assert str(caught.value) == (
        "The Dask scheduler at tcp://head:1 has distributed 2021.1.0, and this machine "
        f"{version('distributed')}.\nexpected: the same distributed on all machines.\n"
        f"next: pip install distributed=={version('distributed')} there, and start it again"
    )


def test_what_trains_is_missing() -> None:
    found = {**describe(), "missing": ["torch", "numba"]}
    workers = {"tcp://one:1": describe(), "tcp://two:1": found, "tcp://three:1": found}
    with pytest.raises(SpiralError) as caught:
        check_workers(workers, [TRAINING])
    assert str(caught.value) == (
        "The Dask worker at tcp://two:1 lacks torch and numba. So it is with 2 of 3 workers.\n"
        f"{SAME}{INSTALL}"
    )
    assert caught.value.exit_code == 1


def test_what_draws_is_missing() -> None:
    """But nothing is asked for that the work does not need."""
    found = {"tcp://one:1": {**describe(), "missing": ["manim", "pptx"]}}
    check_workers(found, [TRAINING])
    with pytest.raises(SpiralError) as caught:
        check_workers(found, [TRAINING, DRAWING])
    assert str(caught.value) == (
        "The Dask worker at tcp://one:1 lacks manim.\n"
        f"expected: spiralcore {__version__} with the extras 'film' and 'study', as here.\n"
        f'next: pip install "spiralcore[film,study]=={__version__}" there, and start it again'
    )


def test_what_goes_wrong_there() -> None:
    error = Exception("No module named 'spiralcore'")
    with pytest.raises(SpiralError) as caught:
        check_workers({"tcp://one:1": error})
    assert str(caught.value) == (
        "The Dask worker at tcp://one:1 cannot load spiralcore: No module named 'spiralcore'.\n"
        f"{SAME}{INSTALL}"
    )


def test_a_package_that_is_loaded_is_installed() -> None:
    """manim-slides puts something without a spec in its module's place."""
    code = (
        "import manim_slides\n"
        "from spiralcore.cluster.fitness import is_installed\n"
        "print(is_installed('manim_slides'), is_installed('json'), is_installed('nothing'))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "True True False\n"
