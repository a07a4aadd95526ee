"""Corrections: those who got the alert are told once, memory is mended, the case is a test."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.archive import open_archive
from pipelines.services.correct import others_on
from pipelines.services.undo import mistaken_of
from pipelines.settings.run_config import SAMPLE
from schemas.correction import Correction
from support import alerts
from support.dossiers import article
from transforms.core.alerts.corrections import reason_for
from transforms.core.alerts.withdrawals import restore, withdraw

ARCHIVE = "sqlite:///parley.db"


@pytest.fixture
def events(parley: Any) -> dict[str, dict[str, Any]]:
    """The sample newsroom, read and told; the alert events by their speakers' last names."""
    watch = yaml.safe_load((SAMPLE / "sample.yaml").read_text(encoding="utf8"))
    watch["subscriptions"] = [{"name": "log", "to": "jsonl:log.jsonl"}]
    Path("sample.yaml").write_text(yaml.safe_dump(watch), encoding="utf8")
    ran = parley("run", "./sample.yaml", "--recorded", "sample", "--max-age", "all")
    assert ran.status == 0, ran.err
    return {event["data"]["speaker"]["name"].split()[-1]: event for event in logged()[::-1]}


def logged() -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path("log.jsonl").read_bytes().splitlines()]


def withdrawals() -> list[dict[str, Any]]:
    return [event for event in logged() if event["type"] == "parley.commentary.withdrawn"]


def is_by(event: dict[str, Any], speaker: str) -> bool:
    return bool(event["data"]["speaker"]["name"] == speaker)


def run_second_watch(parley: Any) -> None:
    """Have another watch of the same content read and told the same."""
    second = yaml.safe_load(Path("sample.yaml").read_text("utf8"))
    second["id"] = "second"
    Path("second.yaml").write_text(yaml.safe_dump(second), encoding="utf8")
    ran = parley("run", "./second.yaml", "--recorded", "sample", "--max-age", "all")
    assert ran.status == 0, ran.err


def test_those_who_got_it_are_told_once_and_the_case_fails_until_it_is_mended(
    events: dict[str, Any], parley: Any
) -> None:
    wrong = ("wrong", events["Brandt"]["id"][:8], "--speaker", "Tom Okafor")
    first = parley(*wrong)
    assert first.status == 0, first.err
    assert first.err.startswith("withdrawn: Helena Brandt: “")
    assert parley(*wrong).err.startswith("already withdrawn: Helena Brandt: “")
    (told,) = withdrawals()
    assert told["data"]["follows"] == events["Brandt"]["id"] != told["id"]
    (reason,) = told["data"]["reasons"]
    assert reason["text"] == "the words are Tom Okafor's, not Helena Brandt's"
    with closing(open_archive(ARCHIVE)) as archive:
        (moved,) = [s for s in archive.statements.all() if s.speaker == "Tom Okafor"]
        assert moved.text.startswith("Everyone in Geneva")
        assert "Helena Brandt" not in {s.speaker for s in archive.statements.all()}
    checked = parley("check", "./sample.yaml", "--cases", "parley.cases.jsonl")
    assert checked.status == 1
    lines = checked.out.splitlines()
    assert lines[1].startswith("parley.cases.jsonl:1: https://courier.example/world/plan-and-map: ")
    assert lines[2:] == [
        "  - expected: said by Tom Okafor",
        "  + found:    said by Helena Brandt",
        "    helps:    nothing in a watch; what would hold what rule block/name finds would hold "
        "much else",
        "1 case: 0 right, 1 wrong",
    ]
    mended = Path("parley.cases.jsonl").read_text("utf8").replace("Tom Okafor", "Helena Brandt")
    Path("mended.jsonl").write_text(mended, encoding="utf8")
    assert parley("check", "./sample.yaml", "--cases", "mended.jsonl").status == 0


