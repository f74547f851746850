"""Training in the page: its core in Chromium against `spiral train`, one core each (15)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from statistics import median

from playwright.sync_api import sync_playwright

from benchmarks.figures import Figure, Target
from benchmarks.workshop import Workshop
from spiralcore.recipe import NetworkRecipe
from spiralcore.training.trainer import points_of, train
from tests.browser import program
from tests.gallery.worker.lab import Lab, settings_of

ROUNDS = 7

NETWORKS = {"15": ((120, 80, 40, 2), 200, 100), "15b": ((64, 32, 2), 60, 1000)}
"""Widths, points of each of four classes, and epochs of a round."""

EPOCHS = """async ([settings, plain, epochs]) => {
  window.training ??= await lab.begin(settings, plain);
  const started = performance.now();
  for (let i = 0; i < epochs; i++) training.step();
  return (performance.now() - started) / epochs;
}"""

NOTE = (
    "Milliseconds an epoch, tanh, four classes, nothing recorded, one thread; median of {rounds} "
    "rounds by turns. In plain JavaScript, for browsers without WebAssembly: {plain:.2f} ms."
)


def against_python(shop: Workshop) -> Iterator[Figure]:
    """What an epoch takes in the page and in Python."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program("Chromium"), args=["--no-sandbox"]
        )
        for number, (widths, points, epochs) in NETWORKS.items():
            shop.say(f"training in the page: {' '.join(map(str, widths))}")
            recipe = NetworkRecipe.model_validate({
                "classes": 4, "activation": "tanh", "seed": 1,
                "network": {"widths": widths}, "data": {"points_per_class": points},
                "training": {"epochs": 10_000_000},
            })  # fmt: skip
            settings = settings_of(recipe)
            lab, other = Lab(browser), Lab(browser)
            python = train(recipe, points_of(recipe))
            list(islice(python, epochs))
            lab.ask(EPOCHS, [settings, False, epochs])
            ours, peer = [], []
            for _ in range(ROUNDS):
                ours.append(lab.ask(EPOCHS, [settings, False, epochs]))
                started = time.perf_counter()
                list(islice(python, epochs))
                peer.append(1000 * (time.perf_counter() - started) / epochs)
            python.close()  # it gives torch its threads back
            other.ask(EPOCHS, [settings, True, 20])
            plain = other.ask(EPOCHS, [settings, True, 20])
            yield Figure(
                number,
                f"training {len(widths)} hidden layers in the page, against spiral train",
                "ms",
                median(ours),
                median(peer),
                median(ours) / median(peer),
                Target(most=1.5),
                note=NOTE.format(rounds=ROUNDS, plain=plain),
                timings={"ours": ours, "peer": peer},
            )
        browser.close()
