"""A day on the newsroom: feeds drip, receivers fail, the process is killed; each alert arrives."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import feedparser
import pytest
import yaml

from support.receivers import HttpReceiver, MailReceiver, http_receiver, mail_receiver

ROOT = Path(__file__).parent.parent.parent
KILLS = 20
SAID = [
    ("Mirja Oskarsen", "Norland will not sign a ceasefire before the autumn"),
    ("Pavel Dorn", "A truce without observers is worth less than the paper"),
    ("Ines Calder", "Whoever holds the bridge will write the treaty"),
    ("Tomas Wren", "Sudria will agree to a truce when its arguments run out"),
    ("Lena Brook", "The mediators should close the back channel at once"),
    ("Oskar Finn", "Prisoners are the only coin that both capitals accept"),
    ("Edda Marsh", "Both presidents need a photograph more than a border"),
    ("Ruben Holt", "No parliament will ratify a map drawn on a napkin"),
    ("Clara Voss", "The harbour question will outlive everyone in the room"),
    ("Niels Abbe", "The talks will turn on grain before they turn on land"),
    ("Jana Reed", "Sanctions will be lifted last and regretted first"),
    ("Hugo Lindt", "Winter favours the delegation with the warmer hotel"),
]


def page(number: int) -> bytes:
    name, words = SAID[number]
    return (
        f"<html><head><title>Day {number} of the talks</title></head><body><article>"
        f"<h1>Day {number} of the talks</h1>"
        "<p>The peace talks between Norland and Sudria went on along the river on Monday, with "
        "both delegations still far apart on the terms of a ceasefire.</p>"
        f"<p>“{words},” said {name}, a senior fellow at the Fjord Institute for International "
        "Affairs, a think tank. The mediators took no questions.</p>"
        f"<p>Negotiations resume in room {number} after a pause of some hours, as both sides "
        "consult with their capitals before they answer.</p></article></body></html>"
    ).encode()


class Newsroom:
    """A feed that lists one article more each time it is asked for, and its pages."""

    def __init__(self) -> None:
        self.listed = 0
        newsroom = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = newsroom.answer(self.path)
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

    def answer(self, path: str) -> bytes:
        if path == "/feed.xml":
            self.listed = min(self.listed + 1, len(SAID))
            items = "".join(
                f"<item><title>Day {n}</title><link>{self.url}/day/{n}</link></item>"
                for n in range(self.listed)
            )
            channel = f"<channel><title>Herald</title>{items}</channel>"
            return f"<rss version='2.0'>{channel}</rss>".encode()
        number = path.removeprefix("/day/")
        return page(int(number)) if number.isdigit() else b""

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    found = Newsroom()
    try:
        yield found
    finally:
        found.close()


def watch_with(*subscriptions: dict[str, Any]) -> str:
    return yaml.safe_dump(
        {
            "version": 1,
            "id": "river-talks",
            "title": "River talks",
            "max_age": "all",
            "alert_on": {"min_confidence": 0.3},
            "actors": [
                {"id": "norland", "name": "Norland", "role": "party", "side": "norland"},
                {"id": "sudria", "name": "Sudria", "role": "party", "side": "sudria"},
            ],
            "topics": [
                {
                    "id": "talks",
                    "name": "Talks",
                    "about": "negotiation",
                    "phrases": ["peace talks", "ceasefire", "truce", "negotiations"],
                }
            ],
            "subscriptions": list(subscriptions),
        }
    )


def hook(name: str, receiver: HttpReceiver) -> dict[str, Any]:
    return {"name": name, "to": f"webhook:{receiver.url}", "secret": "${HOOK_SECRET}"}


def alerts_in(mail: EmailMessage) -> list[str]:
    """The alerts that a mail tells."""
    body = mail.get_body(("plain",))
    assert body is not None
    lines = [line.split() for line in body.get_content().splitlines()]
    return [words[1] for words in lines if words[:1] == ["Alert"]]


@pytest.mark.slow
def test_each_alert_arrives_once_whatever_fails_and_dies(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    secret = "whsec_" + base64.b64encode(b"d" * 32).decode()
    with (
        http_receiver() as flaky,
        http_receiver() as busy,
        http_receiver() as gone,
        http_receiver() as picky,
        http_receiver() as chat,
        mail_receiver() as (post, smtp_url),
    ):
        flaky.answers = [(503, {}), (200, {}), (500, {}), (200, {}), (502, {}), (200, {})]
        busy.answers = [*([(200, {}), (429, {"Retry-After": "120"})] * 5), (200, {})]
        gone.answers = [(200, {}), (410, {})]
        picky.answers = [(200, {}), (422, {}), (200, {})]
        watch = watch_with(
            hook("flaky", flaky),
            hook("busy", busy),
            hook("gone", gone),
            hook("picky", picky),
            {"name": "desk", "to": "mailto:ann.s3cret@example.org"},
            {"name": "chat", "to": f"apprise:json://127.0.0.1:{chat.port}/s3cret"},
            {"name": "feed", "to": "atom:alerts.xml"},
            {"name": "log", "to": "jsonl:log.jsonl"},
        )
        (tmp_path / "watch.yaml").write_text(watch, encoding="utf8")
        archive = f"sqlite:///{tmp_path}/archive.db"
        done = subprocess.run(
            [
                sys.executable, "-W", "ignore", ROOT / "tests" / "support" / "replayed_day.py",
                "watch.yaml", f"{newsroom.url}/feed.xml", archive, str(KILLS),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "HOOK_SECRET": secret,
                "PARLEY_SMTP_URL": smtp_url,
                "PARLEY_MAIL_FROM": "Parley <alerts@news.example>",
            },
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["died"] == KILLS
    _check_fates(found["fates"])
    _check_receivers(flaky, busy, picky, gone, chat, post)
    logged = [json.loads(line) for line in (tmp_path / "log.jsonl").read_bytes().splitlines()]
    assert Counter(e["data"]["speaker"]["name"] for e in logged) == Counter(n for n, _ in SAID)
    assert len(feedparser.parse(tmp_path / "alerts.xml").entries) == len(SAID)
    told = done.stdout + done.stderr + (tmp_path / "archive.db").read_bytes().decode("latin-1")
    assert "gone (webhook): status 410" in told
    assert "s3cret" not in told
    assert secret not in told


def _check_fates(fates: list[tuple[str, str, str, int]]) -> None:
    """All is sent, but to the receiver that wants no more; nothing took half the retry plan."""
    given_up = {channel for channel, _, status, _ in fates if status == "given_up"}
    assert len(given_up) == 1
    assert {status for channel, _, status, _ in fates if channel not in given_up} == {"sent"}
    assert len({alert_id for _, alert_id, _, _ in fates}) == len(SAID)
    assert max(attempts for _, _, _, attempts in fates) <= 5


def _check_receivers(
    flaky: HttpReceiver,
    busy: HttpReceiver,
    picky: HttpReceiver,
    gone: HttpReceiver,
    chat: HttpReceiver,
    post: MailReceiver,
) -> None:
    for receiver in (flaky, busy, picky):
        assert len(set(receiver.ids)) == len(SAID)
        names = {e["id"]: e["data"]["speaker"]["name"] for e in receiver.events}
        assert sorted(names.values()) == sorted(name for name, _ in SAID)
    assert len(gone.requests) <= 2 + KILLS
    by_id = {mail["Message-ID"]: alerts_in(mail) for mail in post.mails}
    mailed = [alert for told in by_id.values() for alert in told]
    assert len(mailed) == len(set(mailed)) == len(SAID)
    titles = Counter(event["title"] for event in chat.events)
    assert len(titles) == len(SAID)
