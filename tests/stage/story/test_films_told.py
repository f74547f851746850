"""Films of all kinds say what happens: from the file, at its time, in every language."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.registry.films import FILMS, Needs
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.stage.cloud.point_cloud import PointCloud
from spiralcore.stage.film import Film
from spiralcore.stage.marks.arrows import ArrowField
from spiralcore.stage.marks.words import Words
from spiralcore.stage.panels.trajectory_cloud import TrajectoryCloud
from spiralcore.stage.space.orbit import Halts
from spiralcore.stage.space.walls import BoxEdges
from spiralcore.stage.story.caption_line import READING, CaptionLine
from spiralcore.story.captions import SHORTEST
from spiralcore.study.crowd import Crowd
from spiralcore.trajectory.trouble import ENOUGH
from spiralcore.video.opening import is_captioned, open_film
from tests.conftest import of_width, shown_by
from tests.stage.test_aspects import STUDY


def film(name: str, *paths: Trajectory, **changes: object) -> Film:
    settings = FilmSettings(seconds=8.0, hold=1.5, **changes)  # type: ignore[arg-type]
    sources = [Crowd.load(STUDY)] if FILMS[name].needs is Needs.STUDY else shown_by(name, *paths)
    return open_film(name, sources, settings, 180, 10)


MOST_WORDS = {"layers": 31, "crowding": 27, "difference": 40, "packing": 20, "row": 20}
"""Words beside the captions in the middle of the action: half of what films had once, or less."""


def spelled(shown: Film) -> int:
    """Words with letters that are read in the middle of the action, apart from captions."""
    time = shown.time_of
    shown.seek(round(10 * (time.start + time.action / 2)))
    lines = [m.text for m in shown.mobjects if isinstance(m, Words) and m.shown and m.opacity > 0]
    return sum(any(map(str.isalpha, word)) for line in lines for word in line.split())


def said(shown: Film) -> list[str]:
    return [caption.text for caption in shown.captions.captions]


@pytest.mark.parametrize("name", list(FILMS))
def test_every_film_has_captions_that_can_be_read_and_switched_off(
    name: str, trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    assert is_captioned(name)
    shown = film(name, relu_trajectory, trajectory)
    captions = shown.captions.captions
    assert captions
    for caption in captions:
        assert caption.end - caption.start >= SHORTEST - 1e-9
        assert 0 <= caption.start < caption.end <= shown.time_of.duration
    assert all(one.end <= other.start + 1e-9 for one, other in pairwise(captions))
    # In the last hold it is quiet for long enough to read how the film is made.
    rests = shown.time_of.action_over - max(caption.end for caption in captions)
    assert rests >= READING * shown.settings.hold - 1e-9 or FILMS[name].in_shots, rests
    assert spelled(shown) <= MOST_WORDS.get(name, 15)
    shown.seek(round(10 * (captions[0].start + 1)))
    (line,) = [m for m in shown.mobjects if isinstance(m, CaptionLine)]
    assert line.track.at(line.second) == captions[0]
    silent = film(name, relu_trajectory, trajectory, captions=False)
    assert not silent.captions.captions
    silent.seek(0)
    assert not [m for m in silent.mobjects if isinstance(m, CaptionLine)]


@pytest.mark.parametrize("code", sorted(LANGUAGES))
@pytest.mark.parametrize("name", ["layers", "difference", "crowding"])
def test_films_of_their_own_action_speak_every_language(
    name: str, code: str, trajectory: Trajectory
) -> None:
    hidden = trajectory.hidden.copy()
    hidden[5:, 0] -= 0.2
    other = dataclasses.replace(trajectory, hidden=hidden, hidden_mean=None)
    texts = said(film(name, trajectory, other, language=code))
    english = said(film(name, trajectory, other))
    assert len(texts) == len(english)
    assert (texts == english) == (code == "en")


def test_each_layer_is_told_after_the_one_before(trajectory: Trajectory) -> None:
    shown = film("layers", trajectory)
    first, *layers = said(shown)
    assert first == "First the points, and the grid of their plane."
    right = LANGUAGES["en"].percentage(float(trajectory.accuracy[-1]))
    decide = f"Straight cuts decide: {right} right."
    assert layers
    layers = [text for text in layers if text != decide]
    widths = trajectory.recipe["network"]["widths"]
    for text in layers:
        number, width = (int(word.strip(":")) for word in text.split() if word.strip(":").isdigit())
        assert widths[number - 1] == width


def test_two_runs_are_said_to_agree_or_from_when_on_they_do_not(trajectory: Trajectory) -> None:
    assert said(film("difference", trajectory, trajectory)) == [
        "A and B agree within the tolerance, at every epoch compared."
    ]
    hidden = trajectory.hidden.copy()
    hidden[20:, 0] += 0.3 * np.linspace(0.5, 1, len(hidden) - 20, dtype=np.float32)[:, None]
    other = dataclasses.replace(trajectory, hidden=hidden, hidden_mean=None)
    shown = film("difference", trajectory, other)
    first, most = shown.captions.captions
    epoch = int(first.text.split()[1].strip(":"))
    assert trajectory.epochs[19] < epoch <= trajectory.epochs[20]
    assert most.text == f"Epoch {trajectory.epochs[-1]}: here they are farthest apart."
    second = float(shown.timeline.seconds_at(np.array([epoch]))[0])
    assert first.start == pytest.approx(shown.time_of.start + second)


def test_what_fails_is_told_with_the_numbers_of_the_study() -> None:
    crowd, shown = Crowd.load(STUDY), film("crowding")
    begin, *rest = said(shown)
    assert begin == "Two neurons, and two classes at first."
    found = {}
    for text in rest:
        name, classes = text.split(",")[0].casefold(), int(text.split(", ")[1].split()[0])
        found[name.replace(" ", "_")] = classes
    for name, classes in found.items():
        accuracy = {k: crowd.accuracy[name, k].median for k in crowd.classes}
        assert accuracy[classes] < ENOUGH
        assert all(accuracy[k] >= ENOUGH for k in crowd.classes if k < classes)
    shown.seek(0)
    dots = [m for m in shown.mobjects if isinstance(m, PointCloud)]
    assert any(cloud.opacity > 0 for cloud in dots)  # it opens on a picture


def test_the_eye_rests_and_comes_back_as_fast_as_it_left() -> None:
    halts = Halts([(4.0, 7.0)], 20.0)
    shares = np.array([halts.share(second) for second in np.linspace(0, 20, 401)])
    speed = np.diff(shares) / 0.05
    assert shares[0] == 0
    assert shares[-1] == pytest.approx(1.0)
    assert (speed > -1e-12).all()
    assert speed[93:127].max() < 1e-9  # from 4.65 to 6.35 s
    assert speed[0] == pytest.approx(speed[-1])
    assert np.abs(np.diff(speed)).max() < 0.15 * speed[0]
    even = Halts([], 20.0)
    assert even.share(5.0) == pytest.approx(0.25)
    assert Halts([(1.0, 1.2)], 20.0).share(10.0) == pytest.approx(0.5)  # too short to rest


def test_an_orbit_rests_while_its_spike_is_told() -> None:
    path = of_width(3, "tanh")
    loss = path.cross_entropy.copy()
    loss[150:160] = 3.0
    shown = film("space", dataclasses.replace(path, cross_entropy=loss))
    (spike,) = [c for c in shown.captions.captions if c.event and c.event.kind == "spike"]
    assert spike.text.startswith("The loss jumps from ")
    shown.seek(0)
    (edges,) = [m for m in shown.mobjects if isinstance(m, BoxEdges)]

    def looks_from(second: float) -> float:
        shown.seek(round(10 * second))
        return edges.space_box.perspective.azimuth

    resting = [looks_from(spike.start + after) for after in (0.7, 1.0, 1.5)]
    assert resting == pytest.approx([resting[0]] * 3, abs=1e-9)
    assert looks_from(spike.start - 1.0) < resting[0] < looks_from(spike.end + 1.0)


def test_the_field_shows_the_data_below_its_arrows(trajectory: Trajectory) -> None:
    shown = film("field", trajectory)
    shown.seek(0)
    kinds = [type(m) for m in shown.mobjects]
    clouds = [m for m in shown.mobjects if isinstance(m, TrajectoryCloud)]
    assert len(clouds) == 2
    assert kinds.index(TrajectoryCloud) < kinds.index(ArrowField)
    assert len(clouds[0].points) == trajectory.points


def test_method_is_said_when_all_else_is(trajectory: Trajectory) -> None:
    shown = film("field", trajectory, captions=False)
    words = "time follows motion; paths smoothed 0.12 s"
    shown.seek(0)
    (note,) = [m for m in shown.mobjects if isinstance(m, Words) and m.text.endswith(words)]
    assert not note.shown
    shown.seek(round(10 * (shown.time_of.action_over - 0.3)))
    assert note.shown
