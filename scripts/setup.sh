#!/bin/sh
# Chooses a Python, and has it make the virtual environment: see scripts/environment.py.
# Usage: scripts/setup.sh VENV            (PYTHON=/path/to/python3 names the interpreter)
set -eu

unset CDPATH
venv=${1:-.venv}
cd "$(dirname "$0")/.."

say() { printf '%s\n' "setup: $*" >&2; }

# The program behind a name, if it is a Python that will do; of a virtual environment, which may
# be the one to be made anew, the Python that it was made with.
behind() {
    "$1" -E -s -c 'import sys
if (3, 11) <= sys.version_info < (3, 15):
    print("Python", getattr(sys, "_base_executable", sys.executable))' 2>/dev/null </dev/null
}

python=""
for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
    case $(command -v "$candidate" 2>/dev/null) in
    */*) found=$(behind "$candidate") || found="" ;;
    *) found="" ;;
    esac
    case $found in
    "Python /"*) python=${found#Python } && break ;;
    esac
    [ -z "${PYTHON:-}" ] || break
done

if [ -z "$python" ] && [ -n "${PYTHON:-}" ]; then
    found="there is no such program"
    case $(command -v "$PYTHON" 2>/dev/null) in
    */*)
        if ! [ -d "$PYTHON" ]; then
            found=$("$PYTHON" --version 2>&1 </dev/null | head -n 1) || true
            case $found in
            "Python "*) found="found $found" ;;
            *) found="found a program that is no Python" ;;
            esac
        fi
        ;;
    esac
    say "PYTHON=$PYTHON: $found"
    say "expected: a Python from 3.11 to 3.14"
    say "next: make setup PYTHON=/path/to/python3, or leave PYTHON out"
    exit 2
fi
if [ -z "$python" ]; then
    say "found no Python from 3.11 to 3.14"
    say "next: install one (on Debian and Ubuntu: apt-get install python3), or name it:"
    say "  make setup PYTHON=/path/to/python3"
    exit 2
fi

exec "$python" -E -s -m scripts.environment "$venv"
