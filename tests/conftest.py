from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, settings

from spiralcore import Trajectory
from spiralcore.data import Spirals
from spiralcore.recipe import NetworkRecipe, NetworkSettings, TrainingSettings
from spiralcore.registry.films import FILMS, UNTRAINED, Needs
from spiralcore.system.files import whole_file
from spiralcore.trajectory.play import pacing
from tests import warm

# Nothing in the tests depends on time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
# For `make mutation`, where the tests run thousands of times and have to say the same each time.
settings.register_profile(
    "mutation",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept-pictures", action="store_true", help="write the pictures of test_snapshots.py"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let all processes of a session share what they train and make, see `made_once`."""
    if hasattr(config, "workerinput"):
        return
    patch, folder = pytest.MonkeyPatch(), tempfile.mkdtemp(prefix="spiral-tests-")
    patch.setenv("SPIRAL_TEST_SESSION", folder)
    if "SPIRAL_TEST_RUNS" not in os.environ:
        patch.setenv("SPIRAL_TEST_RUNS", folder)
    config.add_cleanup(patch.undo)
    config.add_cleanup(lambda: shutil.rmtree(folder))


LONGEST = (
    "cluster/test_verbs", "setup/test_environment", "cluster/test_cluster", "adding/test_entries",
    "test_installed", "torture/test_short", "video/test_files", "video/test_export",
    "video/encode/test_keyframes", "gallery/explorer/test_own_files",
    "gallery/worker/test_training_view", "video/test_dependencies", "docs/test_pages",
    "notebook/test_show", "test_scripts",
)  # fmt: skip
"""Files that are begun first, so that none of them is left for one process alone at the end."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Order files for ``--dist loadfile --no-loadscope-reorder``."""
    if hasattr(config, "workerinput"):
        here = Path(__file__).parent
        place = {str(here / f"{name}.py"): number for number, name in enumerate(LONGEST)}
        items.sort(key=lambda item: place.get(str(item.path), len(LONGEST)))


def small_recipe(classes: int = 3, activation: str = "tanh", **changes: object) -> NetworkRecipe:
    """A network that trains in well under a second."""
    settings = {
        "classes": classes,
        "activation": activation,
        "seed": 1,
        "data": Spirals(points_per_class=40),
        "training": TrainingSettings(epochs=300, learning_rate=0.001),
    }
    return NetworkRecipe.model_validate({**settings, **changes})


def record(recipe: NetworkRecipe) -> tuple[Trajectory, bytes, np.ndarray]:
    """Train and record; also gives the hidden layer of every epoch, shape (E + 1, N, D).

    SPIRAL_TEST_RUNS names a folder; a run that is there is read instead of trained.
    """
    path = Path(os.environ["SPIRAL_TEST_RUNS"], recipe.key())
    if not path.exists():
        run = trained(recipe)
        with whole_file(path) as part:
            part.write_bytes(pickle.dumps(run))
        return run
    return pickle.loads(path.read_bytes())


def trained(recipe: NetworkRecipe) -> tuple[Trajectory, bytes, np.ndarray]:
    from spiralcore.training.step_recorder import StepRecorder
    from spiralcore.training.trainer import points_of, train

    points = points_of(recipe)
    recorder = StepRecorder(recipe, points)
    everything = []
    for step in train(recipe, points):
        recorder.record(step)
        everything.append(step.hidden.copy())
    trajectory, data = recorder.finish()
    return trajectory, data, np.stack(everything)


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """A folder that the first process fills which needs it; not to be changed afterwards."""
    import fcntl

    home = Path(os.environ["SPIRAL_TEST_SESSION"])
    part = home / f"{name}.part"
    with (home / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / name).exists():
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            make(part)
            part.rename(home / name)
    return home / name


@pytest.fixture(scope="session", autouse=True)
def _paced_once() -> Iterator[None]:
    """Work out the timeline that follows the motion of some trajectories once for all films.

    It is most of what opening a film takes, and films of a hundred tests show the same ones.
    """
    paced = lru_cache(256)(pacing._motion_timeline)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pacing, "_thinned", lru_cache(64)(pacing._thinned))
        patch.setattr(
            pacing, "_motion_timeline", lambda paths, *length: paced(tuple(paths), *length)
        )
        yield


