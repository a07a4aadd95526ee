"""`parley follow`: batch after batch, and what lies between them."""

import dataclasses
import json
import logging
import os
import signal
from contextlib import closing

import pytest

from connectors.archive import open_archive
from connectors.archive.corrections import Repair
from connectors.archive.database import ArchiveError, Database
from connectors.archive.entries import Entries
from connectors.pubsub.addresses import read_pubsub_path
from connectors.pubsub.subscriber import Subscriber
from pipelines.jobs import follow as following
from pipelines.jobs import reading
from pipelines.jobs.follow import Following, follow_feeds
from pipelines.jobs.stopping import Stopping, until_stopped
from pipelines.services.deliver import deliver_due
from pipelines.services.outbox import Sending
from pipelines.settings.run_config import MonitorConfig
from pipelines.telemetry.counters import Counted
from pipelines.telemetry.prometheus import Exporter
from schemas.base import Instant
from schemas.correction import Correction
from schemas.errors import QueueError
from support import alerts
from support.dossiers import NOON, case, dossier, poll
from support.pubsub import Desk, Server, given_host
from support.receivers import http_receiver, mail_receiver
from support.river_desk import garden, talk, write_watch


class Turns:
    """Asks to stop once enough was done; waits for nothing."""

    def __init__(self, enough):
        self.enough = enough
        self.waits = []

    @property
    def is_asked(self):
        return self.enough()

    def wait(self, seconds):
        self.waits.append(seconds)
        assert len(self.waits) < 40, "it should have been enough by now"


class World:
    def __init__(self, folder):
        self.folder = folder
        self.archive_url = f"sqlite:///{folder}/archive.db"
        self.exporter = Exporter()
        self.log = folder / "log.jsonl"
        self.watch = write_watch(folder, {"name": "log", "to": f"jsonl:{self.log}"})
        self.allow_hosts = ()

    def load(self):
        return MonitorConfig.from_options(
            [str(self.watch)],
            archive=self.archive_url,
            allow_hosts=self.allow_hosts,
            shows_terminal=False,
        )

    def follow(self, source="", *, enough, load=None):
        path = read_pubsub_path(source, "subscriptions") if source else ""
        turns = Turns(enough)
        follow_feeds(Following(load or self.load, 60, path), self.exporter, turns)
        return turns

    def counters(self):
        return self.exporter.counters

    def logged(self):
        if not self.log.exists():
            return []
        return [json.loads(line)["id"] for line in self.log.read_text("utf8").splitlines()]

    def archive(self):
        return closing(open_archive(self.archive_url))


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return World(tmp_path)


@pytest.fixture
def lines(monkeypatch, caplog):
    caplog.set_level(logging.INFO, "parley")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "parley"]


class TestSilence:
    def test_it_is_told_though_nothing_is_owed(self, world, monkeypatch):
        with world.archive() as archive:
            for day in range(7):
                at = Instant.now() - (10 - day) * 86400
                raised = alerts.alert(id=f"a{day}", watch="river-talks", alerted_at=at)
                archive.alerts.record([raised])
            deliver_due(archive, world.load(), Sending(now=lambda: at))
            assert not archive.ledger.is_pending(["river-talks"])
        assert len(world.logged()) == 7
        monkeypatch.setattr(following, "read_feeds", lambda *_, **__: Counted())
        world.follow(enough=lambda: len(world.logged()) > 7)
        event = json.loads(world.log.read_text("utf8").splitlines()[-1])
        assert (event["type"], event["subject"]) == ("parley.watch.silent", "river-talks")


