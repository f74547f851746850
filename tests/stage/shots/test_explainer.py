"""The explaining film: other networks tell another story, and every sentence is true of theirs."""

from __future__ import annotations

import dataclasses
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from manim import tempconfig
from spiralcore.scenes.explainer import Explainer

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings, Recipe
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.stage.marks.words import Words
from spiralcore.stage.shots.cast import Cast
from spiralcore.stage.shots.shot import Shot
from spiralcore.stage.shots.storyboard import storyboard
from spiralcore.stage.shots.training import Beat, Stuck
from spiralcore.story.in_step import words_of
from spiralcore.story.sentences import MOST_WORDS, Speaker, text_of
from spiralcore.video.opening import open_film
from spiralcore.video.production import film_orders
from spiralcore.video.request import FilmOrder
from tests.stage.shots.test_facts import FOUR, ended
from tests.story.made import training

SHOTS = Path(__file__).parents[3] / "spiralcore" / "stage" / "shots"
STAYS = [[(0, (0, 0)), (100, place), (6000, place)] for place in FOUR]


def kinds(*paths: Trajectory) -> list[str]:
    return [type(shot).__name__ for shot in storyboard(Cast.of(paths))]


def said(*paths: Trajectory, language: str = "en") -> list[str]:
    speaker = Speaker.of(Cast.of(paths).lead, LANGUAGES[language])
    shots = storyboard(Cast.of(paths))
    return [text_of(line.line) for shot in shots for line in shot.lines(speaker)]


def film(*paths: Trajectory, **changes: object) -> Explainer:
    settings = FilmSettings(**changes)  # type: ignore[arg-type]
    found = open_film("explainer", paths, settings, 180, 10)
    assert isinstance(found, Explainer)
    return found


def test_one_network_tells_of_itself_alone() -> None:
    path = training(STAYS)
    told = said(path)
    assert "Four classes, four corners: each has its own." in told
    assert "Four classes of points." in told  # nothing says that they are spirals
    assert "In the end, the closest two reach 99 % of the best distance." in said(
        ended((-1, -1), (1, -1), (1, 1), (-0.99, 0.98))
    )
    assert told[-1] == "The network packs. The space sets the rules."
    poor = said(ended((-1, -1), (1, -1), (1, 1), (1, 0.4)))
    assert not any("rules" in text for text in poor)
    assert not {"Aside", "Enter", "Together", "Space", "Room", "Stuck", "Undone", "Layers"} & {
        *kinds(path)
    }


def test_who_is_stuck_is_looked_at_and_only_then() -> None:
    path = training(STAYS, wrong={1: [(50, 4000)]})
    assert "Stuck" in kinds(path)
    assert any(re.match(r"Orange is stuck .*: 0 % right\.", text) for text in said(path))
    assert "Stuck" not in kinds(training(STAYS))
    assert not any("stuck" in text for text in said(training(STAYS)))


def test_class_counts_are_told_as_they_ended() -> None:
    side = (1.0, 0.0)
    others = [ended((-1, -1), (1, 1)), ended(*FOUR[:3]), ended(*FOUR, side),
              ended(*FOUR, side, (-1.0, 0.0), (0.0, 1.0))]  # fmt: skip
    told = said(training(STAYS), *others)
    start = told.index("Two classes: opposite corners.")
    assert told[start : start + 5] == [
        "Two classes: opposite corners.",
        "Three classes: a corner for each.",
        "Five classes, four corners: purple has none.",
        "Seven classes, four corners: three have none of their own.",
        "Seven classes line the walls. The middle stays empty.",
    ]
    # sqrt(8) apart are two, and seven at most 0.5359 of the side, which is in the table.
    assert "From two classes to seven, the best distance shrinks to 38 %." in told
    beside = said(training(STAYS), ended((-1, -1), (-1, 1)))
    assert "Two classes: a corner for each." in beside
    middle = said(training(STAYS), ended(*FOUR, (0.0, 0.0)))
    assert not any("middle stays empty" in text for text in middle)


