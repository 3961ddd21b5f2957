#!/bin/sh
# Create .venv with a fitting Python and install the pinned requirements: make_venv.sh REQUIREMENTS STAMP
set -eu
fits='import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

find_python() {
    for candidate in ${PYTHON:-python3.12 python3.13 python3.11 python3 python}; do
        if "$candidate" -c "$fits" >/dev/null 2>&1; then echo "$candidate"; return; fi
    done
    echo "Prunescope needs Python 3.11, 3.12 or 3.13 with venv, and found none: install one, or name it with PYTHON=/path/to/python" >&2
    exit 2
}

if ! .venv/bin/python -c "$fits" >/dev/null 2>&1; then
    python=$(find_python)
    rm -rf .venv
    "$python" -m venv .venv
fi
echo "Installing $1 into .venv (once; about a minute) ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$1"
.venv/bin/python -m tools.compile_ahead || echo "Compiling ahead failed; federations will try again." >&2
touch "$2"