class TestBetweenBatches:
    """No batch is read; the clock moves ten minutes a turn."""

    @pytest.fixture(autouse=True)
    def clock(self, monkeypatch):
        self.now = NOON

        def sending(sleep):
            return Sending(now=lambda: self.now, sleep=sleep)

        monkeypatch.setattr(following, "Sending", sending)
        monkeypatch.setattr(following, "CHECK_SECONDS", 0.0)
        monkeypatch.setattr(following, "read_feeds", lambda *_, **__: Counted())

    def follow(self, world, enough):
        def tick():
            self.now += 600
            return enough()

        world.follow(enough=tick)

    def owe(self, world):
        with world.archive() as archive:
            archive.alerts.record([alerts.alert(id="a1", watch="river-talks", alerted_at=self.now)])

    def test_a_receiver_that_was_down_gets_it_when_its_retry_is_due(self, world):
        with http_receiver() as receiver:
            receiver.answers = [(503, {}), (503, {}), (503, {}), (204, {})]
            to = {"name": "desk", "to": f"webhook:{receiver.url}"}
            world.watch = write_watch(world.folder, to)
            world.allow_hosts = ("127.0.0.1",)
            self.owe(world)
            self.follow(world, lambda: len(receiver.requests) == 4)
        assert receiver.ids == ["a1"] * 4
        assert self.now - NOON < 5400, (
            "5 s, 5 and 30 min, each a little later, at turns of ten minutes"
        )

    def test_a_digest_goes_at_its_hour(self, world, monkeypatch):
        monkeypatch.setenv("PARLEY_MAIL_FROM", "Parley <parley@example.org>")
        with mail_receiver() as (receiver, url):
            monkeypatch.setenv("PARLEY_SMTP_URL", url)
            to = {"name": "list", "to": "mailto:list@example.org"}
            digest = {"every": "day", "at": "15:00", "tz": "UTC"}
            world.watch = write_watch(world.folder, {**to, "digest": digest})
            world.allow_hosts = ("127.0.0.1",)
            self.owe(world)
            self.follow(world, lambda: bool(receiver.mails))
        assert len(receiver.mails) == 1
        assert 3 * 3600 <= (self.now - NOON) < 4 * 3600


class TestLeftByADeadProcess:
    def test_it_is_made_up_for_though_nothing_is_owed(self, world, monkeypatch, lines):
        cases = world.folder / "cases.jsonl"
        with world.archive() as archive:
            (raised,) = archive.dossiers.store_dossier(dossier("talks", "No deal yet."))
            target, *_ = world.load().targets()
            archive.routing.route([raised.watch], lambda *_: {target.channel: ["desk"]}, NOON)
            archive.ledger.close_channel(target.channel, "status 410", NOON)
            said = Correction("c1", raised.id, "wrong", NOON)
            archive.corrections.record(said, [], Repair(), case(raised), str(cases))
            assert not archive.ledger.is_pending(["river-talks"])
        monkeypatch.setattr(following, "read_feeds", lambda *_, **__: Counted())
        world.follow(enough=lambda: world.counters().get("deliveries_failed", 0) > 0)
        assert "status 410; 1 delivery given up" in " ".join(lines())
        assert len(cases.read_text("utf8").splitlines()) == 1


