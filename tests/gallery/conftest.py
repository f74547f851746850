from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from spiralcore import Trajectory
from tests.browser import browser, page
from tests.conftest import made_once, record, small_recipe, spiral

HOSTILE = '"><img src=x onerror=alert(1)>.npz'
"""A file name that is read as HTML wherever it is not taken as text."""

HOSTILE_ACTIVATION = "</script><script>document.title='broken'</script>"


class Served:
    """A folder behind a server of its own, which counts what it sends."""

    def __init__(self, folder: Path) -> None:
        self.sent: dict[str, int] = {}
        counted = self.sent

        class Handler(SimpleHTTPRequestHandler):
            def copyfile(self, source, outputfile):  # type: ignore[no-untyped-def]
                data = source.read()
                counted[self.path] = counted.get(self.path, 0) + len(data)
                outputfile.write(data)

            def log_message(self, *args: object) -> None:
                pass

        handler = functools.partial(Handler, directory=str(folder))
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/index.html"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test with several cases only the first one runs in Firefox, too."""
    seen: set[str] = set()
    left: list[pytest.Item] = []
    for item in items:
        case = getattr(item, "callspec", None)
        if case is not None and case.params.get("browser") == "Firefox":
            name = item.nodeid.partition("[")[0]
            if name in seen:
                left.append(item)
            seen.add(name)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


@pytest.fixture(scope="session")
def trajectories(
    tanh_run: tuple[Trajectory, bytes, object], relu_run: tuple[Trajectory, bytes, object]
) -> dict[str, Trajectory]:
    """What the page of `gallery` shows, by the names that it has there."""
    four = record(small_recipe(classes=4))[0]
    return {"3-tanh": tanh_run[0], "3-relu": relu_run[0], "4-tanh": four}


@pytest.fixture(scope="session")
def gallery(trajectories: dict[str, Trajectory]) -> Path:
    """A page of three networks, made by the command, and moved to another place."""

    def make(folder: Path) -> None:
        for name, trajectory in trajectories.items():
            trajectory.save(folder / f"{name}.npz")
        names = [f"{name}.npz" for name in trajectories]
        made = spiral(folder, "gallery", *names, "--seconds", "4", "--jobs", "2")
        assert made.returncode == 0, made.stderr
        (folder / "gallery").rename(folder / "a page")

    return made_once("gallery", make) / "a page"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory, trajectory: Trajectory) -> Path:
    """A page of one network whose file and recipe have malicious texts in them."""
    folder = tmp_path_factory.mktemp("hostile")
    arrays = {name: values for name, values in trajectory.arrays().items() if name != "recipe"}
    recipe = {"activation": HOSTILE_ACTIVATION, "seed": "<b>1</b>"}
    Trajectory.from_arrays(recipe, **arrays).save(folder / HOSTILE)
    made = spiral(folder, "gallery", HOSTILE, "--out", "page", "--seconds", "2", "--jobs", "1")
    assert made.returncode == 0, made.stderr
    return folder / "page"


@pytest.fixture(scope="session")
def served(gallery: Path) -> Iterator[Served]:
    found = Served(gallery)
    yield found
    found.server.shutdown()
    found.server.server_close()


__all__ = ["HOSTILE", "HOSTILE_ACTIVATION", "Served", "browser", "page"]
