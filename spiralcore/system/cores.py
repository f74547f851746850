"""How many processors this process may use."""

from __future__ import annotations

import os
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
"""Where Linux shows the limits of containers."""

OWN_CGROUPS = Path("/proc/self/cgroup")
"""In which groups this process is."""


def cores() -> int:
    """Processors that work for this process at a time, at least 1.

    Not all of the machine's: a process can be bound to some of them (``taskset``, cluster
    managers), and a container can have a quota of their time.
    """
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(int(min(bound or 1, _quota())), 1)


def _quota() -> float:
    """Processors whose time the groups of this process have, each within those above it."""
    try:
        lines = OWN_CGROUPS.read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return float("inf")
    least = float("inf")
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers and "cpu" not in controllers.split(","):
            continue
        top = CGROUPS / controllers
        group = top / path.lstrip("/")
        for place in (group, *group.parents):
            least = min(least, _quota_of(place))
            if place == top:
                break
    return least


def _quota_of(group: Path) -> float:
    """That of one group: ``cpu.max`` (version 2), ``cpu.cfs_quota_us`` (version 1)."""
    try:
        if (group / "cpu.max").exists():
            quota, period = (group / "cpu.max").read_text("utf-8").split()
        else:
            quota = (group / "cpu.cfs_quota_us").read_text("utf-8")
            period = (group / "cpu.cfs_period_us").read_text("utf-8")
        share = int(quota) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        return float("inf")  # "max", or no such file
    return share if share > 0 else float("inf")
