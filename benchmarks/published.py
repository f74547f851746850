"""Numbers that the original experiment shows in its pictures."""

from __future__ import annotations

# Titles of the original's histograms of angles, one network each: for each class the circular mean
# and the circular standard deviation in degrees.
PUBLISHED_ANGLES = {
    (2, "tanh"): ((41.4, 6.0), (221.7, 5.2)),
    (2, "relu"): ((13.4, 14.0), (75.6, 14.6)),
    (4, "tanh"): ((43.5, 15.3), (136.5, 14.1), (222.8, 16.2), (316.1, 13.5)),
    (4, "relu"): ((4.2, 6.4), (37.1, 12.6), (77.4, 26.5), (84.2, 8.4)),
    (7, "tanh"): (
        (41.5, 11.7), (95.2, 14.9), (133.8, 9.2), (185.9, 16.0), (223.2, 8.7), (277.0, 15.7),
        (316.3, 13.4),
    ),
    (7, "relu"): (
        (0.2, 2.0), (2.4, 3.4), (21.4, 6.2), (33.1, 45.4), (44.0, 6.5), (67.3, 6.2), (87.4, 3.8),
    ),
}  # fmt: skip

# The ends of the curves in its pictures of the cross-entropy, read off their linear axes: what
# they end at, within half a line width.
PUBLISHED_LOSSES = {
    (2, "tanh"): "0.02", (2, "relu"): "0.01",
    (4, "tanh"): "0.05", (4, "relu"): "0.02",
    (7, "tanh"): "0.38", (7, "relu"): "0.05",
}  # fmt: skip

PARTLY_AT_ZERO = ((4, "relu"), (7, "relu"))
"""Published networks of which a class lies in part at (0, 0), by their pictures."""
