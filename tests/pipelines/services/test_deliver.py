"""The ledger worked off to real receivers on loopback: each alert once, in order, in time."""

from __future__ import annotations

import base64
import dataclasses
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import feedparser
import jsonschema
import pytest
import yaml
from standardwebhooks.webhooks import Webhook

from connectors.archive import Archive, open_archive
from connectors.channels.apprise import AppriseMessenger
from connectors.channels.webhook import WebhookMessenger
from pipelines.services.check import channel_problems
from pipelines.services.deliver import Delivered, deliver_due
from pipelines.services.outbox import Sending
from pipelines.settings.run_config import MonitorConfig
from schemas.alert import AlertReason
from schemas.base import Instant
from schemas.delivery import Delivery, Message
from schemas.errors import ConfigurationError
from schemas.feed import Feed, FeedPoll, FeedState
from support import alerts
from support.dossiers import NOON, WATCH, dossier, entry, poll, skip
from support.receivers import HttpReceiver, MailReceiver, http_receiver, mail_receiver
from transforms.core.alerts.withdrawals import withdraw

ROOT = Path(__file__).parents[3]
NEW_SECRET = "whsec_" + base64.b64encode(b"n" * 32).decode()
OLD_SECRET = "whsec_" + base64.b64encode(b"o" * 32).decode()
ADDRESS = "ann.secret@example.org"
WORDS = ("No deal yet.", "Wait for spring.", "Then see.", "Not before autumn.")


