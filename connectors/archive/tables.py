"""The archive's tables. Their history is in ``migrations/versions``; a test compares both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    false,
)

from connectors.archive.column_types import InstantColumn, instant, json, number, words
from schemas.alert import Alert
from schemas.annotation import Attribution, Speaker, Tag
from schemas.article import Paragraph
from schemas.correction import Case
from schemas.delivery import Notice
from schemas.dossier import Match
from schemas.statement import Nearest

EntryStatus = Literal["pending", "read", "skipped", "failed"]

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    }
)

runs = Table(
    "runs",
    metadata,
    words("id", primary_key=True),
    instant("started_at"),
    instant("ended_at", nullable=True),
    words("command"),
    words("runner"),
    json("watches", Sequence[str]),
    json("summary", dict[str, Any], nullable=True),
)

feeds = Table(
    "feeds",
    metadata,
    words("url", primary_key=True),
    words("publisher"),
    words("title"),
    words("etag"),
    words("last_modified"),
    words("body_hash"),
    instant("polled_at"),
    instant("succeeded_at", nullable=True),
    Column("failures", Integer, nullable=False),
    words("reason"),  # of the last failure; "" after a success
    words("message"),
    # 0002: the rhythm, and where the feed is; server defaults for feeds polled before.
    number("interval_seconds"),
    instant("next_poll_at", nullable=True),
    number("on_time"),
    number("hint_seconds"),
    json("skip_hours", Sequence[int], server_default="[]"),
    json("skip_days", Sequence[int], server_default="[]"),
    instant("busy_until", nullable=True),
    instant("body_at", nullable=True),
    number("unchanged_304s"),
    number("lied_304s"),
    instant("new_at", nullable=True),
    number("overruns"),
    Column("is_muted", Boolean, nullable=False, server_default=false()),
    Column("has_broken_guids", Boolean, nullable=False, server_default=false()),
    words("site_url", server_default=""),
    words("fetch_url", server_default=""),
    words("moved_to", server_default=""),
    number("moved_times"),
    instant("moved_since", nullable=True),
)

entries = Table(
    "entries",
    metadata,
    words("id", primary_key=True),
    words("feed_url"),
    words("url"),
    words("canonical_url"),
    words("title"),
    words("publisher"),
    words("author", nullable=True),
    words("summary"),
    instant("seen_at"),
    instant("stated_published_at", nullable=True),
    words("status"),
    words("reason"),  # why skipped or failed; "" otherwise
    words("copy_of", nullable=True),
    Column("attempts", Integer, nullable=False),
    instant("updated_at"),
    json("watches", Sequence[str], server_default="[]"),  # ids of those it was settled for
    Index("entries_feed_url_status", "feed_url", "status"),
    # URLs from outside may be longer than a page of PostgreSQL's B-tree takes.
    Index("entries_canonical_url", "canonical_url", postgresql_using="hash"),
    Index("entries_updated_at_status", "updated_at", "status"),
)

articles = Table(
    "articles",
    metadata,
    words("id", primary_key=True),
    words("entry_id"),
    words("feed_url"),
    words("url"),
    words("title"),
    words("text"),
    json("paragraphs", Sequence[Paragraph]),
    words("text_hash", index=True),
    json("tags", Sequence[Tag]),
    words("publisher"),
    words("author", nullable=True),
    words("language"),
    instant("published_at"),
    instant("stated_published_at", nullable=True),
    instant("seen_at"),
    instant("fetched_at"),
    json("watches", Sequence[str], server_default="[]"),  # ids of those it was held against
    instant("stored_at", nullable=True),  # 0009: when it was read last
    Index("articles_stored_at", "stored_at"),
)

statements = Table(
    "statements",
    metadata,
    words("id", primary_key=True),
    words("name_key"),
    words("speaker"),
    words("text"),
    words("same_as", nullable=True),  # the statement that it repeats, as a reader told us
    words("article_id", ForeignKey("articles.id")),
    words("article_url"),
    words("publisher"),
    instant("said_at"),
    Column("position", Integer, nullable=False),
    # Of an archive of an earlier build, statements that have no terms.
    Column("has_terms", Boolean, nullable=False, server_default=false()),
    Index("statements_name_key_said_at", "name_key", "said_at"),
)
Index(
    "statements_without_terms",
    statements.c.name_key,
    statements.c.said_at,
    sqlite_where=~statements.c.has_terms,
    postgresql_where=~statements.c.has_terms,
)

# 0006: what memory finds a statement by. The key holds all, so that a lookup reads nothing else.
statement_terms = Table(
    "statement_terms",
    metadata,
    Column("term", BigInteger, primary_key=True, autoincrement=False),
    Column("said_at", InstantColumn, primary_key=True),
    words("statement_id", ForeignKey("statements.id"), primary_key=True),
    Column("size", Integer, primary_key=True, autoincrement=False),  # how many terms it has
    sqlite_with_rowid=False,
)

# The first statement under each spelling of a name.
voices = Table(
    "voices",
    metadata,
    words("name_key", primary_key=True),
    words("speaker", primary_key=True),
    words("statement_id", ForeignKey("statements.id")),
    instant("said_at"),
)

# The watches for which a statement stands, or stood, as alertworthy and sure.
told = Table(
    "told",
    metadata,
    words("statement_id", ForeignKey("statements.id"), primary_key=True),
    words("watch", primary_key=True),
)

occurrences = Table(
    "occurrences",
    metadata,
    words("id", primary_key=True),
    words("article_id", ForeignKey("articles.id"), index=True),
    words("statement_id", ForeignKey("statements.id"), index=True),
    Column("position", Integer, nullable=False),
    words("name_key"),
    json("speaker", Speaker),  # the commentary's: fullest in the article
    words("text"),
    json("attribution", Attribution),
    json("actors", Sequence[str]),
    json("topics", Sequence[str]),
    json("matches", Sequence[Match]),
    words("novelty"),
    json("nearest", Nearest, nullable=True),
    Column("is_held", Boolean, nullable=False),  # for any watch
    instant("withdrawn_at", nullable=True),  # when the article no longer held it
)
Index(
    "occurrences_held",
    occurrences.c.article_id,
    sqlite_where=occurrences.c.is_held,
    postgresql_where=occurrences.c.is_held,
)

alerts = Table(
    "alerts",
    metadata,
    Column("number", Integer, primary_key=True),  # order of recording; never leaves the archive
    words("id", unique=True),
    words("type", server_default="new"),
    words("watch"),
    words("bundle_id", index=True),
    words("article_id", index=True),
    instant("alerted_at"),
    json("alert", Alert),
    instant("routed_at", nullable=True),  # when it was settled which subscriptions it is for
    Index("alerts_watch_alerted_at", "watch", "alerted_at"),
)
Index(
    "alerts_unrouted",
    alerts.c.number,
    sqlite_where=alerts.c.routed_at.is_(None),
    postgresql_where=alerts.c.routed_at.is_(None),
)

deliveries = Table(
    "deliveries",
    metadata,
    words("alert_id", primary_key=True),  # or a notice's
    words("channel", primary_key=True),  # the target, or a hash of it if it may be secret
    words("status"),
    Column("attempts", Integer, nullable=False),
    words("error"),
    instant("next_try_at", nullable=True),
    instant("sent_at", nullable=True),
    json("subscriptions", Sequence[str]),  # names of those that asked for it there
    instant("recorded_at"),
    words("message"),  # id of the message it goes with; "" until that is put together
    words("kind", nullable=True),
    instant("claimed_until", nullable=True),
    words("claimed_by"),
    words("waits_for"),  # until next_try_at, where nothing hinders it
    Column("is_refused", Boolean, nullable=False),
    Column("is_told", Boolean, nullable=False),  # to the operator, that it was given up
    Index("deliveries_channel_status", "channel", "status"),
)

corrections = Table(
    "corrections",
    metadata,
    words("id", primary_key=True),
    words("alert_id", ForeignKey("alerts.id")),
    words("kind"),
    words("name"),  # who is meant: who said it in truth, or who is no expert; "" otherwise
    words("other_alert_id"),  # the alert that it repeats; "" otherwise
    instant("corrected_at"),
    json("case", Case),
    words("case_file", nullable=True),  # where the case is still to be written
    json("statements", Sequence[str], server_default="[]"),  # 0009: those that it is on; all if []
)

# 0009: what people decided about held statements; of one held_id the latest holds.
held_decisions = Table(
    "held_decisions",
    metadata,
    Column("number", Integer, primary_key=True),  # order of recording; never leaves the archive
    words("id", unique=True),
    words("held_id", index=True),
    words("kind"),
    words("watch"),
    words("statement_id"),
    words("article_id", ForeignKey("articles.id")),
    instant("decided_at"),
    words("alert_id"),  # that it raised, or that takes this back; "" otherwise
    json("case", Case),
    words("case_file", nullable=True),  # where the case is still to be written
)

notices = Table(
    "notices",
    metadata,
    words("id", primary_key=True),
    words("watch"),
    Column("after_number", Integer, nullable=False),  # of the alert since which it is silent
    instant("noticed_at"),
    json("notice", Notice),
    Index("notices_watch", "watch"),
)

closed_channels = Table(
    "closed_channels",
    metadata,
    words("channel", primary_key=True),
    words("reason"),
    instant("closed_at"),
)

watch_files = Table(
    "watch_files",
    metadata,
    words("watch", primary_key=True),
    words("reference"),  # its file or bundled name, as last used to deliver
    words("subscriptions"),  # the file given beside it; "" if none
)

introductions = Table(
    "introductions",
    metadata,
    words("id", primary_key=True),
    words("name_key"),
    words("name"),
    words("role"),
    words("affiliation"),
    words("category"),
    words("evidence"),
    Column("sureness", Float, nullable=False),
    words("article_url"),
    words("publisher"),
    instant("told_at"),
    Index("introductions_name_key_told_at", "name_key", "told_at"),
)

rulings = Table(
    "rulings",
    metadata,
    words("id", primary_key=True),
    words("kind"),
    words("name"),
    words("name_key", index=True),
    words("other"),
    words("other_key", index=True),  # of the other name; "" if there is none
    words("category"),
    words("note"),
    instant("ruled_at"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    words("id", primary_key=True),
    words("step"),
    words("key"),
    words("entry_id", index=True),
    words("reason"),
    words("message"),
    words("element"),
    words("trace"),
    instant("failed_at"),
)
