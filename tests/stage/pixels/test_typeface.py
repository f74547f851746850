"""Texts are the same picture whether the system has FriBiDi or not, and in any letters."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from font_source_sans_pro import font_files_otf
from PIL import Image, ImageDraw, ImageFont, features

from spiralcore.stage.pixels.typeface import Typeface

REGULAR = Path(font_files_otf["SourceSansPro"])
TEXTS = ("Epoch 1,234", "AVATAR, To Yes We", "fluffy affinity", "Größe, été, señal", "Ёж, Ωμέγα")

HIDDEN = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
void *dlopen(const char *name, int how) {
    static void *(*theirs)(const char *, int);
    if (!theirs) theirs = dlsym(RTLD_NEXT, "dlopen");
    return name && strstr(name, "fribidi") ? 0 : theirs(name, how);
}
"""

SAY = """
import hashlib
from pathlib import Path
from PIL import features
from spiralcore.stage.pixels.typeface import Typeface
face = Typeface(Path({font!r}).read_bytes())
masks = [face.coverage(text, size)[0].tobytes() for text in {texts!r} for size in (17.3, 36.0)]
print(features.check("raqm"), hashlib.sha256(b"".join(masks)).hexdigest())
"""


@pytest.fixture(scope="module")
def face() -> Typeface:
    return Typeface(REGULAR.read_bytes())


@pytest.mark.skipif(sys.platform != "linux", reason="hides a library as Linux loads it")
def test_without_fribidi_it_is_the_same_picture(face: Typeface, tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler")
    (tmp_path / "hide.c").write_text(HIDDEN)
    library = tmp_path / "hide.so"
    build = (compiler, "-shared", "-fPIC", "-o", library, tmp_path / "hide.c", "-ldl")
    subprocess.run(build, check=True)
    ran = subprocess.run(
        (sys.executable, "-c", SAY.format(font=str(REGULAR), texts=TEXTS)),
        env={"LD_PRELOAD": str(library), "PATH": "/usr/bin:/bin"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    masks = [face.coverage(text, size)[0].tobytes() for text in TEXTS for size in (17.3, 36.0)]
    assert ran.stdout.split() == ["False", hashlib.sha256(b"".join(masks)).hexdigest()]


@pytest.mark.skipif(not features.check("raqm"), reason="Pillow finds no FriBiDi to compare with")
@pytest.mark.parametrize("text", TEXTS)
def test_it_is_what_pillow_sets_where_it_has_all(face: Typeface, text: str) -> None:
    """Glyphs stand on the grid of the finer picture: a quarter of a pixel at most is between."""
    font = ImageFont.truetype(REGULAR, 144, layout_engine=ImageFont.Layout.RAQM)
    found, ascent = face.coverage(text, 36.0)
    image = Image.new("L", (4 * found.shape[1], 4 * found.shape[0]), 0)
    ImageDraw.Draw(image).text((0, 4 * ascent), text, fill=255, font=font, anchor="ls")
    expected = np.asarray(image.reduce(4)).astype(int)
    assert np.abs(expected - found).max() <= 64
    assert face.line(text)[1] == pytest.approx(font.getlength(text) / 144, abs=0.01)


def test_numbers_of_equally_many_digits_are_equally_wide(face: Typeface) -> None:
    assert face.line("1,111")[1] == face.line("8,888")[1] == face.line("9,042")[1]


def test_letters_stand_closer_where_the_font_says_so(face: Typeface) -> None:
    assert face.line("AV")[1] < face.line("A")[1] + face.line("V")[1]
    assert len(face.line("ff")[0]) == 1
    assert face.line("e\u0301")[1] == face.line("é")[1]


def test_signs_that_a_font_lacks_and_none_at_all(face: Typeface) -> None:
    assert face.line("") == ([], 0.0)
    assert face.coverage("", 20.0)[0].max() == 0
    (glyph,) = face.line("\u4e2d")[0]
    assert glyph.number == 0
    assert face.coverage("\u4e2d", 20.0)[0].max() > 0
