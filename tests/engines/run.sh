#!/usr/bin/env bash
# Gets all engines, starts a PostgreSQL of its own for as long as the tests take, and runs the
# tests that need them. Usage: run.sh PYTHON [options of pytest]
set -euo pipefail
cd "$(dirname "$0")/../.."
python="$1"; shift
tests/engines/install.sh "$python"
export PARLEY_REQUIRE_ENGINES=1
# A JVM that lives for a minute or two gains nothing from what its second compiler costs.
export JAVA_TOOL_OPTIONS="${JAVA_TOOL_OPTIONS:--XX:TieredStopAtLevel=1 -XX:+UseSerialGC}"

as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
bin="$(dirname "$(readlink -f "$(command -v pg_ctl || ls /usr/lib/postgresql/*/bin/pg_ctl | tail -n 1)")")"
if [ -z "${PARLEY_TEST_POSTGRESQL:-}" ] && [ -x "$bin/initdb" ]; then
    data="$(mktemp -d)"
    if [ "$(id -u)" = 0 ]; then chown postgres "$data"; fi
    as "$bin/initdb" -D "$data/db" -U parley --auth=trust > /dev/null
    as "$bin/pg_ctl" -D "$data/db" -w -l "$data/log" \
        -o "-p 54329 -c listen_addresses=127.0.0.1 -c unix_socket_directories=$data" start > /dev/null
    trap 'as "$bin/pg_ctl" -D "$data/db" -m immediate stop > /dev/null; rm -rf "$data"' EXIT
    as "$bin/createdb" -h 127.0.0.1 -p 54329 -U parley parley
    export PARLEY_TEST_POSTGRESQL=postgresql+psycopg://parley@127.0.0.1:54329/parley
elif [ -z "${PARLEY_TEST_POSTGRESQL:-}" ]; then
    echo "tests/engines: PostgreSQL is missing; install Debian's postgresql"; exit 2
fi
"$python" -m pytest -m engines "$@"
"$python" -m pytest -q tests/connectors/archive
build/engines/dataflow/bin/python -m pytest -q tests/pipelines/jobs/test_stream_graph.py
