#!/usr/bin/env bash
# Installs both lock files from nothing, with the pip that each Python brings, and runs the sample.
# Usage: fresh_install.sh [PYTHON...]; without arguments, every Python from 3.10 that is found.
set -euo pipefail
cd "$(dirname "$0")/.."

# The interpreters on PATH and those that pyenv keeps, one of each minor version.
found() {
    for minor in 10 11 12 13; do
        for python in "python3.$minor" "$HOME"/.pyenv/versions/3."$minor".*/bin/python; do
            if "$python" -c "import sys, venv; sys.exit(sys.version_info[:2] != (3, $minor))" 2> /dev/null; then
                echo "$python"
                break
            fi
        done
    done
}

here="$(mktemp -d)"
trap 'rm -rf "$here"' EXIT
git clone --quiet . "$here/parley"
[ $# -gt 0 ] || mapfile -t pythons < <(found)
for python in "${@:-${pythons[@]}}"; do
    echo "== $("$python" --version), pip $("$python" -m ensurepip --version | cut -d' ' -f2)"
    rm -rf "$here/parley/.venv" "$here/parley/build"
    make --silent -C "$here/parley" PYTHON="$python" run > "$here/log" 2>&1 || { cat "$here/log"; exit 1; }
    make --silent -C "$here/parley" PYTHON="$python" .venv/.installed-dev
    "$here/parley/.venv/bin/python" -m pytest --version
done
