"""English."""

from spiralcore.registry.languages.language import HUES, Language

CORNERS = ("top right corner", "top left corner", "bottom left corner", "bottom right corner")
DIRECTIONS = ("top right", "top left", "bottom left", "bottom right")
AXES = ("horizontal axis", "diagonal", "vertical axis", "middle", "origin")

ENGLISH = Language(
    code="en",
    name="English",
    colours=HUES,
    class_named="class {n}",
    conjunction="and",
    numbers=tuple(
        [
            "no",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    ),
    decimal=".",
    thousands=",",
    percent="{n} %",
    to={
        **{place: f"to the {place}" for place in (*CORNERS, *DIRECTIONS, *AXES)},
        "right": "right",
        "left": "left",
        "top": "up",
        "bottom": "down",
        "corner": "to another corner",
    },
    at={
        **{place: f"in the {place}" for place in CORNERS},
        **{place: f"at the {place}" for place in (*DIRECTIONS, "top", "bottom", "origin")},
        **{place: f"on the {place}" for place in (*AXES[:3], "left", "right")},
        "middle": "in the middle",
        "corner": "in a corner",
    },
    what={
        **{place: f"the {place}" for place in (*CORNERS, *DIRECTIONS, *AXES)},
        **{place: f"the {place} side" for place in ("right", "left", "top", "bottom")},
        "corner": "a corner",
    },
    sentences={
        "together": "Untrained, the network crushes all {n} classes together.",
        "together_two": "Untrained, the network crushes both classes together.",
        "landless": "{a} gets no land.",
        "landless_many": "{all} get no land.",
        "land": "{a} gets its first land.",
        "settle": "{a} goes {to}",
        "settle_next": "{a} {to}",
        "settle_many": "{all} find their places.",
        "settle_count": "{n} classes find their places.",
        "stuck": "{a} is stuck {at}: {v} right.",
        "stuck_nowhere": "{a} is stuck: {v} right.",
        "stuck_many": "{all} are stuck.",
        "heads": "{a} drifts toward {what}.",
        "moves": "{a} moves {to}.",
        "moves_across": "{a} slides over {to}.",
        "moves_up": "{a} climbs {to}.",
        "moves_down": "{a} sinks {to}.",
        "takes": "{a} takes {what}, now free.",
        "takes_up": "{a} climbs into {what}, now free.",
        "edge": "{a} settles on {what}.",
        "edge_crowded": "No corner left: {a} settles on {what}.",
        "right": "{a} is {v} right.",
        "all_right": "{v} of all points are right.",
        "parts": "{a} and {b} come apart.",
        "dies": "Unit {n} dies: zero for every point.",
        "spike": "The loss jumps from {v} to {w}.",
    },
)
