"""Numbers that the original experiment shows in its pictures."""

from __future__ import annotations

# Titles of the original's histograms of angles, one network each: for each class the circular mean
# and the circular standard deviation in degrees.
PUBLISHED_ANGLES = {
    (2, "tanh"): ((41.4, 6.0), (221.7, 5.2)),
    (2, "relu"): ((13.4, 14.0), (75.6, 14.6)),
    (3, "tanh"): ((111.5, 46.7), (224.7, 17.1), (320.2, 17.1)),
    (3, "relu"): ((11.6, 11.1), (41.7, 44.1), (74.7, 16.6)),
    (4, "tanh"): ((43.5, 15.3), (136.5, 14.1), (222.8, 16.2), (316.1, 13.5)),
    (4, "relu"): ((4.2, 6.4), (37.1, 12.6), (77.4, 26.5), (84.2, 8.4)),
    (5, "tanh"): ((42.1, 15.9), (133.8, 14.0), (212.8, 18.3), (263.5, 18.5), (322.2, 15.6)),
    (5, "relu"): ((2.8, 4.9), (28.9, 8.9), (30.3, 43.9), (58.6, 7.1), (86.8, 5.2)),
    (6, "tanh"): (
        (47.9, 13.3), (134.8, 11.4), (176.9, 15.7), (228.0, 12.2), (307.8, 17.3), (355.4, 16.9),
    ),
    (6, "relu"): ((2.2, 3.7), (11.3, 24.2), (25.8, 6.3), (48.0, 6.8), (68.7, 5.9), (86.7, 4.7)),
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
    (3, "tanh"): "0.03", (3, "relu"): "0.01",
    (4, "tanh"): "0.05", (4, "relu"): "0.02",
    (5, "tanh"): "0.16", (5, "relu"): "0.02",
    (6, "tanh"): "0.26", (6, "relu"): "0.03",
    (7, "tanh"): "0.38", (7, "relu"): "0.05",
}  # fmt: skip

PARTLY_AT_ZERO = ((3, "relu"), (4, "relu"), (5, "relu"), (7, "relu"))
"""Published networks of which a class lies in part at (0, 0), by their pictures."""
