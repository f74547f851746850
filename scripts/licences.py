"""Writes docs/licences.md: the licence of every package in the locks, from its own metadata."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from virtualenv.seed.wheels.embed import get_embed_wheel

from scripts.lock import (
    BUILD,
    CUDA,
    FRAMEWORKS,
    INTEGRATIONS,
    ON_DEMAND,
    PACKAGES,
    ROOT,
    TORCH,
    Pin,
    environments,
    parse,
)

PAGE = ROOT / "docs" / "licences.md"

KINDS = {
    "permissive": "0BSD Apache-2.0 BSD BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 CNRI-Python "
    "HPND ISC MIT LicenseRef-Public-Domain MIT-0 MIT-CMU PSF-2.0 Unlicense Zlib",
    "font": "OFL-1.1",
    "weak copyleft": "LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-or-later MPL-1.1 MPL-2.0",
    "copyleft": "GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later",
    "proprietary": "LicenseRef-NVIDIA-Proprietary LicenseRef-NVIDIA-SOFTWARE-LICENSE",
}
"""What a licence asks of whoever uses the package, the least first."""

KIND_OF = {licence: kind for kind, licences in KINDS.items() for licence in licences.split()}

SPELLINGS = {
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "ISC License (ISCL)": "ISC",
    "ISC license": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "NVIDIA Proprietary Software": "LicenseRef-NVIDIA-Proprietary",
    "Other/Proprietary License": "LicenseRef-NVIDIA-Proprietary",
    "Public Domain": "LicenseRef-Public-Domain",
    "Python Software Foundation License": "PSF-2.0",
    "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
    "zlib/libpng License": "Zlib",
}
"""How packages call them that do not use SPDX names."""

FROM_THE_FILE = {
    "axe-playwright-python": ("MIT AND MPL-2.0", "MIT License"),
    "pyglet": ("BSD-3-Clause", "Redistributions in binary form"),
}
"""Where the metadata names none: what the licence file is, and words that are in it."""

NAMELESS = {"cuda-toolkit": "LicenseRef-NVIDIA-Proprietary", "namex": "Apache-2.0"}
"""Whose metadata name none: NVIDIA's list of its libraries, which has no file of it either, and one
that has a file of it, and is not installed beside these."""

NOTES = {
    "av": "wheels carry FFmpeg's libraries with x264 (GPL); used by Manim and by tests",
    "axe-playwright-python": "carries axe-core (MPL)",
    "codespell": "run as a program, by people who work on the code",
    "cuda-bindings": "only where torch is one for CUDA",
    "cuda-toolkit": "names no licence; a list of the libraries above, all under this one",
    "imageio-ffmpeg": "carries the program ffmpeg (GPL), which is started as a program of its own",
    "manimpango": "links Pango and GLib (LGPL)",
    "pycairo": "links cairo (LGPL or MPL)",
}

CARRIED = (
    "[reveal.js](https://revealjs.com) 6.0.2 (MIT, `spiralcore/talk/reveal`), which shows the "
    "slides of `spiral export --to html`"
)
"""What is in this package and was written elsewhere."""

GROUPS = ("base", "train", "film", "study", "talk", "all", "dev")


@dataclass(frozen=True)
class Row:
    """One line of the page."""

    name: str
    version: str
    licence: str
    wanted: str

    @property
    def kind(self) -> str:
        """What the licence asks for: the best of alternatives, the worst of what adds up."""
        order = [*KINDS, "unknown"]
        text = re.sub(r" WITH [\w.-]+", "", self.licence).replace("(", "").replace(")", "")
        kinds = [
            max(
                (KIND_OF.get(part.strip(), "unknown") for part in one.split(" AND ")),
                key=order.index,
            )
            for one in text.split(" OR ")
        ]
        return min(kinds, key=order.index)

    def text(self) -> str:
        """The line."""
        cells = (
            self.name,
            self.version,
            self.licence,
            self.kind,
            self.wanted,
            NOTES.get(self.name, ""),
        )
        return "| " + " | ".join(cells) + " |"


def licence_of(name: str, found: Mapping[str, object], file: str = "") -> str:
    """Name of a licence from the metadata of a package, as pip reports them."""
    if expression := found.get("license_expression"):
        return str(expression)
    for classifier in found.get("classifier") or ():
        called = str(classifier).rpartition(" :: ")[2]
        if str(classifier).startswith("License ::") and called in SPELLINGS:
            return SPELLINGS[called]
    called = str(found.get("license") or "").strip().partition("\n")[0]
    if called in KIND_OF or called in SPELLINGS or " OR " in called or " AND " in called:
        return SPELLINGS.get(called, called)
    if name in NAMELESS:
        return NAMELESS[name]
    if name in FROM_THE_FILE and FROM_THE_FILE[name][1] in file:
        return FROM_THE_FILE[name][0]
    return "unknown"


def installed_licence(pin: Pin) -> str | None:
    """Licence of a package that is installed in this version."""
    try:
        package = metadata.distribution(pin.name)
    except metadata.PackageNotFoundError:
        return None
    if package.version.partition("+")[0] != pin.version:
        return None
    files = [file for file in package.files or () if "LICEN" in file.name.upper()]
    paths = [Path(str(file.locate())) for file in files[:3]]
    text = "".join(path.read_text(encoding="utf-8", errors="replace") for path in paths)
    return licence_of(pin.name, package.metadata.json, text)


def elsewhere(pins: list[Pin]) -> dict[str, str]:
    """Licences of packages that only other machines install; only metadata are fetched for that.

    One question to the index for all packages that the same machine and Python can install.
    """
    groups: dict[tuple[str, str], list[Pin]] = {}
    for pin in pins:
        place = next(place for place in environments() if pin.fits(place))
        groups.setdefault((place["platform_machine"], place["python_version"]), []).append(pin)
    found: dict[str, str] = {}
    for (machine, python), group in groups.items():
        tags = [f"manylinux_2_{minor}" for minor in range(28, 4, -1)]
        tags += ["manylinux2014", "manylinux2010", "manylinux1"]
        if machine == "arm64":
            tags = ["macosx_15_0"]
        left = {f"{pin.name}=={pin.version}" for pin in group}
        while left:
            report = subprocess.run(
                [
                    *(sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps"),
                    *("--disable-pip-version-check", "--ignore-installed", "--report", "-"),
                    *("--only-binary", ":all:", "--target", str(ROOT / "build" / "none")),
                    *(f"--platform={tag}_{machine}" for tag in tags),
                    *("--python-version", python, "--ignore-requires-python"),
                    *sorted(left),
                ],
                capture_output=True,
                text=True,
                check=False,
                # The pip that a Python brings may be too old to pass on `License-Expression`.
                env={**os.environ, "PYTHONPATH": str(get_embed_wheel("pip", "3.11").path)},
            )
            if report.returncode == 0:
                for package in json.loads(report.stdout)["install"]:
                    described = package["metadata"]
                    name = str(canonicalize_name(described["name"]))
                    found[name] = licence_of(name, described)
                break
            missing = re.search(r"No matching distribution found for (\S+)", report.stderr)
            if not missing:
                sys.exit(f"pip cannot describe {sorted(left)}:\n{report.stderr}")
            print(f"{missing[1]}: no wheel for {machine}, Python {python}: unknown")
            left.discard(missing[1])
    return found


def wanted_by(pins: list[Pin], extras: Sequence[str] = GROUPS) -> dict[str, str]:
    """For each package the first of some extras, the smallest ones first, that brings it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = {"base": project["project"]["dependencies"]}
    groups |= project["project"]["optional-dependencies"]
    found: dict[str, str] = {}
    for group in (group for group in extras if group in groups):
        reached = {str(canonicalize_name(Requirement(text).name)) for text in groups[group]}
        reached.discard("spiralcore")
        while more := {
            pin.name for pin in pins if pin.name not in reached and reached & set(pin.wanted_by)
        }:
            reached |= more
        for name in reached:
            found.setdefault(name, group)
    return found


