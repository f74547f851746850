"""Whether the machines of a Dask cluster can do what a study asks of them."""

from __future__ import annotations

import importlib.util
import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, NamedTuple

from spiralcore.errors import SpiralError
from spiralcore.study.batch_jobs import REVISION
from spiralcore.version import __version__

PACKAGES = ("torch", "numba")
"""What a worker needs besides."""

Description = dict[str, Any]


class Trouble(NamedTuple):
    """What is wrong with a machine, what would be right, and what to do."""

    what: str
    expected: str
    next_step: str


def describe() -> Description:
    """What this process has; called on each machine of a cluster."""
    return {
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "dask": version("dask"),
        "distributed": version("distributed"),
        "spiralcore": __version__,
        "revision": REVISION,
        "missing": [package for package in PACKAGES if not is_installed(package)],
    }


def is_installed(package: str) -> bool:
    """Whether a package can be found, without importing it."""
    try:
        return importlib.util.find_spec(package) is not None
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


def check_workers(found: Mapping[str, Description | Exception]) -> None:
    """Make sure that all workers can do jobs.

    Parameters
    ----------
    found
        By their addresses, what `describe` has given there, or what went wrong.

    Raises
    ------
    SpiralError
        If one of them cannot.
    """
    troubles = {address: _trouble(each) for address, each in found.items()}
    unfit = [(address, trouble) for address, trouble in troubles.items() if trouble is not None]
    if not unfit:
        return
    address, (what, expected, next_step) = unfit[0]
    others = f" So it is with {len(unfit)} of {len(found)} workers." if len(found) > 1 else ""
    raise SpiralError(f"The Dask worker at {address} {what}.{others}", expected, next_step)


def _trouble(found: Description | Exception) -> Trouble | None:
    """What is wrong with a worker; None if all is well."""
    same = f"spiralcore {__version__} with the extra 'study', as here."
    install = f"pip install 'spiralcore[study]=={__version__}' there, and start it again"
    if isinstance(found, Exception):
        return Trouble(f"cannot load spiralcore: {found}", same, install)
    other = _other_version(found)
    if other is not None:
        return other
    if (found["spiralcore"], tuple(found["revision"])) != (__version__, REVISION):
        there = f"{found['spiralcore']} with the revisions {tuple(found['revision'])}"
        here = f"this machine {__version__} with {REVISION}"
        return Trouble(f"has spiralcore {there}, and {here}", same, install)
    if found["missing"]:
        return Trouble(f"lacks {' and '.join(found['missing'])}", same, install)
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
