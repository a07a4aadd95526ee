"""What Prometheus is told."""

import socket
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.telemetry.counters import Counted, Spread
from pipelines.telemetry.prometheus import SERVICE_MEANING, Exporter
from schemas.errors import ConfigurationError

README = Path(__file__).parents[3] / "pipelines" / "README.md"


def asked(exporter):
    url = f"http://127.0.0.1:{exporter.port}/metrics"
    lines = urllib.request.urlopen(url).read().decode().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


def test_batches_add_up():
    with closing(Exporter()) as exporter:
        exporter.serve(0, "127.0.0.1")
        assert asked(exporter)["parley_batches_total"] == "0.0"
        for highest in (30, 20):
            exporter.batch(
                Counted(
                    {"alerts_raised": 2, "outcome_gone": 1}, {"fetch_ms": Spread(3, 40, highest)}
                )
            )
        exporter.count("alerts_sent", 4)
        told = asked(exporter)
    assert told["parley_batches_total"] == "2.0"
    assert told["parley_alerts_raised_total"] == told["parley_alerts_sent_total"] == "4.0"
    assert told['parley_outcomes_total{reason="gone"}'] == "2.0"
    assert told["parley_fetch_ms_count"] == "6.0"
    assert told["parley_fetch_ms_sum"] == "80.0"
    assert told["parley_fetch_ms_max"] == "30.0"
    assert float(told["parley_last_batch_timestamp_seconds"]) > 0


def test_a_port_that_is_taken_is_a_mistake():
    with socket.create_server(("127.0.0.1", 0)) as taken, closing(Exporter()) as exporter:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match="give another port"):
            exporter.serve(port, "127.0.0.1")


@pytest.mark.parametrize("name", SERVICE_MEANING)
def test_every_figure_is_documented(name):
    assert f"| `{name}` | {SERVICE_MEANING[name]} |" in README.read_text(encoding="utf8")
