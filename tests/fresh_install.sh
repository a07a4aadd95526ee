#!/usr/bin/env bash
# Installs both lock files from nothing with the pip that each Python brings, and runs the sample.
# Usage: tests/fresh_install.sh [PYTHON...]; without arguments, every Python from 3.10 that is found.
set -euo pipefail
cd "$(dirname "$0")/.."

# One interpreter of each minor version, from PATH or from pyenv.
find_pythons() {
    local minor python
    for minor in 10 11 12 13; do
        for python in "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3."$minor".*/bin/python "python3.$minor"; do
            if "$python" -c "import sys, ensurepip; sys.exit(sys.version_info[1] != $minor)" 2> /dev/null; then
                echo "$python"
                break
            fi
        done
    done
}

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
git clone --quiet --no-hardlinks . "$work/parley" 2> /dev/null ||
    { rm -rf "$work/parley"; cp -R . "$work/parley"; }
if [ $# -eq 0 ]; then
    mapfile -t found < <(find_pythons)
    set -- "${found[@]}"
fi
[ $# -gt 0 ] || { echo "fresh_install: no Python from 3.10 on with ensurepip was found"; exit 2; }
for python in "$@"; do
    echo "== $("$python" --version), $("$python" -m ensurepip --version)"
    rm -rf "$work/parley/.venv" "$work/parley/build"
    make --silent -C "$work/parley" PYTHON="$python" run > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    make --silent -C "$work/parley" PYTHON="$python" .venv/.installed-dev
    "$work/parley/.venv/bin/python" -m pytest --version
done
