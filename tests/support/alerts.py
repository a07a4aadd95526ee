"""Alerts, bundles and a reading of an invented article, for tests of what people get."""

from __future__ import annotations

import dataclasses
from typing import Any

from schemas.alert import (
    Alert,
    AlertArticle,
    AlertNearest,
    AlertReason,
    AlertSpeaker,
    AlertStatement,
    Bundle,
)
from schemas.annotation import Attribution, Cue, Quotation, Speaker, Tag
from schemas.article import Article, Paragraph
from schemas.base import Instant, Span
from schemas.dossier import Commentary, Dossier, Match, MatchReason, Occurrence
from schemas.statement import Nearest, Verdict

NOON = Instant(1_763_812_800)  # 22 November 2025, 12:00 UTC
URL = "https://gazette.example/world/riverside-talks"

NEAREST = AlertNearest(
    id="s-older",
    text="Neither capital is ready to put a date on the table",
    url="https://courier.example/archive/no-date-yet",
    said_at=NOON - 9 * 86400,
    relation="other",
    similarity=0.3142,
    reason="both speak of dates, only this one of a guarantee",
)
MIRREN = AlertSpeaker(
    id="k-mirren",
    name="Ada Mirren",
    category="expert",
    evidence="senior fellow at the Quayside Institute",
    role="senior fellow",
    affiliation="the Quayside Institute",
    first_seen=NOON - 40 * 86400,
)
OKAFOR = AlertSpeaker(
    id="k-okafor",
    name="Tom Okafor",
    category="expert",
    evidence="who teaches conflict studies",
    role="a lecturer who teaches conflict studies in Leith",
    new_voice=True,
)
ARTICLE = AlertArticle(
    id="a-1",
    url=URL,
    title="Envoys leave the riverside talks without a date",
    publisher="The Gazette",
    published_at=NOON - 3600,
    language="en",
    told_to="Harbour Radio",
)
GUARANTEE = AlertStatement(
    id="s-1",
    text="A ceasefire without a guarantee is a pause with better catering.",
    kind="direct",
    form="inline",
    verdict="new",
    confidence=0.93456,
    attribution="she → Ada Mirren",
    link=f"{URL}#:~:text=A%20ceasefire%20without,better%20catering",
    context_before="The delegations met for six hours.",
    context_after="Neither side took questions.",
    actors=("kremlin",),
    topics=("ceasefire", "security-guarantees"),
    about=("Ceasefire",),
    nearby=("Security guarantees", "The Kremlin"),
    occurrences=3,
    nearest=NEAREST,
)
REPEATED = AlertStatement(
    id="s-2",
    text="the mediators had run out of venues before they ran out of drafts",
    kind="indirect",
    form="inline",
    verdict="repeated",
    confidence=0.81,
    attribution="Mirren → Ada Mirren",
    link=f"{URL}#:~:text=the%20mediators",
    topics=("venue",),
)


def alert(**changes: Any) -> Alert:
    """Ada Mirren's alert on the Gazette's article, with ``changes``."""
    usual = Alert(
        id="alert-mirren",
        type="new",
        watch="riverside-talks",
        bundle_id="bundle-1",
        revision=1,
        priority="normal",
        speaker=MIRREN,
        article=ARTICLE,
        statements=(GUARANTEE, REPEATED),
        reasons=(
            AlertReason("expert", "an expert by role"),
            AlertReason("names_topic", "speaks of ceasefire"),
        ),
        others=("Tom Okafor",),
        seen_at=NOON - 1800,
        fetched_at=NOON - 1700,
        alerted_at=NOON,
    )
    return dataclasses.replace(usual, **changes)


def okafor(**changes: Any) -> Alert:
    """Tom Okafor's alert on the same article, with ``changes``."""
    said = AlertStatement(
        id="s-3",
        text="Both sides now bargain over the minutes, not over the map",
        kind="direct",
        form="block",
        verdict="new",
        confidence=0.88,
        attribution="Tom Okafor",
        link=f"{URL}#:~:text=Both%20sides%20now",
        topics=("territory",),
        about=("Territory",),
    )
    usual = {"id": "alert-okafor", "speaker": OKAFOR, "statements": (said,)}
    return alert(**{**usual, "others": ("Ada Mirren",), **changes})


def bare_alert() -> Alert:
    """An alert with nothing that an article may leave out."""
    return alert(
        speaker=AlertSpeaker("k-mirren", "Ada Mirren", "expert", ""),
        article=AlertArticle("a-1", URL, "", "", NOON),
        statements=(
            AlertStatement("s-1", "No.", "direct", "inline", "new", 1.0, "Ada Mirren", URL),
        ),
        reasons=(),
        others=(),
    )


def bundle(*alerts: Alert, id: str = "bundle-1") -> Bundle:
    """The bundle of these alerts; of both experts' when none is given."""
    return Bundle(id=id, watch="riverside-talks", alerts=alerts or (alert(), okafor()))


HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\ "
    "\x9b2J \u202egnp.exe\u202c \u2066x\u2069 \x00\x07\x08 [bold red]rich[/bold red] :smiley: "
    "<script>alert(1)</script><img src=x onerror=alert(1)> \ud800 \ufffe line\u2028two\nthree"
)


