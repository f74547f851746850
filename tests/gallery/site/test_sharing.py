"""What is taken along: links, code, pictures, numbers; and what an address hides."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser

from spiralcore import Trajectory
from spiralcore.gallery.closeness import closeness
from tests.gallery.visiting import TABLE, Visit, address_of

NETWORK = "#view=network&net=3-tanh&e=120&points=3.17"
WHOLE = "html[data-network='3-tanh'][data-tour=ready]"


def saved(visit: Visit, button: str) -> tuple[str, bytes]:
    with visit.page.expect_download() as waited:
        visit.page.locator(button).click()
    download = waited.value
    return download.suggested_filename, Path(download.path()).read_bytes()


def test_links_code_pictures_and_numbers(
    browser: Browser, gallery: Path, trajectories: dict[str, Trajectory]
) -> None:
    options = {"permissions": ["clipboard-read", "clipboard-write"]}
    with Visit(browser, address_of(gallery) + NETWORK, WHOLE, **options) as visit:
        page, trajectory = visit.page, trajectories["3-tanh"]
        visit.settle()

        def copied(button: str) -> str:
            page.locator(button).click()
            page.wait_for_function("() => document.getElementById('shared').textContent")
            found: str = page.evaluate("navigator.clipboard.readText()")
            return found

        link = copied("#copy-link")
        assert visit.text("#shared") == "Link copied."
        assert link.split("#")[0] == address_of(gallery)
        assert set(link.split("#")[1].split("&")) >= {
            "view=network",
            "net=3-tanh",
            "e=120",
            "points=3.17",
        }
        code = copied("#copy-code")
        assert code.startswith('<iframe src="file://')
        assert "embed=1" in code
        assert 'title="3 classes, tanh"' in code or 'title="3-tanh"' in code
        # Twice as fine as on screen, with everything that is seen, in the colours of the page.
        name, data = saved(visit, "#save-png")
        assert name == "3-tanh-epoch-120.png"
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        layer, sight = (
            page.locator(".layer").bounding_box(),
            page.locator("#network .loss").bounding_box(),
        )
        assert layer is not None
        assert sight is not None
        width = sight["x"] + sight["width"] - layer["x"] + 48
        assert picture.width == pytest.approx(2 * width, abs=3)
        assert len(picture.getcolors(1 << 24) or []) > 200
        assert picture.getpixel((4, 4)) == (251, 250, 247)
        # The screen is as fine as it was.
        visit.settle()
        box = page.locator("#layer").bounding_box()
        assert box is not None
        assert page.evaluate("document.getElementById('layer').width") == pytest.approx(
            box["width"], abs=1
        )
        # A drawing is shapes: a disc for each point, a polygon for each region.
        name, data = saved(visit, "#save-svg")
        assert name == "3-tanh-epoch-120.svg"
        root = ElementTree.fromstring(data)
        svg = "{http://www.w3.org/2000/svg}"
        assert len(list(root.iter(f"{svg}circle"))) == trajectory.points
        assert 1 <= len(list(root.iter(f"{svg}polygon"))) <= trajectory.classes
        discs = [[float(c.get(k, "nan")) for k in ("cx", "cy")] for c in root.iter(f"{svg}circle")]
        share, order = visit.ask(
            "() => { const { places, at, path } = spiral.explorer.stage();"
            " return [Array.from(places, (value) => value / at.side), Array.from(path.order)]; }"
        )
        wanted_places = 720 * np.reshape(share, (-1, 2))[order]
        np.testing.assert_allclose(discs, wanted_places, atol=0.01)
        name, data = saved(visit, "#save-curves")
        assert name == "3-tanh-curves.csv"
        rows = list(csv.DictReader(io.StringIO(data.decode())))
        assert len(rows) == trajectory.trained_epochs + 1
        for column in ("cross_entropy", "accuracy"):
            np.testing.assert_allclose(
                [float(row[column]) for row in rows], getattr(trajectory, column), rtol=1e-6
            )
        packing = {int(row["epoch"]): float(row["packing"]) for row in rows if row["packing"]}
        wanted = dict(zip(trajectory.epochs.tolist(), closeness(trajectory), strict=True))
        assert packing == pytest.approx(
            {e: v for e, v in wanted.items() if np.isfinite(v)}, abs=1e-5
        )
        name, data = saved(visit, "#save-points")
        assert name == "3-tanh-points.csv"
        rows = list(csv.DictReader(io.StringIO(data.decode())))
        assert [int(row["point"]) for row in rows] == [3, 17] * len(trajectory.epochs)
        paths = [[float(row["x"]), float(row["y"])] for row in rows]
        np.testing.assert_allclose(
            np.reshape(paths, (-1, 2, 2)), trajectory.hidden[:, [3, 17]], rtol=1e-6
        )
        # Nothing to save is said.
        page.locator("#none").click()
        page.locator("#save-points").click()
        assert visit.text("#shared") == "No points are followed yet."
        assert visit.wrong == []


@pytest.mark.parametrize("kind", ["webm", "mp4"])
def test_a_film_is_read_by_other_programs(
    browser: Browser, gallery: Path, tmp_path: Path, kind: str
) -> None:
    button = {"webm": "#save-film", "mp4": "#save-mp4"}[kind]
    options = {"viewport": {"width": 480, "height": 640}}
    with Visit(browser, address_of(gallery) + NETWORK, WHOLE, **options) as visit:
        # The last half second, as fast as it may be.
        visit.page.evaluate("spiral.clock.state.from = spiral.clock.state.to - 1")
        visit.page.evaluate("spiral.clock.setSpeed(4)")
        name, data = saved(visit, button)
        assert name == f"3-tanh-film.{kind}"
        (tmp_path / name).write_bytes(data)
        with av.open(str(tmp_path / name)) as film:
            (stream,) = film.streams
            frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
            assert float(film.duration) / 1e6 == pytest.approx(9 / 30, abs=0.01)
            assert stream.width % 2 == stream.height % 2 == 0
            if kind == "mp4":
                assert (stream.codec_context.name, stream.average_rate) == ("h264", 30)
        assert len(frames) == 9
        assert all(np.abs(frame[2, 2].astype(int) - (251, 250, 247)).max() < 6 for frame in frames)
        assert frames[0].std() > 10
        assert visit.text(button) == f"Film (.{kind})"
        assert visit.wrong == []


@pytest.mark.parametrize("view", ["table", "train"])
def test_other_views_are_saved_as_pictures_too(browser: Browser, gallery: Path, view: str) -> None:
    place = {"table": "#e=30&view=table", "train": "#view=train&k=3&n=20&widths=8-2"}[view]
    ready = {"table": TABLE, "train": "html[data-training=ready]"}[view]
    with Visit(browser, address_of(gallery) + place, ready) as visit:
        visit.settle()
        name, data = saved(visit, f"#{view}-png")
        assert name == f"{view}-epoch-{30 if view == 'table' else 0}.png"
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        box = visit.page.locator("#rows" if view == "table" else ".large").first.bounding_box()
        assert box is not None
        assert picture.width >= 2 * box["width"] + 96
        assert picture.getpixel((4, 4)) == (251, 250, 247)
        assert len(picture.getcolors(1 << 24) or []) > 200
        # The screen is as fine as it was.
        canvas = ".evolving canvas" if view == "table" else "#train-layer"
        visit.settle()
        sizes = visit.page.locator(canvas).first.evaluate("c => [c.width, c.clientWidth]")
        assert sizes[0] == pytest.approx(sizes[1], abs=1)
        assert visit.wrong == []


def test_a_frame_in_another_page_has_one_network_which_loops(
    browser: Browser, gallery: Path
) -> None:
    address = address_of(gallery) + "#view=network&net=3-tanh&embed=1"
    options = {"viewport": {"width": 640, "height": 400}, "reduced_motion": "no-preference"}
    with Visit(browser, address, WHOLE, **options) as visit:
        page = visit.page
        seen = page.evaluate(
            "() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && "
            "e.getBoundingClientRect().height > 1 && !e.children.length && "
            "!['SCRIPT', 'OPTION'].includes(e.tagName) && getComputedStyle(e).transform === 'none')"
            ".map(e => e.id)"
        )
        assert [name for name in seen if name not in ("loading", "")] == ["layer"]
        box = page.locator("#layer").bounding_box()
        assert box is not None
        assert (box["width"], box["height"]) == pytest.approx((400, 400), abs=1)
        # At its end it begins again; a press pauses.
        page.evaluate("spiral.clock.seek(spiral.clock.state.to - 0.2)")
        page.wait_for_function("() => spiral.clock.state.second < 1")
        assert page.evaluate("spiral.clock.state.playing")
        page.locator("#layer").click()
        assert not page.evaluate("spiral.clock.state.playing")
        page.keyboard.press(" ")
        assert page.evaluate("spiral.clock.state.playing")
        assert visit.wrong == []


def test_an_address_hides_parts(browser: Browser, gallery: Path) -> None:
    place = "#view=network&net=3-tanh&e=40&hide=head.tour.loss.share.nonsense"
    with Visit(browser, address_of(gallery) + place, WHOLE) as visit:
        page = visit.page
        for part in (".top", "#tour", ".loss", "#share"):
            assert page.locator(f"{part} >> nth=0").is_hidden()
        for part in ("#layer", ".inputs", "#bar", ".settings"):
            assert page.locator(f"{part} >> nth=0").is_visible()
        # Every part that can be named hides something.
        names = page.evaluate("spiral.embedding.PARTS")
        for view, ready in (("network&net=3-tanh", WHOLE), ("train", "html[data-training=ready]")):
            page.evaluate(f"location.hash = '#view={view}&n=10&widths=4-2'")
            page.wait_for_selector(ready, state="attached")
            count = (
                "[...document.querySelectorAll('body *')].filter(e => e.checkVisibility()).length"
            )
            whole = page.evaluate(count)
            for name in list(names):
                page.evaluate("name => spiral.embedding.apply({ hide: name })", name)
                if page.evaluate(count) < whole:
                    names.remove(name)
                page.evaluate("spiral.embedding.apply({})")
        # What a network has only where there are such files.
        assert set(names) <= {"files"}
        assert visit.wrong == []
