"""What the page knows before anything is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from spiralcore.analysis.network.vector_field import MARGIN
from spiralcore.gallery.closeness import closeness_name
from spiralcore.gallery.colours import palette
from spiralcore.gallery.live import SOLID, drawn_loss, network_layers
from spiralcore.gallery.reading import reading_rules
from spiralcore.gallery.samples import LEAD, LEVELS, RATE
from spiralcore.gallery.shown_networks import ShownNetwork
from spiralcore.gallery.training import training_facts
from spiralcore.registry.activations import ACTIVATIONS, Activation
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.registry.languages.language import Language
from spiralcore.registry.spaces import Space
from spiralcore.registry.themes import MARKS, Theme
from spiralcore.subjects.sentences import data_name, value_ends
from spiralcore.system.phrase import Phrase, told
from spiralcore.system.printable import printable
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.playback import SMOOTHING
from spiralcore.trajectory.summary import notes, summary
from spiralcore.trajectory.trouble import trouble
from spiralcore.trajectory.unrecorded import is_unlabelled
from spiralcore.version import __version__

UNUSED = ("differ_", "crowding_", "corners_", "title_", "ringed", "of_network", "packing_goals",
          "explain_")  # fmt: skip
"""Beginnings of the keys of sentences that only films say."""


def manifest(
    rows: Sequence[Sequence[ShownNetwork]],
    parts: Mapping[str, str],
    links: Mapping[str, Any],
    seconds: float,
    timeline: str,
    own: Theme | None = None,
) -> dict[str, Any]:
    """Facts about all networks, and where their parts are.

    Parameters
    ----------
    rows
        The networks.
    parts
        Place of each part by its name.
    links
        Files to download: by the name of each network, and under ``""`` those of all.
    seconds, timeline
        Length and kind of the common timeline.
    own
        A theme of one's own, in place of those that are shipped.
    """
    exhibits = [network for row in rows for network in row]
    last = max(network.trajectory.trained_epochs for network in exhibits)
    return {
        **common(seconds, timeline, own),
        "last_epoch": last,
        "data": data_name(network.trajectory for network in exhibits),
        "parts": dict(parts),
        "rows": [
            {
                "classes": row[0].trajectory.classes,
                "networks": [network.name for network in row],
            }
            for row in rows
        ],
        "networks": {e.name: network_facts(e.title, e.trajectory) for e in exhibits},
        "links": dict(links),
    }


TEXTS = sorted({text for language in LANGUAGES.values() for text in language.page})
"""Texts of the page in English; once, as all languages list theirs in this order."""


def common(seconds: float, timeline: str, own: Theme | None = None) -> dict[str, Any]:
    """Facts that a page needs without any networks, too."""
    return {
        "version": __version__,
        "seconds": seconds,
        "timeline": timeline,
        "smoothing": SMOOTHING,
        "input_margin": MARGIN,
        "samples": {"rate": RATE, "lead": LEAD, "levels": LEVELS},
        "palette": palette(own),
        "marks": MARKS,
        "reading": reading_rules(),
        "training": training_facts(),
        "texts": TEXTS,
        "languages": {
            code: _wording(language.with_hues(own.hues if own else ()))
            for code, language in LANGUAGES.items()
        },
        "activations": {
            name: {
                "label": entry.label,
                "space": _space(entry.space),
                "bend": _bend(entry) if entry.kinked else None,
            }
            for name, entry in ACTIVATIONS.items()
        },
    }


def network_facts(title: str, trajectory: Trajectory) -> dict[str, Any]:
    """What the page knows of a network, which people call by a title."""
    name = trajectory.recipe.get("activation")
    entry = ACTIVATIONS.get(name) if isinstance(name, str) else None
    wrong = (trouble(trajectory), trajectory.outside.text)
    return {
        "title": title,
        "classes": trajectory.classes,
        "labelled": not is_unlabelled(trajectory),
        "values": value_ends(trajectory),
        "points": trajectory.points,
        "activation": printable(trajectory.activation_label),
        "bend": _bend(entry) if entry is not None and entry.kinked else None,
        "space": _space(trajectory.space),
        "trained": trajectory.trained_epochs,
        "unit": trajectory.unit,
        "counts": None if trajectory.counts is None else trajectory.counts.tolist(),
        "best": trajectory.best_epoch,
        "readout": trajectory.knows_readout,
        "loss": drawn_loss(trajectory),
        "projected": trajectory.shown is not None,
        "flat_data": trajectory.inputs.shape[1] == 2,
        "inputs": int(trajectory.inputs.shape[1]),
        "present": [int(label) for label in np.unique(trajectory.labels)],
        "packing": closeness_name(trajectory),
        "layers": network_layers(trajectory),
        "solid": _solid(trajectory),
        "class_names": [printable(name) for name in trajectory.class_names],
        "trouble": told(Phrase.joined("; ", wrong)),
        "summary": [[key, told(value)] for key, value in summary(trajectory).items()],
        "notes": [told(note) for note in notes(trajectory)],
    }


def _solid(trajectory: Trajectory) -> dict[str, Any] | None:
    """The space of a layer of three units, of which a projection is shown."""
    shown = trajectory.shown
    if shown is None or shown.units != SOLID or shown.layer:
        return None
    entry = ACTIVATIONS.get(str(trajectory.recipe.get("activation")))
    return _space(entry.space) if entry else None


def _bend(activation: Activation) -> dict[str, Any]:
    """What the page has to apply by itself, so that edges stay sharp: see `predicted_plane.py`."""
    graph = activation.graph()
    return {
        "kinks": list(activation.kinks),
        "nodes": graph.nodes.tolist(),
        "values": graph.values.tolist(),
        "slopes": list(graph.slopes),
    }


def _space(space: Space) -> dict[str, Any]:
    return {
        "name": space.name(2),
        "lower": space.lower,
        "upper": space.upper,
        "round": space.is_round,
        "shape": space.shape,
    }


def _wording(language: Language) -> dict[str, Any]:
    """What the page says in a language: its own texts, and the sentences of the films."""
    sentences = {
        key: text for key, text in language.sentences.items() if not key.startswith(UNUSED)
    }
    return {
        "name": language.name,
        "colours": language.colours,
        "class_named": language.class_named,
        "conjunction": language.conjunction,
        "numbers": language.numbers,
        "decimal": language.decimal,
        "thousands": language.thousands,
        "percent": language.percent,
        "to": dict(language.to),
        "at": dict(language.at),
        "what": dict(language.what),
        "sentences": sentences,
        "page": [language.page[text] for text in TEXTS] if language.page else [],
    }
