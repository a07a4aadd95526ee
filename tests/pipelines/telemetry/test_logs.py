import json
import logging
import re

import pytest

from pipelines.telemetry.logs import log_cleanly


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


def test_a_service_tells_what_it_does_in_one_object_a_line(capsys):
    log_cleanly("json", is_service=True)
    logging.getLogger("parley").info("batch\x1b[2J", extra={"fields": {"alerts": 2}})
    line = json.loads(capsys.readouterr().err)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {"level": "info", "logger": "parley", "message": "batch", "alerts": 2}


def test_a_service_tells_it_to_people_with_the_time(capsys):
    log_cleanly(is_service=True)
    logging.getLogger("parley").info("batch", extra={"fields": {"alerts": 2}})
    assert re.fullmatch(r"\S+Z INFO parley: batch alerts=2\n", capsys.readouterr().err)


def test_a_trace_is_in_the_object(capsys):
    log_cleanly("json")
    try:
        raise ValueError("red")
    except ValueError:
        logging.getLogger("x").exception("failed")
    assert "ValueError: red" in json.loads(capsys.readouterr().err)["trace"]
