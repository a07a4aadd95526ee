"""A stream on Flink: delay from publishing to alert, and speed beside a batch run.

    python tests/bench/stream_on_flink.py [SECONDS] [MESSAGES]

Embedded cluster of 2 slots, one pool of workers, Google's in-memory Pub/Sub server, all on this
machine. Publishes 5 articles a second for SECONDS and takes the times from the server's own
clock; then MESSAGES at once, and compares articles a second with an in-process run over the
same articles. Compare ratios: absolute figures move with the machine.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from pipelines.jobs.run import run_batch
from pipelines.settings.run_config import MonitorConfig
from support.killed_streams import Stream, message
from support.pubsub import Desk, Server

RATE = 5
#: Enough that each process has loaded its model, and does its share.
WARM = 200


def arrivals(desk: Desk, receiver: str, wanted: int, limit_seconds: float) -> dict[str, tuple]:
    """(published, alerted) in seconds since the epoch, by article, until all are there."""
    found: dict[str, tuple[float, float]] = {}
    end = time.monotonic() + limit_seconds
    while len(found) < wanted and time.monotonic() < end:
        for taken in desk.take(receiver):
            data = json.loads(taken.data)["data"]
            seen = datetime.fromisoformat(data["timing"]["seen_at"].replace("Z", "+00:00"))
            at = (seen.timestamp(), taken.publish_time.timestamp())
            found.setdefault(data["article"]["url"], at)
        time.sleep(0.05)
    return found


def batch_rate(folder: Path, messages: int) -> float:
    """Articles a second of a run in process, the model's loading left out."""
    watch, day = folder / "watch.yaml", folder / "day.jsonl"
    rates = []
    for part in (range(WARM), range(WARM, WARM + messages)):
        day.write_bytes(b"\n".join(message(n) for n in part))
        archive = f"sqlite:///{folder}/batch-{len(rates)}.db"
        config = MonitorConfig.from_options(
            [str(watch)], inputs=[str(day)], archive=archive, deliver=False, max_age="all"
        )
        rates.append((len(part), run_batch(config, "bench").seconds))
    (few, warm), (many, whole) = rates
    return (many - few) / (whole - warm)


def main(seconds: int = 60, messages: int = 500, *more: str) -> None:
    folder = Path(tempfile.mkdtemp())
    server = Server()
    os.environ["PUBSUB_EMULATOR_HOST"] = server.host
    desk = Desk(server.host)
    news, alerts = desk.topic("news"), desk.topic("alerts")
    source, receiver = desk.subscription(news), desk.subscription(alerts, "receiver")
    stream = Stream(folder, source, alerts, "--parallelism=2", *more)
    try:
        desk.publish(news, [message(n) for n in range(WARM)])
        arrivals(desk, receiver, WARM, 180)
        for n in range(seconds * RATE):
            desk.publish(news, [message(10_000 + n)])
            time.sleep(1 / RATE)
        found = arrivals(desk, receiver, seconds * RATE, 60)
        delays = sorted(alerted - published for published, alerted in found.values())
        p95 = delays[int(len(delays) * 0.95)]
        print(f"delay: {len(delays)} alerts of {seconds * RATE} articles at {RATE}/s, "
              f"median {statistics.median(delays):.2f} s, p95 {p95:.2f} s")  # fmt: skip
        desk.publish(news, [message(50_000 + n) for n in range(messages)])
        times = sorted(at for _, at in arrivals(desk, receiver, messages, 300).values())
        tenth = len(times) // 10
        rate = (len(times) - 2 * tenth) / (times[-tenth - 1] - times[tenth])
        print(f"saturated: {len(times)} of {messages}, {rate:.1f} articles/s")
    finally:
        stream.close()
        desk.close()
        server.close()
    alone = batch_rate(folder, messages)
    print(f"in process: {alone:.1f} articles/s; stream / in process = {rate / alone:.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:])
