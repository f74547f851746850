from __future__ import annotations

from pathlib import Path

import pytest

from spiralcore import Trajectory
from tests.cli import known
from tests.conftest import spiral

REFUSED = [
    (
        ("--theme", "transparent", "--to", "html"),
        "spiral: A deck (html) has no use for films that are transparent.\n"
        "expected: the theme dark or light for decks; its colour is that of the slides, too.\n"
        "next: --theme dark, or --to webm png and your own slides\n",
    ),
    (
        ("--max-size", "5MB", "--out", "talk.pptx"),
        "spiral: --max-size is about single films, and a deck (pptx) holds all of them.\n"
        "expected: a lower quality for a smaller deck.\n"
        "next: --quality 720p30 in place of --max-size\n",
    ),
    (
        ("--to", "pptx", "html", "--out", "talk.pptx"),
        "spiral: talk.pptx cannot be pptx and html.\n"
        "expected: a folder, or a file with the ending of the only target.\n"
        "next: --out talk, or --out talk.pptx --to pptx\n",
    ),
    (
        ("--to", "ppt"),
        "spiral: There is no target 'ppt'. Did you mean 'pptx'?\n"
        f"expected: one of {known.targets}.\n"
        "next: spiral export --help\n",
    ),
]


@pytest.mark.parametrize(("options", "message"), REFUSED)
def test_decks_that_cannot_be_made_are_refused_before_anything_is_drawn(
    tmp_path: Path, trajectory_file: Path, options: tuple[str, ...], message: str
) -> None:
    result = spiral(tmp_path, "export", "bending", trajectory_file.name, *options)
    assert result.returncode == 2
    assert result.stderr == message
    assert [path.name for path in tmp_path.iterdir()] == [trajectory_file.name]


def test_a_named_deck_has_its_films_beside_it(tmp_path: Path, trajectory: Trajectory) -> None:
    trajectory.save(tmp_path / "k3.npz")
    look = ("--quality", "120p5", "--seconds", "1", "--no-loop")
    result = spiral(
        tmp_path, "export", "bending", "k3.npz", *look, "--out", str(Path("slides", "talk.html"))
    )
    assert result.returncode == 0, result.stderr
    made = {path.name for path in (tmp_path / "slides").iterdir()}
    assert made == {"talk.html", "bending-k3.mp4", "bending-k3.png"}
    text = (tmp_path / "slides" / "talk.html").read_text()
    assert "<title>talk</title>" in text
    assert text.count("<video") == 1
    assert " playsinline loop" not in text


def test_without_the_extra_it_is_named(
    tmp_path: Path, trajectory_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = tmp_path / "hidden" / "pptx"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'pptx'\", name='pptx')"
    )
    monkeypatch.setenv("PYTHONPATH", str(hidden.parent))
    result = spiral(tmp_path, "export", "bending", trajectory_file.name, "--to", "pptx")
    assert result.returncode == 2
    assert result.stderr == (
        "spiral: A PowerPoint file needs the package 'pptx', which is not installed.\n"
        "expected: an installation with the extra 'talk'.\n"
        'next: pip install "spiralcore[talk]"\n'
    )
