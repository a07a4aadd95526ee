"""Runs a watch again and again, as told line by line, and dies where it is told to.

    python replayed_day.py WATCH FEEDS ARCHIVE_URL

Takes one JSON object a line: ``offset``, the seconds by which the clock of deliveries is ahead;
``die_at``, the commit of the archive just before which the run kills itself, 0 for never; and
``from_start``, whether commits count from the beginning or from the first delivery on. Answers
each with the number of the run's process, and, once it is over, with whether it died.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import sys
from typing import Any

import sqlalchemy

import connectors.channels.webhook
import pipelines.jobs.run
import pipelines.services.deliver
from connectors.channels.webhook import WebhookMessenger
from connectors.models.spacy_model import load_language_model
from pipelines.jobs.run import run_batch
from pipelines.services.outbox import Sending
from pipelines.settings.feeds_option import feeds_from
from pipelines.settings.run_config import MonitorConfig
from pipelines.telemetry.logs import log_cleanly
from schemas.base import Instant

#: Receivers that stall hold a run up for so long, not for the 20 s of every day.
_TIMEOUT_SECONDS = 1.5


class _Clock:
    """Runs ahead of the machine's, and further by whatever is slept."""

    def __init__(self, offset: float) -> None:
        self._offset = offset

    def now(self) -> Instant:
        return Instant.now() + self._offset

    def sleep(self, seconds: float) -> None:
        self._offset += seconds


def _run(config: MonitorConfig, told: dict[str, Any]) -> None:
    """One run; it may not come back."""
    commits = 0
    is_counting = told["from_start"]
    deliver = pipelines.jobs.run.deliver_due

    def count(_: object) -> None:
        nonlocal commits
        commits += is_counting
        if told["die_at"] and commits == told["die_at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    def count_and_deliver(*arguments: Any) -> Any:
        nonlocal is_counting
        is_counting = True
        return deliver(*arguments)

    sqlalchemy.event.listen(sqlalchemy.engine.Engine, "commit", count)
    clock = _Clock(told["offset"])
    pipelines.jobs.run.deliver_due = count_and_deliver
    pipelines.services.deliver.Sending = functools.partial(  # type: ignore[misc]
        Sending, now=clock.now, sleep=clock.sleep
    )
    connectors.channels.webhook.WebhookMessenger = functools.partial(  # type: ignore[misc]
        WebhookMessenger, timeout_seconds=_TIMEOUT_SECONDS
    )
    summary = run_batch(config, "day")
    print("\n".join(summary.delivered.failures), file=sys.stderr, flush=True)
    os._exit(0)


def main() -> None:
    watch, feeds, url = sys.argv[1:4]
    log_cleanly(is_service=True)
    load_language_model(None)
    config = MonitorConfig.from_options(
        [watch],
        feeds=feeds_from(feeds, ["127.0.0.1"]),
        archive=url,
        allow_hosts=["127.0.0.1"],
        shows_terminal=False,
    )
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _run(config, json.loads(line))
        print(json.dumps({"process": child}), flush=True)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status):
            sys.exit(f"a run ended with status {status}")
        print(json.dumps({"died": os.WIFSIGNALED(status)}), flush=True)


if __name__ == "__main__":
    main()