def test_other_spaces_are_told_by_what_they_did() -> None:
    fan = ended((5, 0), (5, 3), (3, 5), (0, 5), activation="relu")
    ring = ended((1, 0), (0, 1), (-1, 0), (0, -1), activation="disk")
    told = said(training(STAYS), fan, ring)
    assert "ReLU has no outer walls: the classes fan out." in told
    assert "Disk is round: the classes form a ring." in told
    heap = ended((5, 0), (5, 0.1), (3, 5), (0, 5), activation="relu")
    assert "ReLU: another space, and 100 % of the points are right." in said(training(STAYS), heap)


@pytest.mark.parametrize("classes", [2, 3, 7])
def test_any_class_count_can_lead(classes: int) -> None:
    angles = 2 * np.pi * np.arange(classes) / classes
    path = ended(*[(float(np.cos(a)), float(np.sin(a))) for a in angles])
    assert Cast.of([path]).lead is path
    assert not any("four corners" in text for text in said(path))
    other = ended((5, 0), (0, 5), activation="relu")
    assert Cast.of([other]).lead is other
    assert said(other)[0] == "How a network packs its classes."


def test_a_training_that_fails_is_not_called_a_success() -> None:
    path = training(STAYS, wrong={1: [(50, 9000)], 2: [(50, 9000)]})
    told = said(path)
    assert "One network pulls them apart." not in told
    assert "One network gets 50 % of the points right." in told


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_language_says_it_in_twelve_words(code: str) -> None:
    paths = [training(STAYS, wrong={1: [(50, 4000)]}), ended((-1, -1), (1, 1)),
             ended(*FOUR, (1.0, 0.0)), ended(*FOUR, (1.0, 0.0), (-1.0, 0.0)),
             ended((5, 0), (5, 3), (3, 5), (0, 5), activation="relu"),
             ended((1, 0), (0, 1), (-1, 0), (0, -1), activation="disk")]  # fmt: skip
    speaker = Speaker(LANGUAGES[code], 4)
    for shot in storyboard(Cast.of(paths)):
        for one in shot.lines(speaker):
            assert words_of(one.line) <= MOST_WORDS, text_of(one.line)
            assert "{" not in text_of(one.line)
            assert 0 <= one.start < one.end <= shot.length + 1e-9
            assert one.end - one.start >= 2.5 or isinstance(shot, Beat)


def test_every_sentence_of_the_table_is_said_somewhere() -> None:
    code = " ".join(path.read_text("utf-8") for path in SHOTS.glob("*.py"))
    keys = [key for key in LANGUAGES["en"].sentences if key.startswith("explain_")]
    spoken = {*re.findall(r'"(explain_\w+)"', code), "explain_spirals", "explain_points"}
    assert set(keys) == spoken


def test_the_training_runs_on_from_shot_to_shot_and_halts_where_it_is_told() -> None:
    cast = Cast.of([training(STAYS, wrong={1: [(50, 4000)]})])
    shots = [shot for shot in storyboard(cast) if isinstance(shot, Beat | Stuck)]
    beats = [shot for shot in shots if isinstance(shot, Beat)]
    assert beats[0].training(0.0) == 0.0
    assert beats[-1].training(beats[-1].length) == pytest.approx(cast.timeline.duration)
    for one, other in pairwise(beats):
        assert one.training(one.length) == pytest.approx(other.training(0.0))
    for beat in beats:
        seconds = np.linspace(0, beat.length, 200)
        ways = np.diff([beat.training(float(second)) for second in seconds])
        assert (ways >= -1e-12).all()
        assert ways.max() <= 1.001 * beat.length / 199
    (stuck,) = (i for i, shot in enumerate(shots) if isinstance(shot, Stuck))
    before, after = shots[stuck - 1], shots[stuck + 1]
    assert isinstance(before, Beat)
    assert isinstance(after, Beat)
    end = before.length
    assert before.training(end) - before.training(end - 0.01) < 1e-3  # it comes to rest
    assert after.training(0.01) - after.training(0.0) < 1e-3


def test_it_is_as_long_as_its_shots_at_every_pace(trajectory: Trajectory) -> None:
    usual, quick = film(trajectory), film(trajectory, seconds=10.0)
    total = sum(shot.length for shot in usual.shots)
    assert usual.time_of.duration == pytest.approx(total + 2 * 1.5)
    assert quick.time_of.duration == pytest.approx(total / 2 + 2 * 1.5)
    stops = film(trajectory, loop=False)
    assert stops.time_of.duration == pytest.approx(usual.time_of.duration - usual.shots[-1].length)


