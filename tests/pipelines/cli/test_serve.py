"""`parley serve`: from the command to a page, and what it refuses."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from connectors.archive import open_archive
from support.dossiers import WATCH, dossier

#: The issue's bound; what annotates articles takes twice as much.
MOST_KIB = 120 * 1024
COMMAND = [sys.executable, "-W", "ignore", "-c", "from pipelines.cli.app import main; main()"]


@pytest.fixture
def served(tmp_path):
    """A server on a free port over an archive with one alert: its process and address."""
    url = f"sqlite:///{tmp_path}/harbour.db"
    archive = open_archive(url, {WATCH: ["terminal"]})
    archive.dossiers.store_dossier(dossier("tugs", "No tug will move."))
    archive.close()
    command = [*COMMAND, "serve", "--archive", url, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        line = process.stdout.readline().decode()
        yield process, re.fullmatch(r"reading room: (http://localhost:\d+/)\n", line)[1]
        process.kill()


def test_it_prints_its_address_serves_and_ends_when_asked(served):
    process, address = served
    assert "No tug will move." in requests.get(address, timeout=30).text
    rebound = requests.get(address, headers={"Host": "evil.example"}, timeout=30)
    assert rebound.status_code == 400
    for page in ("held", "sources", "search?words=tug", "today.atom", "today.json"):
        assert requests.get(f"{address}{page}", timeout=30).status_code == 200
    status = Path(f"/proc/{process.pid}/status")
    if status.exists():
        (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())
        assert int(peak) <= MOST_KIB
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, b"")


def test_the_reading_room_loads_neither_beam_nor_spacy():
    code = (
        "import sys, pipelines.reading_room.server, pipelines.cli.serve\n"
        "print(sorted({'apache_beam', 'spacy', 'trafilatura', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "desk.example", "::", ""])
def test_another_host_is_refused_with_a_remedy(parley, host):
    done = parley("serve", "--host", host)
    assert done.status == 2
    assert f"--host: {host!r}: the reading room knows no users yet" in done.err
    assert "ssh -L" in done.err


def test_without_an_archive_it_says_which_command_makes_one(parley, tmp_path):
    done = parley("serve")
    assert done.status == 2
    assert "parley.db: no archive there" in done.err
    assert "`parley run sample --recorded sample --archive sqlite:///parley.db`" in done.err
    assert not [*tmp_path.iterdir()]


def test_a_port_that_is_taken_is_named(parley, tmp_path):
    open_archive(f"sqlite:///{tmp_path}/parley.db").close()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = parley("serve", "--port", port)
    assert done.status == 2
    assert f"--port: {port}: " in done.err
    assert "give another one" in done.err
