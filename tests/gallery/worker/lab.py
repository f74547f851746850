"""The worker's program without its worker: asked in a browser what it computes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser

from spiralcore.gallery.training import worker
from spiralcore.recipe import NetworkRecipe
from tests.gallery.visiting import told

FUNCTIONS = """
window.lab = {
  list: (values) => Array.from(values),
  core: async (plain) => plain ? spiral.layers.PlainCore
    : spiral.compiled.core(Uint8Array.from(atob(core), (letter) => letter.charCodeAt(0))),
  begin: async (settings, plain) =>
    new spiral.network.Training(settings, spiral.sets.draw(settings), await lab.core(plain)),
};
"""


LOADED = f"""([source, core]) => {{
  window.spiral = new Function(source)();
  window.core = core;
  {FUNCTIONS}
}}"""
"""Takes the `program` into an empty page."""

RUN = """async ([settings, plain, epochs]) => {
  const training = await lab.begin(settings, plain);
  const found = [];
  for (let epoch = 0; epoch <= epochs; epoch++) {
    found.push(...training.core.hidden());
    if (epoch < epochs) training.step();
  }
  const { entropy, loss, accuracy } = training;
  return { found, hash: training.hash(), entropy, loss, accuracy };
}"""
"""Trains so many epochs: where points were, and what the weights are called at the end."""


def program() -> list[str]:
    """Its source, which gives all that is in it, and the compiled core in base64."""
    found = worker()
    source = found["source"].replace("onmessage = spiral.worker.listen;", "return spiral;")
    return [source, found["core"]]


class Lab:
    """The program in an empty page; `ask` runs a function of JavaScript that sees it."""

    def __init__(self, browser: Browser) -> None:
        self._page = browser.new_page()
        self._page.evaluate(LOADED, program())

    def ask(self, function: str, given: Any = None) -> Any:
        return told(self._page, function, given)

    def close(self) -> None:
        self._page.close()


def settings_of(recipe: NetworkRecipe) -> dict[str, Any]:
    """A recipe as the page has it."""
    data = recipe.data.model_dump(mode="json")
    return {
        **data,
        "classes": recipe.classes,
        "points": data["points_per_class"],
        "seed": recipe.seed,
        "attempt": 1,
        "activation": recipe.activation,
        "widths": list(recipe.network.widths),
        "learning_rate": recipe.training.learning_rate,
        "warm_up": recipe.training.warm_up,
        "l2": recipe.training.l2,
    }


def floats(values: list[float], *shape: int) -> NDArray[np.float32]:
    return np.array(values, np.float32).reshape(shape)