def hostile_alert() -> Alert:
    """An alert all of whose outside text attacks whoever shows it."""
    return alert(
        speaker=AlertSpeaker("k", HOSTILE, "expert", HOSTILE, HOSTILE, HOSTILE),
        article=AlertArticle(
            "a", "javascript:alert(1)", HOSTILE, HOSTILE, NOON, "en", HOSTILE, HOSTILE
        ),
        statements=(
            dataclasses.replace(
                GUARANTEE,
                text=HOSTILE,
                attribution=HOSTILE,
                context_before=HOSTILE,
                context_after=HOSTILE,
                topics=(HOSTILE,),
                about=(HOSTILE,),
                nearby=(HOSTILE,),
                link="javascript:alert(1)//\x1b[2J",
                nearest=dataclasses.replace(
                    NEAREST, text=HOSTILE, url="data:text/html,x", reason=HOSTILE
                ),
            ),
        ),
        reasons=(AlertReason("x", HOSTILE),),
        others=(HOSTILE,),
    )


TEXT = (
    "Envoys leave without a date\n\n"
    "“A ceasefire without a guarantee is a pause,” said Ada Mirren, senior fellow at the "
    "Quayside Institute, “and both sides know it.” The Kremlin took no questions.\n\n"
    "Analysts say a truce before spring is unlikely.\n\n"
    "Both sides now bargain over the minutes.\n\n"
    "– Tom Okafor, lecturer in Leith"
)


def span(words: str) -> Span:
    """Where the words stand in ``TEXT``."""
    start = TEXT.index(words)
    return Span(start, start + len(words))


def _paragraphs() -> list[Paragraph]:
    kinds = {0: "heading", 3: "blockquote"}
    found, start = [], 0
    for number, words in enumerate(TEXT.split("\n\n")):
        found.append(Paragraph(start, start + len(words), kinds.get(number, "p")))  # type: ignore[arg-type]
        start += len(words) + 2
    return found


def article() -> Article:
    """The article that ``reading`` is of."""
    return Article(
        id="a-1",
        url=URL,
        title="Envoys leave without a date",
        text=TEXT,
        paragraphs=_paragraphs(),
        text_hash="h",
        published_at=NOON - 3600,
        seen_at=NOON - 1800,
        fetched_at=NOON - 1700,
        publisher="The Gazette",
        language="en",
    )


def _match(watch: str, *, due: bool, held: bool = False, code: str, text: str) -> Match:
    return Match(watch, "expert", "fellow", due, due, held, [MatchReason(code, text)])


def dossier() -> Dossier:
    """An article with an expert's split quotation, unnamed analysts and a block quotation."""
    mirren = Speaker(
        name="Ada Mirren",
        as_written="Ada Mirren",
        named=True,
        span=span("Ada Mirren"),
        role="senior fellow",
        affiliation="Quayside Institute",
        category="expert",
        evidence="senior fellow",
    )
    analysts = Speaker("Analysts", "Analysts", False, span("Analysts"), category="expert")
    okafor_ = Speaker("Tom Okafor", "Tom Okafor", True, span("Tom Okafor"), role="lecturer")
    other = _match("grain-talks", due=False, code="off_topic", text="names none of its topics")
    split = Occurrence(
        text="A ceasefire without a guarantee is a pause, … and both sides know it.",
        attribution=Attribution(
            Quotation(
                [
                    span("A ceasefire without a guarantee is a pause,"),
                    span("and both sides know it."),
                ],
                "direct",
            ),
            mirren,
            rule="direct_around_cue",
            confidence=0.97,
            cue=Cue(span("said"), "said"),
            told_to="Harbour Radio",
        ),
        topics=("ceasefire",),
        matches=(
            other,
            _match("riverside-talks", due=True, code="names_topic", text="speaks of ceasefire"),
        ),
        verdict=Verdict(
            "extended",
            "s-1",
            Nearest(
                "s-0",
                "A ceasefire is a pause",
                "https://courier.example/a",
                NOON - 86400,
                "extends",
                0.8,
                "the earlier words with a clause added",
            ),
        ),
    )
    unnamed = Occurrence(
        text="a truce before spring is unlikely",
        attribution=Attribution(
            Quotation([span("a truce before spring is unlikely")], "indirect"),
            analysts,
            rule="indirect_after_cue",
            confidence=0.9,
            cue=Cue(span("say"), "say"),
        ),
        topics=("ceasefire",),
        matches=(_match("riverside-talks", due=False, code="unnamed", text="nobody is named"),),
    )
    block = Occurrence(
        text="Both sides now bargain over the minutes.",
        attribution=Attribution(
            Quotation([span("Both sides now bargain over the minutes.")], "direct", "block"),
            okafor_,
            rule="block_signature",
            confidence=0.7,
        ),
        matches=(
            other,
            _match(
                "riverside-talks",
                due=True,
                held=True,
                code="held_low_confidence",
                text="70 % sure, 80 % asked for",
            ),
        ),
    )
    return Dossier(
        article=article(),
        tags=(
            Tag("riverside-talks", "ceasefire", "topic", [span("ceasefire"), span("truce")]),
            Tag("grain-talks", "ceasefire", "topic", [span("ceasefire")]),
            Tag("riverside-talks", "kremlin", "actor", [span("The Kremlin")]),
        ),
        commentaries=(
            Commentary("mirren", mirren, [split]),
            Commentary("analysts@a-1", analysts, [unnamed]),
            Commentary("okafor", okafor_, [block]),
        ),
    )
