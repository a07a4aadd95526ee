"""``parley explain`` for people: the marked text, and one line per watch."""

from __future__ import annotations

import dataclasses
import io
import re

import pytest
from rich.console import Console

from connectors.formats.explanation import print_explanation
from schemas.annotation import Quotation, Tag
from schemas.article import Paragraph
from schemas.base import Span
from schemas.dossier import Dossier, MatchReason, Occurrence
from schemas.statement import Verdict
from support import alerts


def _printed(
    dossier: Dossier, width: int = 80, *, colour: bool = False, environment: str = ""
) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        _environ={environment: "1"} if environment else {},
    )
    print_explanation(dossier, console)
    return out.getvalue()


def _change(dossier: Dossier, **changes: object) -> Dossier:
    """The reading with its first occurrence changed, and nothing else said."""
    (first, *_) = dossier.commentaries
    occurrence = dataclasses.replace(first.occurrences[0], **changes)  # type: ignore[arg-type]
    commentary = dataclasses.replace(first, occurrences=(occurrence,))
    return dataclasses.replace(dossier, commentaries=(commentary,))


def _first(dossier: Dossier) -> Occurrence:
    return dossier.commentaries[0].occurrences[0]


@pytest.mark.parametrize("mark", ["“”", '""'])
def test_a_bracket_closes_behind_the_quotation_mark_that_it_holds(mark: str) -> None:
    text = f"She called it {mark[0]}a pause{mark[1]}. It holds."
    whole = alerts.dossier()
    dossier = dataclasses.replace(
        whole, tags=(), article=dataclasses.replace(whole.article, text=text, paragraphs=())
    )
    attribution = dataclasses.replace(
        _first(dossier).attribution,
        quotation=Quotation((Span(11, 22),), "mixed", "inline"),
        cue=None,
        speaker=dataclasses.replace(_first(dossier).attribution.speaker, span=None),
    )
    shown = _printed(_change(dossier, attribution=attribution))
    assert f"She called [1 it {mark[0]}a pause{mark[1]}]. It holds." in shown


def test_piped_it_reads_like_this() -> None:
    assert (
        _printed(alerts.dossier())
        == f"""\
Envoys leave without a date
The Gazette, 22 Nov 2025, 11:00 UTC
{alerts.URL}
Statement 1 of the list below stands in the text as [1 …].

Envoys leave without a date

“[1 A ceasefire without a guarantee is a pause,]” said Ada Mirren, senior fellow
at the Quayside Institute, “[1 and both sides know it.]” The Kremlin took no
questions.

Analysts say [2 a truce before spring is unlikely].

    [3 Both sides now bargain over the minutes.]

– Tom Okafor, lecturer in Leith

[1]  “A ceasefire without a guarantee is a pause, … and both sides know it.”
     speaker  Ada Mirren, senior fellow, Quayside Institute
     category expert, by “fellow”
     found    direct, inline, by rule direct_around_cue, cue “said”, 97% sure
     told to  Harbour Radio
     names    ceasefire
     memory   extended; nearest is 21 Nov 2025, 12:00 UTC,
              https://courier.example/a: the earlier words with a clause added
     grain-talks: would not alert: names none of its topics
     riverside-talks: would not alert, as it is not new but extended: it does
       match (speaks of ceasefire)

[2]  a truce before spring is unlikely
     speaker  Analysts
     category expert, by “fellow”
     found    indirect, inline, by rule indirect_after_cue, cue “say”, 90% sure
     names    ceasefire
     riverside-talks: would not alert: nobody is named

[3]  “Both sides now bargain over the minutes.”
     speaker  Tom Okafor, lecturer
     category expert, by “fellow”
     found    direct, block, by rule block_signature, 70% sure
     grain-talks: would not alert: names none of its topics
     riverside-talks: would be held: 70 % sure, 80 % asked for

"""
    )


@pytest.mark.parametrize("verdict", [None, Verdict("new", "s-1")])
def test_a_new_statement_would_alert(verdict: Verdict | None) -> None:
    printed = _printed(_change(alerts.dossier(), verdict=verdict))
    assert "riverside-talks: would alert: speaks of ceasefire" in printed
    assert ("memory   new" in printed) is (verdict is not None)


def test_colour_marks_every_kind_of_finding_and_has_a_legend() -> None:
    printed = _printed(alerts.dossier(), colour=True)
    assert "\x1b[32mquotation\x1b[0m · \x1b[1;33mcue\x1b[0m" in printed
    assert "\x1b[1;33msaid\x1b[0m" in printed
    assert "\x1b[1;36mAda Mirren\x1b[0m" in printed
    assert "\x1b[4;35mThe Kremlin\x1b[0m" in printed
    assert "\x1b[4;34mceasefire\x1b[0m" in printed  # inside the green quotation
    assert "\x1b[32m without a guarantee is a pause,\x1b[0m" in printed


