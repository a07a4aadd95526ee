"""A day on the newsroom: feeds drip, receivers fail, the process is killed; each alert arrives."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from support.day import SECRETS, Day, ids_of_mail, live, report
from support.pubsub import MissingError, build_server
from support.river_desk import story, watch_of

KILLS = 20
STORIES = 40


class Newsroom:
    """A feed that lists three articles more each time it is asked for, and its pages."""

    def __init__(self) -> None:
        self.listed = 0
        newsroom = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = newsroom.answer(self.path).encode()
                self.send_response(200 if body else 404)
                kind = "application/rss+xml" if self.path == "/feed.xml" else "text/html"
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, path: str) -> str:
        if path == "/feed.xml":
            self.listed = min(self.listed + 3, STORIES)
            items = "".join(
                f"<item><title>Day {n}</title><link>{self.url}/day/{n}</link></item>"
                for n in range(self.listed)
            )
            return f"<rss version='2.0'><channel><title>Herald</title>{items}</channel></rss>"
        number = path.removeprefix("/day/")
        return page(int(number)) if number.isdigit() else ""

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def page(number: int) -> str:
    told = "".join(f"<p>{paragraph}</p>" for paragraph in story(number).splitlines())
    title = f"Day {number} of the talks"
    return (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{told}"
        f"<p>Negotiations resume in room {number} after a pause of some hours, as both sides "
        "consult with their capitals before they answer.</p></article></body></html>"
    )


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    found = Newsroom()
    try:
        yield found
    finally:
        found.close()


@pytest.mark.slow
def test_each_alert_arrives_once_whatever_fails_and_dies(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    try:
        build_server()
    except MissingError as error:
        pytest.skip(str(error))
    (tmp_path / "feeds.txt").write_text(f"{newsroom.url}/feed.xml\n", "utf8")
    watch = {**watch_of(), "max_age": "all"}
    day = live(watch, "feeds.txt", tmp_path, kills=KILLS + 4, runs=32)
    print(report(day))
    assert day.killed.total() >= KILLS
    assert day.killed["request"] + day.killed["commit"] > KILLS / 2  # that many while delivering
    alerts = day.alerts()
    assert len(alerts) == STORIES
    _check_receivers(day, alerts)
    _check_fates(day)
    assert max(late for _, late in day.waits().values()) <= 0
    assert "gone (webhook): status 410" in day.told
    assert [secret for secret in SECRETS if secret in day.told] == []


def _check_receivers(day: Day, alerts: set[str]) -> None:
    """Each knows every alert, by an id that stays the same; files and mails tell each once."""
    for name in ("failing", "busy", "stalling"):
        receiver = day.receivers[name]
        seen = receiver.taken if name != "stalling" else receiver.requests
        assert {request.id for request in seen} == alerts
        again = Counter(request.id for request in receiver.taken).values()
        assert sum(again) - len(alerts) <= day.killed.total()  # taken, and not yet recorded
    assert len(day.receivers["gone"].taken) == 3
    assert set(day.queue) == alerts
    assert sorted(day.logged) == sorted(alerts)
    assert len(day.entries) == len(set(day.entries)) == len(alerts)
    assert day.mail is not None
    told = Counter(alert for told in ids_of_mail(day.mail.mails).values() for alert in told)
    assert told == Counter({alert[:8]: 2 for alert in alerts})  # to the desk, and in the digest


def _check_fates(day: Day) -> None:
    """All is sent, but to the receiver that wants no more."""
    given_up = {s.subscriptions for s in day.deliveries if s.status == "given_up"}
    assert given_up == {("gone",)}
    rest = [s for s in day.deliveries if s.subscriptions != ("gone",)]
    assert {s.status for s in rest} == {"sent"}
    assert max(s.attempts for s in rest) <= 6
