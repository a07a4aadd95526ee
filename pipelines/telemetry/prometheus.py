"""What a service has done since it began, for Prometheus to ask."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.telemetry.counters import Counted, Spread
from schemas.distribution import install_hint
from schemas.errors import ConfigurationError
from transforms.runtime.metrics import MEANING

_OUTCOME = "outcome_"

#: What a service knows beside the stages' metrics: name -> meaning.
SERVICE_MEANING = {
    "batches": "batches that were read to their end",
    "batch_errors": "batches that failed as a whole, to be tried again",
    "alerts_sent": "alerts that reached at least one channel",
    "deliveries_failed": "messages that did not arrive when tried, channels that lack something",
}


class Exporter:
    """Adds up what batches did; shows it at http://ADDRESS:PORT/metrics, once it is served."""

    def __init__(self) -> None:
        self._counters: Counter[str] = Counter(dict.fromkeys(SERVICE_MEANING, 0))
        self._spreads: dict[str, Spread] = {}
        self._last_batch_at = 0.0
        self._lock = threading.Lock()
        self._server: Any = None

    def serve(self, port: int, address: str) -> None:
        """Listen, in threads of its own.

        Raises:
            ConfigurationError: the port cannot be had, or the client library is not installed.
        """
        try:
            from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server
        except ImportError as error:
            raise ConfigurationError(
                [f"--metrics-port: its library is not installed; {install_hint('metrics')}"]
            ) from error
        registry = CollectorRegistry()
        registry.register(self)
        ProcessCollector(registry=registry)
        try:
            self._server, _ = start_http_server(port, addr=address, registry=registry)
        except OSError as error:
            raise ConfigurationError(
                [f"--metrics-port: {address}:{port}: {error.strerror}; give another port"]
            ) from error

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_port)

    def batch(self, counted: Counted) -> None:
        """A batch has been read to its end."""
        with self._lock:
            self._counters.update(counted.counters)
            for name, spread in counted.spreads.items():
                self._spreads[name] = self._spreads.get(name, Spread()) + spread
            self._counters["batches"] += 1
            self._last_batch_at = time.time()

    def count(self, name: str, n: int = 1) -> None:
        """Add to one of ``SERVICE_MEANING``."""
        with self._lock:
            self._counters[name] += n

    @property
    def counters(self) -> Mapping[str, int]:
        """All counters by name."""
        with self._lock:
            return dict(self._counters)

    def collect(self) -> Iterator[Any]:
        """What Prometheus' client asks for."""
        from prometheus_client.core import (
            CounterMetricFamily,
            GaugeMetricFamily,
            SummaryMetricFamily,
        )

        with self._lock:
            counters, spreads = dict(self._counters), dict(self._spreads)
            last_batch_at = self._last_batch_at
        outcomes = CounterMetricFamily(
            "parley_outcomes", "elements that were not read on", labels=["reason"]
        )
        for name, n in sorted(counters.items()):
            if name.startswith(_OUTCOME):
                outcomes.add_metric([name.removeprefix(_OUTCOME)], n)
            else:
                yield CounterMetricFamily(f"parley_{name}", _meaning(name), value=n)
        yield outcomes
        for name, spread in sorted(spreads.items()):
            meaning = _meaning(name)
            yield SummaryMetricFamily(
                f"parley_{name}", meaning, count_value=spread.count, sum_value=spread.total
            )
            yield GaugeMetricFamily(f"parley_{name}_max", f"{meaning}: longest", spread.highest)
        yield GaugeMetricFamily(
            "parley_last_batch_timestamp_seconds", "when a batch last ended well", last_batch_at
        )


def _meaning(name: str) -> str:
    return MEANING.get(name) or SERVICE_MEANING[name]
