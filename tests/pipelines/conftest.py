import sys
from typing import NamedTuple

import pytest

from pipelines.cli.app import main


class Done(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture
def parley(monkeypatch, capsysbinary, tmp_path):
    """Runs a command line in this process, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["parley", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsysbinary.readouterr()
        return Done(ended.value.code or 0, out.decode(), err.decode())

    return command
