"""The theme of a recipe reaches all that is drawn, and what is too close in it is told."""

from __future__ import annotations

import re
from pathlib import Path

import imageio.v3 as imageio
import numpy as np
from font_source_sans_pro import font_files_otf
from pptx import Presentation
from pptx.dml.color import RGBColor

from spiralcore import Trajectory
from tests.conftest import spiral

BRAND = f"""
[theme]
background = "#14213d"
ink = "#ffe8d6"
classes = ["#7bcaea", "#7bc0ea", "#f8f13b"]
font = "{font_files_otf["SourceSansProSemibold"]}"
"""
SMALL = ("--quality", "120p5", "--seconds", "1", "--jobs", "1")
GROUND = [0x14, 0x21, 0x3D]


def test_films_posters_decks_figures_and_page_have_it(
    tmp_path: Path, trajectory: Trajectory
) -> None:
    trajectory.save(tmp_path / "a.npz")
    (tmp_path / "brand.toml").write_text(BRAND)
    deck = ("export", "bending", "a.npz", "--theme", "brand.toml", "--to", "png", "pptx")
    ran = spiral(tmp_path, *deck, *SMALL)
    assert ran.returncode == 0, ran.stderr
    assert "classes 1 (#7bcaea) and 2 (#7bc0ea) are" in ran.stderr
    assert 'the same hues, farther apart: classes = ["#' in ran.stderr
    assert imageio.imread(tmp_path / "bending-a.png")[0, 0, :3].tolist() == GROUND
    film = imageio.imread(tmp_path / "bending-a.mp4", index=0)
    assert np.abs(film[0, 0].astype(int) - GROUND).max() < 6
    slide = Presentation(str(tmp_path / "bending-a.pptx")).slides[0]
    assert slide.background.fill.fore_color.rgb == RGBColor(*GROUND)
    assert slide.shapes.title.text_frame.paragraphs[0].font.name.startswith("Source Sans")

    plot = ("plot", "a.npz", "--figures", "loss", "--formats", "png", "--theme", "brand.toml")
    assert spiral(tmp_path, *plot, "--jobs", "1").returncode == 0
    assert imageio.imread(tmp_path / "loss-a.png")[0, 0, :3].tolist() == GROUND

    page = ("gallery", "a.npz", "--out", "page", "--recipe", "brand.toml", "--jobs", "1")
    assert spiral(tmp_path, *page).returncode == 0
    style = (tmp_path / "page" / "style" / "site.css").read_text("utf-8")
    # Its colours are the only ones, and its letters come after those of the page: they count.
    assert re.findall(r"--background: ([^;]+);--panel: ([^;]+);--ink: ([^;]+);", style) == [
        ("#14213d", "#1c2842", "#ffe8d6")
    ]
    faces = re.findall(r'font-family: "Page Sans";[^}]*url\("([^"]+)"', style)
    assert len(faces) == 4
    assert not set(faces[:2]) & set(faces[2:])

    (tmp_path / "plain.toml").write_text("classes = [2]\n")
    ran = spiral(tmp_path, "plot", "a.npz", "--theme", "plain.toml")
    assert (ran.returncode, ran.stderr.splitlines()[0]) == (
        2, "spiral: plain.toml has no table [theme].",
    )  # fmt: skip
