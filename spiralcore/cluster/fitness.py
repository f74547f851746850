"""Whether the machines of a Dask cluster can do what is asked of them."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Collection, Mapping
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from spiralcore.errors import SpiralError
from spiralcore.extras import EVERY, WIDGET, Work
from spiralcore.shell import pip_install
from spiralcore.version import __version__

Description = dict[str, Any]

CODE = (".json", ".py", ".toml")
"""How files end that decide what is made."""

BASE = "study"
"""The extra that every worker has, as it brings Dask; that of training is in it."""


class Trouble(NamedTuple):
    """What is wrong with a machine, what would be right, and what to do."""

    what: str
    expected: str
    next_step: str


def describe() -> Description:
    """What this process has; called on each machine of a cluster."""
    packages = dict.fromkeys(
        package for work in EVERY if work is not WIDGET for package in work.packages
    )
    return {
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "dask": version("dask"),
        "distributed": version("distributed"),
        "spiralcore": __version__,
        "code": code_of_tree(),
        "missing": [package for package in packages if not is_installed(package)],
    }


@cache
def code_of_tree() -> str:
    """SHA-256 of all code of spiralcore here, and of the data and defaults in it.

    The same call gives the same bytes only where it runs the same code.
    """
    digest = hashlib.sha256()
    scenes = find_spec("spiralcore.scenes")
    places = {"spiralcore": [str(Path(__file__).parents[1])]}
    if scenes is not None:
        places["spiralcore/scenes"] = list(scenes.submodule_search_locations or [])
    found = {
        f"{name}/{path.relative_to(folder).as_posix()}": path
        for name, folders in places.items()
        for folder in folders
        for path in Path(folder).rglob("*")
        if path.suffix in CODE
    }
    for name, path in sorted(found.items()):
        content = path.read_bytes()
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def is_installed(package: str) -> bool:
    """Whether a package can be found, without importing it."""
    if sys.modules.get(package) is not None:
        return True  # find_spec refuses modules that have put something else in their place
    try:
        return find_spec(package) is not None
    except ImportError:
        return False


def check_scheduler(address: str, found: Mapping[str, str]) -> None:
    """Make sure that a scheduler speaks as this machine does; it needs no spiralcore.

    Parameters
    ----------
    address
        Where it is.
    found
        The versions of its ``python``, ``dask`` and ``distributed``.

    Raises
    ------
    SpiralError
        If it does not.
    """
    own = {
        "Python": ".".join(found["python"].split(".")[:2]),
        "dask": found["dask"],
        "distributed": found["distributed"],
    }
    trouble = _other_version(own)
    if trouble is not None:
        what, expected, next_step = trouble
        raise SpiralError(f"The Dask scheduler at {address} {what}.", expected, next_step)


def check_workers(
    found: Mapping[str, Description | Exception], needs: Collection[Work] = ()
) -> None:
    """Make sure that all workers can do jobs.

    Parameters
    ----------
    found
        By their addresses, what `describe` has given there, or what went wrong.
    needs
        What they are to do.

    Raises
    ------
    SpiralError
        If one of them cannot.
    """
    troubles = {address: _trouble(each, needs) for address, each in found.items()}
    unfit = [(address, trouble) for address, trouble in troubles.items() if trouble is not None]
    if not unfit:
        return
    address, (what, expected, next_step) = unfit[0]
    others = f" So it is with {len(unfit)} of {len(found)} workers." if len(found) > 1 else ""
    raise SpiralError(f"The Dask worker at {address} {what}.{others}", expected, next_step)


def _trouble(found: Description | Exception, needs: Collection[Work]) -> Trouble | None:
    """What is wrong with a worker; None if all is well."""
    extras = sorted({BASE, *(work.extra for work in needs)} - {"train"})
    named = " and ".join(f"'{extra}'" for extra in extras)
    same = f"spiralcore {__version__} with the extra{'s' * (len(extras) > 1)} {named}, as here."
    install = pip_install(extras, f"=={__version__}") + " there, and start it again"
    if isinstance(found, Exception):
        return Trouble(f"cannot load spiralcore: {found}", same, install)
    other = _other_version(found)
    if other is not None:
        return other
    if found["spiralcore"] != __version__:
        there = f"has spiralcore {found['spiralcore']}, and this machine {__version__}"
        return Trouble(there, same, install)
    if found["code"] != code_of_tree():
        return Trouble(
            f"has other code of spiralcore {__version__} than this machine",
            "the same code on all machines, so that they make the same bytes.",
            "install the same checkout there, and start it again",
        )
    needed = dict.fromkeys(package for work in needs for package in work.packages)
    missing = [package for package in needed if package in found["missing"]]
    if missing:
        return Trouble(f"lacks {' and '.join(missing)}", same, install)
    return None


def _other_version(found: Mapping[str, Any]) -> Trouble | None:
    here = describe()
    if found["Python"] != here["Python"]:
        return Trouble(
            f"has Python {found['Python']}, and this machine {here['Python']}",
            "the same Python on all machines.",
            f"start it with Python {here['Python']}",
        )
    for name in ("dask", "distributed"):
        if found[name] != here[name]:
            return Trouble(
                f"has {name} {found[name]}, and this machine {here[name]}",
                f"the same {name} on all machines.",
                f"pip install {name}=={here[name]} there, and start it again",
            )
    return None
