#!/bin/sh
# Installs the programs that some tests drive and nothing else needs: Chromium for the pages,
# LibreOffice for the slides. Where they cannot be installed, those tests say so and are skipped.
# Usage: scripts/test-programs.sh
set -eu

say() { printf '%s\n' "setup: $*" >&2; }

packages=""
command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 ||
    packages="$packages chromium"
command -v soffice >/dev/null 2>&1 || packages="$packages libreoffice-impress poppler-utils"
[ -n "$packages" ] || exit 0

root=""
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then root="sudo -n"; else root=no; fi
fi
if ! command -v apt-get >/dev/null 2>&1 || [ "$root" = no ]; then
    say "for all tests install Chromium and LibreOffice Impress; missing here:$packages"
    exit 0
fi
say "installing for the tests:$packages"
$root apt-get update -qq
# shellcheck disable=SC2086
$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    $packages >/dev/null