def test_who_is_no_expert_alerts_no_more_in_this_archive(
    events: dict[str, Any], parley: Any
) -> None:
    assert parley("wrong", events["Calloway"]["id"], "--not-expert").status == 0
    again = {
        "url": "https://dispatch.example/again",
        "published_at": "2025-05-09T08:00:00Z",
        "text": "Peace talks between Russia and Ukraine go on in Geneva.\n\n“A ceasefire will hold "
        "when the guns are counted twice,” said Robert Calloway, a former US ambassador to "
        "Ukraine. “Not before.”",
    }
    Path("again.jsonl").write_text(json.dumps(again), encoding="utf8")
    run = ("run", "./sample.yaml", "--input", "again.jsonl", "--out", "-")
    assert parley(*run).out == ""
    fresh = parley(*run, "--archive", "sqlite:///fresh.db").out
    assert "Robert Calloway" in fresh


def test_statements_that_are_one_are_joined(events: dict[str, Any], parley: Any) -> None:
    brandt, pryce = events["Brandt"], events["Pryce"]
    assert parley("wrong", pryce["id"], "--repeat", brandt["id"]).status == 0
    with closing(open_archive(ARCHIVE)) as archive:
        found = {s.text: s for s in archive.statements.all()}
    known = brandt["data"]["statements"][0]["id"]
    for statement in pryce["data"]["statements"]:
        assert found[statement["text"]].statement_id == known
        assert found[statement["text"]].novelty == "repeated"


def test_a_slip_in_the_speaker_is_mended_by_saying_it_again(
    events: dict[str, Any], parley: Any
) -> None:
    def speakers() -> set[str]:
        with closing(open_archive(ARCHIVE)) as archive:
            said = [s for s in archive.statements.all() if s.text.startswith("Everyone in Geneva")]
            return {s.speaker for s in said}

    wrong = ("wrong", events["Brandt"]["id"], "--speaker")
    for name in ("Tom Okafor", "Ana Lorenz", "Tom Okafor"):
        assert parley(*wrong, name).status == 0
        assert speakers() == {name}
    done = parley(*wrong, "Ana Lorenz")
    assert done.err.startswith("corrected; it was withdrawn before: Helena Brandt: “")
    assert parley(*wrong, "Ana Lorenz").err.startswith("already withdrawn: ")
    assert len(withdrawals()) == 1
    checked = parley("check", "./sample.yaml", "--cases", "parley.cases.jsonl").out
    assert "expected: said by Ana Lorenz" in checked
    assert checked.endswith("\n1 case: 0 right, 1 wrong\n")


def test_repeats_lead_to_one_original_and_never_back(events: dict[str, Any], parley: Any) -> None:
    brandt, pryce, calloway = (events[name] for name in ("Brandt", "Pryce", "Calloway"))
    assert parley("wrong", pryce["id"], "--repeat", brandt["id"]).status == 0
    back = parley("wrong", brandt["id"], "--repeat", pryce["id"])
    assert back.status == 2
    assert f"{pryce['id']}: was said to repeat {brandt['id']} before" in back.err
    assert len(withdrawals()) == 1
    assert parley("wrong", brandt["id"], "--repeat", calloway["id"]).status == 0
    root = {statement["id"] for statement in calloway["data"]["statements"]}
    ids = [s["id"] for event in (brandt, pryce) for s in event["data"]["statements"]]
    with closing(open_archive(ARCHIVE)) as archive:
        assert set(archive.statements.repeated(ids).values()) <= root


