"""Installs the programs that some tests drive and nothing else needs.

Chromium and Firefox for the pages, LibreOffice for the slides, clang for the core that trains in
the page. Where they cannot be installed, those tests say so and are skipped, except in continuous
integration.
"""

from __future__ import annotations

import os
import shutil
import sys

from scripts import system_packages
from scripts.installing import say
from scripts.on_demand import provide

PROGRAMS = {
    ("chromium", "google-chrome"): ["chromium"],
    ("soffice",): ["libreoffice-impress", "poppler-utils"],
    ("firefox-esr", "firefox"): ["firefox-esr"],
    ("clang",): ["clang", "lld"],
}
"""Programs of which one does, and the packages that bring it."""


def main() -> int:
    """Install what is missing."""
    provide("docs")
    for programs, packages in PROGRAMS.items():
        if any(shutil.which(program) for program in programs):
            continue
        if system_packages.can_install():
            say(f"installing for the tests: {' '.join(packages)}")
            if system_packages.install(packages):
                continue
            if os.environ.get("CI"):
                return 1
        say(f"tests that need it are skipped; for all of them install {' '.join(packages)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
