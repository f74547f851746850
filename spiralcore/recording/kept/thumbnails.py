"""Small pictures of some points of a run, where its inputs are images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST, LARGEST = 36, 32
"""Pictures that a file has, and their pixels along a side: 110 kB at most, in three colours."""

LEAST = 4
"""Pixels along a side from which on something is to be seen."""

CHANNELS = (1, 3)


def thumbnails(inputs: NDArray[Any], classes: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """Pictures as files have them, and which points they are of; nothing of other inputs.

    Parameters
    ----------
    inputs
        Images have four axes: (N, C, H, W), or (N, H, W, C), with one channel or three.
    classes
        Of the points, shape (N,): each has its share of the pictures.
    """
    shape = inputs.shape
    if len(shape) != 4 or inputs.dtype.kind not in "fiub":
        return {}
    if shape[1] in CHANNELS:
        axes, sides = (0, 2, 3, 1), shape[2:]
    elif shape[3] in CHANNELS:
        axes, sides = (0, 1, 2, 3), shape[1:3]
    else:
        return {}
    if min(sides) < LEAST:
        return {}
    by_class = np.argsort(classes, kind="stable")
    count = min(MOST, len(inputs))
    points = by_class[np.linspace(0, len(inputs) - 1, count).round().astype(int)]
    pictures = _smaller(inputs[points].transpose(axes).astype(np.float32))
    return {"thumbnails": _in_bytes(pictures), "thumbnail_points": points.astype(np.int64)}


def _smaller(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means over blocks of pixels, so that no side is longer than `LARGEST`."""
    block = -(-max(pictures.shape[1:3]) // LARGEST)
    rows, columns = (max(size // block, 1) for size in pictures.shape[1:3])
    tall, wide = (min(block, size) for size in pictures.shape[1:3])
    cut = pictures[:, : rows * tall, : columns * wide]
    blocks = cut.reshape(len(cut), rows, tall, columns, wide, cut.shape[3])
    return np.asarray(blocks.mean(axis=(2, 4)), np.float32)


def _in_bytes(pictures: NDArray[np.float32]) -> NDArray[np.uint8]:
    """From 0 to 255: numbers of that range or up to 1 as they are, others by their own range.

    Those that were normalised, each channel by itself, are brought back likewise.
    """
    least, most = float(pictures.min()), float(pictures.max())
    if least >= 0 and most <= 255:
        scaled = pictures * (255 if most <= 1 else 1)
    else:
        lows, highs = pictures.min(axis=(0, 1, 2)), pictures.max(axis=(0, 1, 2))
        scaled = (pictures - lows) * (255 / np.maximum(highs - lows, 1e-12))
    return np.asarray(scaled.round(), np.uint8)