def test_a_slip_is_taken_back_and_the_alert_told_again(events: dict[str, Any], parley: Any) -> None:
    def memory() -> list[Any]:
        with closing(open_archive(ARCHIVE)) as archive:
            return [*archive.statements.all(), *archive.persons.decisions()]

    before = memory()
    brandt, calloway, pryce = (events[name]["id"] for name in ("Brandt", "Calloway", "Pryce"))
    slips = {
        brandt: ("--speaker", "Tom Okafor"), calloway: ("--not-expert",),
        pryce: ("--repeat", brandt), events["Lindqvist"]["id"]: ("--withdraw",),
    }  # fmt: skip
    for alert_id, slip in slips.items():
        assert parley("wrong", alert_id, *slip).status == 0
        assert memory() != before or slip == ("--withdraw",)
        done = parley("wrong", alert_id, "--undo")
        assert done.status == 0, done.err
        assert memory() == before
        told = logged()[-1]
        assert done.err.startswith(f"told again as {told['id']}: Updated: ")
        assert (told["type"], told["data"]["follows"]) == ("parley.commentary.updated", alert_id)
        assert told["data"]["reasons"][0]["text"] == "it was taken back by mistake"
        again = parley("wrong", alert_id, *slip)
        assert again.status == 2
        assert f"was told again by alert {told['id']}; give the id of that one" in again.err
    check = ("check", "./sample.yaml", "--cases", "parley.cases.jsonl")
    assert parley(*check).out.endswith("\n4 cases: 4 right, 0 wrong\n")  # those taken back are out
    assert parley("wrong", told["id"], "--withdraw").err.startswith("withdrawn: Updated: ")
    assert parley(*check).out.endswith("\n4 cases: 3 right, 1 wrong\n")
    assert parley("wrong", told["id"], "--undo").status == 0
    assert len(withdrawals()) == len(slips) + 1
    last = logged()[-1]["id"]
    for one in (events["Lindqvist"]["id"], told["id"]):  # told again as the other, that as the last
        for option in ("--undo", "--not-about"):
            done = parley("wrong", one, option)
            assert done.status == 2
            assert f"{one}: was told again by alert {last}; give the id of that one" in done.err
    done = parley("wrong", last, "--undo")
    assert done.status == 2
    assert "nobody said that it is wrong; those that were taken back are marked Wi" in done.err


def test_what_holds_for_another_watch_is_taken_back_there_too(
    events: dict[str, Any], parley: Any
) -> None:
    run_second_watch(parley)
    brandt = [event for event in logged() if is_by(event, "Helena Brandt")]
    assert {event["data"]["watch"] for event in brandt} == {"sample", "second"}
    done = parley("wrong", events["Brandt"]["id"], "--speaker", "Tom Okafor")
    assert "and so in watch second" in done.err
    assert {e["data"]["follows"] for e in withdrawals()} == {event["id"] for event in brandt}
    assert parley("wrong", events["Lindqvist"]["id"], "--not-about").status == 0
    assert [e["data"]["watch"] for e in withdrawals()[2:]] == ["sample"]
    assert parley("wrong", events["Brandt"]["id"], "--undo").status == 0
    assert {event["data"]["watch"] for event in logged()[-2:]} == {"sample", "second"}


def test_what_an_edit_removed_meanwhile_is_not_told_again(
    events: dict[str, Any], parley: Any
) -> None:
    brandt = events["Brandt"]
    assert parley("wrong", brandt["id"], "--withdraw").status == 0
    words = brandt["data"]["statements"][0]["text"]
    with closing(sqlite3.connect("parley.db")) as database, database:
        database.execute("UPDATE articles SET text = replace(text, ?, 'Nothing.')", (words,))
    before = logged()
    done = parley("wrong", brandt["id"], "--undo")
    assert done.status == 0, done.err
    assert f"not told again in watch sample: the article holds it no more: “{words}" in done.err
    told = [s["text"] for event in logged()[len(before) :] for s in event["data"]["statements"]]
    assert words not in told


def test_what_was_said_of_an_alert_of_another_watch_stands(
    events: dict[str, Any], parley: Any
) -> None:
    run_second_watch(parley)
    brandt = {e["data"]["watch"]: e["id"] for e in logged() if is_by(e, "Helena Brandt")}
    assert parley("wrong", brandt["sample"], "--speaker", "Tom Okafor").status == 0
    assert parley("wrong", brandt["second"], "--not-about").status == 0
    before = logged()
    done = parley("wrong", brandt["sample"], "--undo")
    assert f"watch second: alert {brandt['second']} was said to be wrong, too: “" in done.err
    assert [event["data"]["watch"] for event in logged()[len(before) :]] == ["sample"]
    assert parley("wrong", brandt["second"], "--undo").status == 0
    assert [e["data"]["watch"] for e in logged()[len(before) :]] == ["sample", "second"]


