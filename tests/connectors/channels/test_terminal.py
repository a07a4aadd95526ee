"""Bundles on the terminal: what a person reads, and what a hostile article cannot do."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from rich.console import Console

from connectors.channels.terminal import TerminalSink
from connectors.formats.text import print_bundle
from schemas.alert import Bundle
from support import alerts


@pytest.fixture(autouse=True)
def a_terminal_that_shows_no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TERM_PROGRAM", "VTE_VERSION", "KITTY_WINDOW_ID", "WT_SESSION", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("KONSOLE_VERSION", raising=False)


def _console(out: io.StringIO, width: int, *, colour: bool) -> Console:
    system = "standard" if colour else None
    return Console(file=out, width=width, force_terminal=colour, color_system=system, _environ={})  # type: ignore[arg-type]


def _brief(bundle: Bundle, width: int = 80, *, colour: bool = False) -> str:
    out = io.StringIO()
    TerminalSink(_console(out, width, colour=colour)).write([bundle])
    return out.getvalue()


def _printed(bundle: Bundle, width: int = 80, *, colour: bool = False) -> str:
    out = io.StringIO()
    print_bundle(bundle, _console(out, width, colour=colour))
    return out.getvalue()


def test_a_bundle_reads_like_this_in_brief() -> None:
    assert (
        _brief(alerts.bundle())
        == f"""\
Ada Mirren: “A ceasefire without a guarantee is a pause with better catering.”
  The Gazette, 22 Nov 2025, 11:00 UTC, alert alert-mi, told to Harbour Radio
  {alerts.URL}
  and 1 more: parley alerts alert-mi --full
  senior fellow, the Quayside Institute (expert)

Tom Okafor: “Both sides now bargain over the minutes, not over the map”
  same article, alert alert-ok
  a lecturer who teaches conflict studies in Leith (expert, new voice)

"""
    )


def _many(number: int, **changes: object) -> Bundle:
    said = [
        alerts.dataclasses.replace(alerts.GUARANTEE, id=f"s{n}", text=f"Claim {n} " + "word " * 60)
        for n in range(number)
    ]
    return alerts.bundle(alerts.alert(statements=said, **changes))


@pytest.mark.parametrize("width", [36, 80, 120, 300])
@pytest.mark.parametrize("number", [1, 2, 5, 6, 60])
def test_a_block_has_at_most_twelve_lines(width: int, number: int) -> None:
    for changes in ({}, {"type": "withdrawn", "reasons": [alerts.AlertReason("x", "why " * 90)]}):
        printed = _brief(_many(number, **changes), width)
        assert len(printed.splitlines()) <= 12
        for line in printed.splitlines():
            assert len(line) <= min(width, 100) or "://" in line or line.endswith(" --full")
        shown = min(number, 5)
        assert printed.count("· ") == shown - 1
        assert (f"and {number - shown} more: parley alerts" in printed) is (number > shown)


def test_a_block_of_a_hostile_alert_has_twelve_lines_too() -> None:
    assert len(_brief(alerts.bundle(alerts.hostile_alert())).splitlines()) <= 12


def test_the_best_words_lead_and_empty_talk_is_only_counted() -> None:
    said = [
        alerts.dataclasses.replace(alerts.GUARANTEE, id=f"s{n}", text=text)
        for n, text in enumerate(["We'll see", "The harbour decides this ceasefire", "No comment"])
    ]
    printed = _brief(alerts.bundle(alerts.alert(statements=said)))
    assert printed.startswith("Ada Mirren: “The harbour decides this ceasefire”\n")
    assert "and 2 more: " in printed
    assert "see”" not in printed


def test_a_link_hides_behind_words_where_the_terminal_shows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "\x1b]8" not in _brief(alerts.bundle(), colour=True)
    monkeypatch.setenv("VTE_VERSION", "7600")
    linked = _brief(alerts.bundle(), colour=True)
    assert f";{alerts.URL}\x1b\\" in linked
    assert linked.count(alerts.URL) == 1
    assert "\x1b" not in _brief(alerts.bundle())


def test_what_is_taken_back_says_so_and_why_in_brief() -> None:
    reasons = [alerts.AlertReason("not_expert", "the speaker is a minister")]
    back = alerts.alert(type="withdrawn", follows="alert-mirren", reasons=reasons)
    printed = _brief(Bundle("bundle-1", "riverside-talks", [back]))
    assert printed.startswith("Withdrawn: Ada Mirren: “A ceasefire")
    assert "\n  Because: the speaker is a minister\n" in printed


def test_a_bundle_reads_like_this_in_full() -> None:
    address = f"{alerts.URL}#:~:text=A%20ceasefire%20without,better%20catering"
    assert (
        _printed(alerts.bundle())
        == f"""\