class World:
    """One archive, one watch, and a clock that stands until it is moved."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, NOON
        self.url = f"sqlite:///{folder}/archive.db"
        self.slept: list[float] = []
        self.allow = ["127.0.0.1"]

    def subscribe(self, *subscriptions: dict[str, Any]) -> None:
        watch = {
            "version": 1,
            "id": WATCH,
            "title": "Harbour talks",
            "actors": [{"id": "varenia", "name": "Varenia", "role": "party"}],
            "topics": [{"id": "ceasefire", "name": "Ceasefire", "phrases": ["ceasefire"]}],
            "subscriptions": list(subscriptions),
        }
        (self.folder / "watch.yaml").write_text(yaml.safe_dump(watch), encoding="utf8")

    def config(self, **options: Any) -> MonitorConfig:
        return MonitorConfig.from_options(
            [str(self.folder / "watch.yaml")],
            archive=self.url,
            allow_hosts=self.allow,
            shows_terminal=False,
            **options,
        )

    def raise_alerts(self, *words: str, slug: str = "talks") -> list[str]:
        """An article each; the ids of its alerts."""
        ids = []
        with closing(open_archive(self.url)) as archive:
            for number, said in enumerate(words):
                stored = dossier(f"{slug}-{number}", said, fetched_at=self.now)
                ids += [alert.id for alert in archive.dossiers.store_dossier(stored)]
        return ids

    def deliver(self, sending: Sending | None = None, **options: Any) -> Delivered:
        config = self.config(**options)
        with closing(open_archive(self.url, channels=config.channels())) as archive:
            return deliver_due(archive, config, sending or self.sending())

    def sending(self) -> Sending:
        return Sending(now=lambda: self.now, sleep=self.sleep, jitter=lambda: 0.0)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def later(self, seconds: int) -> None:
        self.now += seconds

    def archive(self) -> Archive:
        return open_archive(self.url)

    def statuses(self) -> list[str]:
        return [delivery.status for delivery in self.ledger()]

    def ledger(self) -> list[Delivery]:
        with closing(self.archive()) as archive:
            return archive.ledger.all()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEW_SECRET", NEW_SECRET)
    monkeypatch.setenv("OLD_SECRET", OLD_SECRET)
    return World(tmp_path)


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with http_receiver() as found:
        yield found


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailReceiver]:
    with mail_receiver() as (found, url):
        monkeypatch.setenv("PARLEY_SMTP_URL", url)
        monkeypatch.setenv("PARLEY_MAIL_FROM", "Parley <alerts@news.example>")
        yield found


def hook(receiver: HttpReceiver, **more: Any) -> dict[str, Any]:
    return {"name": "newsroom", "to": f"webhook:{receiver.url}", "secret": "${NEW_SECRET}", **more}


def mail(**more: Any) -> dict[str, Any]:
    return {"name": "desk", "to": f"mailto:{ADDRESS}", **more}


class TestWebhooks:
    def test_each_alert_is_a_signed_event_under_its_own_id(
        self, world: World, receiver: HttpReceiver
    ) -> None:
        world.now = Instant.now()  # the receiver's library refuses old signatures
        world.subscribe(hook(receiver, secret=["${NEW_SECRET}", "${OLD_SECRET}"]))
        ids = world.raise_alerts(*WORDS)
        assert world.deliver().failures == []
        assert receiver.ids == ids
        assert [event["id"] for event in receiver.events] == ids
        for headers, body in receiver.requests:
            assert headers["content-type"].startswith("application/cloudevents+json")
            for secret in (NEW_SECRET, OLD_SECRET):
                assert Webhook(secret).verify(body, headers)
        assert world.deliver().sent == 0
        assert receiver.ids == ids

    def test_a_receiver_that_was_down_for_a_day_gets_all_in_order(
        self, world: World, receiver: HttpReceiver
    ) -> None:
        receiver.answers = [(503, {})]
        world.subscribe(hook(receiver))
        ids = world.raise_alerts(*WORDS[:2])
        for _ in range(24):
            assert world.deliver().sent == 0
            world.later(3600)
        assert set(receiver.ids) == {ids[0]}  # the first alone is tried, by the plan
        assert len(receiver.ids) == 7  # at 0 s, 5 s, and then after 1, 2, 4, 9 and 19 h
        ids += world.raise_alerts(*WORDS[2:], slug="next")
        receiver.answers, receiver.requests = [(200, {})], []
        world.later(24 * 3600)
        assert world.deliver().failures == []
        assert receiver.ids == ids

    def test_what_it_asks_for_by_retry_after_is_honoured(
        self, world: World, receiver: HttpReceiver
    ) -> None:
        receiver.answers = [(429, {"Retry-After": "120"}), (200, {})]
        world.subscribe(hook(receiver))
        world.raise_alerts(WORDS[0])
        (failure,) = world.deliver().failures
        assert "newsroom (webhook): status 429; attempt 1, next try 2025-11-22 12:02:00" in failure
        world.later(100)
        assert world.deliver().sent == 0
        world.later(20)
        assert world.deliver().sent == 1

    def test_a_blip_of_seconds_is_waited_for(self, world: World, receiver: HttpReceiver) -> None:
        receiver.answers = [(502, {}), (200, {})]
        world.subscribe(hook(receiver))
        ids = world.raise_alerts(*WORDS)
        assert world.deliver().failures == []
        assert world.slept == [5.0]
        assert receiver.ids == [ids[0], *ids]

    def test_a_receiver_that_takes_one_at_a_time_is_served_at_its_pace(
        self, world: World, receiver: HttpReceiver
    ) -> None:
        receiver.answers = [*([(200, {}), (429, {"Retry-After": "6"})] * 3), (200, {})]
        world.subscribe(hook(receiver))
        ids = world.raise_alerts(*WORDS)
        assert world.deliver().failures == []
        assert world.slept == [6.0, 6.0, 6.0]
        assert list(dict.fromkeys(receiver.ids)) == ids

    def test_a_refused_event_does_not_hold_up_the_others(
        self, world: World, receiver: HttpReceiver
    ) -> None:
        receiver.answers = [(422, {}), (200, {}), (422, {})]
        world.subscribe(hook(receiver))
        ids = world.raise_alerts(*WORDS[:2])
        done = world.deliver()
        assert done.sent == 1
        assert receiver.ids == [ids[0], ids[1], ids[0]]
        (failure,) = done.failures
        assert "status 422; attempt 2" in failure

    def test_a_message_that_cannot_be_rendered_does_not_hold_up_the_others(
        self, world: World, receiver: HttpReceiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whatever a messenger raises is a failed attempt of that message."""
        world.subscribe(hook(receiver))
        ids = world.raise_alerts(*WORDS[:3])
        send = WebhookMessenger.send

        def break_on_the_first(self: WebhookMessenger, message: Message) -> None:
            if message.id == ids[0]:
                raise UnicodeEncodeError("ascii", "é", 0, 1, "ordinal not in range")
            send(self, message)

        monkeypatch.setattr(WebhookMessenger, "send", break_on_the_first)
        done = world.deliver()
        assert done.sent == 2
        assert "unexpected UnicodeEncodeError; attempt 2" in done.failures[0]

    def test_410_disables_until_it_is_tried_anew(
        self, world: World, receiver: HttpReceiver
    ) -> None:
        receiver.answers = [(410, {})]
        world.subscribe(hook(receiver))
        world.raise_alerts(*WORDS[:2])
        (failure,) = world.deliver().failures
        assert failure == (
            "newsroom (webhook): status 410: the receiver wants no more; 2 deliveries given up; "
            "retry with `parley deliver --retry`"
        )
        world.raise_alerts(WORDS[2], slug="more")
        assert world.deliver() == Delivered()
        assert len(receiver.requests) == 1
        assert world.statuses() == ["given_up"] * 3
        receiver.answers = [(200, {})]
        with closing(world.archive()) as archive:
            assert archive.ledger.retry() == 3
        assert world.deliver().sent == 3

    def test_after_ten_attempts_it_is_given_up_with_a_notice(
        self, world: World, receiver: HttpReceiver
    ) -> None:
        receiver.answers = [(500, {})]
        world.subscribe(hook(receiver))
        world.raise_alerts(WORDS[0])
        lines = []
        while world.statuses() != ["given_up"]:
            lines += world.deliver().failures
            world.later(25 * 3600)
        assert len(receiver.requests) == 10
        assert lines[-1].startswith("newsroom (webhook): status 500; 1 delivery given up; retry")

    def test_what_a_process_gave_up_before_it_died_is_told_by_the_next(
        self, world: World, receiver: HttpReceiver
    ) -> None:
        receiver.answers = [(503, {})]
        world.subscribe(hook(receiver))
        world.raise_alerts(WORDS[0])
        world.deliver()
        with closing(world.archive()) as archive:
            (delivery,) = archive.ledger.all()
            archive.ledger.close_channel(delivery.channel, "status 410", world.now)
        (failure,) = world.deliver().failures
        assert failure.startswith("newsroom (webhook): status 410; 1 delivery given up")
        assert world.deliver() == Delivered()

    @pytest.mark.parametrize("status", [301, 307])
    def test_redirects_are_failures(
        self, world: World, receiver: HttpReceiver, status: int
    ) -> None:
        receiver.answers = [(status, {"Location": receiver.url})]
        world.subscribe(hook(receiver))
        world.raise_alerts(WORDS[0])
        assert f"status {status}" in world.deliver().failures[0]

    def test_private_addresses_are_refused(self, world: World, receiver: HttpReceiver) -> None:
        world.allow = []
        world.subscribe(hook(receiver))
        world.raise_alerts(WORDS[0])
        (failure,) = world.deliver().failures
        assert "its host is at 127.0.0.1" in failure
        assert "--allow-host HOST excepts it" in failure
        assert "`parley deliver --retry` with it" in failure
        assert receiver.requests == []

    def test_no_log_and_no_failure_names_address_or_secret(
        self, world: World, receiver: HttpReceiver, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        receiver.answers = [(500, {})]
        two = {**hook(receiver), "name": "two", "to": "webhook:http://127.0.0.1:9/s3cret"}
        world.subscribe(hook(receiver), two)
        world.raise_alerts(WORDS[0])
        told = repr(world.config()) + "".join(world.deliver().failures)
        with closing(world.archive()) as archive:
            told += repr(archive.ledger.all())
        assert "newsroom" in told
        assert "s3cret" not in told
        assert "whsec" not in told
        logged = "".join(
            r.getMessage() for r in caplog.records if r.name != "urllib3.connectionpool"
        )
        assert "s3cret" not in logged


class TestClaims:
    def test_what_another_process_holds_is_left_to_it(
        self, world: World, receiver: HttpReceiver
    ) -> None:
        world.subscribe(hook(receiver))
        ids = world.raise_alerts(*WORDS[:2])
        receiver.answers = [(503, {}), (503, {}), (200, {})]
        world.deliver()
        world.later(3600)
        elsewhere = Sending(owner="elsewhere 1 2 ab", now=lambda: world.now)
        with closing(world.archive()) as archive:
            (channel,) = {delivery.channel for delivery in archive.ledger.all()}
            assert archive.ledger.claim_message(channel, ids[0], elsewhere.claim())
            assert not archive.ledger.claim_message(channel, ids[0], world.sending().claim())
        assert world.deliver() == Delivered()  # nor is the order broken
        world.later(15 * 60)  # the claim ends
        assert world.deliver().sent == 2
        assert receiver.ids[2:] == ids

    def test_a_claim_ends_with_its_process(self, world: World, receiver: HttpReceiver) -> None:
        world.subscribe(hook(receiver))
        (alert_id,) = world.raise_alerts(WORDS[0])
        receiver.answers = [(503, {}), (503, {}), (200, {})]
        world.deliver()
        dead = world.sending().owner.split(" ")
        dead[1] = str(2**22 + 1)  # no process has so high a number (proc(5), pid_max)
        with closing(world.archive()) as archive:
            (delivery,) = archive.ledger.all()
            claim = Sending(owner=" ".join(dead), now=lambda: world.now).claim()
            assert archive.ledger.claim_message(delivery.channel, alert_id, claim)
        world.later(5 * 60)
        assert world.deliver().sent == 1

    def test_alerts_of_a_run_that_did_not_deliver_go_with_the_next(
        self, world: World, receiver: HttpReceiver
    ) -> None:
        world.subscribe(hook(receiver))
        ids = world.raise_alerts(*WORDS)
        world.deliver(deliver=False)
        assert receiver.ids == []
        world.deliver()
        assert receiver.ids == ids


class TestPubSub:
    def test_each_alert_is_an_event_under_its_own_id(self, world: World, desk: Any) -> None:
        topic = desk.topic()
        reader = desk.subscription(topic)
        world.subscribe({"name": "platform", "to": topic})
        ids = world.raise_alerts(*WORDS)
        assert world.deliver().sent == len(WORDS)
        taken = desk.take_all(reader)
        assert sorted(message.attributes["id"] for message in taken) == sorted(ids)
        assert all(json.loads(m.data)["id"] == m.attributes["id"] for m in taken)
        assert {message.ordering_key for message in taken} <= {
            json.loads(message.data)["subject"] for message in taken
        }
        assert world.deliver().sent == 0

    def test_a_topic_that_is_not_there_yet_gets_all_when_it_is(
        self, world: World, desk: Any
    ) -> None:
        world.subscribe({"name": "platform", "to": f"pubsub:projects/{desk.project}/topics/news"})
        ids = world.raise_alerts(*WORDS)
        (failure,) = world.deliver().failures
        assert failure.startswith("platform (pubsub): NotFound")
        reader = desk.subscription(desk.topic("news"))
        world.later(400)
        world.deliver()
        assert sorted(m.attributes["id"] for m in desk.take_all(reader)) == sorted(ids)


class TestMail:
    def test_a_mail_says_who_and_what_in_text_and_html(
        self, world: World, post: MailReceiver
    ) -> None:
        world.subscribe(mail(unsubscribe="https://news.example/leave?k=1"))
        world.raise_alerts(WORDS[0])
        assert world.deliver().failures == []
        (got,) = post.mails
        assert got["Subject"] == "Irena Valek: “No deal yet.” (via The Harbour Herald)"
        assert (got["X-To"], got["From"]) == (ADDRESS, "Parley <alerts@news.example>")
        assert got["List-ID"] == "Parley alerts <harbour-talks.parley.news.example>"
        assert got["List-Unsubscribe"].startswith("<https://news.example/leave?k=1>, <mailto:")
        assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert got["References"].startswith("<statement.")
        assert got["Date"] == "Sat, 22 Nov 2025 12:00:00 +0000"
        text = got.get_body(("plain",)).get_content()
        html = got.get_body(("html",)).get_content()
        for part in (text, html):
            assert "“No deal yet.”" in part
            assert "names the ceasefire" in part
            sent = "Sent by Parley on 22 Nov 2025, 12:00 UTC for the subscription desk."
            assert sent in " ".join(part.split())
        assert max(map(len, text.splitlines())) <= 80

    def test_a_mail_that_comes_twice_has_one_id(self, world: World, post: MailReceiver) -> None:
        post.reply = "451 later"
        world.subscribe(mail())
        world.raise_alerts(WORDS[0])
        (failure,) = world.deliver().failures
        assert failure.startswith("desk (mailto): mail server: code 451; attempt 2")
        assert "secret" not in failure
        with closing(world.archive()) as archive:
            (delivery,) = archive.ledger.all()
        assert "secret" not in repr(delivery)
        post.reply = "250 OK"
        world.later(301)
        world.deliver()
        (got,) = post.mails
        assert got["Message-ID"] == f"<{delivery.message}@news.example>"

    def test_a_server_that_is_away_names_no_address(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PARLEY_SMTP_URL", "smtp://user:s3cret@127.0.0.1:9")
        world.subscribe(mail())
        world.raise_alerts(WORDS[0])
        (failure,) = world.deliver().failures
        assert "desk (mailto): mail server: ConnectionRefusedError" in failure
        assert "s3cret" not in failure + repr(world.config())


class TestWhenAndWhat:
    def test_two_subscriptions_of_one_address_get_one_mail_that_names_both(
        self, world: World, post: MailReceiver
    ) -> None:
        world.subscribe(mail(), mail(name="valek-list", only={"speakers": ["I. Valek"]}))
        world.raise_alerts(WORDS[0])
        world.deliver()
        (got,) = post.mails
        text = got.get_body(("plain",)).get_content()
        assert text.splitlines()[-1].endswith(" UTC for the subscriptions desk and valek-list.")

    def test_a_digest_is_one_mail_at_its_time(self, world: World, post: MailReceiver) -> None:
        world.subscribe(mail(digest={"every": "day", "at": "07:00", "tz": "Europe/Kyiv"}))
        with closing(world.archive()) as archive:
            listed = [entry(slug) for slug in ("a", "b")]
            archive.feeds.record_poll(poll(*listed, *(entry(f"talks-{n}") for n in range(4))))
            away = Feed("https://bay.example/feed", "Quiet Bay")
            archive.feeds.record_poll(
                FeedPoll(away, "failed", NOON, FeedState(away.url, failures=1), reason="timeout")
            )
            still = Feed("https://creek.example/feed", "Still Creek")
            long_ago = FeedState(still.url, new_at=NOON - 40 * 86400)
            archive.feeds.record_poll(FeedPoll(still, "unchanged", NOON, long_ago))
            for slug in ("a", "b"):
                archive.dossiers.store_skip(skip(slug, "gated"))
        world.raise_alerts(*WORDS)
        assert world.deliver() == Delivered()
        world.now = Instant.from_rfc3339("2025-11-23T05:00:00Z")
        assert world.deliver().sent == 4
        (got,) = post.mails
        assert got["Subject"] == "4 new alerts: Irena Valek"
        text = got.get_body(("plain",)).get_content()
        assert text.startswith("4 alerts on 4 articles since the last digest.")
        assert [text.count(words) for words in WORDS] == [2] * 4  # in the contents, and below
        flat = " ".join(text.split())
        assert (
            "Since 22 Nov 2025, 05:00 UTC: 6 entries of 3 feeds looked at, 4 read; "
            "not read: 2 gated; 1 feed failing: Quiet Bay; 1 feed silent: Still Creek." in flat
        )

    def test_a_burst_is_one_mail(self, world: World, post: MailReceiver) -> None:
        world.subscribe(mail(group="5m"))
        world.raise_alerts(WORDS[0])
        world.deliver()
        world.later(200)
        world.raise_alerts(*WORDS[1:], slug="more")
        world.deliver()
        assert post.mails == []
        world.later(100)
        assert world.deliver().sent == 4
        assert len(post.mails) == 1

    def test_quiet_hours_hold_delivery(self, world: World, post: MailReceiver) -> None:
        world.subscribe(mail(quiet={"from": "11:00", "to": "13:00"}))
        world.raise_alerts(*WORDS[:2])
        assert world.deliver() == Delivered()
        world.later(3600)
        world.deliver()
        (got,) = post.mails
        assert got["Subject"] == "2 new alerts: Irena Valek"

    def test_past_the_budget_the_rest_comes_the_next_day_and_says_so(
        self, world: World, post: MailReceiver
    ) -> None:
        world.subscribe(mail(budget=2))
        world.raise_alerts(*WORDS)
        assert world.deliver().sent == 2
        assert world.deliver() == Delivered()
        world.later(12 * 3600)
        assert world.deliver().sent == 2
        text = post.mails[2].get_body(("plain",)).get_content()
        assert text.startswith("2 alerts beyond the 2 messages a day that you asked for at most.")

    def test_a_withdrawal_spends_no_budget(self, world: World, post: MailReceiver) -> None:
        world.subscribe(mail(budget=2))
        world.raise_alerts(WORDS[0])
        world.deliver()
        with closing(world.archive()) as archive:
            (alert,) = archive.alerts.all()
            back = withdraw(alert, [alert], AlertReason("wrong", "wrong"), world.now)
            archive.alerts.record([back])
        world.deliver()
        world.raise_alerts(WORDS[1], slug="more")
        assert world.deliver().sent == 1
        assert [m["Subject"].split(":")[0] for m in post.mails] == [
            "Irena Valek", "Withdrawn", "Irena Valek",
        ]  # fmt: skip
        assert post.mails[0]["References"] == post.mails[1]["References"]

    def test_an_address_whose_host_is_written_in_capitals_is_the_same(
        self, world: World, post: MailReceiver
    ) -> None:
        world.subscribe(mail(), mail(name="too", to="mailto:ann.secret@EXAMPLE.org"))
        world.raise_alerts(WORDS[0])
        world.deliver()
        assert len(post.mails) == 1

    def test_what_is_not_asked_for_is_not_sent(
        self, world: World, receiver: HttpReceiver, post: MailReceiver
    ) -> None:
        world.subscribe(
            hook(receiver, mute={"speakers": ["Irena Valek"]}),
            mail(only={"topics": ["ceasefire"], "scope": "article"}),
            {"name": "feed", "to": "jsonfeed:feed.json", "only": {"publishers": ["Nobody"]}},
        )
        world.raise_alerts(WORDS[0])
        world.deliver()
        assert (len(receiver.ids), len(post.mails)) == (0, 1)
        assert json.loads(Path("feed.json").read_text("utf8"))["items"] == []

    def test_subscriptions_may_stand_in_a_file_of_their_own(
        self, world: World, receiver: HttpReceiver
    ) -> None:
        world.subscribe()
        other = hook(receiver, name="no", watches=["other"])
        people = {"version": 1, "subscriptions": [hook(receiver, watches=[WATCH]), other]}
        Path("people.yaml").write_text(yaml.safe_dump(people), encoding="utf8")
        ids = world.raise_alerts(*WORDS)
        world.deliver(subscriptions_file="people.yaml")
        assert receiver.ids == ids

    def test_a_name_that_the_watch_has_taken_is_a_mistake(
        self, world: World, receiver: HttpReceiver
    ) -> None:
        world.subscribe(hook(receiver, name="desk"))
        people = {"version": 1, "subscriptions": [mail(name="desk", watches=[WATCH])]}
        Path("people.yaml").write_text(yaml.safe_dump(people), encoding="utf8")
        with pytest.raises(ConfigurationError, match="'desk': its watch has one of that name"):
            world.config(subscriptions_file="people.yaml")

    def test_a_mistake_in_that_file_is_told_with_its_line(self, world: World) -> None:
        world.subscribe()
        Path("people.yaml").write_text(
            "version: 1\nsubscriptions:\n- {name: a, to: terminal, only: {topics: [ceasefires]}}\n"
        )
        with pytest.raises(ConfigurationError) as caught:
            world.config(subscriptions_file="people.yaml")
        (line,) = caught.value.mistakes
        assert line.startswith("people.yaml:3: subscriptions[0].only.topics[0]: 'ceasefires' is")
        assert "did you mean 'ceasefire'?" in line


class TestSilence:
    def speak_daily(self, world: World, days: int = 6) -> None:
        """The watch speaks once a day, and then no more."""
        for day in range(days):
            world.raise_alerts(f"Day {day} brings no deal.", slug=f"day-{day}")
            world.deliver()
            world.later(24 * 3600)

    def test_a_silence_out_of_the_watch_s_rhythm_is_said_once(
        self, world: World, post: MailReceiver
    ) -> None:
        world.subscribe(mail())
        self.speak_daily(world)
        assert world.deliver() == Delivered()
        assert len(post.mails) == 6
        world.later(13 * 3600)
        for _ in range(2):
            done = world.deliver()
            assert (done.sent, done.failures) == (0, [])
            world.later(24 * 3600)
        *_, notice = post.mails
        assert len(post.mails) == 7
        assert notice["Subject"] == "Silent: Harbour talks"
        assert notice["List-ID"] == "Parley alerts <harbour-talks.parley.news.example>"
        flat = " ".join(notice.get_body(("plain",)).get_content().split())
        assert flat.startswith(
            "Harbour talks: no alert for 37 h, since 27 Nov 2025, 12:00 UTC. Before, it was "
            "never silent for more than 24 h. Since 27 Nov 2025, 12:00 UTC: 0 entries of"
        )
        world.raise_alerts("It speaks again.", slug="again")
        world.deliver()
        world.later(6 * 24 * 3600)
        world.deliver()
        assert [m["Subject"] for m in post.mails[7:]] == [
            "Irena Valek: “It speaks again.” (via The Harbour Herald)",
            "Silent: Harbour talks",
        ]

    def test_it_reaches_programs_and_feeds_too(
        self, world: World, receiver: HttpReceiver, desk: Any
    ) -> None:
        topic = desk.topic()
        reader = desk.subscription(topic)
        files = [
            {"name": kind, "to": f"{kind}:{kind}.txt"} for kind in ("atom", "jsonfeed", "jsonl")
        ]
        world.subscribe(hook(receiver), {"name": "platform", "to": topic}, *files)
        self.speak_daily(world)
        world.later(13 * 3600)
        for _ in range(2):
            assert world.deliver().failures == []
        event = receiver.events[-1]
        assert len(receiver.events) == 7
        schema = json.loads((ROOT / "schemas" / "notice.schema.json").read_text(encoding="utf8"))
        jsonschema.Draft202012Validator(schema).validate(event)
        assert receiver.ids[-1] == event["id"]
        assert Path("jsonl.txt").read_text("utf8").count('"parley.watch.silent"') == 1
        entry = feedparser.parse("atom.txt").entries[0]
        item = json.loads(Path("jsonfeed.txt").read_text("utf8"))["items"][0]
        assert entry.id == item["id"] == f"urn:parley:notice:{event['id']}"
        assert entry.title == "Silent: Harbour talks"
        assert item["_parley"]["events"] == [event]
        silent = [m for m in desk.take_all(reader) if m.attributes["type"] == event["type"]]
        assert [json.loads(message.data) for message in silent] == [event]

    def test_it_is_tried_again_by_the_plan_under_one_id(
        self, world: World, receiver: HttpReceiver
    ) -> None:
        world.subscribe(hook(receiver))
        self.speak_daily(world)
        receiver.answers = [(503, {})]
        world.later(13 * 3600)
        (failure,) = world.deliver().failures
        assert "newsroom (webhook): status 503; attempt 2, next try" in failure
        receiver.answers = [(200, {})]
        assert world.deliver() == Delivered()
        world.later(301)
        assert world.deliver().failures == []
        assert len(set(receiver.ids[6:])) == 1
        assert world.statuses() == ["sent"] * 7

    def test_who_sleeps_is_told_later_and_not_once_it_speaks_again(
        self, world: World, post: MailReceiver
    ) -> None:
        world.subscribe(mail(quiet={"from": "13:00", "to": "11:00"}))
        self.speak_daily(world)
        world.later(13 * 3600)  # one in the night
        world.deliver()
        assert len(post.mails) == 6
        world.raise_alerts("It speaks again.", slug="again")
        world.later(11 * 3600)
        world.deliver()
        assert [m["Subject"].partition(":")[0] for m in post.mails[6:]] == ["Irena Valek"]
        assert world.statuses().count("dropped") == 1


class TestFiles:
    def test_a_json_feed_shows_the_latest_with_their_events(self, world: World) -> None:
        world.subscribe({"name": "feed", "to": "jsonfeed:feed.json"})
        ids = world.raise_alerts(*WORDS[:2])
        world.deliver()
        feed = json.loads(Path("feed.json").read_text("utf8"))
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["title"] == "Parley: Harbour talks"
        events = [e["id"] for item in feed["items"] for e in item["_parley"]["events"]]
        assert sorted(events) == sorted(ids)
        for item in feed["items"]:
            assert item["url"].startswith("https://herald.example/talks-")
            assert {"id", "title", "content_html", "date_published"} <= item.keys()

    def test_a_file_that_cannot_be_written_is_tried_again_by_the_next_run(
        self, world: World
    ) -> None:
        folder = Path("out")
        world.subscribe({"name": "log", "to": "jsonl:out/log.jsonl"})
        world.raise_alerts(*WORDS)
        folder.mkdir()
        (folder / "log.jsonl").symlink_to("nowhere/log.jsonl")
        (failure,) = world.deliver().failures
        assert failure == "log (jsonl): No such file or directory"
        assert world.statuses() == ["failed"] * 4
        (folder / "log.jsonl").unlink()
        assert world.deliver().sent == 4
        assert len((folder / "log.jsonl").read_text("utf8").splitlines()) == 4


class TestHindrances:
    """What one channel lacks is told before the work, and keeps back nothing of the others."""

    def test_each_is_told_with_its_subscription_and_remedy(self, world: World) -> None:
        world.subscribe(
            {"name": "page", "to": "atom:out/alerts.xml"},
            {"name": "signed", "to": "webhook:https://desk.example.org/", "secret": "${HOOK}"},
            {"name": "chat", "to": "${CHAT}", "digest": {"at": "07:00"}},
            mail(),
            {"name": "log", "to": "jsonl:log.jsonl"},
        )
        assert list(channel_problems(world.config())) == [
            "page (atom): there is no folder out; make it first: mkdir -p out",
            "signed (webhook): environment variable HOOK is not set; export it and run again",
            "chat (unset): environment variable CHAT is not set; export it and run again",
            "desk (mailto): environment variable PARLEY_SMTP_URL is not set; write smtp://HOST:25, "
            "or smtps://USER:PASSWORD@HOST:465 (STARTTLS: smtp+starttls://); and in "
            "PARLEY_MAIL_FROM, who sends",
        ]
        assert list(channel_problems(world.config(deliver=False))) == []

    @pytest.mark.parametrize("unset", ["to", "secret"])
    def test_what_it_is_owed_waits_until_its_variable_is_set(
        self,
        world: World,
        receiver: HttpReceiver,
        monkeypatch: pytest.MonkeyPatch,
        unset: str,
    ) -> None:
        late = {**hook(receiver), unset: "${LATE}"}
        world.subscribe(late, {"name": "log", "to": "jsonl:log.jsonl"})
        ids = world.raise_alerts(*WORDS[:2])
        for _ in range(12):  # more than the attempts that a message has
            done = world.deliver()
            world.later(86400)
        assert len(Path("log.jsonl").read_text("utf8").splitlines()) == 2
        (failure,) = done.failures
        assert "newsroom (" in failure
        assert "variable LATE is not set" in failure
        assert "2 deliveries kept" in failure
        ids += world.raise_alerts(WORDS[2], slug="more")
        monkeypatch.setenv("LATE", NEW_SECRET if unset == "secret" else f"webhook:{receiver.url}")
        assert world.deliver().failures == []
        assert receiver.ids == ids
        assert world.statuses() == ["sent"] * 6

    def test_it_goes_where_it_was_not_sent_already(
        self, world: World, receiver: HttpReceiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world.subscribe({"name": "late", "to": "${LATE}"}, hook(receiver))
        ids = world.raise_alerts(*WORDS[:2])
        world.deliver()
        monkeypatch.setenv("LATE", f"webhook:{receiver.url}")
        world.deliver()
        assert receiver.ids == ids
        assert world.statuses() == ["sent"] * 2

    def test_what_waits_for_its_digest_tells_no_hindrance_that_is_gone(
        self, world: World, post: MailReceiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world.subscribe(mail(digest={"every": "day", "at": "07:00"}))
        world.raise_alerts(*WORDS[:2])
        world.deliver()
        server = os.environ["PARLEY_SMTP_URL"]
        monkeypatch.delenv("PARLEY_SMTP_URL")
        world.deliver()
        assert all("PARLEY_SMTP_URL is not set" in each.error for each in world.ledger())
        monkeypatch.setenv("PARLEY_SMTP_URL", server)
        world.deliver()
        assert [each.error for each in world.ledger()] == ["", ""]

    @pytest.mark.parametrize("kind", ["atom", "jsonfeed", "jsonl"])
    def test_a_folder_that_is_missing_costs_no_attempts(
        self, world: World, parley: Any, kind: str
    ) -> None:
        world.subscribe({"name": "page", "to": f"{kind}:out/alerts"})
        assert world.deliver().failures == []  # nothing is owed
        world.raise_alerts(*WORDS[:2])
        why = "there is no folder out; make it first: mkdir -p out"
        for _ in range(2):
            assert world.deliver().failures == [f"page ({kind}): {why}; 2 deliveries kept for it"]
        assert {(each.status, each.attempts) for each in world.ledger()} == {("pending", 0)}
        listed = parley("deliver", "--list", "--archive", world.url).out.splitlines()
        assert listed == [
            f"page ({kind}:out/alerts): 2 pending",
            "  waits to be sent by the next run or deliver",
            f"  last error: {why}",
        ]
        Path("out").mkdir()
        assert world.deliver().sent == 2
        assert {each.error for each in world.ledger()} == {""}

    def test_a_run_and_a_check_tell_it_first(self, world: World, parley: Any) -> None:
        told = "desk (mailto): environment variable PARLEY_SMTP_URL is not set"
        world.subscribe(mail())
        checked = parley("check", "watch.yaml")
        assert checked.status == 1
        assert f"nothing can be sent to {told}" in checked.out
        Path("page.txt").write_text("Nothing is said.", encoding="utf8")
        done = parley("run", "watch.yaml", "--input", "page.txt", "--archive", world.url)
        assert done.status == 0  # nothing is owed
        assert done.err.startswith(f"warning: {told}")


class TestApprise:
    def json_url(self, receiver: HttpReceiver) -> dict[str, Any]:
        return {"name": "chat", "to": f"apprise:json://127.0.0.1:{receiver.port}/s3cret"}

    def test_a_service_gets_one_call_a_message(self, world: World, receiver: HttpReceiver) -> None:
        world.subscribe(self.json_url(receiver))
        world.raise_alerts(*WORDS[:2])
        assert world.deliver().sent == 2
        titles = [event["title"] for event in receiver.events]
        assert titles == [
            "Irena Valek: “No deal yet.” (via The Harbour Herald)",
            "Irena Valek: “Wait for spring.” (via The Harbour Herald)",
        ]
        assert "<blockquote>" in receiver.events[0]["message"]

    def test_private_addresses_are_refused(self, world: World, receiver: HttpReceiver) -> None:
        world.allow = []
        world.subscribe(self.json_url(receiver))
        world.raise_alerts(WORDS[0])
        (failure,) = world.deliver().failures
        assert failure.startswith("chat (apprise): the service did not take it")
        assert "s3cret" not in failure
        assert receiver.requests == []

    def test_a_failure_is_tried_again(self, world: World, receiver: HttpReceiver) -> None:
        receiver.answers = [(500, {}), (200, {})]
        world.subscribe(self.json_url(receiver))
        world.raise_alerts(WORDS[0])
        assert world.deliver().sent == 1
        assert len(receiver.requests) == 2

    def test_an_address_of_no_service_is_told_and_not_shown(self, world: World) -> None:
        world.subscribe({"name": "chat", "to": "apprise:slack://s3cret"})
        (line,) = channel_problems(world.config())
        assert line.startswith("chat (apprise): a subscription's address is of no service that")
        assert "s3cret" not in line

    def test_a_slack_message_is_escaped_in_its_dialect(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sent: list[str] = []

        def take(*_: Any, **options: Any) -> Any:
            sent.append(options["data"])
            return SimpleNamespace(status_code=200, content=b"ok", text="ok", headers={})

        monkeypatch.setattr("requests.request", take)
        messenger = AppriseMessenger("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")
        hostile = alerts.alert(
            statements=[
                dataclasses.replace(alerts.GUARANTEE, text="<!channel> *no* @everyone <https://x.example|y>")
            ]
        )  # fmt: skip
        messenger.send(Message("m", "bundle", [alerts.bundle(hostile)], ["chat"]))
        (attachment,) = json.loads(sent[0])["attachments"]
        for part in (attachment["title"], attachment["text"]):
            assert "<!channel>" not in part
            assert "&lt;\u2060!channel&gt;" in part
            assert "@everyone" not in part
            assert "<https://x.example" not in part
        assert "\\*no\\*" in attachment["text"]

    @pytest.mark.parametrize(
        "url",
        ["discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV", "mmost://chat.example/3ccdd1134747"],
    )
    def test_no_article_calls_people_or_hides_a_link(
        self, monkeypatch: pytest.MonkeyPatch, url: str
    ) -> None:
        sent: list[str] = []

        def take(*_: Any, **options: Any) -> Any:
            sent.append(options["data"])
            return SimpleNamespace(status_code=200, content=b"ok", text="ok", headers={})

        for name in ("request", "post"):
            monkeypatch.setattr(f"requests.{name}", take)
        text = "<@123456> <@&98> @here [bank](https://evil.example) <https://evil.example|bank> "
        text += "<MAILTO:a@evil.example|us>"
        hostile = alerts.alert(statements=[dataclasses.replace(alerts.GUARANTEE, text=text)])
        messenger = AppriseMessenger(url, allow_hosts=["chat.example"])
        messenger.send(Message("m", "bundle", [alerts.bundle(hostile)], ["chat"]))
        said = "".join(json.dumps(json.loads(each), ensure_ascii=False) for each in sent)
        for harmful in ("<@1", "<@&", "@here", "](https://evil", "<https://evil", "<MAILTO:"):
            assert harmful not in said
        assert alerts.URL in said  # and the source can be followed


class TestSeveralProcesses:
    def test_two_that_deliver_at_once_send_nothing_twice(
        self, world: World, receiver: HttpReceiver
    ) -> None:
        world.subscribe(hook(receiver), {"name": "log", "to": "jsonl:log.jsonl"})
        ids = world.raise_alerts(*(f"Number {n} is on the table." for n in range(30)))
        config = world.config()

        def work(_: int) -> None:
            with closing(open_archive(world.url)) as archive:
                deliver_due(archive, config, world.sending())

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(work, range(2)))
        world.deliver()
        assert receiver.ids == ids
        logged = Path("log.jsonl").read_text("utf8").splitlines()
        assert sorted(json.loads(line)["id"] for line in logged) == sorted(ids)

    @pytest.mark.slow
    def test_killed_twenty_times_each_alert_arrives_once_by_its_id(
        self, world: World, receiver: HttpReceiver
    ) -> None:
        world.subscribe(hook(receiver), {"name": "log", "to": "jsonl:log.jsonl"})
        ids = world.raise_alerts(*(f"Number {n} is on the table." for n in range(60)))
        script = ROOT / "tests" / "support" / "killed_deliveries.py"
        done = subprocess.run(
            [sys.executable, "-W", "ignore", script, "watch.yaml", world.url, "20"],
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        found = json.loads(done.stdout)
        assert found["died"] == 20
        assert found["statuses"] == ["sent"] * 120
        assert list(dict.fromkeys(receiver.ids)) == ids
        assert len(receiver.ids) - len(ids) <= 20  # those that were sent and not yet marked
        logged = Path("log.jsonl").read_text("utf8").splitlines()
        assert [json.loads(line)["id"] for line in logged] == ids


class TestCommandLine:
    def test_what_a_run_left_pending_is_sent_without_naming_the_watch(
        self, world: World, receiver: HttpReceiver, parley: Any
    ) -> None:
        receiver.answers = [(503, {"Retry-After": "60"})]
        world.now = Instant.now() - 100
        world.subscribe(hook(receiver))
        ids = world.raise_alerts(*WORDS)
        world.deliver()  # remembers where the watch stands
        receiver.answers, receiver.requests = [(200, {})], []
        done = parley("deliver", "--archive", world.url, "--allow-host", "127.0.0.1")
        assert (done.status, done.err) == (0, "4 alerts sent\n")
        assert receiver.ids == ids

    def test_failures_end_with_1_and_the_ledger_shows_them(
        self, world: World, receiver: HttpReceiver, parley: Any
    ) -> None:
        receiver.answers = [(410, {})]
        world.subscribe(hook(receiver))
        world.raise_alerts(*WORDS[:2])
        archive = ("--archive", world.url)
        done = parley("deliver", "watch.yaml", *archive, "--allow-host", "127.0.0.1")
        assert done.status == 1
        assert "not delivered: newsroom (webhook): status 410" in done.err
        listed = parley("deliver", "--list", "--json", *archive).out
        (row,) = [json.loads(line) for line in listed.splitlines()]
        assert row["subscriptions"] == ["newsroom"]
        assert (row["given_up"], row["sent"]) == (2, 0)
        assert "newsroom" in parley("deliver", "--list", *archive).out
        receiver.answers = [(200, {})]
        again = parley("deliver", "--retry", *archive, "--allow-host", "127.0.0.1")
        assert (again.status, again.err) == (0, "2 due again\n2 alerts sent\n")

    def test_the_ledger_says_when_each_goes_and_why(
        self, world: World, receiver: HttpReceiver, post: MailReceiver, parley: Any
    ) -> None:
        receiver.answers = [(429, {"Retry-After": "120"})]
        others = {
            "name": "night",
            "to": "mailto:ben@example.org",
            "quiet": {"from": "10:00", "to": "18:00"},
        }
        some = {"name": "few", "to": "mailto:cat@example.org", "budget": 1}
        world.subscribe(hook(receiver), mail(digest={"every": "day", "at": "07:00"}), others, some)
        world.raise_alerts(*WORDS[:2])
        world.deliver()
        archive = ("--archive", world.url)
        listed = [
            json.loads(line)
            for line in parley("deliver", "--list", "--json", *archive).out.splitlines()
        ]
        assert {
            row["subscriptions"][0]: (row["waits_for"], row["next_try_at"]) for row in listed
        } == {
            "newsroom": ("retry", "2025-11-22T12:02:00Z"),
            "desk": ("digest", "2025-11-23T07:00:00Z"),
            "night": ("quiet", "2025-11-22T18:00:00Z"),
            "few": ("budget", "2025-11-23T00:00:00Z"),
        }
        world.subscribe(hook(receiver))
        world.raise_alerts(WORDS[2], slug="more")
        shown = parley("deliver", "--list", *archive).out
        assert "desk (mailto): 2 pending\n  waits in vain: no subscription leads there" in shown
        assert (
            "newsroom (webhook): 1 pending, 1 failed\n  next 22 Nov 2025, 12:02 UTC, waits to be"
            in shown
        )
        assert "1 alert not sent anywhere yet: `parley deliver`" in shown

    def test_no_channel_waits_in_vain_for_all_that_is_known_where_a_variable_is_not_set(
        self,
        world: World,
        receiver: HttpReceiver,
        monkeypatch: pytest.MonkeyPatch,
        parley: Any,
    ) -> None:
        receiver.answers = [(503, {})]
        monkeypatch.setenv("HOOK", f"webhook:{receiver.url}")
        world.subscribe({**hook(receiver), "to": "${HOOK}"})
        world.raise_alerts(WORDS[0])
        world.deliver()
        monkeypatch.delenv("HOOK")
        (line,) = parley("deliver", "--list", "--json", "--archive", world.url).out.splitlines()
        assert json.loads(line)["waits_for"] == "retry"

    def test_what_a_run_writes_by_out_is_no_subscription(self, world: World, parley: Any) -> None:
        world.subscribe({"name": "log", "to": "jsonl:log.jsonl"})
        with closing(open_archive(world.url, channels={WATCH: ("out",)})) as archive:
            archive.dossiers.store_dossier(dossier("talks", WORDS[0]))
        world.deliver()
        listed = parley("deliver", "--list", "--archive", world.url).out
        assert listed == "log (jsonl:log.jsonl): 1 sent\n"

    def test_an_archive_that_knows_no_watch_asks_for_it(self, world: World, parley: Any) -> None:
        world.raise_alerts(WORDS[0])
        done = parley("deliver", "--archive", world.url)
        assert done.status == 2
        assert "deliver: this archive remembers no watch; name it: parley deliver WATCH" in done.err