def test_what_repeated_a_repetition_is_its_own_again(events: dict[str, Any], parley: Any) -> None:
    def originals() -> dict[str, str]:
        ids = [s["id"] for event in (brandt, pryce) for s in event["data"]["statements"]]
        with closing(open_archive(ARCHIVE)) as archive:
            return archive.statements.repeated(ids)

    brandt, pryce, calloway = (events[name] for name in ("Brandt", "Pryce", "Calloway"))
    assert parley("wrong", pryce["id"], "--repeat", brandt["id"]).status == 0
    before = originals()
    assert parley("wrong", brandt["id"], "--repeat", calloway["id"]).status == 0
    assert originals() != before
    assert parley("wrong", brandt["id"], "--undo").status == 0
    assert originals() == before


def test_each_case_that_is_read_wrongly_says_what_helps(
    events: dict[str, Any], parley: Any
) -> None:
    for name, slip in {"Calloway": ("--not-expert",), "Lindqvist": ("--not-about",)}.items():
        assert parley("wrong", events[name]["id"], *slip).status == 0
    checked = parley("check", "./sample.yaml", "--cases", "parley.cases.jsonl").out.splitlines()
    helps = [line.partition("helps:    in the watch, ")[2] for line in checked if "helps" in line]
    assert helps[0] == "experts: {never: [{name: Robert Calloway}]}"
    assert helps[1].startswith("topics that are about the negotiation, without what it says: “")


def test_an_alert_that_was_right_becomes_a_case_too(events: dict[str, Any], parley: Any) -> None:
    assert parley("wrong", events["Pryce"]["id"], "--withdraw").status == 0
    assert parley("wrong", events["Pryce"]["id"], "--undo").status == 0
    right = Path("parley.cases.jsonl").read_text("utf8").splitlines()[-1]
    Path("right.jsonl").write_text(f"{right}\n", encoding="utf8")
    check = ("check", "./sample.yaml", "--cases", "right.jsonl")
    assert parley(*check).status == 0
    watch = yaml.safe_load(Path("sample.yaml").read_text("utf8"))
    watch["alert_on"] = {"speakers": ["citizen"]}
    Path("sample.yaml").write_text(yaml.safe_dump(watch), encoding="utf8")
    checked = parley(*check)
    assert checked.status == 1
    name = events["Pryce"]["data"]["speaker"]["name"]
    assert f"  - expected: an alert on {name}" in checked.out
    assert f"experts: {{always: [{{name: {name}}}]}}" in checked.out


def test_what_was_killed_before_it_was_sent_and_written_is_made_up_for(
    events: dict[str, Any], parley: Any
) -> None:
    blocked = Path("cases") / "cases.jsonl"
    wrong = ("wrong", events["Lindqvist"]["id"], "--not-about", "--cases", str(blocked))
    done = parley(*wrong, "--no-deliver")
    assert "case file" in done.err
    assert withdrawals() == []
    blocked.parent.mkdir()
    assert parley("deliver").status == 0
    assert [e["data"]["follows"] for e in withdrawals()] == [events["Lindqvist"]["id"]]
    assert len(blocked.read_text("utf8").splitlines()) == 1
    assert parley("deliver").status == 0
    assert len(withdrawals()) == len(blocked.read_text("utf8").splitlines()) == 1