Ada Mirren: “A ceasefire without a guarantee is a pause with better catering.”;
also Tom Okafor (via The Gazette)

  Ada Mirren, senior fellow, the Quayside Institute
  New      “A ceasefire without a guarantee is a pause with better catering.”
           statement 1, quoted, by “she”, 93% sure, stands in 3 places
  About    Ceasefire; nearby: Security guarantees, The Kremlin
  Source   {address}
  Nearest  13 Nov 2025, 12:00 UTC: Neither capital is ready to put a date on the
           table
           not known to say the same: both speak of dates, only this one of a
           guarantee
           https://courier.example/archive/no-date-yet
  Around   The delegations met for six hours. […] Neither side took questions.

  Repeated the mediators had run out of venues before they ran out of drafts
           statement 2, told indirectly, by “Mirren”, 81% sure

  Who      expert, by “senior fellow at the Quayside Institute”
           first heard 13 Oct 2025, 12:00 UTC
  Told to  Harbour Radio
  Why      an expert by role; speaks of ceasefire
  When     published 22 Nov 2025, 11:00 UTC, seen 30 min later, fetched 2 min
           later, alerted 28 min later
  Alert    alert-mirren of watch riverside-talks

  Tom Okafor, a lecturer who teaches conflict studies in Leith
  New      “Both sides now bargain over the minutes, not over the map”
           block quotation, 88% sure
  About    Territory
  Source   {alerts.URL}#:~:text=Both%20sides%20now

  Who      expert, by “who teaches conflict studies”
           new voice: nothing of theirs in memory before this article
  Told to  Harbour Radio
  Why      an expert by role; speaks of ceasefire
  When     published 22 Nov 2025, 11:00 UTC, seen 30 min later, fetched 2 min
           later, alerted 28 min later
  Alert    alert-okafor of watch riverside-talks

  Where    The Gazette, 22 Nov 2025, 11:00 UTC: Envoys leave the riverside talks
           without a date
           not a copy of an article read before
           {alerts.URL}