class TestMessages:
    @pytest.fixture(autouse=True)
    def queue(self, desk):
        self.topic = desk.topic()
        self.source = desk.subscription(self.topic)
        self.desk = desk

    def read(self, world, count):
        return world.follow(
            self.source, enough=lambda: world.counters().get("messages_read", 0) >= count
        )

    def test_they_are_read_alerted_and_acknowledged(self, world):
        self.desk.publish(self.topic, [talk(0), garden(1), b"junk", talk(2)])
        self.read(world, 4)
        assert len(set(world.logged())) == len(world.logged()) == 2
        assert self.desk.take_all(self.source) == []
        with world.archive() as archive:
            assert [letter.reason for letter in archive.dead_letters.all()] == ["bad_message"]
            assert archive.entries.counts() == {("read", ""): 2, ("skipped", "no_watch_terms"): 1}
            (run,) = archive.runs.all()
            assert run.summary["counters"]["alerts_raised"] == 2

    def test_what_comes_again_alerts_nothing(self, world):
        for _ in range(2):
            self.desk.publish(self.topic, [talk(0), talk(2)])
            world.exporter = Exporter()
            self.read(world, 2)
        assert len(world.logged()) == 2
        assert world.counters()["outcome_already_read"] == 2

    def test_a_failed_batch_is_told_and_comes_again(self, world, lines, monkeypatch):
        whole, calls = reading.read_queue, []

        def fails_once(*given):
            calls.append(given)
            if len(calls) == 1:
                raise ArchiveError("sqlite:///x", "database is locked")
            return whole(*given)

        monkeypatch.setattr(reading, "read_queue", fails_once)
        self.desk.publish(self.topic, [talk(0)])
        turns = self.read(world, 1)
        assert len(world.logged()) == 1
        assert world.counters()["batch_errors"] == 1
        assert turns.waits[0] == 1
        assert any("database is locked" in line and "again in 1 s" in line for line in lines())
        assert self.desk.take_all(self.source) == []

    def test_what_was_pulled_is_released_when_the_archive_is_locked(self, world, monkeypatch):
        whole, calls = Entries.claim_left, []

        def fails_once(*given):
            calls.append(given)
            if len(calls) == 1:
                raise ArchiveError("sqlite:///x", "database is locked")
            return whole(*given)

        monkeypatch.setattr(Entries, "claim_left", fails_once)
        self.desk.publish(self.topic, [talk(0)])
        self.read(world, 1)
        assert len(calls) == 2  # what is left was asked for again at once
        assert len(world.logged()) == 1
        assert self.desk.take_all(self.source) == []

    def test_a_server_that_fails_a_later_pull_costs_nothing(self, world, monkeypatch):
        whole, waits = Subscriber.pull, []

        def blinks(queue, limit, wait_seconds):
            waits.append(wait_seconds)
            if len(waits) == 2:
                raise QueueError("reader", "ServiceUnavailable: a blip")
            return whole(queue, limit, wait_seconds)

        monkeypatch.setattr(Subscriber, "pull", blinks)
        self.desk.publish(self.topic, [talk(0)])
        self.read(world, 1)
        assert waits[1] < waits[0]
        assert len(world.logged()) == 1
        assert world.counters().get("batch_errors", 0) == 0
        assert self.desk.take_all(self.source) == []

    def test_a_queue_that_is_away_is_waited_for_ever_longer(self, world, lines):
        nowhere = self.source.replace("reader", "nowhere")
        turns = world.follow(nowhere, enough=lambda: world.counters()["batch_errors"] == 8)
        assert turns.waits == [1, 2, 4, 8, 16, 32, 60, 60]
        assert any("nowhere: NotFound" in line for line in lines())

    def test_an_address_is_fetched_and_tried_again_when_its_time_comes(self, world, monkeypatch):
        monkeypatch.chdir(world.folder)
        answers = world.folder / "answers"
        answers.mkdir()
        (answers / "responses.yaml").write_text("responses: []\n", encoding="utf8")

        def load():
            config = world.load()
            return dataclasses.replace(config, recorded=answers)

        self.desk.publish(self.topic, [b'{"url": "https://herald.example/late"}'])
        world.follow(
            self.source, load=load, enough=lambda: world.counters().get("messages_read", 0) >= 1
        )
        with world.archive() as archive:
            ((status, _),) = archive.entries.counts()
            assert status == "failed"
        assert self.desk.take_all(self.source) == []


