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
    lacking = [
        packages for programs, packages in PROGRAMS.items() if not any(map(shutil.which, programs))
    ]
    if lacking and system_packages.can_install():
        # All at once, as apt takes long to begin and to end; then alone what fails with others.
        together = [name for packages in lacking for name in packages]
        say(f"installing for the tests: {' '.join(together)}")
        if system_packages.install(together):
            return 0
        lacking = [packages for packages in lacking if not system_packages.install(packages)]
        if lacking and os.environ.get("CI"):
            return 1
    for packages in lacking:
        say(f"tests that need it are skipped; for all of them install {' '.join(packages)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
