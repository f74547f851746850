"""The film of all class counts: rows enter in turn, evolve in step, and rings mark who is left."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from spiralcore.scenes.classes import Classes

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.registry.aspects import ASPECTS
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.class_cells import cells_of
from spiralcore.stage.marks.borders import Bar
from spiralcore.stage.marks.pointers import Rings
from spiralcore.stage.marks.regions import HiddenRegions
from spiralcore.stage.marks.words import Words
from spiralcore.stage.story.cell_label import names_once
from spiralcore.stage.story.entrance import Slot
from spiralcore.video.opening import open_film
from spiralcore.video.request import FilmOrder
from tests.stage.test_aspects import check_layout
from tests.story.test_corners import CORNERS, ending

FOUR, FIVE = ending(*CORNERS), ending(*CORNERS, (1.0, 0.0))


def of(activation: str, path: Trajectory) -> Trajectory:
    return dataclasses.replace(path, recipe={**path.recipe, "activation": activation})


def opened(*paths: Trajectory, seconds: float = 6.0, **changes: object) -> Classes:
    settings = FilmSettings(seconds=seconds, hold=1.5, **changes)  # type: ignore[arg-type]
    film = open_film("classes", paths, settings, 180, 10)
    assert isinstance(film, Classes)
    return film


def title(*paths: Trajectory, language: str = "en") -> str:
    film = opened(*paths, language=language)
    film.seek(0)
    return next(m.text for m in film.mobjects if isinstance(m, Words))


@pytest.mark.parametrize(
    ("code", "one", "two"),
    [
        ("en", "More classes, same square", "More classes, same square and disk"),
        ("de", "Mehr Klassen, gleicher Platz: Quadrat",
         "Mehr Klassen, gleicher Platz: Quadrat und Kreisscheibe"),
        ("fr", "Plus de classes, toujours le carré",
         "Plus de classes, toujours le carré et le disque"),
        ("es", "Más clases, siempre el cuadrado",  # codespell:ignore clases
         "Más clases, siempre el cuadrado y el disco"),  # codespell:ignore clases
    ],
)  # fmt: skip
def test_the_title_is_true_in_every_language(code: str, one: str, two: str) -> None:
    assert title(FOUR, FIVE, language=code) == one
    assert title(FOUR, of("disk", FOUR), FIVE, of("disk", FIVE), language=code) == two


def test_the_title_of_other_networks() -> None:
    many = [of(name, path) for path in (FOUR, FIVE) for name in ("tanh", "relu", "disk")]
    assert title(*many) == "More classes, same two units"
    assert title(of("hardtanh", FOUR), of("tanh", FIVE)) == "More classes, same square"
    assert title(FIVE) == "5 classes, one square"
    assert title(FIVE, of("relu", FIVE)) == "5 classes, 2 networks"
    for code in LANGUAGES:
        assert set(LANGUAGES[code].spaces) == set(LANGUAGES["en"].spaces)


def seen(film: Film, second: float) -> np.ndarray:
    return film.show(round(second * 10)).astype(int)


def test_rows_enter_one_after_the_other_and_go_to_their_cells() -> None:
    film = opened(FOUR, FIVE)
    assert film.time_of.opening == pytest.approx(5.2)
    assert film.frame_count == round(10 * (5.2 + 1.5 + 6 + 1.5 + 1))
    slots = [Slot(0.0, 2.6, True), Slot(2.6, 5.2)]
    assert film._slots == slots
    for slot in slots:
        assert slot.large(slot.start) == slot.large(slot.start + 1.9) == 1.0
        assert slot.large(slot.end) == 0.0
    regions = [m for m in _built(film).mobjects if isinstance(m, HiddenRegions)]
    shown = []
    for second in (0.0, 2.0, 3.2, 5.5):
        film.seek(round(second * 10))
        shown.append([region.shown for region in regions])
    assert shown == [[False, False], [False, False], [True, False], [True, True]]


def test_what_enters_is_large_first_and_ends_exactly_in_its_cell() -> None:
    film = _built(opened(FOUR, FIVE))
    bars = [m for m in film.mobjects if isinstance(m, Bar)]
    film.seek(30)
    large = max((m.box for m in bars if m.shown), key=lambda box: box.height)
    film.seek(51)
    late = [m.box for m in bars if m.shown]
    assert large.width > 500
    cells = [box for row in cells_of([1, 1], Box(0, 0, 100, 100), 0) for box in row]
    assert len(cells) == 2
    assert any(abs(box.width - large.width) < 1 for box in late) or len(late) >= 2


def _built(film: Classes) -> Classes:
    film.seek(0)
    return film


def test_the_first_picture_follows_the_last_one_without_a_seam() -> None:
    film = opened(FOUR, FIVE)
    first, last = seen(film, 0.0).copy(), seen(film, film.time_of.duration - 0.1)
    np.testing.assert_array_equal(first, last)
    assert (first != seen(film, 6.0)).any()


def test_rings_mark_who_has_no_corner_and_only_at_the_end() -> None:
    film = _built(opened(FOUR, FIVE))
    (rings,) = [m for m in film.mobjects if isinstance(m, Rings)]
    over = film.time_of.start + 6.0
    film.seek(round(10 * (over - 3)))
    assert rings.opacity == 0
    film.seek(round(10 * (over + 1)))
    assert rings.opacity == 1
    np.testing.assert_allclose(rings.places, [[1.0, 0.0]], atol=1e-6)
    said = [caption.text for caption in film.captions.captions]
    assert said[:2] == ["Four classes, four corners.", "Five classes, but only four corners."]
    assert said[-1] == "Ringed: classes without a corner of their own."
    calm = _built(opened(FOUR))
    assert not [m for m in calm.mobjects if isinstance(m, Rings)]
    assert "Ringed" not in " ".join(caption.text for caption in calm.captions.captions)


def test_a_round_space_has_no_corners_to_speak_of() -> None:
    film = _built(opened(of("disk", FOUR), of("disk", FIVE)))
    assert not [m for m in film.mobjects if isinstance(m, Rings)]
    assert "corner" not in " ".join(caption.text for caption in film.captions.captions)


def test_who_asks_for_the_film_knows_how_long_it_is(tmp_path: Path) -> None:
    files = []
    for name, path in (("a", FOUR), ("b", FIVE), ("c", of("relu", FIVE))):
        files.append(tmp_path / f"{name}.npz")
        path.save(files[-1])
    for layout, opening in (("story", 5.2), ("table", 0.0)):
        settings = FilmSettings(seconds=6.0, hold=1.5, layout=layout)
        order = FilmOrder("classes", "all", tuple(files), settings, {"mp4": tmp_path / "a.mp4"})
        film = open_film("classes", [Trajectory.load(file) for file in files], settings, 180, 10)
        assert order.length.parts == film.time_of
        assert order.length.parts.opening == opening


def test_the_table_is_an_option() -> None:
    film = _built(opened(FOUR, FIVE, layout="table"))
    assert not film.captions.captions
    assert len([m for m in film.mobjects if isinstance(m, HiddenRegions)]) == 5
    check_layout(film)


@pytest.mark.parametrize("aspect", list(ASPECTS))
@pytest.mark.parametrize("rows", [[2] * 6, [1], [1] * 6, [3, 3], [1, 2], [10] * 3])
def test_cells_are_apart_and_inside_whatever_the_rows(aspect: str, rows: list[int]) -> None:
    frame = ASPECTS[aspect]
    area = Box(40, 120, frame.width - 80, frame.height - 260)
    found = cells_of(rows, area, 44.0)
    assert [len(row) for row in found] == rows
    cells = [box for row in found for box in row]
    for i, cell in enumerate(cells):
        assert area.holds(cell)
        assert cell.width == pytest.approx(cells[0].width)
        for other in cells[:i]:
            beside = cell.left >= other.right + 10 or other.left >= cell.right + 10
            assert beside or abs(cell.top - other.top) >= cell.height + 44


def test_six_rows_of_two_fill_the_width_of_a_wide_frame() -> None:
    cells = cells_of([2] * 6, Box(70, 110, 1780, 840), 46.0)
    assert {round(box.top) for box in cells[0]} != {round(cells[0][0].top)}
    assert 275 <= cells[0][0].width <= 300
    assert len({round(row[0].left) for row in cells}) == 6


def test_what_a_neighbour_says_is_not_said_again() -> None:
    upright = [Box(100.0 * i, 100.0 * j, 90, 90) for i in range(3) for j in range(2)]
    assert names_once(["tanh", "ReLU"] * 3, upright) == ["tanh", "ReLU", "", "", "", ""]
    across = [Box(100.0 * i, 100.0 * j, 90, 90) for j in range(2) for i in range(4)]
    assert names_once(["tanh", "ReLU"] * 4, across) == ["tanh", "ReLU"] * 2 + [""] * 4
    assert names_once(["a", "b", "a"], upright[:3]) == ["a", "b", ""]
