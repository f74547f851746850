"""Files of the reader's own: the page takes and refuses what the Python reader does."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from spiralcore import Trajectory
from spiralcore.data import Spirals
from spiralcore.errors import TrajectoryError
from spiralcore.recipe import NetworkSettings, TrainingSettings
from spiralcore.registry.languages.catalogue import LANGUAGES
from tests.browser import in_both
from tests.conftest import record, small_recipe
from tests.gallery.explorer.cases import UNREADABLE, Case, cases, file_arrays, packed
from tests.gallery.visiting import Visit, address_of

NETWORK = "html[data-network='3-tanh']"


@pytest.fixture(scope="module")
def files() -> list[Case]:
    """Of a small network: there are many of them."""
    small = small_recipe(
        data=Spirals(points_per_class=8),
        network=NetworkSettings(widths=(40, 20, 2)),
        training=TrainingSettings(epochs=150, learning_rate=0.002),
    )
    return cases(record(small)[0])


@pytest.fixture
def visit(browser: Browser, gallery: Path) -> Iterator[Visit]:
    with Visit(browser, address_of(gallery) + "#view=network&net=3-tanh&e=50", NETWORK) as found:
        yield found
        assert found.wrong == []


def give(visit: Visit, file: Path) -> str:
    """Open a file; what the page says against it, empty if it shows it."""
    page = visit.page
    before = page.locator("#yours option:not([data-refused])").count()
    page.evaluate("document.getElementById('refused').textContent = ''")
    page.locator("#own").set_input_files(file)
    page.wait_for_function(
        "before => document.getElementById('refused').textContent"
        " || document.querySelectorAll('#yours option:not([data-refused])').length > before",
        arg=before,
    )
    visit.settle()
    return page.locator("#refused").text_content() or ""


def in_python(file: Path) -> str:
    try:
        Trajectory.load(file)
    except TrajectoryError as error:
        return str(error).replace(str(file), file.name)
    return ""


@in_both
def test_the_page_and_python_say_the_same_of_every_file(
    visit: Visit, files: list[Case], tmp_path: Path
) -> None:
    wrong = []
    for case in files[:: 5 if visit.firefox else 1]:
        suffix = ".csv" if "is a table" in case.other else ".npz"
        file = tmp_path / f"mine{suffix}"
        file.write_bytes(case.data)
        python, page = in_python(file), give(visit, file)
        expected = python
        if case.other:
            assert python, case.name
            expected = case.other.replace("--out FILE", "--out mine.npz").replace("FILE", file.name)
        elif UNREADABLE in python:
            # The reasons are those of different parsers.
            hide = re.compile(f"{re.escape(UNREADABLE)}.*")
            python, page = (hide.sub(UNREADABLE, text) for text in (python, page))
            expected = python
        if page != expected:
            wrong.append((case.name, page, expected))
    assert wrong == [], wrong


AGAIN = "if it was copied, copy it again; if spiral made it, train it again"
REFUSED = {
    "NaN in the loss": [
        ("the array '{name}' holds {value} at {place}.", ("cross_entropy", "nan", "[7]")),
        ("finite numbers from {n} below {m}.", ("0", "1e+15")),
    ],
    "a negative epoch": [
        (
            "the array '{name}' goes from {n} to {m} and increases throughout.",
            ("epochs", "-1", "149"),
        ),
        ("strictly increasing epochs from 0 to {n} at most.", ("150",)),
    ],
    "no layer": [
        ("the array '{name}' is missing.", ("hidden",)),
        ("floats of the shape {v}.", ("(T, N, D)",)),
    ],
    "a label too many": [
        ("the labels go from {n} to {m}.", ("0", "3")),
        ("0 to {n}, as 'readout_bias' has {m} classes.", ("2", "3")),
    ],
    "nothing": [
        ("{name} is not a readable .npz file: {v}.", ("FILE", "it has 0 bytes")),
        ("a trajectory file.", ()),
        (AGAIN, ()),
    ],
}
"""What is found, expected and typed next, with the fields in the order of the English text."""


def in_words(page: Mapping[str, str], parts: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    """A refusal as a language has it."""
    lines = []
    for (text, fields), form in zip(parts, ("{v}", "expected: {v}", "next: {v}"), strict=False):
        names = re.findall(r"{(\w+)}", text)
        said = [page[field] if field == "it has 0 bytes" else field for field in fields]
        known = dict(zip(names, said, strict=True))
        lines.append(page.get(form, form).format(v=page[text].format(**known)))
    return "\n".join(lines)


def test_what_is_wrong_is_said_in_the_language_of_the_page(
    browser: Browser, gallery: Path, files: list[Case], tmp_path: Path
) -> None:
    address = address_of(gallery) + "#view=network&net=3-tanh&e=50&lang=de"
    english = re.compile(r"\b(the|is|are|has|holds|goes|expected|next|numbers?|shape|only|it)\b")
    with Visit(browser, address, NETWORK) as visit:
        said = {}
        for case in files:
            file = tmp_path / f"mine{'.csv' if 'is a table' in case.other else '.npz'}"
            file.write_bytes(case.data)
            if in_python(file):
                # As it stands before a sentence, or within one.
                text = give(visit, file).removeprefix(f"{file.name}: ")
                said[case.name] = text.replace(file.name, "FILE")
        page = LANGUAGES["de"].page
        assert {name: said[name] for name in REFUSED} == {
            name: in_words(page, parts) for name, parts in REFUSED.items()
        }
        # What the browser itself says of JSON is in its own language.
        left = {name: text for name, text in said.items() if "JSON:" not in text}
        assert len(left) > 60
        assert {name: text for name, text in left.items() if english.search(text)} == {}
        assert visit.wrong == []


def test_what_is_right_is_shown_as_numpy_reads_it(
    visit: Visit, files: list[Case], tmp_path: Path
) -> None:
    page = visit.page
    for case in files:
        file = tmp_path / f"{case.name.replace(' ', '-')}.npz"
        file.write_bytes(case.data)
        if in_python(file):
            continue
        assert give(visit, file) == ""
        wanted = Trajectory.load(file)
        assert page.title().startswith(file.stem)
        found = visit.ask(
            "() => { const { path } = spiral.explorer.stage(); return { hidden: [...path.hidden],"
            " labels: [...path.labels], epochs: [...path.epochs], inputs: [...path.inputs],"
            " readout: path.readout && [...path.readout], classes: path.classes,"
            " trained: path.network.trained, entropy: path.entropy && [...path.entropy] }; }"
        )
        np.testing.assert_array_equal(np.float32(found["hidden"]), wanted.hidden.ravel())
        np.testing.assert_array_equal(np.float32(found["inputs"]), wanted.inputs.ravel())
        assert found["labels"] == wanted.labels.tolist()
        assert found["epochs"] == wanted.epochs.tolist()
        assert (found["classes"], found["trained"]) == (wanted.classes, wanted.trained_epochs)
        assert (found["readout"] is not None) == wanted.knows_readout
        assert (found["entropy"] is not None) == wanted.knows_loss
        visit.show(2.0)
        shown = int(page.evaluate("spiral.explorer.stage().timeline.epochOver(2.0)"))
        assert visit.text("#unit") == wanted.unit
        exactly = page.evaluate("spiral.explorer.stage().timeline.epochAt(2.0)")
        assert visit.text("#epoch") == f"{wanted.counting.at(exactly + 1e-6):,}"
        assert wanted.counting.units in visit.text("#loss-caption")
        assert ("the best" in visit.text("#loss-caption")) == (wanted.best_epoch is not None)
        states = "" if wanted.counts is None else f"{wanted.trained_epochs + 1:,} states of "
        end = wanted.counting.at(wanted.trained_epochs)
        said = f"{len(wanted.epochs):,} kept of {states}{end:,}"
        assert said in (page.text_content("#facts") or "")
        entropy = wanted.cross_entropy[shown]
        assert visit.text("#entropy") == ("–" if np.isnan(entropy) else f"{entropy:.3f}")


def readings(visit: Visit) -> list[str]:
    return [visit.text(f"#{name}") for name in ("accuracy", "entropy", "packing")]


def is_blank(visit: Visit, canvas: str) -> bool:
    found: bool = visit.page.locator(canvas).evaluate(
        """canvas => {
          const { width, height } = canvas;
          const copy = Object.assign(document.createElement("canvas"), { width, height });
          const brush = copy.getContext("2d", { willReadFrequently: true });
          brush.drawImage(canvas, 0, 0);
          const { data } = brush.getImageData(0, 0, width, height);
          return new Set(new Uint32Array(data.buffer)).size === 1;
        }"""
    )
    return found


@in_both
def test_a_file_that_fails_leaves_nothing_of_the_one_before(
    visit: Visit, trajectory: Trajectory, tmp_path: Path
) -> None:
    page = visit.page
    good, bad = tmp_path / "good.npz", tmp_path / "bad.npz"
    trajectory.save(good)
    arrays = file_arrays(trajectory)
    arrays["cross_entropy"][3] = np.nan
    bad.write_bytes(packed(arrays))
    for before in ("of the page", "of the reader"):
        if before == "of the reader":
            assert give(visit, good) == ""
        assert readings(visit)[0] != "–"
        assert not is_blank(visit, "#layer")
        assert give(visit, bad) == (
            "bad.npz: the array 'cross_entropy' holds nan at [3].\n"
            "expected: finite numbers from 0 below 1e+15."
        )
        assert readings(visit) == ["–", "–", "–"]
        for canvas in ("#layer", "#data", "#points"):
            assert is_blank(visit, canvas)
            assert not page.locator(canvas).is_visible()
        assert page.locator("#net option:checked").inner_text() == "bad.npz"
        assert page.title() == "bad.npz: How networks bend space"
        assert page.locator("#facts").inner_text() == ""
        page.locator("#play").click()
        visit.settle()
        assert readings(visit) == ["–", "–", "–"]
        page.locator("#play").click()
    # And nothing of it is left after another one.
    page.locator("#net").select_option("3-relu")
    page.wait_for_selector("html[data-network='3-relu']", state="attached")
    visit.settle()
    assert not page.locator("#refused").is_visible()
    assert page.locator("#layer").is_visible()
    assert page.locator("#net option").all_inner_texts() == ["3-tanh", "3-relu", "4-tanh", "good"]
    assert readings(visit)[0] != "–"


def test_the_same_file_can_be_opened_again_when_it_is_mended(
    visit: Visit, trajectory: Trajectory, tmp_path: Path
) -> None:
    file = tmp_path / "mine.npz"
    file.write_bytes(b"")
    assert "it has 0 bytes" in give(visit, file)
    trajectory.save(file)
    assert give(visit, file) == ""
    assert not visit.page.locator("#refused").is_visible()
    assert give(visit, file) == ""
    assert visit.page.locator("#yours option").all_inner_texts() == ["mine", "mine (2)"]


def test_layers_that_cannot_be_drawn_say_what_to_type(
    visit: Visit, trajectory: Trajectory, tmp_path: Path
) -> None:
    for units, words in (
        (1, "1 unit.\nexpected: two units, as this page draws them."),
        (
            3,
            "3 units.\nexpected: two units, as this page draws them.\n"
            "next: spiral gallery 'my layer.npz', which projects it onto two",
        ),
    ):
        arrays = file_arrays(trajectory)
        for name in ("hidden", "hidden_mean", "readout_weight"):
            arrays[name] = np.zeros((*arrays[name].shape[:2], units), np.float32)
        file = tmp_path / "my layer.npz"
        file.write_bytes(packed(arrays))
        Trajectory.load(file)
        assert give(visit, file) == f"my layer.npz: the drawn layer has {words}"


@in_both
def test_a_network_of_ones_own_survives_switching_views(
    visit: Visit, trajectory: Trajectory, tmp_path: Path
) -> None:
    page = visit.page
    trajectory.save(tmp_path / "mine.npz")
    assert give(visit, tmp_path / "mine.npz") == ""
    visit.show(2.0)
    before = readings(visit)
    page.get_by_role("link", name="All networks").click()
    assert page.locator("#table").is_visible()
    page.get_by_role("link", name="One network").click()
    visit.settle()
    assert page.locator("#net option:checked").inner_text() == "mine"
    assert readings(visit) == before
    page.go_back()
    page.go_back()
    visit.settle()
    assert page.locator("#net option:checked").inner_text() == "mine"


DROP = """([names, texts]) => {
  const given = new DataTransfer();
  names.forEach((name, i) => given.items.add(
    new File([Uint8Array.from(atob(texts[i]), (letter) => letter.charCodeAt(0))], name)));
  const place = document.querySelector(PLACE);
  for (const kind of ['dragover', 'drop']) {
    const event = new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: given });
    place.dispatchEvent(event);
    if (!event.defaultPrevented) throw new Error(kind);
  }
}"""


@in_both
@pytest.mark.parametrize("place", ["h1", ".row .data", "#scrub", "body"])
def test_files_can_be_dropped_anywhere(
    browser: Browser, gallery: Path, trajectory_file: Path, place: str
) -> None:
    letters = base64.b64encode(trajectory_file.read_bytes()).decode()
    with Visit(browser, address_of(gallery)) as visit:
        page = visit.page
        drop = DROP.replace("PLACE", f"'{place}'")
        page.evaluate(drop, [["dropped.npz", "empty.npz"], [letters, ""]])
        page.wait_for_selector("html[data-network=own-1]", state="attached")
        assert page.locator("#network").is_visible()
        assert page.title() == "dropped: How networks bend space"
        page.locator("#refused").wait_for()
        assert visit.text("#refused").startswith("empty.npz is not a readable .npz file: it has")
        assert page.locator("html.dropping").count() == 0
        assert visit.wrong == []
