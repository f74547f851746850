"""Who does the work of a command: processes of this machine, or a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spiralcore.cli.verbosity import LOG
from spiralcore.extras import CLUSTER, require
from spiralcore.system.worker_pool import WorkerPool, worker_pool

if TYPE_CHECKING:
    from spiralcore.cluster.address import Address
    from spiralcore.cluster.cluster import Cluster


def chosen_engine(jobs: int, scheduler: Address | None) -> WorkerPool | Cluster:
    """The engine that the options ``--jobs`` and ``--scheduler`` mean, to be used as a context.

    Raises
    ------
    MissingExtraError
        If a cluster is meant and Dask is not installed.
    """
    if scheduler is None:
        return worker_pool(jobs)
    require(CLUSTER)
    from spiralcore.cluster.cluster import Cluster

    return Cluster(scheduler, jobs, say=LOG.info)