def rows() -> Iterator[Row]:
    """All packages of the locks."""
    earlier = read(PAGE) if PAGE.exists() else ()
    known = {(row.name, row.version): row.licence for row in earlier if row.licence != "unknown"}
    packages, cuda = parse(PACKAGES.read_text() + TORCH.read_text()), parse(CUDA.read_text())
    wanted = wanted_by(packages)
    listed = {(pin.name, pin.version) for pin in packages}
    tools = [pin for pin in parse(BUILD.read_text()) if (pin.name, pin.version) not in listed]
    groups = [(pin, wanted.get(pin.name, "dev")) for pin in packages]
    for extra, lock in ON_DEMAND.items():
        seen = {(pin.name, pin.version) for pin, _ in groups}
        more = parse(lock.read_text())
        groups += [(pin, extra) for pin in more if (pin.name, pin.version) not in seen]
    seen = {(pin.name, pin.version) for pin, _ in groups}
    more = [pin for pin in parse(INTEGRATIONS.read_text()) if (pin.name, pin.version) not in seen]
    brought = wanted_by(more, FRAMEWORKS)
    groups += [(pin, brought.get(pin.name, "dev")) for pin in more]
    groups += [(pin, "to build") for pin in tools] + [(pin, "torch for CUDA") for pin in cuda]
    licences: dict[str, str] = {}
    for pin, _ in groups:
        if licence := installed_licence(pin) or known.get((pin.name, pin.version)):
            licences[pin.name] = licence
    licences |= elsewhere([pin for pin, _ in groups if pin.name not in licences])
    for pin, group in groups:
        yield Row(pin.name, pin.version, licences.get(pin.name, "unknown"), group)


def read(page: Path) -> Iterator[Row]:
    """The lines of a page."""
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 6 and re.match(r"\d", cells[1]):
            yield Row(cells[0], cells[1], cells[2], cells[4])


def main() -> None:
    """Write the page."""
    lines = sorted(rows(), key=lambda row: ([*KINDS, "unknown"].index(row.kind), row.name))
    count = {kind: sum(row.kind == kind for row in lines) for kind in [*KINDS, "unknown"]}
    PAGE.write_text(
        "# Licences of what spiralcore uses\n\n"
        f"spiralcore is MIT. It carries {CARRIED}, and no code of the packages below: "
        "they are installed beside it, each under its own licence. The list is made by "
        "`make licences` from the packages' own metadata and covers everything in "
        "[locks/](../locks): "
        + ", ".join(f"{number} {kind}" for kind, number in count.items() if number)
        + ".\n\n"
        "- **permissive**, **font**: nothing is asked but that the notices stay with "
        "the packages.\n"
        "- **weak copyleft**: changes to the package itself stay under its licence; none is "
        "changed here.\n"
        "- **copyleft**: tools for those who work on the code, run as programs; what users install "
        "has none.\n"
        "- **proprietary**: NVIDIA's libraries, free of charge, that torch for CUDA asks for. pip "
        "installs them only where the index offers no other torch "
        "([how](../CONTRIBUTING.md#dependencies)).\n\n"
        "*for*: the smallest extra that brings the package.\n\n"
        "| package | version | licence | kind | for | |\n|---|---|---|---|---|---|\n"
        + "".join(row.text() + "\n" for row in lines)
    )
    print(f"{PAGE.relative_to(ROOT)}: {len(lines)} packages, {count['unknown']} unknown")


if __name__ == "__main__":
    main()
