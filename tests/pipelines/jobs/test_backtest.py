"""A back-test: what would have been sent, over an archive that is left as it is."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings.run_config import SAMPLE

PEOPLE = """\
version: 1
subscriptions:
  - {name: hook, to: "webhook:https://desk.example.org/x", only: {speakers: [Margaret Ellison]}}
  - {name: morning, to: "mailto:ann@example.org", digest: {every: day, at: "07:00"}}
  - {name: unset, to: "${NOT_SET}", digest: {every: day, at: "07:00"}}
"""


#: How many alerts each of their messages holds, of an article in which two experts speak.
KINDS = {"terminal": [2], "atom": [2], "jsonl": [1, 1]}


@pytest.fixture
def archive(parley: Any) -> Path:
    """The sample newsroom as read a while ago."""
    ran = parley("run", "sample", "--recorded", "sample", "--no-deliver", "--max-age", "all")
    assert ran.status == 0, ran.err
    Path("people.yaml").write_text(PEOPLE, encoding="utf8")
    return Path("parley.db")


def rows(done: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    assert done.status == 0, done.err
    found = [json.loads(line) for line in done.out.splitlines()]
    return [r for r in found if "alert" in r], [r for r in found if "message" in r]


def test_over_an_archive_it_finds_what_the_runs_alerted_and_changes_nothing(
    archive: Path, parley: Any
) -> None:
    raised = {json.loads(line)["id"] for line in parley("alerts", "--json").out.splitlines()}
    before = hashlib.sha256(archive.read_bytes()).hexdigest()
    options = ("--max-age", "all", "--subscriptions", "people.yaml")
    done = parley("backtest", "sample", "--input", "sqlite:///parley.db", *options, "--json")
    alerts, messages = rows(done)
    assert {row["alert"]["id"] for row in alerts} == raised
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == before
    mine = [m for m in messages if m["subscriptions"] == ["hook"]]
    of_ellison = [r for r in alerts if r["alert"]["data"]["speaker"]["name"] == "Margaret Ellison"]
    assert [m["message"]["alert_ids"] for m in mine] == [[r["alert"]["id"]] for r in of_ellison]
    for name in ("morning", "unset"):
        digests = [m["message"] for m in messages if m["subscriptions"] == [name]]
        assert {m["kind"] for m in digests} == {"digest"}
        assert sorted(i for m in digests for i in m["alert_ids"]) == sorted(raised)

    late = parley(
        "backtest", "sample", "--input", "parley.db", *options, "--since", "2025-05-08", "--json"
    )
    shown, _ = rows(late)
    assert [r["alert"]["id"] for r in shown] == [
        r["alert"]["id"] for r in alerts if r["day"] >= "2025-05-08"
    ]

    text = parley("backtest", "sample", "--input", "parley.db", *options).out
    assert text.startswith("Back-test of sample: 10 articles read, ")
    assert "that its watches did not ask for" in text
    assert "\n2025-05-06\n" in text
    for row in alerts:
        assert row["alert"]["data"]["statements"][0]["link"] in text


def test_what_is_too_old_to_alert_is_counted(archive: Path, parley: Any) -> None:
    def shown(*options: str) -> str:
        watch = (SAMPLE / "sample.yaml").read_text("utf8")
        Path("watch.yaml").write_text(watch.replace("max_age: all", "max_age: 7d"), "utf8")
        done = parley("backtest", "./watch.yaml", "--input", "parley.db", *options)
        return " ".join(done.out.partition("\n\n")[0].split())

    silent = " articles with something to tell kept silent, for they were older than max_age "
    assert f" 0 alerts, nothing sent. 7{silent}" in shown()
    assert f" 0 alerts, nothing sent. 3{silent}" in shown("--since", "2025-05-08")
    assert silent not in shown("--max-age", "all")


def test_the_experts_of_one_article_come_together_where_people_read_it(parley: Any) -> None:
    article = {
        "url": "https://dispatch.example/two",
        "published_at": "2025-05-09T08:00:00Z",
        "text": "Peace talks between Russia and Ukraine go on in Geneva.\n\n“A ceasefire will hold "
        "when the guns are counted,” said Robert Calloway, a former US ambassador to Ukraine.\n\n"
        "“A truce needs observers who may shoot back,” said Ada Moe, a professor of war studies.",
    }
    Path("two.jsonl").write_text(json.dumps(article), encoding="utf8")
    people = 'version: 1\nsubscriptions: [{name: log, to: "jsonl:log.jsonl"}]\n'
    Path("people.yaml").write_text(people, encoding="utf8")
    options = ("--input", "two.jsonl", "--subscriptions", "people.yaml", "--json")
    alerts, messages = rows(parley("backtest", "sample", *options))
    assert len(alerts) == 2
    sent = {kind: [m["message"] for m in messages if m["by"] == kind] for kind in KINDS}
    assert {kind: [len(m["alert_ids"]) for m in found] for kind, found in sent.items()} == KINDS


def test_what_readers_decided_holds_in_it(archive: Path, parley: Any) -> None:
    def speakers(*options: str) -> set[str]:
        backtest = ("backtest", "sample", "--input", "parley.db", "--max-age", "all", "--json")
        alerts, _ = rows(parley(*backtest, *options))
        return {row["alert"]["data"]["speaker"]["name"] for row in alerts}

    before = speakers()
    raised = [json.loads(line) for line in parley("alerts", "--json").out.splitlines()]
    by_name = {alert["data"]["speaker"]["name"]: alert["id"] for alert in raised}
    said = {
        "Robert Calloway": ("--not-expert",),
        "Helena Brandt": ("--speaker", "Tom Okafor"),
        "Tomas Lindqvist": ("--not-about",),
    }
    for name, slip in said.items():
        assert parley("wrong", by_name[name], *slip, "--no-deliver").status == 0
    assert speakers() == before - set(said)
    assert parley("wrong", by_name["Helena Brandt"], "--undo", "--no-deliver").status == 0
    assert speakers() == before - set(said) | {"Helena Brandt"}


@pytest.mark.parametrize(
    ("inputs", "mistake"),
    [
        ((), "--input is missing; give an archive"),
        (("--input", "sqlite:///none.db"), "--input: none.db: no archive there"),
        (("--input", "none.jsonl"), "--input: 'none.jsonl': no such file"),
        (
            ("--input", "postgresql://h/one", "--input", "sqlite:///two.db"),
            "is an archive; give it alone",
        ),
    ],
)
def test_what_cannot_be_read_is_said(parley: Any, inputs: tuple[str, ...], mistake: str) -> None:
    done = parley("backtest", "sample", *inputs)
    assert done.status == 2
    assert mistake in done.err