def test_a_server_that_is_killed_and_comes_back_empty_is_gone_on_with(
    pubsub_host, world, monkeypatch
):
    if given_host() == pubsub_host:
        pytest.skip("the server in PUBSUB_EMULATOR_HOST is not ours to kill")
    servers = [Server()]
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", servers[0].host)
    desk = Desk(servers[0].host)
    topic = desk.topic()
    source = desk.subscription(topic)
    desk.publish(topic, [talk(0), talk(1)])

    def enough():
        read = world.counters().get("messages_read", 0)
        if read == 2 and len(servers) == 1:
            servers[0].kill()
            servers.append(Server(after=servers[0]))
            again = Desk(servers[1].host, desk.project)
            again.subscription(again.topic())
            again.publish(topic, [talk(0), talk(1), talk(2)])  # whoever published tells it anew
            again.close()
        return read >= 5

    world.follow(source, enough=enough)
    assert len(set(world.logged())) == len(world.logged()) == 3
    desk.close()
    servers[1].close()


class TestIdle:
    def test_nobody_who_writes_is_waited_for_while_nothing_is_due(self, world, monkeypatch):
        monkeypatch.setattr(following, "read_feeds", lambda *_, **__: Counted())
        monkeypatch.setattr(following, "CHECK_SECONDS", 0.0)
        looks, writes = [], []
        whole = Database.writing

        def writing(database):
            writes.append(database)
            return whole(database)

        def enough():
            looks.append(len(writes))
            monkeypatch.setattr(Database, "writing", writing)
            return len(looks) > 5

        world.follow(enough=enough)
        assert looks[-1] == 0


class TestHindrances:
    def test_what_lasts_is_told_once(self, world, monkeypatch, lines):
        write_watch(world.folder, {"name": "hook", "to": "${HOOK}"})
        with world.archive() as archive:
            archive.alerts.record([alerts.alert(watch="river-talks", alerted_at=Instant.now())])
        monkeypatch.setattr(following, "read_feeds", lambda *_, **__: Counted())
        monkeypatch.setattr(following, "CHECK_SECONDS", 0.0)
        failed = []

        def enough():
            failed.append(world.counters().get("deliveries_failed", 0))
            return len(failed) > 5

        world.follow(enough=enough)
        assert failed[-1] == 1
        told = [line for line in lines() if "hook (unset): environment variable HOOK" in line]
        assert [line.startswith("not delivered: ") for line in told] == [False, True]


class TestFiles:
    @pytest.fixture(autouse=True)
    def queue(self, desk):
        self.topic = desk.topic()
        self.source = desk.subscription(self.topic)
        self.desk = desk

    def test_subscriptions_are_read_anew_when_their_file_changes(self, world, lines):
        later = world.folder / "later.jsonl"
        self.desk.publish(self.topic, [talk(0)])

        def enough():
            read = world.counters().get("messages_read", 0)
            if read == 1 and not later.exists() and len(lines()) < 20:
                write_watch(world.folder, {"name": "later", "to": f"jsonl:{later}"})
                self.desk.publish(self.topic, [talk(1)])
            return read >= 2

        world.follow(self.source, enough=enough)
        assert len(world.logged()) == 1
        assert len(later.read_text("utf8").splitlines()) == 1
        assert "watches and subscriptions were read anew" in lines()

    def test_a_mistake_in_the_file_leaves_what_was(self, world, lines):
        self.desk.publish(self.topic, [talk(0)])

        def enough():
            read = world.counters().get("messages_read", 0)
            if read == 1 and "pigeon" not in world.watch.read_text("utf8"):
                write_watch(world.folder, {"name": "coop", "to": "pigeon:coop"})
                self.desk.publish(self.topic, [talk(1)])
            return read >= 2

        world.follow(self.source, enough=enough)
        assert len(world.logged()) == 2
        assert any("no known kind" in line and "stays in force" in line for line in lines())


