#!/bin/sh
# Makes everything that the Makefile needs: system packages, a virtual environment, dependencies.
# Usage: scripts/setup.sh VENV            (PYTHON=/path/to/python3 chooses the interpreter)
set -eu

venv=${1:-.venv}
cd "$(dirname "$0")/.."

say() { printf '%s\n' "setup: $*" >&2; }

# A Python that is new enough.
python=""
for candidate in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))'; then
        python=$(command -v "$candidate")
        break
    fi
done
if [ -z "$python" ]; then
    say "found no Python from 3.11 to 3.14"
    say "next: install one, or name it: make setup PYTHON=/path/to/python3"
    exit 2
fi

# What has to be there before pip can compile pycairo and manimpango.
missing=""
command -v cc >/dev/null 2>&1 || missing="$missing compiler"
if command -v pkg-config >/dev/null 2>&1; then
    pkg-config --exists cairo || missing="$missing cairo"
    pkg-config --exists pangocairo || missing="$missing pango"
else
    missing="$missing pkg-config cairo pango"
fi
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing venv"
"$python" -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")))' ||
    missing="$missing python-headers"

if [ -n "$missing" ]; then
    apt_packages="build-essential pkg-config libcairo2-dev libpango1.0-dev python3-dev python3-venv"
    root=""
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then root="sudo -n"; else root=no; fi
    fi
    if command -v apt-get >/dev/null 2>&1 && [ "$root" != no ]; then
        say "missing:$missing; installing with apt"
        $root apt-get update -qq
        # shellcheck disable=SC2086
        $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            $apt_packages >/dev/null
    else
        say "missing:$missing"
        say "next, whichever fits, then the same make again:"
        say "  apt:    sudo apt-get install $apt_packages"
        say "  dnf:    sudo dnf install gcc pkgconf-pkg-config cairo-devel pango-devel python3-devel"
        say "  pacman: sudo pacman -S base-devel pkgconf cairo pango python"
        say "  brew:   brew install pkg-config cairo pango"
        exit 2
    fi
fi

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
say "installing the Python packages into $venv"
pip() { "$venv/bin/python" -m pip --disable-pip-version-check "$@"; }
# Every file has to have a hash that the lock knows; nothing is resolved, and what comes as source
# is built with the tools of locks/build.lock instead of whatever is newest today.
locked() {
    lock=$1 && shift
    pip install --quiet --require-hashes --no-deps --no-build-isolation "$@" --requirement "$lock"
}
locked locks/build.lock
locked locks/packages.lock
# One version of torch has several builds. Which of them pip takes is up to this machine, its index
# and its own files; afterwards it has to be one that the lock knows, like everything else.
torch=$(sed -n 's/^torch==\([^ ;]*\).*/\1/p' locks/torch.lock)
if ! pip freeze | grep -q "^torch==$torch"; then
    fetched=$(mktemp -d)
    trap 'rm -rf "$fetched"' EXIT
    pip download --quiet --no-deps --dest "$fetched" "torch==$torch"
    locked locks/torch.lock --no-index --find-links "$fetched" || locked locks/torch.lock
    rm -rf "$fetched"
fi
if pip check | grep -q '^torch .* requires'; then
    say "this torch is one for CUDA: installing what it asks for, some gigabytes"
    locked locks/cuda.lock
fi
pip install --quiet --no-deps --no-build-isolation --editable .
if ! pip check >&2; then
    say "the locks and pyproject.toml do not fit each other"
    say "next: make lock, then the same make again"
    exit 1
fi
touch "$venv/.ready"
