#!/usr/bin/env bash
# Gets the engines that streams are tested on into build/engines: Prism, built by Go; Flink in
# Beam's job server, put together by Maven; what checks a job for Dataflow, in an environment over
# that of PYTHON; and, as root on Debian, PostgreSQL, Java and Maven. What is there already is kept.
# Usage: install.sh PYTHON
set -euo pipefail
cd "$(dirname "$0")/../.."
python="$1"
engines="$PWD/build/engines"
mkdir -p "$engines"

# need COMMAND PACKAGE WHAT: where the command is missing, installs Debian's package if it may.
need() {
    command -v "$1" > /dev/null && return
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null && [ -n "$2" ]; then
        apt-get -qq update
        DEBIAN_FRONTEND=noninteractive apt-get -qq install -y "$2" > /dev/null
    fi
    command -v "$1" > /dev/null || { echo "tests/engines: $1 is missing; install $3"; exit 2; }
}

# Debian keeps PostgreSQL's own commands off the PATH.
PATH="$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' ':')"
if [ -z "${PARLEY_TEST_POSTGRESQL:-}" ]; then
    need psql postgresql "PostgreSQL 13 or later"
fi
if [ ! -x "$engines/prism" ]; then
    need go "" "Go 1.25 or later (go.dev)"
    GOBIN="$engines" go install github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0
fi
if [ ! -f "$engines/flink-job-server.jar" ]; then
    need java default-jre-headless "a Java 17 runtime"
    need mvn maven "Maven"
    mvn -B -q -f tests/engines/flink/pom.xml dependency:copy-dependencies \
        -DincludeScope=runtime -DoutputDirectory="$engines/flink"
    python3 tests/engines/job_server_jar.py "$engines/flink" "$engines/flink-job-server.jar"
fi
dataflow="$engines/dataflow"
if [ ! -f "$dataflow/.installed" ] || [ deploy/requirements-stream.txt -nt "$dataflow/.installed" ]; then
    "$python" -m venv --clear "$dataflow"
    of() { "$1" -c "import sysconfig; print(sysconfig.get_path('purelib'))"; }
    of "$python" > "$(of "$dataflow/bin/python")/parley.pth"
    "$dataflow/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
        -r deploy/requirements-stream.txt
    touch "$dataflow/.installed"
fi