def test_mistakes_are_told(events: dict[str, Any], parley: Any) -> None:
    brandt = events["Brandt"]["id"]
    for arguments, mistake in [
        (("nosuch",), "'nosuch': no such alert here; `parley alerts` lists them"),
        ((brandt, "--repeat", brandt), "is the alert itself; name the earlier"),
        ((brandt, "--speaker", "H. Brandt"), "the alert has that speaker already"),
        ((brandt, "--not-about", "--not-expert"), "say one thing at a time"),
        ((brandt, "--speaker", " "), "--speaker: is empty; give NAME, or leave it out"),
        ((brandt, "--repeat", ""), "--repeat: is empty; give ALERT, or leave it out"),
        ((brandt,), "  --withdraw      take it back without a reason\n"),
        ((brandt, "--withdraw", "--statement", "9"), "--statement: 9: the alert has 1: “Everyone"),
        ((brandt, "--withdraw", "--statement", "0"), "--statement: 0: the alert has 1: “Everyone"),
        ((brandt, "--not-expert", "--statement", "1"), "--not-expert holds for the whole alert"),
    ]:
        done = parley("wrong", *arguments)
        assert done.status == 2
        assert mistake in done.err
    assert withdrawals() == []
    assert parley("wrong", brandt, "--withdraw").status == 0
    (withdrawal,) = withdrawals()
    done = parley("wrong", withdrawal["id"])
    assert done.status == 2
    assert f"only takes back alert {brandt}; give the id of that one" in done.err
    Path("bad.jsonl").write_text('{"id": 1}\n', encoding="utf8")
    done = parley("check", "./sample.yaml", "--cases", "bad.jsonl")
    assert done.status == 2
    assert "bad.jsonl:1: '{\"id\": 1}' is no case" in done.err


def test_what_is_left_of_an_undone_correction_is_told_again_when_nothing_speaks_against_it() -> (
    None
):
    one, narrow = alerts.alert(id="one"), alerts.alert(id="narrow", watch="narrow")
    extra = dataclasses.replace(alerts.GUARANTEE, id="s-extra")
    one = dataclasses.replace(one, statements=[alerts.GUARANTEE, extra])
    narrow = dataclasses.replace(narrow, statements=[alerts.GUARANTEE])
    slip, other = (Correction(f"c-{a.id}", a.id, "speaker", alerts.NOON) for a in (one, narrow))
    text = article("talks", text=f"{alerts.GUARANTEE.text} {extra.text}")
    taken = withdraw(one, [one, narrow], reason_for(slip, one), alerts.NOON)
    assert taken is not None
    earlier = [one, narrow, taken]
    (partly,), (left,) = mistaken_of(one, [slip], [(narrow, other)], text, earlier)
    assert [s.id for s in partly.statements] == ["s-extra"]
    assert "alert narrow was said to be wrong, too" in left
    earlier.append(restore(partly, earlier, alerts.NOON))
    (rest,), nothing = mistaken_of(narrow, [other], [], text, earlier)
    assert [s.id for s in rest.statements] == [alerts.GUARANTEE.id]
    assert nothing == []
    earlier.append(restore(rest, earlier, alerts.NOON))
    assert mistaken_of(narrow, [other], [], text, earlier) == ([], [])


def test_the_other_alerts_on_who_is_no_expert_are_named(
    events: dict[str, Any], parley: Any
) -> None:
    told = [e["id"] for e in logged() if is_by(e, "Margaret Ellison")]
    assert len(told) == 2
    done = parley("wrong", told[0], "--not-expert")
    assert f"\nalert {told[1][:8]} on them stands: Margaret Ellison: “" in done.err
    done = parley("wrong", told[1], "--not-expert")
    assert "stands: " not in done.err


def test_an_alert_that_was_withdrawn_in_part_is_named_too() -> None:
    one, other = alerts.alert(id="one"), alerts.alert(id="other")
    extra = dataclasses.replace(alerts.GUARANTEE, id="s-extra")
    other = dataclasses.replace(other, statements=[alerts.GUARANTEE, extra])
    reason = reason_for(Correction("c", "other", "wrong", alerts.NOON), other)
    part = withdraw(other, [other], reason, alerts.NOON, [extra.id])
    whole = withdraw(other, [other], reason, alerts.NOON)
    assert part is not None
    assert whole is not None
    assert others_on([one, other, part], one) == [other]
    assert others_on([one, other, whole], one) == []


