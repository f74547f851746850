"""A GIF of one network, all in, against matplotlib and ImageMagick (12)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from PIL import Image

from benchmarks.figures import Figure, Target
from benchmarks.measuring import interleaved, python, run, spiral
from benchmarks.workshop import Workshop
from spiralcore.errors import SpiralError

FRAMES = 250

RECIPE = """
[film]
seconds = 5.2
hold = 1.0
loop = false
gif_height = 480
gif_frame_rate = 25
"""

TITLE = "250-frame GIF of one network, all in, against matplotlib and convert"


def gif(shop: Workshop) -> Iterator[Figure]:
    """One process from start to end: load, draw, encode."""
    recipe = shop.scratch / "gif.toml"
    recipe.write_text(RECIPE, encoding="utf-8")
    (trajectory,) = shop.cast("bending")
    out = shop.scratch / "bending.gif"
    convert = imagemagick()

    def ours() -> float:
        shop.say("GIF: spiral render")
        out.unlink(missing_ok=True)
        spent = run(spiral("render", "bending", trajectory, "--recipe", recipe, "--out", out))
        _check(out)
        return spent.wall

    def peer() -> float:
        if convert is None:
            return float("nan")
        shop.say("GIF: matplotlib and ImageMagick")
        folder = shop.scratch / "pictures"
        spent = run(python("-m", "benchmarks.peers.seed_gif", trajectory, folder, FRAMES, convert))
        _check(folder / "out.gif")
        return spent.wall

    # The peer takes most of a minute: once less than ours.
    mine, theirs = interleaved(max(shop.repeats - 1, 1), ours, peer)
    mine.append(ours())
    if convert is None:
        yield Figure(
            "12", TITLE, "s", median(mine), target=Target(least=10),
            note="peer absent: apt-get install imagemagick", timings={"ours": mine},
        )  # fmt: skip
        return
    with Image.open(out) as image:
        size = "{} x {}".format(*image.size)
    yield Figure(
        "12", TITLE, "s", median(mine), median(theirs), median(theirs) / median(mine),
        Target(least=10),
        note=f"Ours: the film bending with data, loss and numbers, {size}. Peer: 640 x 480, points "
        "over predicted classes, one figure whose contents are set anew, PNG files, then "
        "`convert -delay 4 -loop 0`.",
        timings={"ours": mine, "peer": theirs},
    )  # fmt: skip


def imagemagick() -> Path | None:
    """ImageMagick's own program; scripts of that name that stand before it are passed over."""
    for name in ("magick", "convert"):
        for folder in os.get_exec_path():
            program = Path(folder) / name
            if not os.access(program, os.X_OK) or not program.is_file():
                continue
            with program.open("rb") as file:
                if file.read(2) == b"#!":
                    continue
            if "ImageMagick" in run([program, "-version"]).output:
                return program
    return None


def _check(path: Path) -> None:
    with Image.open(path) as image:
        frames = getattr(image, "n_frames", 1)
    if not 0.9 * FRAMES <= frames <= FRAMES:
        raise SpiralError(f"{path.name} has {frames} frames.", f"{FRAMES}, or a few less.")
