"""Whether ffmpeg's own converter of colours, swscale, could take the place of ours.

`python -m benchmarks.swscale k4.npz` draws frames of a film, has both make the planes of each pixel
format that encoders get, and prints how far each is from ITU-R BT.709 as it is written, what it
takes of the processor, and how far apart both are. The figures are in the docstring of
`spiralcore.video.encode.yuv`.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.video.encode.ffmpeg_pipe import ffmpeg_program
from spiralcore.video.encode.film_format import PLANES
from spiralcore.video.opening import open_film

FRAMES, WIDTH, HEIGHT = 12, 1920, 1080

FLAGS = "accurate_rnd+full_chroma_int+area"
"""The best that swscale has for this: whole numbers rounded, chroma the mean of four pixels."""

RED, BLUE = 0.2126, 0.0722

EDGE = 16
"""Steps to a neighbour from which on a sample counts as one of an edge."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", help="a trajectory")
    trajectory = Trajectory.load(parser.parse_args(arguments).file)
    row = "{:13}{:9}{:>9}{:>9}{:>13}{:>13}{:>12}"
    print(row.format("format", "by", "largest", "mean", "largest edge", "mean edge", "ms a frame"))
    for pixel_format in PLANES:
        alpha = "a" in pixel_format
        frames = list(_frames(trajectory, "transparent" if alpha else "dark"))
        exact = [_exact(frame, pixel_format) for frame in frames]
        for name, make in (("ours", _ours), ("swscale", _swscale)):
            made, seconds = make(frames, pixel_format)
            errors = _errors(made, exact, pixel_format)
            for plane, (largest, mean, at_edges, mean_there) in errors.items():
                print(
                    row.format(
                        pixel_format, f"{name} {plane}", f"{largest:.2f}", f"{mean:.4f}",
                        f"{at_edges:.2f}", f"{mean_there:.4f}", f"{1000 * seconds:.2f}",
                    )
                )  # fmt: skip
            if name == "ours":
                own = [_planes_of(planes, right) for planes, right in zip(made, exact, strict=True)]
        for plane, (largest, mean, at_edges, mean_there) in _errors(
            made, own, pixel_format
        ).items():
            print(
                row.format(
                    pixel_format, f"both {plane}", f"{largest:.2f}", f"{mean:.4f}",
                    f"{at_edges:.2f}", f"{mean_there:.4f}", "",
                )
            )  # fmt: skip


def _frames(trajectory: Trajectory, theme: str) -> Iterator[NDArray[np.uint8]]:
    settings = FilmSettings.model_validate({"seconds": 4.0, "theme": theme})
    film = open_film("bending", [trajectory], settings, HEIGHT, 30)
    for frame in np.linspace(0, film.frame_count - 1, FRAMES).astype(int):
        yield film.show(int(frame)).copy()


def _ours(frames: list[NDArray[np.uint8]], pixel_format: str) -> tuple[list[NDArray[Any]], float]:
    samples, depth, convert = PLANES[pixel_format]
    made = [np.empty(round(WIDTH * HEIGHT * samples), depth) for _ in frames]
    convert(frames[0], made[0], None)
    begun = time.process_time()
    for frame, planes in zip(frames, made, strict=True):
        convert(frame, planes, None)
    return made, (time.process_time() - begun) / len(frames)


def _swscale(
    frames: list[NDArray[np.uint8]], pixel_format: str
) -> tuple[list[NDArray[Any]], float]:
    """The planes, and the time beyond that of a pipe with our planes in it."""
    depth = PLANES[pixel_format][1]
    data = b"".join(frame.tobytes() for frame in frames)
    size = {"s": f"{WIDTH}x{HEIGHT}", "r": str(Fraction(30)), "format": "rawvideo"}
    source = ffmpeg.input("pipe:", pix_fmt="rgba", **size)
    if "a" in pixel_format:
        source = source.filter("format", "gbrap").filter("unpremultiply", inplace=1)
    scaled = source.filter("scale", flags=FLAGS, out_color_matrix="bt709", out_range="tv").filter(
        "format", pixel_format
    )
    out = _run(scaled.output("pipe:", format="rawvideo"), data)[0]
    made = list(np.frombuffer(out, depth).reshape(len(frames), -1))
    _, theirs = _run(scaled.output("-", format="null"), data)
    plain = ffmpeg.input("pipe:", pix_fmt=pixel_format, **size).output("-", format="null")
    _, bare = _run(plain, b"".join(planes.tobytes() for planes in made))
    return made, (theirs - bare) / len(frames)