def two_statements() -> tuple[str, str, dict[str, Any], dict[str, Any]]:
    """The id of an alert that told two new statements, its speaker, and these."""
    for event in logged():
        new = [s for s in event["data"]["statements"] if s["verdict"] == "new"]
        if len(new) == 2:
            return event["id"], event["data"]["speaker"]["name"], *new
    raise AssertionError("no alert told two")


@pytest.mark.parametrize("number", [1, 2])
def test_one_statement_of_many_is_corrected_and_the_others_stand(
    events: dict[str, Any], parley: Any, number: int
) -> None:
    id_, speaker, *both = two_statements()
    mine, other = both[number - 1], both[2 - number]
    wrong = ("wrong", id_, "--statement", str(number), "--speaker", "Tom Okafor")
    assert parley(*wrong).status == 0
    assert parley(*wrong).err.startswith("already withdrawn: ")
    (withdrawal,) = withdrawals()
    assert [s["id"] for s in withdrawal["data"]["statements"]] == [mine["id"]]
    with closing(open_archive(ARCHIVE)) as archive:
        speakers = {s.text: s.speaker for s in archive.statements.all()}
    case = json.loads(Path("parley.cases.jsonl").read_text("utf8"))
    assert (speakers[mine["text"]], speakers[other["text"]]) == ("Tom Okafor", speaker)
    said = [case["article"]["text"][span["start"] : span["end"]] for span in case["said"]]
    assert said == mine["text"].split(" … ")
    assert parley("wrong", id_, "--statement", str(3 - number), "--not-about").status == 0
    assert len(withdrawals()) == 2
    assert parley("wrong", id_, "--undo").status == 0
    with closing(open_archive(ARCHIVE)) as archive:
        assert "Tom Okafor" not in {s.speaker for s in archive.statements.all()}
    again = [e["data"]["statements"] for e in logged()[-2:]]
    assert {s["id"] for told in again for s in told} == {mine["id"], other["id"]}


def test_a_rereading_leaves_what_was_moved_where_it_is(events: dict[str, Any], parley: Any) -> None:
    id_, speaker, one, two = two_statements()
    assert parley("wrong", id_, "--statement", "2", "--speaker", "Tom Okafor").status == 0
    run_second_watch(parley)
    with closing(open_archive(ARCHIVE)) as archive:
        speakers = {s.text: s.speaker for s in archive.statements.all()}
    assert (speakers[one["text"]], speakers[two["text"]]) == (speaker, "Tom Okafor")


def test_a_preview_says_whom_it_reaches_and_does_nothing(
    events: dict[str, Any], parley: Any
) -> None:
    run_second_watch(parley)
    id_, _, one, two = two_statements()
    done = parley("wrong", id_, "--preview", "--statement", "2", "--speaker", "Tom Okafor")
    assert done.status == 0, done.err
    lines = done.err.splitlines()
    assert lines[1].startswith(f"  statement 1: “{one['text'][:20]}")
    assert lines[2].startswith(f"* statement 2: “{two['text'][:20]}")
    assert lines[3:] == [
        "in watch sample, it reached log (jsonl) and terminal",
        "in watch second, it reached log (jsonl) and terminal",
    ]
    assert parley("wrong", id_, "--preview").status == 0
    assert withdrawals() == []


def test_on_a_terminal_it_asks_what_is_wrong(
    events: dict[str, Any], parley: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([9, 1, "Tom Okafor"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    done = parley("wrong", events["Brandt"]["id"])
    assert done.status == 0, done.err
    assert "  5  take it back without a reason\n" in done.err
    (withdrawal,) = withdrawals()
    assert withdrawal["data"]["reasons"][0]["code"] == "corrected_speaker"
