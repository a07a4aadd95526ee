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
    text,
)

from connectors.archive.column_types import InstantColumn, instant_column, json, number, text_column
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
    text_column("id", primary_key=True),
    instant_column("started_at"),
    instant_column("ended_at", nullable=True),
    text_column("command"),
    text_column("runner"),
    json("watches", Sequence[str]),
    json("summary", dict[str, Any], nullable=True),
)

feeds = Table(
    "feeds",
    metadata,
    text_column("url", primary_key=True),
    text_column("publisher"),
    text_column("title"),
    text_column("etag"),
    text_column("last_modified"),
    text_column("body_hash"),
    instant_column("polled_at"),
    instant_column("succeeded_at", nullable=True),
    Column("failures", Integer, nullable=False),
    text_column("reason"),  # of the last failure; "" after a success
    text_column("message"),
    # 0002: the rhythm, and where the feed is; server defaults for feeds polled before.
    number("interval_seconds"),
    instant_column("next_poll_at", nullable=True),
    number("on_time"),
    number("hint_seconds"),
    json("skip_hours", Sequence[int], server_default="[]"),
    json("skip_days", Sequence[int], server_default="[]"),
    instant_column("busy_until", nullable=True),
    instant_column("body_at", nullable=True),
    number("unchanged_304s"),
    number("lied_304s"),
    instant_column("new_at", nullable=True),
    number("overruns"),
    Column("is_muted", Boolean, nullable=False, server_default=false()),
    Column("has_broken_guids", Boolean, nullable=False, server_default=false()),
    text_column("site_url", server_default=""),
    text_column("fetch_url", server_default=""),
    text_column("moved_to", server_default=""),
    number("moved_times"),
    instant_column("moved_since", nullable=True),
)

entries = Table(
    "entries",
    metadata,
    text_column("id", primary_key=True),
    text_column("feed_url"),
    text_column("url"),
    text_column("canonical_url"),
    text_column("title"),
    text_column("publisher"),
    text_column("author", nullable=True),
    text_column("summary"),
    instant_column("seen_at"),
    instant_column("stated_published_at", nullable=True),
    text_column("status"),
    text_column("reason"),  # why skipped or failed; "" otherwise
    text_column("copy_of", nullable=True),
    Column("attempts", Integer, nullable=False),
    instant_column("updated_at"),
    json("watches", Sequence[str], server_default="[]"),  # ids of those it was settled for
    # 0010: the feed's own text, and the plan of further readings.
    text_column("content", server_default=""),  # while the entry may be read again
    text_column("revision", server_default=""),
    text_column("etag", server_default=""),
    text_column("last_modified", server_default=""),
    instant_column("read_again_at", nullable=True),
    number("planned_readings"),  # how many there were
    Index("entries_feed_url_status", "feed_url", "status"),
    # URLs from outside may be longer than a page of PostgreSQL's B-tree takes.
    Index("entries_canonical_url", "canonical_url", postgresql_using="hash").ddl_if("postgresql"),
    Index("entries_canonical_url_feed_url", "canonical_url", "feed_url").ddl_if("sqlite"),
    Index("entries_updated_at_status", "updated_at", "status"),
)
# Many feeds may list one article; all of their entries except one are duplicates.
Index(
    "entries_originals",
    entries.c.canonical_url,
    sqlite_where=text("reason <> 'duplicate_entry'"),
    postgresql_where=text("reason <> 'duplicate_entry'"),
    postgresql_using="hash",
)

articles = Table(
    "articles",
    metadata,
    text_column("id", primary_key=True),
    text_column("entry_id"),
    text_column("feed_url"),
    text_column("url"),
    text_column("title"),
    text_column("text"),
    json("paragraphs", Sequence[Paragraph]),
    text_column("text_hash", index=True),
    json("tags", Sequence[Tag]),
    text_column("publisher"),
    text_column("author", nullable=True),
    text_column("language"),
    instant_column("published_at"),
    instant_column("stated_published_at", nullable=True),
    instant_column("seen_at"),
    instant_column("fetched_at"),
    json("watches", Sequence[str], server_default="[]"),  # ids of those it was held against
    instant_column("stored_at", nullable=True),  # 0009: when it was read last
    Index("articles_stored_at", "stored_at"),
)

statements = Table(
    "statements",
    metadata,
    text_column("id", primary_key=True),
    text_column("name_key"),
    text_column("speaker"),
    text_column("text"),
    text_column("same_as", nullable=True),  # the statement that it repeats, as a reader told us
    text_column("article_id", ForeignKey("articles.id")),
    text_column("article_url"),
    text_column("publisher"),
    instant_column("said_at"),
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
    text_column("statement_id", ForeignKey("statements.id"), primary_key=True),
    Column("size", Integer, primary_key=True, autoincrement=False),  # how many terms it has
    sqlite_with_rowid=False,
)

# The first statement under each spelling of a name.
voices = Table(
    "voices",
    metadata,
    text_column("name_key", primary_key=True),
    text_column("speaker", primary_key=True),
    text_column("statement_id", ForeignKey("statements.id")),
    instant_column("said_at"),
)

