"""The archive's tables. Their history is in ``migrations/versions``; a test compares both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    false,
)

from connectors.archive.json_rows import from_json, to_json, to_micros
from schemas.alert import Alert
from schemas.annotation import Attribution, Speaker, Tag
from schemas.article import Paragraph
from schemas.base import Timestamp
from schemas.commentary import Match, Nearest
from schemas.correction import Case
from schemas.delivery import Notice

EntryStatus = Literal["pending", "read", "skipped", "failed"]

#: What a database cannot store as text: PostgreSQL no NUL, neither of them half a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _storable(value: str) -> str:
    if value.isascii() and "\x00" not in value:  # nearly always, and much faster to tell
        return value
    return _UNSTORABLE.sub("\ufffd", value)


class Words(TypeDecorator[str]):
    """Text from anywhere; a character that no database takes becomes U+FFFD, one for one.

    Lengths stay, so spans still fit.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as stored."""
        return None if value is None else _storable(value)


class Instant(TypeDecorator[Timestamp]):
    """A Timestamp, as microseconds since the epoch."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Timestamp | None, dialect: Dialect) -> int | None:
        """The instant as stored."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Timestamp | None:
        """The instant again."""
        return None if value is None else Timestamp(micros=value)


class Json(TypeDecorator[Any]):
    """Rows or plain values of the type ``hint``, as JSON text."""

    impl = Text
    cache_ok = True

    def __init__(self, hint: Any) -> None:
        super().__init__()
        self.hint = hint

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """The value as stored."""
        return None if value is None else _storable(to_json(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The value again."""
        return None if value is None else from_json(value, self.hint)


def _words(name: str, *args: Any, **options: Any) -> Column[str]:
    options.setdefault("nullable", False)
    return Column(name, Words, *args, **options)


def _instant(name: str, *, nullable: bool = False) -> Column[Timestamp]:
    return Column(name, Instant, nullable=nullable)


def _json(name: str, hint: Any, *, nullable: bool = False, **options: Any) -> Column[Any]:
    return Column(name, Json(hint), nullable=nullable, **options)


def _number(name: str) -> Column[int]:
    """A number that starts at 0, in rows that were there before the column, too."""
    return Column(name, Integer, nullable=False, server_default="0")


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
    _words("id", primary_key=True),
    _instant("started_at"),
    _instant("ended_at", nullable=True),
    _words("command"),
    _words("runner"),
    _json("watches", Sequence[str]),
    _json("summary", dict[str, Any], nullable=True),
)

feeds = Table(
    "feeds",
    metadata,
    _words("url", primary_key=True),
    _words("publisher"),
    _words("title"),
    _words("etag"),
    _words("last_modified"),
    _words("body_hash"),
    _instant("polled_at"),
    _instant("succeeded_at", nullable=True),
    Column("failures", Integer, nullable=False),
    _words("reason"),  # of the last failure; "" after a success
    _words("message"),
    # 0002: the rhythm, and where the feed is; server defaults for feeds polled before.
    _number("interval_seconds"),
    _instant("next_poll_at", nullable=True),
    _number("on_time"),
    _number("hint_seconds"),
    _json("skip_hours", Sequence[int], server_default="[]"),
    _json("skip_days", Sequence[int], server_default="[]"),
    _instant("busy_until", nullable=True),
    _instant("body_at", nullable=True),
    _number("unchanged_304s"),
    _number("lied_304s"),
    _instant("new_at", nullable=True),
    _number("overruns"),
    Column("is_muted", Boolean, nullable=False, server_default=false()),
    Column("has_broken_guids", Boolean, nullable=False, server_default=false()),
    _words("site_url", server_default=""),
    _words("fetch_url", server_default=""),
    _words("moved_to", server_default=""),
    _number("moved_times"),
    _instant("moved_since", nullable=True),
)

entries = Table(
    "entries",
    metadata,
    _words("id", primary_key=True),
    _words("feed_url"),
    _words("url"),
    _words("canonical_url"),
    _words("title"),
    _words("publisher"),
    _words("author", nullable=True),
    _words("summary"),
    _instant("seen_at"),
    _instant("stated_published_at", nullable=True),
    _words("status"),
    _words("reason"),  # why skipped or failed; "" otherwise
    _words("copy_of", nullable=True),
    Column("attempts", Integer, nullable=False),
    _instant("updated_at"),
    _json("watches", Sequence[str], server_default="[]"),  # ids of those it was settled for
    Index("entries_feed_url_status", "feed_url", "status"),
    # URLs from outside may be longer than a page of PostgreSQL's B-tree takes.
    Index("entries_canonical_url", "canonical_url", postgresql_using="hash"),
    Index("entries_updated_at_status", "updated_at", "status"),
)

articles = Table(
    "articles",
    metadata,
    _words("id", primary_key=True),
    _words("entry_id"),
    _words("feed_url"),
    _words("url"),
    _words("title"),
    _words("text"),
    _json("paragraphs", Sequence[Paragraph]),
    _words("text_hash", index=True),
    _json("tags", Sequence[Tag]),
    _words("publisher"),
    _words("author", nullable=True),
    _words("language"),
    _instant("published_at"),
    _instant("stated_published_at", nullable=True),
    _instant("seen_at"),
    _instant("fetched_at"),
    _json("watches", Sequence[str], server_default="[]"),  # ids of those it was held against
)

