"""Installs the programs that some tests drive and nothing else needs.

Chromium, Firefox and WebKitGTK for the pages, LibreOffice for the slides, clang for the core that
trains in the page. Where they cannot be installed, those tests say so and are skipped, except in
continuous integration.
"""

from __future__ import annotations

import os
import shutil
import sys

from scripts import system_packages
from scripts.installing import say
from scripts.on_demand import provide

PROGRAMS = {
    # Without windows pages open faster; where it is no package there is the whole browser.
    ("chromium-headless-shell", "chromium", "google-chrome"): (
        ["chromium-headless-shell"], ["chromium"],
    ),
    ("soffice",): (["libreoffice-impress", "poppler-utils"],),
    ("firefox-esr", "firefox"): (["firefox-esr"],),
    ("WebKitWebDriver",): (["webkit2gtk-driver", "xvfb"],),
    ("clang",): (["clang", "lld"],),
}  # fmt: skip
"""Programs of which one does, and the packages that bring it; what comes first is best."""


def main() -> int:
    """Install what is missing."""
    provide("docs")
    lacking = [
        choices for programs, choices in PROGRAMS.items() if not any(map(shutil.which, programs))
    ]
    if lacking and system_packages.can_install():
        # All at once, as apt takes long to begin and to end; then alone what fails with others.
        together = [name for best, *_ in lacking for name in best]
        say(f"installing for the tests: {' '.join(together)}")
        if system_packages.install(together):
            return 0
        lacking = [choices for choices in lacking if not any(map(system_packages.install, choices))]
        if lacking and os.environ.get("CI"):
            return 1
    for best, *_ in lacking:
        say(f"tests that need it are skipped; for all of them install {' '.join(best)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
