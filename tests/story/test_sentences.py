from __future__ import annotations

from itertools import product
from string import Formatter

import numpy as np
import pytest

from spiralcore.errors import UsageError
from spiralcore.registry.languages.catalogue import LANGUAGES, language
from spiralcore.registry.languages.language import HUES, Language
from spiralcore.registry.themes import THEMES, rgb
from spiralcore.story.event import KINDS, Event
from spiralcore.story.places import AXES, COMPASS, CORNERS, NAMES
from spiralcore.story.sentences import MOST_WORDS, Run, Speaker, text_of
from spiralcore.system.rounding import fixed, percent
from tests.cli import known

ENGLISH = LANGUAGES["en"]
CODES = sorted(LANGUAGES)


def every_event() -> list[Event]:
    """All kinds, of as many classes as there may be, at all places."""
    found = []
    for kind in KINDS:
        if kind == "settle":
            for count in range(1, 8):
                found += [Event(1, 2, kind, tuple(range(count)), (place,) * count)
                          for place in (*COMPASS, *CORNERS)]  # fmt: skip
        elif kind in ("moves", "takes", "heads"):
            for names in (CORNERS, COMPASS, AXES):
                found += [Event(1, 2, kind, (1,), pair) for pair in product(names, names)]
            found.append(Event(1, 2, kind, (1,), ("corner", "corner")))
        elif kind == "edge":
            found += [
                Event(1, 1, kind, (4,), (place,)) for place in ("left", "right", "top", "bottom")
            ]
        elif kind == "stuck":
            found += [Event(1, 2, kind, (1,), (place,), (0.04,)) for place in NAMES]
            found += [
                Event(1, 2, kind, (1,), (), (0.04,)),
                Event(1, 2, kind, (1, 4, 5), (), (0.0,)),
            ]
        elif kind in ("land", "landless", "right"):
            found += [
                Event(1, 1, kind, (1,), (), (0.02,)),
                Event(0, 0, "landless", (1, 2), (), (0,)),
            ]
        elif kind == "together":
            found += [Event(0, 0, kind, tuple(range(count))) for count in (2, 4, 12, 64)]
        else:
            found.append(Event(1, 2, kind, (0, 3), (), (1.0, 2.25)))
    return found


@pytest.mark.parametrize("code", CODES)
def test_a_language_has_all_sentences_with_the_same_fields_and_all_places(code: str) -> None:
    entry = LANGUAGES[code]
    assert set(entry.sentences) == set(ENGLISH.sentences)
    assert {kind for kind in KINDS if kind not in entry.sentences} == set()
    assert len(entry.colours) == len(HUES)
    assert len(entry.numbers) == 13
    for places in (entry.to, entry.at, entry.what):
        assert set(NAMES) - {"middle", "origin"} <= set(places) <= set(NAMES)
    for key, sentence in entry.sentences.items():
        fields, english = (
            {field for _, field, _, _ in Formatter().parse(text) if field}
            for text in (sentence, ENGLISH.sentences[key])
        )
        # Places may stand in another form.
        assert fields - {"to", "at", "what"} == english - {"to", "at", "what"}, key


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("classes", [4, 7])
def test_every_event_is_a_sentence_of_at_most_twelve_words(code: str, classes: int) -> None:
    speaker = Speaker(LANGUAGES[code], classes)
    for event in every_event():
        text = text_of(speaker.line(event))
        words = [word for word in text.split() if any(letter.isalnum() for letter in word)]
        assert 2 <= len(words) <= MOST_WORDS, text
        assert text[0].isupper() or text[0].isdigit(), text
        assert text.count(". ") + text.count("..") == 0, text
        assert text.endswith("."), text
        assert not {"{", "}"} & set(text), text
        assert "  " not in text, text


def test_the_class_is_a_run_of_its_own() -> None:
    event = Event(1, 2, "takes", (1,), ("bottom left corner", "bottom right corner"))
    assert Speaker(ENGLISH, 4).line(event) == (
        Run("Orange", 1), Run(" takes the bottom right corner, now free."),
    )  # fmt: skip
    many = Event(0, 0, "landless", (1, 3, 0))
    assert Speaker(ENGLISH, 4).line(many) == (
        Run("Orange", 1), Run(", "), Run("yellow", 3), Run(" and "), Run("blue", 0),
        Run(" get no land."),
    )  # fmt: skip