def _run(stream: Any, data: bytes) -> tuple[bytes, float]:
    """What ffmpeg writes, and the processor time that it takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out, _ = ffmpeg.run(
        stream.global_args("-threads", "1", "-loglevel", "error"),
        cmd=ffmpeg_program(), input=data, capture_stdout=True, capture_stderr=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return out, sum(after[:2]) - sum(before[:2])


def _exact(frame: NDArray[np.uint8], pixel_format: str) -> dict[str, NDArray[np.float64]]:
    """Samples by ITU-R BT.709-6, not rounded; chroma where it is shared is the mean by opacity."""
    scale = 4 if "10" in pixel_format else 1
    alpha = frame[..., 3:] / 255.0
    with_alpha = "a" in pixel_format
    premultiplied = frame[..., :3] / 255.0
    colours = np.where(alpha > 0, premultiplied / np.maximum(alpha, 1e-9), 0) if with_alpha else (
        premultiplied
    )  # fmt: skip
    shared = colours
    if "420" in pixel_format:
        shared = _of_four(premultiplied)
        if with_alpha:
            opacity = _of_four(alpha)
            shared = np.where(opacity > 0, shared / np.maximum(opacity, 1e-9), 0)
    weights = np.array([RED, 1 - RED - BLUE, BLUE])
    luma, other = np.clip(colours, 0, 1) @ weights, np.clip(shared, 0, 1)
    level = other @ weights
    planes = {
        "Y": scale * (16 + 219 * luma),
        "U": scale * (128 + 224 * (other[..., 2] - level) / (2 * (1 - BLUE))),
        "V": scale * (128 + 224 * (other[..., 0] - level) / (2 * (1 - RED))),
    }
    if with_alpha:
        planes["A"] = alpha[..., 0] * (1023 if scale == 4 else 255)
    return planes


def _of_four(values: NDArray[np.float64]) -> NDArray[np.float64]:
    height, width = values.shape[:2]
    means: NDArray[np.float64] = values.reshape(height // 2, 2, width // 2, 2, -1).mean(axis=(1, 3))
    return means


def _planes_of(
    planes: NDArray[Any], like: dict[str, NDArray[np.float64]]
) -> dict[str, NDArray[np.float64]]:
    """Planes that lie behind each other, by their names."""
    found, place = {}, 0
    for name, other in like.items():
        found[name] = planes[place : place + other.size].reshape(other.shape).astype(np.float64)
        place += other.size
    return found


def _errors(
    made: list[NDArray[Any]], exact: list[dict[str, NDArray[np.float64]]], pixel_format: str
) -> dict[str, tuple[float, float, float, float]]:
    """By plane, in its steps: largest and mean distance, everywhere and at edges.

    Where nothing is seen, colours do not count.
    """
    found: dict[str, list[tuple[NDArray[Any], NDArray[Any]]]] = {}
    for planes, right in zip(made, exact, strict=True):
        own = _planes_of(planes, right)
        for name, wanted in right.items():
            values = own[name]
            seen = np.ones(wanted.shape, bool)
            if "A" in right and name != "A":
                seen = right["A"] > 0
                if wanted.shape != seen.shape:
                    seen = _of_four(seen[..., None].astype(float))[..., 0] > 0
            steep = np.zeros(wanted.shape, bool)
            steep[:, 1:] |= np.abs(np.diff(wanted, axis=1)) > EDGE
            steep[1:] |= np.abs(np.diff(wanted, axis=0)) > EDGE
            off = np.abs(values - wanted)
            found.setdefault(name, []).append((off[seen], off[seen & steep]))
    told = {}
    for name, pairs in found.items():
        everywhere = np.concatenate([pair[0] for pair in pairs])
        edges = np.concatenate([pair[1] for pair in pairs])
        told[name] = (
            float(everywhere.max()), float(everywhere.mean()),
            float(edges.max(initial=0)), float(edges.mean()) if len(edges) else 0.0,
        )  # fmt: skip
    return told


if __name__ == "__main__":
    main()
