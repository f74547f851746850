"""What follows a Dockerfile where no docker is."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import image
from tests.setup.small_project import ROOT

FILE = """# a remark
FROM python:3 AS build
WORKDIR /made
ENV PLACE=/made/bin PATH=/made/bin:$PATH
COPY locks locks
RUN one \\
    && two

FROM python:3
COPY --from=build /made /made
USER somebody
CMD ["--help"]
"""


def test_instructions_are_read_as_docker_reads_them() -> None:
    found = list(image.steps(FILE))
    assert [word for word, _ in found] == (
        ["FROM", "WORKDIR", "ENV", "COPY", "RUN", "FROM", "COPY", "USER", "CMD"]
    )
    assert found[4] == ("RUN", "one && two")


def test_they_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With file systems that are bare folders: what runs in one takes root."""
    ran: list[tuple[str, str, str, str]] = []

    def run(stage: image.Stage, command: str) -> None:
        ran.append((stage.root.name, stage.folder, stage.variables["PATH"], command))

    def copied(base: Path, root: Path) -> Path:
        root.mkdir()
        return root

    monkeypatch.setattr(image.Stage, "run", run)
    monkeypatch.setattr(image, "copied", copied)
    last = image.follow(FILE, tmp_path, tmp_path)
    assert ran == [("build", "/made", f"/made/bin:{image.FOLDERS}", "one && two")]
    assert (last.root.name, last.user) == ("stage-1", "somebody")
    locks = {path.name for path in (last.root / "made" / "locks").iterdir()}
    assert locks == {path.name for path in (ROOT / "locks").iterdir()}


def test_every_instruction_of_ours_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"FROM", "WORKDIR", "ENV", "USER", "COPY", "RUN", "ARG", "LABEL", "ENTRYPOINT", "CMD"}
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assert {word for word, _ in image.steps(text)} <= known
    monkeypatch.setattr(image, "copied", lambda base, root: base)
    with pytest.raises(ValueError, match="HEALTHCHECK: there is no such instruction here"):
        image.follow("FROM a\nHEALTHCHECK b\n", tmp_path, tmp_path)