@pytest.fixture(scope="session")
def tanh_run() -> tuple[Trajectory, bytes, np.ndarray]:
    return record(small_recipe())


@pytest.fixture(scope="session")
def relu_run() -> tuple[Trajectory, bytes, np.ndarray]:
    return record(small_recipe(activation="relu"))


@pytest.fixture(scope="session")
def trajectory(tanh_run: tuple[Trajectory, bytes, np.ndarray]) -> Trajectory:
    return tanh_run[0]


@pytest.fixture(scope="session")
def relu_trajectory(relu_run: tuple[Trajectory, bytes, np.ndarray]) -> Trajectory:
    return relu_run[0]


@lru_cache
def stacked(activation: str) -> Trajectory:
    """Two drawn layers of two units in one network."""
    network = NetworkSettings(widths=(16, 2, 12, 2))
    return record(small_recipe(activation=activation, network=network))[0]


@pytest.fixture(scope="session")
def stacked_trajectory() -> Trajectory:
    return stacked("tanh")


@pytest.fixture(scope="session")
def wide_trajectory() -> Trajectory:
    """A drawn layer of five units."""
    return record(small_recipe(network=NetworkSettings(widths=(16, 12, 5))))[0]


@pytest.fixture
def trajectory_file(tmp_path: Path, trajectory: Trajectory) -> Path:
    path = tmp_path / "k3.npz"
    trajectory.save(path)
    return path


NETWORK_FILMS = [film.name for film in FILMS.values() if film.needs is not Needs.STUDY]
"""Films that show trajectories."""

TRAINED_FILMS = [film.name for film in FILMS.values() if film.needs not in UNTRAINED]
"""Films whose networks a recipe asks for."""


def shown_by(film: str, *trajectories: Trajectory) -> list[Trajectory]:
    """Those of some trajectories that a film shows: the last one, or all.

    Where it is about layers of another width, or about several of them, networks of the same
    activations that have these in their place.
    """
    entry = FILMS[film]
    chosen = trajectories[-1:] if entry.needs is Needs.ONE else trajectories
    if entry.layers > 1:
        return [stacked(str(path.recipe["activation"])) for path in chosen]
    return [
        path if entry.takes(path.units) else of_width(entry.units[0], path.recipe["activation"])
        for path in chosen
    ]


@lru_cache
def of_width(units: int, activation: str) -> Trajectory:
    """A network with another number of units in its drawn layer."""
    widths = NetworkSettings(widths=(120, 80, 40, units))
    return record(small_recipe(activation=activation, network=widths))[0]


def spiral(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder, as a user would, with its libraries loaded."""
    return warm.run("-m", "spiralcore.cli", *arguments, folder=folder)


def made_trajectory(
    hidden: np.ndarray, epochs: np.ndarray | None = None, activation: str = "tanh"
) -> Trajectory:
    """A trajectory with a given path, shape (T, N, D), and a read-out of two classes."""
    count, points, units = hidden.shape
    epochs = np.arange(count) if epochs is None else epochs
    last = int(epochs[-1])
    weight = np.tile(np.array([[1.0], [-1.0]]) * np.eye(1, units), (count, 1, 1))
    return Trajectory.from_arrays(
        {"activation": activation},
        epochs=epochs,
        inputs=np.zeros((points, 2)) + np.arange(points)[:, None],
        labels=np.arange(points) % 2,
        hidden=hidden,
        readout_weight=weight,
        readout_bias=np.zeros((count, 2)),
        cross_entropy=np.linspace(1, 0, last + 1),
        loss=np.linspace(2, 0, last + 1),
        accuracy=np.linspace(0.5, 1, last + 1),
    )


__all__ = [
    "NETWORK_FILMS",
    "TRAINED_FILMS",
    "made_once",
    "made_trajectory",
    "of_width",
    "record",
    "shown_by",
    "small_recipe",
    "spiral",
]
