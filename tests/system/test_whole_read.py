"""Files that are read as a whole: what is no file, and what is too large, is refused by name."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spiralcore.data import read_table
from spiralcore.errors import PointerError, UsageError
from spiralcore.recipe import load_recipe
from spiralcore.system.font_file import font_url
from spiralcore.system.whole_read import read_whole
from spiralcore.talk import own_template
from spiralcore.talk.own_template import HELP, open_template

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 500\n"


def said(path: Path, read: Callable[[Path], Any], kind: type[Exception] = UsageError) -> str:
    with pytest.raises(kind) as refused:
        read(path)
    return str(refused.value)


@pytest.mark.parametrize(
    ("read", "kind"),
    [
        (load_recipe, UsageError),
        (read_table, UsageError),
        (open_template, UsageError),
        (lambda path: font_url(str(path)), ValueError),
    ],
)
def test_nobody_waits_at_a_pipe(
    tmp_path: Path, read: Callable[[Path], Any], kind: type[Exception]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert f"{tmp_path / 'pipe'} is not a file" in said(tmp_path / "pipe", read, kind)


def test_a_font_that_is_a_pointer_says_how_to_get_it(tmp_path: Path) -> None:
    path = tmp_path / "brand.otf"
    path.write_bytes(LFS)
    assert "next: git lfs pull" in said(path, lambda path: font_url(str(path)), PointerError)


def test_as_much_as_is_allowed_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert read_whole(path, 5, "a thing.") == b"12345"
    assert said(path, lambda path: read_whole(path, 4, "a thing.")) == (
        f"{path} has more than 4 bytes.\nexpected: a thing."
    )


def test_a_template_that_unpacks_to_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "company.pptx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(3_000_000))
    monkeypatch.setattr(own_template, "LARGEST", 2_000_000)
    assert said(path, open_template) == (
        f"{path} unpacks to 3,000,000 bytes, and 2,000,000 are the most.\nexpected: {HELP}\n"
        "next: a template without films in it"
    )
    monkeypatch.setattr(own_template, "LARGEST", 100)
    assert said(path, open_template) == (
        f"{path} has more than 100 bytes.\nexpected: a smaller one."
    )
