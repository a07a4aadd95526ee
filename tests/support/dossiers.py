"""Small readings, entries and polls, for tests of the archive."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from schemas.alert import Alert, AlertArticle, AlertReason, AlertSpeaker, AlertStatement
from schemas.annotation import Attribution, Cue, Quotation, Speaker, Tag
from schemas.article import Article, Paragraph
from schemas.base import Instant, Span
from schemas.correction import Case
from schemas.dossier import Commentary, Dossier, Match, MatchReason, Occurrence
from schemas.feed import Feed, FeedEntry, FeedPoll, FeedState, PollStatus
from schemas.outcome import DeadLetter, Reason, Skip
from schemas.person import Introduction
from schemas.statement import Verdict

NOON = Instant(1_763_812_800)  # 22 November 2025, 12:00 UTC
FEED = "https://herald.example/feed.xml"
WATCH = "harbour-talks"
#: Whatever is said here, memory finds it by these.
TERMS = (-7, 7)
VALEK = Speaker("Irena Valek", "Valek", True, Span(0, 5), "director", "Harbour Institute", "expert")


def some_id(*parts: object) -> str:
    """Any id: equal for equal parts."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def after(seconds: int) -> Instant:
    """So long after NOON."""
    return NOON + seconds


def entry(slug: str, *, feed: str = FEED, seen_at: Instant = NOON, guid: str = "") -> FeedEntry:
    """An entry that leads to the article of that slug."""
    url = f"https://herald.example/{slug}"
    entry_id = some_id(feed, guid or slug)
    return FeedEntry(entry_id, feed, url, url, slug.title(), "The Harbour Herald", seen_at)


def poll(
    *entries: FeedEntry,
    status: PollStatus = "changed",
    at: Instant = NOON,
    feed: str = FEED,
    etag: str = '"1"',
    reason: Reason | None = None,
) -> FeedPoll:
    """A poll of the feed, with validators whatever its outcome."""
    return FeedPoll(
        Feed(feed, "The Harbour Herald"),
        status,
        at,
        FeedState(
            feed,
            etag,
            "Sat",
            "b",
            polled_at=at,
            succeeded_at=None if reason else at,
            failures=1 if reason else 0,
        ),
        title="Herald",
        etag=etag,
        last_modified="Sat",
        body_hash="b",
        entries=entries,
        reason=reason,
        message=f"poll {reason}" if reason else "",
    )


def match(*, is_held: bool = False, watch: str = WATCH) -> Match:
    """A match that alerts, or is held."""
    reasons = [MatchReason("names_topic", "names the ceasefire")]
    return Match(watch, "expert", "director", True, True, is_held, reasons)


def occurrence(
    slug: str, words: str, *, start: int = 0, statement: str = "", is_held: bool = False
) -> Occurrence:
    """The words, new unless they repeat ``statement``; both are ids by their text."""
    statement_id = some_id("valek", statement or words)
    quotation = Quotation([Span(start, start + len(words))], "direct")
    span = Span(start + len(words), start + len(words) + 4)
    return Occurrence(
        words,
        Attribution(quotation, VALEK, "cue-after", 0.9, Cue(span, "said")),
        actors=("varenia",),
        topics=("ceasefire",),
        matches=(match(is_held=is_held),),
        id=some_id("occurrence", slug, start, statement_id),
        verdict=Verdict("repeated" if statement else "new", statement_id),
        terms=TERMS,
    )


def article(slug: str, *, text: str = "Nothing.", fetched_at: Instant = NOON) -> Article:
    """An article whose text says what the test says it does."""
    url = f"https://herald.example/{slug}"
    return Article(
        some_id(url),
        url,
        slug.title(),
        text,
        [Paragraph(0, len(text))],
        some_id(text),
        published_at=after(-3600),
        seen_at=NOON,
        fetched_at=fetched_at,
        entry_id=entry(slug).id,
        feed_url=FEED,
        publisher="The Harbour Herald",
    )


def alert(about: Article, said: Sequence[Occurrence], *, watch: str = WATCH) -> Alert:
    """An alert on what was said."""
    ids = [o.verdict.statement_id for o in said if o.verdict]
    return Alert(
        id=some_id("alert", watch, about.url, ids),
        type="new",
        watch=watch,
        bundle_id=some_id("bundle", watch, about.url),
        revision=1,
        priority="normal",
        speaker=AlertSpeaker(some_id("valek"), "Irena Valek", "expert", "director"),
        article=AlertArticle(about.id, about.url, about.title, about.publisher, about.published_at),
        statements=[
            AlertStatement(i, o.text, "direct", "inline", "new", 0.9, "Valek", about.url)
            for i, o in zip(ids, said, strict=True)
        ],
        reasons=[AlertReason("names_topic", "names the ceasefire")],
        others=(),
        seen_at=about.seen_at,
        fetched_at=about.fetched_at,
        alerted_at=about.fetched_at,
    )


def dossier(
    slug: str,
    *words: str,
    fetched_at: Instant = NOON,
    alerts: bool = True,
    is_held: bool = False,
    introductions: Sequence[Introduction] = (),
) -> Dossier:
    """An article in which Valek says these things, new each, one after the other."""
    about = article(slug, text=" ".join(words) or "Nothing.", fetched_at=fetched_at)
    said, start = [], 0
    for each in words:
        said.append(occurrence(slug, each, start=start, is_held=is_held))
        start += len(each) + 1
    return Dossier(
        about,
        [Tag(WATCH, "ceasefire", "topic", [Span(0, 4)])],
        [Commentary("valek", VALEK, said)] if said else [],
        [alert(about, said)] if alerts and said else [],
        introductions,
    )


def introduction(
    role: str, *, name: str = "Irena Valek", key: str = "valek", at: int = 0, url: str = "u"
) -> Introduction:
    """Somebody as an article of that time introduces them."""
    words = (name, role, "", "expert", role, 0.97, url, "The Harbour Herald")
    return Introduction(some_id(key, name, role), key, *words, after(at))  # type: ignore[arg-type]


def case(about: Alert) -> Case:
    """The alert's article as a case, for a reader who does not say what was wrong."""
    found = article("talks", text="No deal yet.")
    return Case("c1", WATCH, "wrong", about.speaker.name, "", [Span(0, 12)], (), found)


def skip(slug: str, reason: Reason = "no_watch_terms", *, at: Instant = NOON) -> Skip:
    """The entry of that slug, not read on."""
    return Skip(entry(slug).id, entry(slug).url, "SelectArticles", reason, at)


def dead_letter(slug: str, reason: Reason = "timeout", *, at: Instant = NOON) -> DeadLetter:
    """The page of that slug, not had."""
    about = entry(slug)
    return DeadLetter(
        some_id("FetchPages", about.url),
        "FetchPages",
        about.url,
        about.id,
        reason,
        "no answer",
        "{}",
        "",
        at,
    )
