"""Training: against the matrix products alone, and what recording costs (8, 9)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Any

from benchmarks.figures import Figure, Target
from benchmarks.workshop import Workshop, metered_job, work_off
from spiralcore.recipe import NetworkRecipe
from spiralcore.subjects.runs import networks
from spiralcore.system.engine import Job, Report
from spiralcore.system.worker_pool import WorkerPool
from spiralcore.training.training_job import training_job

WARM_EPOCHS = 20

SIDE = 1024
"""Of the matrices whose product is the measure."""

SGEMM_SECONDS = 1.5

ALONE_EPOCHS = 2_000
"""Training alone costs the same in each epoch, so that a part of a run stands for it."""

NOTE = (
    "All twelve default networks in the job queue, all {epochs:,} epochs, recorded and written as "
    "`spiral train` does it, {cores} processes; one run, as it is long. Multiplications and "
    "additions of the matrix products only, forward and backward. Peer: torch.mm of {side} x "
    "{side}, one thread in each of as many processes, at the same time, before, between, after."
)


def training(shop: Workshop) -> Iterator[Figure]:
    """Floating-point operations a second, and the processor time that recording takes."""
    whole = [_changed(recipe, attempts=1) for recipe in networks(shop.recipe)]
    parts = [_changed(recipe, epochs=ALONE_EPOCHS) for recipe in whole]
    rates: dict[str, list[float]] = {"recorded": [], "alone": []}
    costs: dict[str, list[list[float]]] = {"recorded": [], "alone": []}
    with WorkerPool(shop.cores) as pool:
        work_off(pool, [_warm(shop, i) for i in range(shop.cores)])
        sgemm = [_sgemm(pool, shop.cores)]
        for name, recipes in (("alone", parts), ("recorded", whole), ("alone", parts)):
            shop.say(f"training: twelve networks, {name}")
            jobs = [metered_job(_job(shop, recipe, name)) for recipe in recipes]
            started = time.perf_counter()
            results = work_off(pool, jobs)
            work = sum(operations(recipe) for recipe in recipes) / 1e9
            rates[name].append(work / (time.perf_counter() - started))
            costs[name].append([result["own"] for result in results])
            sgemm.append(_sgemm(pool, shop.cores))
    epochs = shop.recipe.training.epochs
    for number, title, name, target in (
        ("8", "training with recording", "recorded", Target(least=0.65)),
        ("8b", "training alone", "alone", None),
    ):
        ours, peer = median(rates[name]), median(sgemm)
        yield Figure(
            number, f"{title}, matrix products a second, against sgemm", "GFLOP/s",
            ours, peer, ours / peer, target,
            note=NOTE.format(epochs=epochs, cores=shop.cores, side=SIDE) if target else "",
            timings={"ours": rates[name], "peer": sgemm},
        )  # fmt: skip
    scale = epochs / ALONE_EPOCHS
    alone = [scale * median(runs) for runs in zip(*costs["alone"], strict=True)]
    yield from _overhead(whole, costs["recorded"][0], alone)


def _overhead(
    recipes: list[NetworkRecipe], recorded: list[float], alone: list[float]
) -> Iterator[Figure]:
    each = [ours / peer for ours, peer in zip(recorded, alone, strict=True)]
    worst = max(range(len(each)), key=each.__getitem__)
    title = "training with the adaptive recorder, against training alone"
    yield Figure(
        "9", title, "s CPU",
        sum(recorded), sum(alone), sum(recorded) / sum(alone), Target(most=1.05),
        note="Sums over the twelve networks, writing the files counted in; training alone from "
        f"{ALONE_EPOCHS:,} epochs before and after, in proportion. "
        f"Median {median(each):.2f}, best {min(each):.2f}.",
        timings={"ours": recorded, "peer": alone},
    )  # fmt: skip
    yield Figure(
        "9b", f"{title}, the worst network", "s CPU",
        recorded[worst], alone[worst], each[worst], Target(most=1.1),
        note=f"{recipes[worst].title}.",
    )  # fmt: skip


def operations(recipe: NetworkRecipe) -> float:
    """Floating-point operations of all matrix products of a training.

    A product of N x a and a x b counts 2 N a b. Each layer has one forward, one for the
    gradient of its weights, and, the first apart, one for the gradient of its input.
    """
    points = recipe.classes * recipe.data.points_per_class
    layers = [
        2.0 * points * a * b for a, b in pairwise((2, *recipe.network.widths, recipe.classes))
    ]
    epochs = recipe.training.epochs
    total: float = sum(layers) * (epochs + 1) + (2 * sum(layers) - layers[0]) * epochs
    return total


def _changed(recipe: NetworkRecipe, **changes: int) -> NetworkRecipe:
    """The recipe with other settings of its training.

    One attempt instead of several where a run goes wrong: new ones would count twice.
    """
    settings = recipe.training.model_copy(update=changes)
    return recipe.model_copy(update={"training": settings})


def _job(shop: Workshop, recipe: NetworkRecipe, name: str) -> Job:
    job = training_job(recipe, shop.scratch / f"{recipe.title}.npz")
    if name == "alone":
        job = replace(job, function="benchmarks.rows.learning:train_alone", makes={}, may_make={})
    return job


def _warm(shop: Workshop, number: int) -> Job:
    training = {"epochs": WARM_EPOCHS, "attempts": 1}
    recipe = NetworkRecipe.model_validate(
        {"classes": 2, "activation": "tanh", "seed": number, "training": training}
    )
    return training_job(recipe, shop.scratch / f"warm-{number}.npz")


def _sgemm(pool: WorkerPool, processes: int) -> float:
    job: dict[str, Any] = {"title": "sgemm", "function": "benchmarks.rows.learning:time_sgemm"}
    return float(sum(work_off(pool, [Job(arguments={}, **job) for _ in range(processes)])))


def train_alone(recipe: dict[str, Any], report: Report) -> None:
    """Train a network and keep nothing, in a worker process."""
    from spiralcore.training.trainer import points_of, train

    settings = NetworkRecipe.model_validate(recipe)
    for _ in train(settings, points_of(settings)):
        pass


def time_sgemm(report: Report) -> float:
    """GFLOP a second of the product of two square matrices, in a worker process."""
    import torch

    torch.set_num_threads(1)
    left, right = torch.rand(SIDE, SIDE), torch.rand(SIDE, SIDE)
    out = torch.empty(SIDE, SIDE)
    torch.mm(left, right, out=out)
    rounds, started = 0, time.perf_counter()
    while time.perf_counter() - started < SGEMM_SECONDS:
        torch.mm(left, right, out=out)
        rounds += 1
    return 2 * SIDE**3 * rounds / (time.perf_counter() - started) / 1e9
