"""What views, networks and timelines share is the epoch."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from spiralcore import Trajectory
from spiralcore.trajectory.play.pacing import timeline
from tests.browser import in_both
from tests.conftest import made_trajectory
from tests.gallery.visiting import TABLE, Visit, address_of

SECONDS = 4.0


def network(name: str) -> str:
    return f"html[data-network='{name}']"


def epochs_of(visit: Visit, *, to: str) -> str:
    visit.page.wait_for_selector(to, state="attached")
    visit.settle()
    return visit.text("#epoch")


@in_both
@pytest.mark.parametrize("epoch", [0, 1, 7, 42, 137, 299, 300])
def test_the_epoch_stays_whatever_is_chosen(browser: Browser, gallery: Path, epoch: int) -> None:
    address = address_of(gallery) + f"#view=network&net=3-tanh&e={epoch}"
    with Visit(browser, address, network("3-tanh")) as visit:
        page = visit.page
        visit.settle()
        found = [visit.text("#epoch")]
        for net in ("3-relu", "4-tanh", "3-tanh"):
            page.locator("#net").select_option(net)
            found.append(epochs_of(visit, to=network(net)))
        for kind, value in [
            ("time", "log"),
            ("time", "linear"),
            ("path", "exact"),
            ("time", "motion"),
        ]:
            page.locator(f"input[name={kind}][value={value}]").check()
            found.append(epochs_of(visit, to=network("3-tanh")))
        page.get_by_role("link", name="All networks").click()
        found.append(epochs_of(visit, to=TABLE))
        page.locator(".evolving canvas").nth(1).click()
        found.append(epochs_of(visit, to=network("3-relu")))
        page.go_back()
        found.append(epochs_of(visit, to=TABLE))
        assert set(found) == {f"{epoch:,}"}
        assert visit.wrong == []


def test_a_shorter_run_stands_at_its_end_and_the_epoch_is_not_forgotten(
    browser: Browser, gallery: Path, tmp_path: Path
) -> None:
    steps = np.random.default_rng(1).normal(size=(10, 30, 2)).cumsum(axis=0)
    made_trajectory(np.tanh(steps), np.arange(10) * 3).save(tmp_path / "short.npz")
    address = address_of(gallery) + "#view=network&net=3-tanh&e=137"
    with Visit(browser, address, network("3-tanh")) as visit:
        page = visit.page
        page.locator("#own").set_input_files(tmp_path / "short.npz")
        assert epochs_of(visit, to=network("own-1")) == "27"
        assert page.evaluate("spiral.clock.state.second === spiral.clock.state.to")
        page.locator("#net").select_option("3-relu")
        assert epochs_of(visit, to=network("3-relu")) == "137"
        page.wait_for_url(re.compile("e=137"))


@in_both
def test_links_tell_the_epoch(browser: Browser, gallery: Path) -> None:
    address = address_of(gallery) + "#view=network&net=3-relu"
    with Visit(browser, address, network("3-relu")) as visit:
        page = visit.page
        page.locator("#scrub").fill("1.75")
        visit.settle()
        epoch = visit.text("#epoch")
        page.wait_for_url(re.compile(f"[#&]e={epoch}$"))
        shared = page.url
        assert "t=" not in shared.replace("net=", "")
    with Visit(browser, shared, network("3-relu")) as visit:
        visit.settle()
        assert visit.text("#epoch") == epoch
        assert not visit.page.evaluate("spiral.clock.state.playing")


@in_both
@pytest.mark.parametrize("kind", ["motion", "log", "linear"])
@pytest.mark.parametrize("second", [0.6, 2.2, 4.5])
def test_old_links_tell_the_second_of_their_own_timeline(
    browser: Browser, gallery: Path, trajectories: dict[str, Trajectory], kind: str, second: float
) -> None:
    wanted = int(timeline([trajectories["3-relu"]], SECONDS, kind).epoch_at(second) + 1e-6)
    address = address_of(gallery) + f"#view=network&net=3-relu&time={kind}&t={second:.2f}"
    with Visit(browser, address, network("3-relu")) as visit:
        visit.settle()
        assert visit.text("#epoch") == f"{wanted:,}"
        visit.page.wait_for_url(re.compile(f"[#&]e={wanted}(&|$)"))
        assert "&t=" not in visit.page.url
    clock = timeline(list(trajectories.values()), SECONDS)
    wanted = int(clock.epoch_at(second) + 1e-6)
    with Visit(browser, address_of(gallery) + f"#t={second:.2f}") as visit:
        visit.settle()
        assert visit.text("#epoch") == f"{wanted:,}"


def test_the_epoch_runs_on_while_it_plays(browser: Browser, gallery: Path) -> None:
    address = address_of(gallery) + "#view=network&net=3-tanh&e=60&speed=0.25"
    with Visit(browser, address, network("3-tanh")) as visit:
        page = visit.page
        jumps = page.evaluate(
            """async () => {
              const frame = () => new Promise(requestAnimationFrame);
              const net = document.getElementById("net");
              const found = [];
              spiral.clock.play();
              for (const name of ["3-relu", "4-tanh", "3-relu"]) {
                await frame();
                const before = spiral.clock.epochOver();
                net.value = name;
                net.dispatchEvent(new Event("change"));
                while (document.documentElement.dataset.network !== name) await frame();
                found.push([before, spiral.clock.epochOver()]);
              }
              return found;
            }"""
        )
        assert page.evaluate("spiral.clock.state.playing") or jumps[-1][1] == 300
        assert all(after >= before >= 60 for before, after in jumps)
