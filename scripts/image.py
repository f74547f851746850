"""Makes the image of the Dockerfile, also where no docker is: what `make image` does.

Where an engine of docker answers, it builds. Elsewhere the same steps run in folders that
debootstrap has made, which takes root on Linux; then the first film is made there, as the image
would make it, and the minutes are said. Debian's Python stands for that of the image.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scripts.installing import ROOT

SUITE, INCLUDED = "bookworm", "ca-certificates,python3,python3-venv,python3-dev"
"""What stands for an image of Python."""

FOLDERS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

KEPT = ("PIP_", "SSL_CERT_", "REQUESTS_CA_BUNDLE", "http_proxy", "https_proxy")
"""Variables of package clients, which docker would be told, too."""

FIRST_FILM = ("spiral render --preview --films bending --formats mp4", "renders/preview")
"""A command, and where its films appear."""


@dataclass
class Stage:
    """A stage of the Dockerfile.

    Attributes
    ----------
    root
        The folder that is its file system.
    variables
        Those that it sets.
    folder, user
        Where its commands run, and as whom.
    """

    root: Path
    variables: dict[str, str] = field(default_factory=lambda: {"PATH": FOLDERS, "HOME": "/root"})
    folder: str = "/"
    user: str = "root"

    def run(self, command: str) -> None:
        """Run a command of a shell inside."""
        kept = {k: v for k, v in os.environ.items() if k.startswith(KEPT)}
        who = [] if self.user == "root" else [f"--userspec={self.user}"]
        subprocess.run(
            ["chroot", *who, str(self.root), "/bin/sh", "-c", f"cd {self.folder} && {command}"],
            env={**kept, **self.variables}, stdin=subprocess.DEVNULL, check=True,
        )  # fmt: skip

    def place(self, path: str) -> Path:
        """Where a path of the stage lies outside."""
        return self.root / os.path.join(self.folder, path).lstrip("/")


def say(line: str) -> None:
    """Tell something, beside what the commands print."""
    print(f"image: {line}", file=sys.stderr, flush=True)


def steps(text: str) -> Iterator[tuple[str, str]]:
    """The instructions of a Dockerfile: a word, and what follows it."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for line in re.sub(r"\s*\\\n\s*", " ", lines).splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word, rest.strip()


def filled(text: str, variables: Mapping[str, str]) -> str:
    """A text with the values of its variables."""
    return re.sub(r"\$(\w+)", lambda found: variables.get(found[1], ""), text)


def follow(text: str, base: Path, work: Path) -> Stage:
    """Do what a Dockerfile says; the last stage.

    Parameters
    ----------
    text
        Of the Dockerfile.
    base
        The file system that each stage begins with.
    work
        Where those of the stages are made.

    Raises
    ------
    ValueError
        If it has an instruction that is not known here.
    """
    stages: dict[str, Stage] = {}
    stage = Stage(base)
    for word, rest in steps(text):
        began = time.monotonic()
        match word:
            case "FROM":
                name = rest.partition(" AS ")[2] or f"stage-{len(stages)}"
                stage = stages[name] = Stage(copied(base, work / name))
            case "WORKDIR":
                stage.folder = rest
                stage.place("").mkdir(parents=True, exist_ok=True)
            case "ENV":
                pairs = (pair.split("=", 1) for pair in rest.split())
                stage.variables |= {k: filled(v, stage.variables) for k, v in pairs}
            case "USER":
                stage.user = rest
            case "COPY":
                *options, source, target = rest.split()
                if options:
                    there = stages[options[0].removeprefix("--from=")].place(source)
                    shutil.copytree(there, stage.place(target), symlinks=True)
                else:
                    _put(source, stage.place(""))
            case "RUN":
                stage.run(rest)
            case "ARG" | "LABEL" | "ENTRYPOINT" | "CMD":
                pass
            case _:
                raise ValueError(f"{word}: there is no such instruction here")
        say(f"{time.monotonic() - began:6.0f} s  {word} {rest[:80]}")
    return stage


def copied(base: Path, root: Path) -> Path:
    """A copy of a file system, with the names of hosts and the authorities of this machine."""
    subprocess.run(["cp", "-a", str(base), str(root)], check=True)
    for name in ("etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt"):
        if Path("/", name).exists():
            shutil.copy(Path("/", name), root / name)
    python = root / "usr/local/bin/python"
    if not python.exists():
        python.symlink_to("/usr/bin/python3")
    for link in os.environ.get("PIP_FIND_LINKS", "").split():
        if Path(link).is_dir():  # wheels that pip looks for on this machine
            shutil.copytree(link, root / link.lstrip("/"), dirs_exist_ok=True)
    subprocess.run(["mount", "-t", "proc", "proc", str(root / "proc")], check=True)
    return root


def _put(source: str, folder: Path) -> None:
    """Copy what git knows of a path of the tree."""
    packed = subprocess.run(
        ["git", "archive", "HEAD", source], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed.stdout, check=True)


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder for file systems, which goes with them, however the block ends."""
    work = Path(tempfile.mkdtemp(prefix="spiralcore-image-"))
    try:
        yield work
    finally:
        for root in work.iterdir():
            if (root / "proc").is_mount():
                subprocess.run(["umount", "--lazy", str(root / "proc")], check=True)
        shutil.rmtree(work)


def main() -> int:
    """Build the image, or do its steps and make the first film."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", type=Path, help="what debootstrap has made; else it makes it")
    options = parser.parse_args()
    if (
        shutil.which("docker")
        and not subprocess.run(["docker", "info"], capture_output=True, check=False).returncode
    ):
        return subprocess.run(["docker", "build", "-t", "spiralcore", "."], cwd=ROOT).returncode
    if sys.platform != "linux" or os.geteuid() or not shutil.which("debootstrap"):
        say("no engine of docker answers; the steps alone take Linux, root and debootstrap.")
        say("next: start docker, or apt-get install debootstrap, then sudo make image")
        return 2
    began = time.monotonic()
    with workplace() as work:
        base = options.base or work / "base"
        if options.base is None:
            made = ["debootstrap", "--variant=minbase", f"--include={INCLUDED}", SUITE, str(base)]
            subprocess.run(made, stdout=subprocess.DEVNULL, check=True)
            say(f"{time.monotonic() - began:6.0f} s  debootstrap {SUITE}")
        image = follow((ROOT / "Dockerfile").read_text("utf-8"), base, work)
        command, folder = FIRST_FILM
        started = time.monotonic()
        image.run(command)
        films = [path.name for path in image.place(folder).glob("*.mp4")]
        now = time.monotonic()
        say(f"{now - started:6.0f} s  {command}: {', '.join(films)}")
        say(f"{(now - began) / 60:.1f} min from nothing to the first film")
    return 0 if films else 1


if __name__ == "__main__":
    sys.exit(main())
