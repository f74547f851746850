"""One view of the page as a page of its own: one HTML file with everything in it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from spiralcore.gallery.colours import style_sheet
from spiralcore.gallery.manifest import common
from spiralcore.gallery.parts import packed_facts
from spiralcore.gallery.training import worker

VIEW = "train"

SECONDS, TIMELINE = 20.0, "motion"
"""Length and kind of the film time in which one looks back."""

POLICY = re.compile(r'(?<=Content-Security-Policy" content=")[^"]*')
STYLES = re.compile(r'(?:<link rel="stylesheet" href="([^"]+)">\n)+')
SCRIPTS = re.compile(r'(?:<script src="[^"]+" defer></script>\n)+')


def playground() -> str:
    """The page that trains, HTML: nothing in it asks for another file."""
    program = worker()
    return single_page({"only": VIEW}, {"worker": {**program, "source": bare(program["source"])}})


def single_page(
    facts: Mapping[str, Any],
    parts: Mapping[str, Any] | None = None,
    scripts: Sequence[str] = (),
    connects: str = "",
) -> str:
    """A page without networks of its own, HTML.

    Parameters
    ----------
    facts
        What its manifest says beside what all pages say; ``only``: the view that it has.
    parts
        Further parts that it comes with.
    scripts
        What it runs beside the scripts of all pages.
    connects
        Where it may ask for more, as a Content-Security-Policy has it; nowhere if empty.
    """
    site = resources.files("spiralcore.gallery") / "site"
    page = (site / "index.html").read_text("utf-8")
    manifest = {
        **common(SECONDS, TIMELINE),
        "last_epoch": 1,
        "data": "spirals",
        "parts": {},
        "rows": [],
        "networks": {},
        "links": {"": []},
        **facts,
    }
    handed = {"manifest": manifest, **(parts or {})}
    known = {
        "data/manifest.js": "".join(packed_facts(name, value) for name, value in handed.items()),
        "style/palette.css": style_sheet(),
    }

    def text(place: str) -> str:
        return known[place] if place in known else bare((site / place).read_text("utf-8"))

    sheets = map(text, re.findall(r'<link rel="stylesheet" href="([^"]+)"', page))
    style = re.sub(r"(?<=[{};]) | (?=[{}])", "", "\n".join(sheets))
    common_scripts = map(text, re.findall(r'<script src="([^"]+)"', page))
    script = "\n".join(['"use strict";', *common_scripts, *map(bare, scripts)])
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}' 'wasm-unsafe-eval'; worker-src blob:; "
        f"style-src '{_digest(style)}'; img-src data:; font-src data:; "
        + (f"connect-src {connects}; " if connects else "")
        + "base-uri 'none'; form-action 'none'"
    )
    page = POLICY.sub(policy, re.sub(r"(?m)^ +", "", page), count=1)
    page = STYLES.sub("", page, count=1)
    page = SCRIPTS.sub(lambda _: f"<style>{style}</style>\n", page, count=1)
    # Inline scripts are not deferred: this one comes when all it looks for is there.
    return page.replace("</body>", f"<script>{script}</script>\n</body>")


def bare(text: str) -> str:
    """A script or style without indentation and remarks; all scripts become one, a strict one."""
    text = re.sub(r"(?ms)^\s*/\*.*?\*/\s*?$", "", text)
    text = re.sub(r"(?m)(?<=[;{,]) // .*$", "", text)
    # No text on the page has such signs between spaces.
    text = re.sub(r" (=>|===|!==|&&|\|\|) ", r"\1", text)
    lines = (line.strip() for line in text.splitlines())
    left_out = ("//", '"use strict";')
    return "\n".join(line for line in lines if line and not line.startswith(left_out))


def _digest(text: str) -> str:
    """What a Content-Security-Policy calls a script or style that is in the page."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