def test_a_pause_is_where_a_shot_ends(trajectory: Trajectory) -> None:
    shown = film(trajectory)
    first, *others = shown.moments()
    assert first == (shown.time_of.start, "How a network packs its classes.")
    starts = [*shown._starts, shown.time_of.action_over]
    assert all(min(abs(pause.second - start) for start in starts) < 1e-6 for pause in others)
    spoken = " ".join(pause.text for pause in shown.moments())
    assert [
        text for caption in shown.captions.captions if (text := caption.text) not in spoken
    ] == []


def test_it_ends_as_it_begins(trajectory: Trajectory) -> None:
    shown = film(trajectory)
    first = shown.show(0).copy()
    np.testing.assert_array_equal(shown.show(shown.frame_count - 1), first)


def test_the_epoch_on_screen_is_the_one_that_is_shown(trajectory: Trajectory) -> None:
    shown = film(trajectory)
    starts = dict(zip(map(id, shown.shots), shown._starts, strict=True))
    beat: Shot = next(shot for shot in shown.shots if isinstance(shot, Beat))
    shown.seek(round(10 * (starts[id(beat)] + beat.length / 2)))
    texts = [m.text for m in shown.mobjects if isinstance(m, Words) and m.shown]
    assert isinstance(beat, Beat)
    at = shown.slowly(beat.training((shown.film_second - starts[id(beat)]) / shown.pace))
    epoch = int(shown.timeline.epoch_at(at) + 1e-6)
    assert f"{epoch:,}" in texts
    assert f"{100 * trajectory.accuracy[epoch]:.1f} %" in texts


def test_a_run_knows_its_length_and_makes_no_animation_of_it(
    tmp_path: Path, trajectory: Trajectory
) -> None:
    trajectory.save(tmp_path / "k3.npz")
    settings = FilmSettings(quality="180p10")
    order = FilmOrder(
        "explainer", "", (tmp_path / "k3.npz",), settings, {"mp4": tmp_path / "a.mp4"}
    )
    assert order.length.parts == film(trajectory).time_of
    (made,) = film_orders(Recipe(films=("explainer",)))
    assert sorted(made.targets) == ["mp4", "png"]
    (alone,) = film_orders(Recipe(films=("explainer",), formats=("gif",)))
    assert list(alone.targets) == ["gif"]


def test_layers_are_those_of_the_network(trajectory: Trajectory) -> None:
    widths = trajectory.recipe["network"]["widths"]
    assert f"Every point goes through {LANGUAGES['en'].count(len(widths))} layers of neurons." in (
        said(trajectory)
    )
    without = dataclasses.replace(trajectory, parameters=None, parameter_epochs=None)
    assert not {"Layers", "Undone"} & {*kinds(without)}
    assert {"Layers", "Undone"} <= {*kinds(trajectory)}


def test_with_pauses_it_stops_at_the_end(trajectory: Trajectory) -> None:
    from spiralcore.scenes import slides

    with tempconfig({"pixel_width": 320, "pixel_height": 180, "frame_rate": 10}):
        shown = slides.Explainer(sources=[trajectory], settings=FilmSettings())
    usual = film(trajectory)
    assert [type(shot) for shot in shown.shots] == [type(shot) for shot in usual.shots[:-1]]
    frames, texts = zip(*shown.pauses(), strict=True)
    assert frames[-1] == shown.frame_count - 1
    assert [*texts] == [moment.text for moment in usual.moments()]
    np.testing.assert_array_equal(
        shown.show(shown.frame_count - 2), usual.show(shown.frame_count - 2)
    )


def test_only_what_is_seen_now_or_was_before_is_drawn_anew(trajectory: Trajectory) -> None:
    shown = film(trajectory)
    number = next(i for i, shot in enumerate(shown.shots) if isinstance(shot, Beat))
    first = round((shown._starts[number] + 1) * 10)
    shown.show(first)
    boxes = shown.picture(first + 1).changed
    seen = np.zeros((180, 320), bool)
    for top, bottom, left, right in boxes.tolist():
        seen[top:bottom, left:right] = True
    before = shown.show(first).copy()
    after = shown.show(first + 1)
    assert not (before != after).any(axis=2)[~seen].any()
    assert 0.2 < seen.mean() < 0.8