def test_colour_changes_no_words() -> None:
    plain = _printed(alerts.dossier()).splitlines()
    coloured = re.sub(r"\x1b\[[0-9;]*m", "", _printed(alerts.dossier(), colour=True)).splitlines()
    assert coloured[3] == "quotation · cue · speaker · actor · topic"
    assert [line.rstrip() for line in coloured[4:]] == plain[4:]


def test_no_color_has_no_legend_of_colours() -> None:
    printed = _printed(alerts.dossier(), colour=True, environment="NO_COLOR")
    assert "stands in the text as [1 …]" in printed


def test_an_article_in_which_nobody_speaks() -> None:
    silent = dataclasses.replace(alerts.dossier(), commentaries=(), tags=())
    assert "Nobody is found to say anything in this article." in _printed(silent)


def test_how_the_speaker_is_written() -> None:
    attribution = _first(alerts.dossier()).attribution
    for as_written, shown in (("she", "(written “she”)"), ("", "(carried over)")):
        speaker = dataclasses.replace(attribution.speaker, as_written=as_written, span=None)
        changed = dataclasses.replace(attribution, speaker=speaker)
        printed = _printed(_change(alerts.dossier(), attribution=changed))
        assert f"Ada Mirren, senior fellow, Quayside Institute {shown}" in printed


def test_a_quotation_over_two_paragraphs_is_marked_in_both() -> None:
    dossier = alerts.dossier()
    start, end = alerts.span("Analysts say").start, alerts.span("bargain").end
    attribution = dataclasses.replace(
        _first(dossier).attribution, quotation=Quotation([Span(start, end)], "direct")
    )
    printed = _printed(_change(dossier, attribution=attribution))
    assert "[1 Analysts say a truce before spring is unlikely.]\n" in printed
    assert "    [1 Both sides now bargain] over the minutes.\n" in printed


def test_nested_and_touching_statements_are_told_apart() -> None:
    dossier = alerts.dossier()
    inner = alerts.span("both sides know it.")
    commentaries = [
        dataclasses.replace(
            commentary,
            occurrences=(
                dataclasses.replace(
                    commentary.occurrences[0],
                    attribution=dataclasses.replace(
                        commentary.occurrences[0].attribution, quotation=Quotation([span], "mixed")
                    ),
                ),
            ),
        )
        for commentary, span in zip(
            dossier.commentaries,
            [alerts.span("and both sides know it."), inner, Span(inner.end, inner.end + 1)],
            strict=True,
        )
    ]
    printed = _printed(dataclasses.replace(dossier, commentaries=commentaries))
    assert "“[1 and [2 both sides know it.]][3 ”] The Kremlin" in printed


def test_given_text_without_paragraphs_is_shown_whole() -> None:
    dossier = alerts.dossier()
    article = dataclasses.replace(dossier.article, paragraphs=())
    assert "– Tom Okafor, lecturer in Leith" in _printed(
        dataclasses.replace(dossier, article=article)
    )


@pytest.mark.parametrize("colour", [True, False])
def test_hostile_text_reaches_no_terminal_and_spans_stay(colour: bool) -> None:
    text = f"{alerts.HOSTILE} end"
    at = Span(text.index("end"), len(text))
    dossier = _change(
        alerts.dossier(),
        text=alerts.HOSTILE,
        attribution=dataclasses.replace(
            _first(alerts.dossier()).attribution,
            quotation=Quotation([at], "direct"),
            cue=None,
            speaker=dataclasses.replace(
                _first(alerts.dossier()).attribution.speaker, span=None, as_written=alerts.HOSTILE
            ),
            rule=alerts.HOSTILE,
        ),
        matches=tuple(
            dataclasses.replace(
                match, watch=alerts.HOSTILE, reasons=(MatchReason("x", alerts.HOSTILE),)
            )
            for match in _first(alerts.dossier()).matches
        ),
        topics=(alerts.HOSTILE,),
    )
    article = dataclasses.replace(
        dossier.article,
        text=text,
        paragraphs=(Paragraph(0, len(text)),),
        title=alerts.HOSTILE,
        publisher=alerts.HOSTILE,
        author=alerts.HOSTILE,
        url=alerts.HOSTILE,
    )
    tags = (Tag("w", "t", "topic", [at]),)
    printed = _printed(
        dataclasses.replace(dossier, article=article, tags=tags), width=200, colour=colour
    )
    printed = re.sub(r"\x1b\[[0-9;]*m", "", printed) if colour else printed
    assert printed.replace("\n", "").isprintable()
    assert "[bold red]rich[/bold red] :smiley:" in printed
    assert "[1 end]" in printed
