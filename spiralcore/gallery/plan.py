"""Which parts a page has, and the jobs that make those that are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from spiralcore.gallery.live import network_layers
from spiralcore.gallery.predicted_plane import is_predicted
from spiralcore.gallery.shown_networks import ShownNetwork
from spiralcore.system.engine import Files, Job, listed
from spiralcore.video.cache_key import film_key

DATA = "data"
"""Folder of the parts."""

JOBS = "spiralcore.gallery.part_jobs"
"""The module that makes them."""


class Plan:
    """Which parts there have to be, and the jobs that make those that are missing.

    A part has a name that comes from what it is made from, so that it is made once.

    Parameters
    ----------
    folder
        Of the page.
    table
        The networks, in rows.
    seconds, timeline
        Length and kind of the common timeline.

    Attributes
    ----------
    parts
        Place of each part in the folder, by its name.
    """

    def __init__(
        self, folder: Path, table: Sequence[Sequence[ShownNetwork]], seconds: float, timeline: str
    ) -> None:
        self.parts: dict[str, str] = {}
        self._folder = folder
        exhibits = [network for row in table for network in row]
        everything = tuple(network.path for network in exhibits)
        film = {"seconds": seconds, "timeline": timeline}
        clock = {"seconds": seconds, "kind": timeline}
        self._first = [
            self._job("clock", "write_clock", everything, film, clock,
                      {"trajectories": everything}, 3)
        ]  # fmt: skip
        self._second = []
        for row in table:
            for network in row:
                weight = network.trajectory.points / 1000
                source = {"trajectory": network.path}
                own = {"seconds": seconds}
                self._first.append(
                    self._job(f"live-{network.name}", "write_live_part", [network.path], own, own,
                              source, 2 * weight)
                )  # fmt: skip
                if network_layers(network.trajectory):
                    self._first.append(
                        self._job(f"network-{network.name}", "write_network_part", [network.path],
                                  {}, {}, source, 0.2)
                    )  # fmt: skip
                settings = {**film, "own": network.name}
                reads = {**source, "clock": folder / self.parts["clock"]}
                parts = {"table": "write_table_part"}
                if network is row[0] and is_predicted(network.trajectory):
                    parts["plane"] = "write_plane_part"
                for part, function in parts.items():
                    self._second.append(
                        self._job(f"{part}-{network.name}", function,
                                  [network.path, *everything], settings, {}, reads, weight)
                    )  # fmt: skip

    def stages(self) -> Iterator[list[Job]]:
        """Jobs whose part is not there; those of the second stage need what the first makes."""
        for stage in (self._first, self._second):
            yield [job for job in stage if not all(path.exists() for path in listed(job.makes))]

    def _job(
        self,
        name: str,
        function: str,
        paths: Sequence[Path],
        settings: Mapping[str, Any],
        arguments: Mapping[str, Any],
        reads: Mapping[str, Files],
        weight: float,
    ) -> Job:
        key = film_key(f"page {name}", paths, dict(settings), (JOBS,))
        self.parts[name] = f"{DATA}/{name}-{key}.js"
        return Job(
            title=name,
            function=f"{JOBS}:{function}",
            arguments={**arguments, "name": name},
            weight=weight,
            reads=reads,
            makes={"path": self._folder / self.parts[name]},
        )