"""
    )


def test_with_almost_nothing_known() -> None:
    printed = _printed(alerts.bundle(alerts.bare_alert()))
    assert printed.startswith("Ada Mirren: “No.”\n\n  Ada Mirren\n")
    assert "None" not in printed


def test_an_update_and_a_copy_say_so() -> None:
    article = alerts.dataclasses.replace(alerts.ARTICLE, copy_of="https://wire.example/1")
    alert = alerts.alert(type="updated", revision=2, priority="high", article=article)
    printed = _printed(alerts.bundle(alert))
    assert printed.startswith("Updated: Ada Mirren: “A ceasefire")
    assert "a copy of https://wire.example/1" in printed
    assert "riverside-talks, revision 2, high priority" in printed


def test_four_experts_are_counted_in_the_headline() -> None:
    people = [
        alerts.alert(speaker=alerts.dataclasses.replace(alerts.MIRREN, name=f"Expert {n}"))
        for n in range(4)
    ]
    shown = _printed(alerts.bundle(*people))
    assert shown.startswith("Expert 0: “A ceasefire")
    assert "; also 3 others (via The Gazette)" in " ".join(shown.split("\n")[:2]).replace("  ", " ")


@pytest.mark.parametrize("width", [36, 40, 80, 120, 200])
def test_only_addresses_are_wider_than_the_console(width: int) -> None:
    for line in _printed(alerts.bundle(), width).splitlines():
        assert len(line) <= min(width, 100) or "https://" in line
        assert line == line.rstrip()


def test_piped_output_holds_no_escape_sequences() -> None:
    assert "\x1b" not in _printed(alerts.bundle())


def test_a_terminal_gets_colour_and_the_same_words() -> None:
    coloured = _printed(alerts.bundle(), colour=True)
    assert "\x1b[1m" in coloured
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in plain.splitlines()] == _printed(alerts.bundle()).splitlines()


@pytest.mark.parametrize("show", [_printed, _brief])
@pytest.mark.parametrize("colour", [True, False])
def test_hostile_text_reaches_no_terminal(colour: bool, show: Callable[..., str]) -> None:
    printed = show(alerts.bundle(alerts.hostile_alert()), colour=colour)
    if colour:
        printed = re.sub(r"\x1b\[[0-9;]*m", "", printed)  # Rich's own colours, nothing else
    assert printed.replace("\n", "").isprintable()
    assert "[bold red]rich[/bold red] :smiley:" in printed
    assert "javascript:alert(1)" in printed  # shown as the text it is


@pytest.mark.parametrize("colour", [True, False])
def test_markup_gives_no_style(colour: bool) -> None:
    printed = _printed(alerts.bundle(alerts.hostile_alert()), colour=colour)
    assert not re.search(r"\x1b\[[0-9;]*31m", printed)  # no red: neither the ANSI nor the markup


def _with_statement(**changes: object) -> Bundle:
    statement = alerts.dataclasses.replace(alerts.GUARANTEE, **changes)
    return alerts.bundle(alerts.alert(statements=(statement,)))


def test_long_context_is_cut_on_its_far_side() -> None:
    printed = _printed(
        _with_statement(context_before="early " * 40 + "just before", context_after="after " * 40),
        width=120,
    )
    (line,) = re.findall(r"  Around   (.*?)\n\n", printed, re.DOTALL)
    before, _, after = " ".join(line.split()).partition(" […] ")
    assert before.startswith("… early")
    assert before.endswith("early just before")
    assert after.endswith("after …")
    assert max(len(before), len(after)) <= 82


@pytest.mark.parametrize(
    ("relation", "similarity", "shown"),
    [
        ("other", 0.01, False),
        ("other", 0.14, False),
        ("other", 0.16, True),
        ("contradicts", 0.01, True),
    ],
)
def test_nothing_near_is_said_to_be_nothing(relation: str, similarity: float, shown: bool) -> None:
    nearest = alerts.dataclasses.replace(alerts.NEAREST, relation=relation, similarity=similarity)
    printed = _printed(_with_statement(nearest=nearest))
    assert (nearest.url in printed) is shown
    assert ("Nearest  nothing like it in memory" in printed) is not shown


@pytest.mark.parametrize(
    ("relation", "similarity", "shown"),
    [
        ("repeats", 1.0, "says the same, in the same words"),
        ("repeats", 0.8, "says the same, in nearly the same words"),
        ("extends", 0.5, "says part of this, in many of the words"),
        ("repeats", 0.3, "says the same, in other words"),
        ("contradicts", 0.9, "may say the opposite: both speak"),
        ("other", 0.3, "not known to say the same: both speak"),
    ],
)
def test_nearness_is_told_in_words(relation: str, similarity: float, shown: str) -> None:
    nearest = alerts.dataclasses.replace(alerts.NEAREST, relation=relation, similarity=similarity)
    printed = " ".join(_printed(_with_statement(nearest=nearest)).split())
    assert shown in printed
    assert "% alike" not in printed


def test_the_comma_before_a_cue_is_not_shown() -> None:
    assert "“We wait”" in _printed(_with_statement(text="We wait,"))


def test_neighbouring_statements_share_their_context() -> None:
    first = alerts.dataclasses.replace(
        alerts.GUARANTEE, id="s1", text="The truce is a pause", context_before="Before.",
        context_after="” She added: “ Nobody pays for it .” Later", nearest=None,
    )  # fmt: skip
    second = alerts.dataclasses.replace(
        first, id="s2", text="Nobody pays for it", context_before="“ The truce is a pause ” She",
        context_after="After.",
    )  # fmt: skip
    third = alerts.dataclasses.replace(
        first, id="s3", text="No", context_before="Far.", context_after="Off."
    )
    printed = _printed(alerts.bundle(alerts.alert(statements=[first, second, third])))
    assert re.findall(r"  Around   (.*)", printed) == ["Before. […] After.", "Far. […] Off."]


def test_what_is_taken_back_says_so() -> None:
    back = alerts.alert(type="withdrawn", follows="alert-mirren")
    printed = _printed(Bundle("bundle-1", "riverside-talks", [back]))
    shown = " ".join(printed.split())
    assert shown.startswith("Withdrawn: Ada Mirren")
    assert "\n  Withdrawn “A ceasefire without" in printed
    assert " New " not in shown