statements = Table(
    "statements",
    metadata,
    _words("id", primary_key=True),
    _words("name_key"),
    _words("speaker"),
    _words("text"),
    _words("same_as", nullable=True),  # the statement that it repeats, as a reader told us
    _words("article_id", ForeignKey("articles.id")),
    _words("article_url"),
    _words("publisher"),
    _instant("said_at"),
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
    Column("said_at", Instant, primary_key=True),
    _words("statement_id", ForeignKey("statements.id"), primary_key=True),
    Column("size", Integer, primary_key=True, autoincrement=False),  # how many terms it has
    sqlite_with_rowid=False,
)

# The first statement under each spelling of a name.
voices = Table(
    "voices",
    metadata,
    _words("name_key", primary_key=True),
    _words("speaker", primary_key=True),
    _words("statement_id", ForeignKey("statements.id")),
    _instant("said_at"),
)

# The watches for which a statement stands, or stood, as alertworthy and sure.
told = Table(
    "told",
    metadata,
    _words("statement_id", ForeignKey("statements.id"), primary_key=True),
    _words("watch", primary_key=True),
)

occurrences = Table(
    "occurrences",
    metadata,
    _words("id", primary_key=True),
    _words("article_id", ForeignKey("articles.id"), index=True),
    _words("statement_id", ForeignKey("statements.id"), index=True),
    Column("position", Integer, nullable=False),
    _words("name_key"),
    _json("speaker", Speaker),  # the commentary's: fullest in the article
    _words("text"),
    _json("attribution", Attribution),
    _json("actors", Sequence[str]),
    _json("topics", Sequence[str]),
    _json("matches", Sequence[Match]),
    _words("novelty"),
    _json("nearest", Nearest, nullable=True),
    Column("is_held", Boolean, nullable=False),  # for any watch
    _instant("withdrawn_at", nullable=True),  # when the article no longer held it
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
    _words("id", unique=True),
    _words("type", server_default="new"),
    _words("watch"),
    _words("bundle_id", index=True),
    _words("article_id", index=True),
    _instant("alerted_at"),
    _json("alert", Alert),
    _instant("routed_at", nullable=True),  # when it was settled which subscriptions it is for
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
    _words("alert_id", primary_key=True),  # or a notice's
    _words("channel", primary_key=True),  # the target, or a hash of it if it may be secret
    _words("status"),
    Column("attempts", Integer, nullable=False),
    _words("error"),
    _instant("next_try_at", nullable=True),
    _instant("sent_at", nullable=True),
    _json("subscriptions", Sequence[str]),  # names of those that asked for it there
    _instant("recorded_at"),
    _words("message"),  # id of the message it goes with; "" until that is put together
    _words("kind", nullable=True),
    _instant("claimed_until", nullable=True),
    _words("claimed_by"),
    _words("waits_for"),  # until next_try_at, where nothing hinders it
    Column("is_refused", Boolean, nullable=False),
    Column("is_told", Boolean, nullable=False),  # to the operator, that it was given up
    Index("deliveries_channel_status", "channel", "status"),
)

corrections = Table(
    "corrections",
    metadata,
    _words("id", primary_key=True),
    _words("alert_id", ForeignKey("alerts.id")),
    _words("kind"),
    _words("name"),  # who is meant: who said it in truth, or who is no expert; "" otherwise
    _words("other_alert_id"),  # the alert that it repeats; "" otherwise
    _instant("corrected_at"),
    _json("case", Case),
    _words("case_file", nullable=True),  # where the case is still to be written
)

notices = Table(
    "notices",
    metadata,
    _words("id", primary_key=True),
    _words("watch"),
    Column("after_number", Integer, nullable=False),  # of the alert since which it is silent
    _instant("noticed_at"),
    _json("notice", Notice),
    Index("notices_watch", "watch"),
)

closed_channels = Table(
    "closed_channels",
    metadata,
    _words("channel", primary_key=True),
    _words("reason"),
    _instant("closed_at"),
)

watch_files = Table(
    "watch_files",
    metadata,
    _words("watch", primary_key=True),
    _words("reference"),  # its file or bundled name, as last used to deliver
    _words("subscriptions"),  # the file given beside it; "" if none
)

introductions = Table(
    "introductions",
    metadata,
    _words("id", primary_key=True),
    _words("name_key"),
    _words("name"),
    _words("role"),
    _words("affiliation"),
    _words("category"),
    _words("evidence"),
    Column("sureness", Float, nullable=False),
    _words("article_url"),
    _words("publisher"),
    _instant("told_at"),
    Index("introductions_name_key_told_at", "name_key", "told_at"),
)

rulings = Table(
    "rulings",
    metadata,
    _words("id", primary_key=True),
    _words("kind"),
    _words("name"),
    _words("name_key", index=True),
    _words("other"),
    _words("other_key", index=True),  # of the other name; "" if there is none
    _words("category"),
    _words("note"),
    _instant("ruled_at"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    _words("id", primary_key=True),
    _words("step"),
    _words("key"),
    _words("entry_id", index=True),
    _words("reason"),
    _words("message"),
    _words("element"),
    _words("trace"),
    _instant("failed_at"),
)