class TestFeeds:
    def load(self):
        return MonitorConfig.from_options(
            ["sample"], archive="sqlite:///archive.db", recorded="sample", shows_terminal=False
        )

    def test_they_are_read_when_due_in_batches_of_a_size(self, world, monkeypatch, capfd):
        monkeypatch.setattr(following, "BATCH", 5)
        turns = world.follow(load=self.load, enough=lambda: world.counters()["batches"] == 3)
        assert world.counters()["entries_due"] == 12
        assert world.counters()["feeds_polled"] == 3
        assert turns.waits[:2] == [0, 0] or max(turns.waits[:2]) <= 0
        assert 0 < turns.waits[2] <= 60
        with world.archive() as archive:
            raised = archive.alerts.all()
        assert len(raised) == world.counters()["alerts_sent"] > 0
        shown = capfd.readouterr().out
        assert all(shown.count(f"alert {alert.id[:8]}") == 1 for alert in raised)

    def test_no_pipeline_is_built_when_nothing_is_due(self, world, monkeypatch):
        whole, built = reading.read_entries, []

        def read(*given):
            built.append(given)
            return whole(*given)

        monkeypatch.setattr(reading, "read_entries", read)
        enough = Turns(lambda: world.counters()["batches"] == 5)
        follow_feeds(Following(self.load, 0), world.exporter, enough)
        assert len(built) == 1
        counters = world.counters()
        assert counters["feeds_resting"] == 4 * counters["feeds_polled"] == 12

    def test_one_that_fails_is_named_when_it_begins_to(self, world, lines):
        (world.folder / "responses.yaml").write_text("responses: []\n", encoding="utf8")

        def load():
            return dataclasses.replace(self.load(), recorded=world.folder)

        enough = Turns(lambda: world.counters()["batches"] == 2)
        follow_feeds(Following(load, 0), world.exporter, enough)
        assert world.counters()["feeds_failed"] == 6
        told = [line for line in lines() if line.startswith("feed https://courier.example/")]
        assert told == [
            "feed https://courier.example/world/rss.xml: unreachable: no such response was recorded"
        ]

    def test_one_that_fails_again_is_named_again_though_another_fails_all_the_time(
        self, world, monkeypatch, lines
    ):
        config = self.load()
        urls = [feed.url for feed in config.feeds[:2]]
        rounds = iter(enumerate([urls, urls[:1], urls]))  # the feeds that fail

        def read(*_, **__):
            number, failing = next(rounds)
            with closing(open_archive(config.archive)) as archive:
                for url in urls:
                    why = "unreachable" if url in failing else None
                    status = "failed" if why else "unchanged"
                    at = NOON + 60 * number
                    archive.feeds.record_poll(poll(feed=url, status=status, reason=why, at=at))
            asked = len(failing) if failing == urls else 0  # what fails rests in between
            return Counted({"feeds_failing": len(failing), "feeds_failed": asked})

        monkeypatch.setattr(following, "read_feeds", read)
        enough = Turns(lambda: world.counters()["batches"] == 3)
        follow_feeds(Following(lambda: config, 0), world.exporter, enough)
        told = [line.split()[1] for line in lines() if line.startswith("feed http")]
        assert sorted(told) == sorted([f"{url}:" for url in [*urls, urls[1]]])


class TestStopping:
    def test_a_first_signal_is_noticed_and_a_second_does_what_it_did(self):
        heard = []
        before = signal.signal(signal.SIGTERM, lambda *_: heard.append("before"))
        try:
            with Stopping() as stopping:
                assert not stopping.is_asked
                os.kill(os.getpid(), signal.SIGTERM)
                stopping.wait(60)
                assert stopping.is_asked
                assert heard == []
                os.kill(os.getpid(), signal.SIGTERM)
                assert heard == ["before"]
        finally:
            signal.signal(signal.SIGTERM, before)

    def test_work_goes_on_after_an_error_nobody_foresaw(self, lines, caplog):
        done = []

        def work():
            done.append(len(done))
            if len(done) == 2:
                raise ZeroDivisionError("surprise")
            return 7.0

        turns = Turns(lambda: len(done) == 4)
        until_stopped(work, turns)
        assert turns.waits == [7.0, 1.0, 7.0, 7.0]
        (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
        assert record.exc_info
        assert "ZeroDivisionError: surprise" in record.getMessage()
