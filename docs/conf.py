"""How the site is made of these pages: settings of Sphinx, for `make docs`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from spiralcore.registry.films import FILMS, FilmEntry, Needs
from spiralcore.version import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MEDIA = Path(__file__).parent / "media"

project, release = "spiralcore", __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_click"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["media"]

html_theme = "furo"
html_title = "spiralcore"
html_static_path = ["media"]
html_css_files = ["site.css"]
html_show_copyright = html_show_sphinx = html_copy_source = False

# Names of headings as in other readers of Markdown, so that links work in both.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
# Blocks that name no language hold commands.
highlight_language = "bash"

autodoc_member_order = "bysource"
# Frameworks of `spiralcore.integrations`, which need not be there.
autodoc_mock_imports = ["flax", "jax", "keras", "lightning", "transformers"]
autodoc_typehints = "signature"
napoleon_google_docstring = False
# Of several attributes that share a text, all names.
napoleon_custom_sections = [("Attributes", "params_style")]
napoleon_use_rtype = False
default_role = "code"
# Signatures are as in the source: `Trajectory`, `Doubles`, and not what these stand for.
autodoc_type_aliases = {name: name for name in ("ArrayLike", "Floats", "Doubles", "Source")}
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88

OUTSIDE = {
    "../README.md": "index.md",
    "../CONTRIBUTING.md": "contributing.md",
    "../CHANGELOG.md": "changes.md",
    "../locks": "contributing.md#dependencies",
}
"""What pages of the tree are on the site."""


def to_the_site(app: Sphinx, page: str, source: list[str]) -> None:
    """Lead links that leave this folder to where the site has the same."""
    for outside, inside in OUTSIDE.items():
        source[0] = source[0].replace(f"]({outside}#", f"]({inside}#")
        source[0] = source[0].replace(f"]({outside})", f"]({inside})")


SHOWN = {
    Needs.ONE: "k4.npz",
    Needs.ROW: "k4.npz k4-relu.npz",
    Needs.ALL: "k3.npz k4.npz",
    Needs.TWO: "k4.npz other.npz",
    Needs.STUDY: "study/study.parquet",
}
"""What the gallery's films are made of, but for those that need other layers."""


def film_line(film: FilmEntry) -> str:
    """The command that makes a film of the gallery."""
    files = f"{film.name}.npz" if film.widths else SHOWN[film.needs]
    return f"spiral render {film.name} {files} --out {film.name}.mp4"


def gallery() -> str:
    """Every film, moving where a small copy of it is in `media/films`, with the line for it."""
    parts = []
    for film in FILMS.values():
        if (MEDIA / "films" / f"{film.name}.mp4").exists():
            video = f"_static/films/{film.name}.mp4"
            controls = "autoplay loop muted playsinline controls"
            moving = f'<video src="{video}" {controls} style="width: 100%"></video>\n\n'
        else:
            moving = ""
        said = film.about[0].upper() + film.about[1:]
        line = f"    {film_line(film)}\n"
        parts.append(f"## {film.name}\n\n{said}.\n\n{moving}{line}")
    return "\n".join(parts)


def fill(app: Sphinx, page: str, source: list[str]) -> None:
    """Put what is made from the code into pages."""
    if page == "films":
        source[0] = source[0].replace("<!-- films -->", gallery())


def leave_out(
    app: Sphinx, kind: str, name: str, value: object, skipped: bool, options: object
) -> bool | None:
    """Leave out fields of named tuples, which stand in the text of their class, and pydantic's."""
    return True if type(value).__name__ == "_tuplegetter" or name == "model_config" else None


def plain(
    app: Sphinx,
    kind: str,
    name: str,
    value: object,
    options: object,
    signature: str | None,
    returned: str | None,
) -> tuple[str | None, str | None]:
    """Write names of types as in the source, also where they stand within others."""

    def cleaned(text: str | None) -> str | None:
        text = text and re.sub(r"TypeAliasForwardRef\('(\w+)'\)", r"\1", text)
        return text and text.replace("<factory>", "...")

    return cleaned(signature), cleaned(returned)


def setup(app: Sphinx) -> None:
    """Tell Sphinx."""
    app.connect("source-read", to_the_site)
    app.connect("source-read", fill)
    app.connect("autodoc-process-signature", plain)
    app.connect("autodoc-skip-member", leave_out)
