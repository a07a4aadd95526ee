import logging

import pytest

from pipelines.logs import log_cleanly


@pytest.fixture(autouse=True)
def own_handlers():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def test_what_a_library_logs_moves_no_terminal(capsys):
    log_cleanly()
    logging.getLogger("urllib3").error(
        "bad header %s", "X: \x1b[2J\x1b]0;owned\x07\u202edone\r\nnext"
    )
    assert capsys.readouterr().err == "ERROR urllib3: bad header X: done\nnext\n"


def test_retries_and_refused_addresses_are_outcomes_and_no_log_lines(capsys):
    log_cleanly()
    for name in ("stamina", "requests_hardened.ip_filter", "urllib3.connectionpool"):
        logging.getLogger(name).warning("again and again")
    assert capsys.readouterr().err == ""


def test_traces_keep_their_shape(capsys):
    log_cleanly()
    try:
        raise ValueError("\x1b[31mred")
    except ValueError:
        logging.getLogger("x").exception("failed")
    err = capsys.readouterr().err
    assert '\n  File "' in err
    assert "ValueError: red" in err
