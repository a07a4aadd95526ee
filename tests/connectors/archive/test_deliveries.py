"""The ledger: owed once, put together once, held by one process at a time."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import Engine, event

from connectors.archive import Archive, open_archive
from connectors.archive.ledger import Claim
from schemas.base import Instant
from schemas.delivery import Deferral, Delivery, Draft, Notice
from support.dossiers import NOON, WATCH, after, dossier

CHANNEL = "webhook:1234"
WORDS = ("No deal yet.", "Wait for spring.", "Then see.")


def store(archive: Archive, *words: str) -> list[str]:
    stored = [dossier(f"talks-{said}", said) for said in words]
    return [alert.id for r in stored for alert in archive.dossiers.store_dossier(r)]


def route(archive: Archive, *channels: str, watches: Sequence[str] = (WATCH,)) -> int:
    return archive.routing.route(watches, lambda *_: {c: ["desk"] for c in channels}, NOON)


def one_each(loose: Sequence[Delivery]) -> tuple[list[Draft], list[Deferral]]:
    return [Draft(d.alert_id, "event", [d.alert_id]) for d in loose], []


def claim(owner: str, at: Instant = NOON, dead: tuple[str, ...] = ()) -> Claim:
    return Claim(owner, at, at + 60, dead)


@pytest.fixture
def ids(archive: Archive) -> list[str]:
    """Three alerts that are owed to the channel, a message each."""
    found = store(archive, *WORDS)
    route(archive, CHANNEL)
    archive.ledger.compose(CHANNEL, [WATCH], one_each)
    return found


def owed(archive: Archive) -> list[Delivery]:
    return [d for d in archive.ledger.all() if d.channel == CHANNEL]


def test_each_alert_is_routed_once_and_knows_who_asked(archive: Archive) -> None:
    (first,) = store(archive, WORDS[0])
    assert route(archive, CHANNEL, watches=["other"]) == 0
    assert route(archive, CHANNEL) == 1
    assert route(archive, CHANNEL, "webhook:later") == 0
    (delivery,) = owed(archive)
    assert (delivery.alert_id, delivery.subscriptions, delivery.status) == (
        first, ("desk",), "pending",
    )  # fmt: skip
    assert archive.ledger.waiting("webhook:later") == []


def test_the_router_sees_what_the_article_names(archive: Archive) -> None:
    store(archive, WORDS[0])
    seen = []
    archive.routing.route([WATCH], lambda alert, tags: seen.append(set(tags)) or {}, NOON)
    assert seen == [{"ceasefire"}]


def test_a_message_keeps_its_alerts(archive: Archive, ids: list[str]) -> None:
    more = store(archive, "Not before autumn.")
    route(archive, CHANNEL)
    composed: list[str] = []

    def compose(loose: Sequence[Delivery]) -> tuple[list[Draft], list[Deferral]]:
        composed.extend(d.alert_id for d in loose)
        return one_each(loose)

    archive.ledger.compose(CHANNEL, [WATCH], compose)
    assert composed == more
    assert [d.message for d in archive.ledger.waiting(CHANNEL)] == [*ids, *more]


def test_one_process_at_a_time(archive: Archive, ids: list[str]) -> None:
    ledger = archive.ledger
    ((bundle,), _) = ledger.claim_message(CHANNEL, ids[0], claim("a"))
    assert [alert.id for alert in bundle.alerts] == [ids[0]]
    assert not ledger.claim_message(CHANNEL, ids[0], claim("b"))
    ledger.mark_sent(CHANNEL, ids[0], "b", NOON)  # is not b's to settle
    assert owed(archive)[0].status == "claimed"
    assert ledger.owners() == ["a"]
    assert ledger.claim_message(CHANNEL, ids[0], claim("b", dead=("a",)))
    assert ledger.claim_message(CHANNEL, ids[0], claim("c", after(60)))
    ledger.mark_sent(CHANNEL, ids[0], "c", NOON)
    assert not ledger.claim_message(CHANNEL, ids[0], claim("d", after(999)))
    assert [d.alert_id for d in ledger.waiting(CHANNEL)] == ids[1:]
    assert (ledger.sent_since(CHANNEL, NOON), ledger.sent_since(CHANNEL, after(1))) == (1, 0)


def test_of_many_at_once_one_gets_it(archive: Archive, url: str, ids: list[str]) -> None:
    def take(owner: str) -> int:
        with closing(open_archive(url)) as own:
            return len(own.ledger.claim_message(CHANNEL, ids[0], claim(owner)).bundles)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, "abcdefgh")) == 1


def test_what_failed_is_kept_with_the_error_and_the_next_try(
    archive: Archive, ids: list[str]
) -> None:
    ledger = archive.ledger
    ledger.claim_message(CHANNEL, ids[0], claim("a"))
    ledger.mark_failed(CHANNEL, ids[0], "a", "status 500", after(5))
    ledger.claim_message(CHANNEL, ids[1], claim("a"))
    ledger.mark_failed(CHANNEL, ids[1], "a", "status 400", None, is_refused=True)
    first, second, third = owed(archive)
    assert (first.status, first.error, first.next_try_at, first.attempts) == (
        "failed", "status 500", after(5), 1,
    )  # fmt: skip
    assert (second.status, second.is_refused, third.status) == ("given_up", True, "pending")
    assert ledger.retry() == 2
    assert [(d.status, d.attempts) for d in owed(archive)] == [("pending", 0)] * 3


def test_a_closed_channel_gives_up_what_it_is_owed_and_what_comes(
    archive: Archive, ids: list[str]
) -> None:
    archive.ledger.close_channel(CHANNEL, "status 410", NOON)
    store(archive, "Not before autumn.")
    route(archive, CHANNEL)
    assert [(d.status, d.error) for d in owed(archive)] == [("given_up", "status 410")] * 4
    assert archive.ledger.retry() == 4
    store(archive, "Later.")
    route(archive, CHANNEL)
    assert owed(archive)[-1].status == "pending"


def test_loose_deliveries_are_claimed_by_watch(archive: Archive) -> None:
    (first,) = store(archive, WORDS[0])
    route(archive, CHANNEL)
    assert not archive.ledger.claim_loose(CHANNEL, ["other"], claim("a"))
    ((bundle,), _) = archive.ledger.claim_loose(CHANNEL, [WATCH], claim("a"))
    assert [alert.id for alert in bundle.alerts] == [first]
    assert not archive.ledger.claim_loose(CHANNEL, [WATCH], claim("b"))


def notice(number: int = 1) -> Notice:
    return Notice(f"n{number}", WATCH, "Silent", "No alert for long.", NOON, after(number))


def test_a_notice_is_owed_once_and_comes_after_the_alerts_before_it(
    archive: Archive, ids: list[str]
) -> None:
    for _ in range(2):
        archive.routing.route_notice(notice(), {CHANNEL: ["desk"], "jsonl:log": ["log"]})
    store(archive, "It speaks again.")
    assert archive.routing.is_noticed("n1")
    assert [d.type for d in owed(archive)] == ["new"] * 3 + ["silence"]
    archive.ledger.compose(CHANNEL, [WATCH], one_each)
    assert [d.message for d in archive.ledger.waiting(CHANNEL)] == [*ids, "n1"]
    assert archive.ledger.claim_message(CHANNEL, "n1", claim("a")) == ([], [notice()])
    assert not archive.ledger.claim_loose("jsonl:log", ["other"], claim("a"))
    assert archive.ledger.claim_loose("jsonl:log", [WATCH], claim("a")).notices == [notice()]
    archive.ledger.mark_sent("jsonl:log", "", "a", NOON)
    assert archive.ledger.recent_notices("jsonl:log", [WATCH], 9) == [notice()]
    assert archive.ledger.recent_notices("jsonl:log", ["other"], 9) == []


def test_a_watch_that_speaks_again_is_called_silent_no_more(archive: Archive) -> None:
    store(archive, WORDS[0])
    route(archive)
    archive.routing.route_notice(notice(), {CHANNEL: ["desk"]})
    store(archive, WORDS[1])
    assert archive.routing.unrouted() == 1
    route(archive, "webhook:5678")
    assert [(d.type, d.status) for d in owed(archive)] == [("silence", "dropped")]


@contextlib.contextmanager
def watched_statements() -> Iterator[list[str]]:
    """The SQL that is executed meanwhile."""
    statements: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


def test_a_closed_channel_gets_no_notice_and_what_is_given_up_is_told_once(
    archive: Archive, ids: list[str]
) -> None:
    archive.ledger.close_channel(CHANNEL, "status 410", NOON)
    archive.routing.route_notice(notice(), {CHANNEL: ["desk"]})
    assert [d.status for d in owed(archive)] == ["given_up"] * 4
    with watched_statements() as statements:
        assert archive.ledger.tell_given_up() == [(CHANNEL, "status 410", 3)]
    assert [s.split()[0] for s in statements if "deliveries" in s] == ["SELECT", "UPDATE"]
    assert archive.ledger.tell_given_up() == []


def test_what_is_held_keeps_its_reason_until_it_goes(archive: Archive) -> None:
    (first,) = store(archive, WORDS[0])
    route(archive, CHANNEL)
    held = [Deferral(first, "digest", after(60))]
    for _ in range(2):
        archive.ledger.compose(CHANNEL, [WATCH], lambda _: ([], held))
        (delivery,) = owed(archive)
        assert (delivery.waits_for, delivery.next_try_at) == ("digest", after(60))
    archive.ledger.compose(CHANNEL, [WATCH], one_each)
    (delivery,) = owed(archive)
    assert (delivery.waits_for, delivery.next_try_at, delivery.message) == ("", None, first)


def test_where_watches_stand_is_remembered(archive: Archive) -> None:
    archive.runs.remember_watch_file(WATCH, "/old.yaml", "")
    archive.runs.remember_watch_file(WATCH, "/new.yaml", "/people.yaml")
    assert archive.runs.watch_files() == {WATCH: ("/new.yaml", "/people.yaml")}


def test_what_is_taken_back_is_owed_to_those_who_were_owed_it(archive: Archive) -> None:
    first = dossier("talks", *WORDS)
    (alert,) = archive.dossiers.store_dossier(first)
    archive.routing.route([WATCH], lambda *_: {CHANNEL: ["desk"], "mailto:7": ["ana"]}, NOON)
    archive.ledger.close_channel("mailto:7", "410 Gone", NOON)
    archive.ledger.claim_loose(CHANNEL, [WATCH], Claim("we", NOON, NOON + 60))
    archive.ledger.mark_sent(CHANNEL, "", "we", NOON)
    back = dataclasses.replace(alert, id="back", type="withdrawn", follows=alert.id)
    assert archive.alerts.record([back]) == [back]
    assert archive.alerts.record([back]) == []
    assert route(archive, "webhook:later") == 0
    owed_back = [d for d in archive.ledger.all() if d.alert_id == "back" and d.subscriptions]
    assert [(d.channel, d.subscriptions, d.status) for d in owed_back] == [
        (CHANNEL, ("desk",), "pending")
    ]