def test_sentences_say_which_way_it_goes() -> None:
    speaker = Speaker(ENGLISH, 4)

    def said(kind: str, start: str, end: str) -> str:
        return text_of(speaker.line(Event(1, 2, kind, (2,), (start, end))))  # type: ignore[arg-type]

    right = "bottom right corner", "top right corner"
    assert said("moves", *right) == "Green climbs to the top right corner."
    assert said("takes", *right) == "Green climbs into the top right corner, now free."
    assert said("moves", *right[::-1]) == "Green sinks to the bottom right corner."
    across = said("moves", "top right corner", "top left corner")
    assert across == "Green slides over to the top left corner."
    diagonal = said("moves", "top right corner", "bottom left corner")
    assert diagonal == "Green moves to the bottom left corner."
    assert said("moves", "right", "top") == "Green moves up."


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("en", "The loss jumps from 1.25 to 1,234.50."),
        ("de", "Der Verlust springt von 1,25 auf 1.234,50."),
        ("fr", "La perte bondit de 1,25 à 1\u202f234,50."),
        ("es", "La pérdida salta de 1,25 a 1\u202f234,50."),
    ],
)
def test_numbers_are_written_as_the_language_does(code: str, told: str) -> None:
    event = Event(1, 2, "spike", (), (), (1.25, 1234.5))
    assert text_of(Speaker(LANGUAGES[code], 4).line(event)) == told


@pytest.mark.parametrize(
    ("value", "digits", "wanted"),
    [(56.25, 1, 56.3), (66.25, 1, 66.3), (2.5, 0, 3), (-2.5, 0, -3), (0.125, 2, 0.13), (1.0, 0, 1)],
)
def test_halves_are_rounded_away_from_zero(value: float, digits: int, wanted: float) -> None:
    assert float(fixed(value, digits)) == wanted
    assert float(fixed(float(np.float32(value)), digits)) == wanted


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (45 / 80, "56.3 %"),
        (53 / 80, "66.3 %"),
        (0.0005, "0.1 %"),
        (1 / 3, "33.3 %"),
        (1, "100.0 %"),
    ],
)
def test_shares_that_were_stored_in_single_precision_are_rounded_as_people_do(
    share: float, said: str
) -> None:
    assert percent(share) == percent(float(np.float32(share))) == said


def test_a_percentage_says_neither_all_nor_nothing_where_it_is_not_so() -> None:
    shares = (0.0, 0.001, 0.045, 0.996, 1.0)
    assert [ENGLISH.percentage(share) for share in shares] == ["0 %", "1 %", "5 %", "99 %", "100 %"]


def test_counts_are_words_as_long_as_there_are_any() -> None:
    assert [ENGLISH.count(count) for count in (2, 12, 13)] == ["two", "twelve", "13"]


def test_classes_with_names_are_called_so() -> None:
    names = ["setosa", "iris versicolor", "a name of four words", "7", ""]
    speaker = Speaker(ENGLISH, 30, names)
    assert [speaker.name(label) for label in (0, 1, 2, 3, 4, 7)] == [
        "setosa", "iris versicolor", "green", "yellow", "purple", "class 8"
    ]  # fmt: skip


def test_a_language_that_is_not_there() -> None:
    with pytest.raises(UsageError) as caught:
        language("dee")
    assert str(caught.value) == (
        f"There is no language 'dee'. Did you mean 'de'?\nexpected: one of {known.languages}."
    )


def test_a_fifth_language_is_an_entry() -> None:
    shouted = {key: sentence.upper() for key, sentence in ENGLISH.sentences.items()}
    lowered = {
        key: "".join(
            before.upper() + (f"{{{field}}}" if field else "")
            for before, field, _, _ in Formatter().parse(ENGLISH.sentences[key])
        )
        for key in shouted
    }
    loud = Language(**{**vars(ENGLISH), "code": "xx", "sentences": lowered})
    event = Event(1, 2, "parts", (0, 1))
    assert text_of(Speaker(loud, 4).line(event)) == "Blue AND orange COME APART."


HUE_RANGES = {
    "blue": (215, 260), "orange": (50, 80), "green": (140, 175), "yellow": (90, 115),
    "purple": (315, 350), "red": (25, 50), "indigo": (265, 300),
}  # fmt: skip


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_colours_have_the_hue_that_they_are_called_by(theme: str) -> None:
    for hue, colour in zip(HUES, THEMES[theme].classes, strict=False):
        low, high = HUE_RANGES[hue]
        assert low <= oklch_hue(colour) <= high, (hue, colour)


def oklch_hue(colour: str) -> float:
    """Hue angle in degrees: Ottosson 2020, https://bottosson.github.io/posts/oklab/."""
    share = rgb(colour) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    cone = np.array([[0.4122214708, 0.5363325363, 0.0514459929],
                     [0.2119034982, 0.6806995451, 0.1073969566],
                     [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
    lab = np.array([[1.9779984951, -2.4285922050, 0.4505937099],
                    [0.0259040371, 0.7827717662, -0.8086757660]])  # fmt: skip
    a, b = lab @ np.cbrt(cone @ linear)
    return float(np.degrees(np.arctan2(b, a)) % 360)