# The watches for which a statement stands, or stood, as alertworthy and sure.
told = Table(
    "told",
    metadata,
    text_column("statement_id", ForeignKey("statements.id"), primary_key=True),
    text_column("watch", primary_key=True),
)

occurrences = Table(
    "occurrences",
    metadata,
    text_column("id", primary_key=True),
    text_column("article_id", ForeignKey("articles.id"), index=True),
    text_column("statement_id", ForeignKey("statements.id"), index=True),
    Column("position", Integer, nullable=False),
    text_column("name_key"),
    json("speaker", Speaker),  # the commentary's: fullest in the article
    text_column("text"),
    json("attribution", Attribution),
    json("actors", Sequence[str]),
    json("topics", Sequence[str]),
    json("matches", Sequence[Match]),
    text_column("novelty"),
    json("nearest", Nearest, nullable=True),
    Column("is_held", Boolean, nullable=False),  # for any watch
    instant_column("withdrawn_at", nullable=True),  # when the article no longer held it
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
    text_column("id", unique=True),
    text_column("type", server_default="new"),
    text_column("watch"),
    text_column("bundle_id", index=True),
    text_column("article_id", index=True),
    instant_column("alerted_at"),
    json("alert", Alert),
    instant_column("routed_at", nullable=True),  # when it was settled which subscriptions it is for
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
    text_column("alert_id", primary_key=True),  # or a notice's
    text_column("channel", primary_key=True),  # the target, or a hash of it if it may be secret
    text_column("status"),
    Column("attempts", Integer, nullable=False),
    text_column("error"),
    instant_column("next_try_at", nullable=True),
    instant_column("sent_at", nullable=True),
    json("subscriptions", Sequence[str]),  # names of those that asked for it there
    instant_column("recorded_at"),
    text_column("message"),  # id of the message it goes with; "" until that is put together
    text_column("kind", nullable=True),
    instant_column("claimed_until", nullable=True),
    text_column("claimed_by"),
    text_column("waits_for"),  # until next_try_at, where nothing hinders it
    Column("is_refused", Boolean, nullable=False),
    Column("is_told", Boolean, nullable=False),  # to the operator, that it was given up
    Index("deliveries_channel_status", "channel", "status"),
)

corrections = Table(
    "corrections",
    metadata,
    text_column("id", primary_key=True),
    text_column("alert_id", ForeignKey("alerts.id")),
    text_column("kind"),
    text_column("name"),  # who is meant: who said it in truth, or who is no expert; "" otherwise
    text_column("other_alert_id"),  # the alert that it repeats; "" otherwise
    instant_column("corrected_at"),
    json("case", Case),
    text_column("case_file", nullable=True),  # where the case is still to be written
    json("statements", Sequence[str], server_default="[]"),  # 0009: those that it is on; all if []
)

# 0009: what people decided about held statements; of one held_id the latest holds.
held_decisions = Table(
    "held_decisions",
    metadata,
    Column("number", Integer, primary_key=True),  # order of recording; never leaves the archive
    text_column("id", unique=True),
    text_column("held_id", index=True),
    text_column("kind"),
    text_column("watch"),
    text_column("statement_id"),
    text_column("article_id", ForeignKey("articles.id")),
    instant_column("decided_at"),
    text_column("alert_id"),  # that it raised, or that takes this back; "" otherwise
    json("case", Case),
    text_column("case_file", nullable=True),  # where the case is still to be written
)

notices = Table(
    "notices",
    metadata,
    text_column("id", primary_key=True),
    text_column("watch"),
    Column("after_number", Integer, nullable=False),  # of the alert since which it is silent
    instant_column("noticed_at"),
    json("notice", Notice),
    Index("notices_watch", "watch"),
)

closed_channels = Table(
    "closed_channels",
    metadata,
    text_column("channel", primary_key=True),
    text_column("reason"),
    instant_column("closed_at"),
)

watch_files = Table(
    "watch_files",
    metadata,
    text_column("watch", primary_key=True),
    text_column("reference"),  # its file or bundled name, as last used to deliver
    text_column("subscriptions"),  # the file given beside it; "" if none
)

introductions = Table(
    "introductions",
    metadata,
    text_column("id", primary_key=True),
    text_column("name_key"),
    text_column("name"),
    text_column("role"),
    text_column("affiliation"),
    text_column("category"),
    text_column("evidence"),
    Column("sureness", Float, nullable=False),
    text_column("article_url"),
    text_column("publisher"),
    instant_column("told_at"),
    Index("introductions_name_key_told_at", "name_key", "told_at"),
)

rulings = Table(
    "rulings",
    metadata,
    text_column("id", primary_key=True),
    text_column("kind"),
    text_column("name"),
    text_column("name_key", index=True),
    text_column("other"),
    text_column("other_key", index=True),  # of the other name; "" if there is none
    text_column("category"),
    text_column("note"),
    instant_column("ruled_at"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    text_column("id", primary_key=True),
    text_column("step"),
    text_column("key"),
    text_column("entry_id", index=True),
    text_column("reason"),
    text_column("message"),
    text_column("element"),
    text_column("trace"),
    instant_column("failed_at"),
)
