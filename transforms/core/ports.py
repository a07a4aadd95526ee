"""What the transforms need from the world, as Protocols that connectors satisfy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Protocol

from schemas.alert import Alert
from schemas.annotation import Annotation
from schemas.article import Article
from schemas.base import Instant
from schemas.dossier import Dossier
from schemas.feed import FeedEntry, FeedPoll, FeedState
from schemas.outcome import DeadLetter, Skip
from schemas.page import Response
from schemas.person import NameRecord
from schemas.queue_message import QueueMessage
from schemas.statement import Statement

if TYPE_CHECKING:
    from spacy.tokens import Doc  # loading it costs half a second

#: Statements counted under one term, the latest first.
MAX_USES = 200
#: Introductions kept under one name key, the latest: some ten for each of ten people.
MAX_INTRODUCTIONS = 100


class Fetcher(Protocol):
    """Gets bodies over HTTP. Safe to call from several threads at once."""

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Response:
        """The answer to a GET, conditional when a validator is given.

        Raises:
            FetchError: with the named reason, after transient failures were retried.
        """

    def lane(self, url: str) -> str:
        """The host in whose turns a request for ``url`` must wait; "" if it need not wait."""

    def close(self) -> None:
        """Give back connections."""


class LanguageModel(Protocol):
    """Parses English text: tokens, sentences, tags, dependencies, named entities."""

    name: str  #: with its version, for provenance

    def parse(self, texts: Iterable[str]) -> Iterator[Doc]:
        """One parsed document per text, in order."""


class MeaningModel(Protocol):
    """Tells how alike English words are in meaning. The same words give the same, always."""

    name: str  #: for the reasons of verdicts

    def likeness(self, a: Sequence[str], b: Sequence[str]) -> Sequence[Sequence[float]]:
        """How alike each word of ``a`` is to each of ``b``, each as it stands among its own: -1
        to 1. What is too long is read by its beginning; words beyond are like nothing: 0.
        """


class FeedStore(Protocol):
    """What is known of feeds, and the entries that are waiting to be read."""

    def feed_states(self, urls: Sequence[str]) -> dict[str, FeedState]:
        """The state of each feed polled before, by its URL."""

    def known_entries(self, listed: Sequence[FeedEntry]) -> tuple[Set[str], Set[str]]:
        """Of the entries that a feed lists now: the ids, and the canonical URLs, under which
        that feed listed them before.
        """

    def claim_due(self, feed_urls: Sequence[str], at: Instant) -> Sequence[FeedEntry]:
        """The due entries of feeds that are not polled now."""

    def record_poll(self, poll: FeedPoll) -> Sequence[FeedEntry]:
        """Store a poll and its new entries in one transaction; the entries now due.

        A poll not later than the last one recorded leaves the feed's state as it is.

        Due are the feed's entries that were never read to an end, oldest seen first: new
        ones, those that a crash left pending, and those whose failure may pass. An entry
        whose canonical URL another entry already has is recorded, never due.
        """

    def close(self) -> None:
        """Give back connections."""


class EntryTopic(Protocol):
    """Hands feed entries to whoever reads their pages, each under its id."""

    def publish(self, entries: Sequence[FeedEntry]) -> None:
        """Once it returns, all are there.

        Raises:
            DeliveryError: some or all were not taken, or nobody knows.
        """

    def close(self) -> None:
        """Give back connections."""


class EntryStore(Protocol):
    """What has been handed on, and what was handed in, among entries and articles."""

    def mark_published(self, entry_ids: Sequence[str], at: Instant) -> None:
        """Entries that wait to be read are left to whoever reads the topic."""

    def accept(self, entries: Sequence[FeedEntry], at: Instant) -> Sequence[FeedEntry]:
        """Record entries that came by a queue; those that were never read to an end, once each.

        An entry whose canonical URL another entry already has is recorded, never due.
        """

    def record_input(self, given: Sequence[FeedEntry]) -> None:
        """Record the entries of articles that came whole: to be read, be it again."""

    def close(self) -> None:
        """Give back connections."""


class Statements(Protocol):
    """Statements that can be looked up by their terms."""

    def sharing(
        self, terms: Sequence[int], since: Instant, until: Instant
    ) -> Mapping[str, tuple[int, int]]:
        """How many of the terms each statement said then shares, if two or more, and how many
        it has itself; by id. Of each term, no more than the latest ``MAX_USES`` uses count.
        """

    def recall(
        self,
        name_key: str,
        *,
        ids: Collection[str],
        article_id: str,
        since: Instant,
        until: Instant,
    ) -> Sequence[Statement]:
        """The statements of these ids, those first recorded from the article, the first under
        each of the key's spellings, and those said then that cannot be looked up by terms.
        """

    def said_near(
        self,
        name_key: str,
        at: Instant,
        *,
        within_seconds: int,
        limit: int,
        but_article: str,
    ) -> Sequence[Statement]:
        """The statements of other articles under the key that were said nearest to then, no
        longer before or after: those so many that ``meaning.by_nearness`` puts first, and maybe
        more.
        """


class Memory(Statements, Protocol):
    """What was said before."""

    def is_read(self, article_id: str, text_hash: str) -> bool:
        """Whether this article was archived with this very text."""

    def name_record(self, name_key: str) -> NameRecord:
        """What articles told, and users ruled, of the people of the key; the introductions told
        last, at most as many as are ever believed.
        """

    def annotation_of(self, article: Article) -> Annotation | None:
        """The article annotated as another one of the same text was; None if none was."""

    def same_text(self, article: Article) -> str:
        """The URL of the first other article with the same text; "" if there is none."""

    def occurrence_counts(
        self, statement_ids: Sequence[str], *, but_article: str = ""
    ) -> Mapping[str, int]:
        """In how many places of other articles each statement stands; those that stand nowhere
        may be left out.
        """

    def told(self, statement_ids: Sequence[str]) -> Mapping[str, Collection[str]]:
        """The watches for which an occurrence of each statement was alertworthy and sure, be it
        withdrawn since, by the statement's id; those without any may be left out.
        """

    def alerts_on(self, article_id: str) -> Sequence[Alert]:
        """The alerts raised on the article before, oldest first."""

    def close(self) -> None:
        """Give back connections."""


class DossierStore(Protocol):
    """Where readings, skips and failures end. Writing twice is writing once."""

    def store_dossier(self, dossier: Dossier) -> Sequence[Alert]:
        """Archive all of it in one transaction and mark its entry read; the alerts that
        were not in the archive before.
        """

    def store_skip(self, skip: Skip) -> None:
        """Mark the entry as looked at, with the reason."""

    def store_dead_letter(self, dead_letter: DeadLetter) -> None:
        """Keep the failure and mark its entry failed."""

    def close(self) -> None:
        """Give back connections."""


class AlertTopic(Protocol):
    """Hands alerts to other programs, each under its id."""

    def publish(self, alerts: Sequence[Alert]) -> None:
        """Once it returns, all are there.

        Raises:
            DeliveryError: some or all were not taken, or nobody knows.
        """

    def close(self) -> None:
        """Give back connections."""


class DeadLetterTopic(Protocol):
    """Hands what failed to other programs, each under its id."""

    def publish(self, letters: Sequence[DeadLetter]) -> None:
        """Once it returns, all are there.

        Raises:
            DeliveryError: some or all were not taken, or nobody knows.
        """

    def close(self) -> None:
        """Give back connections."""


class ReceivedMessage(Protocol):
    """A message, and what it is acknowledged by."""

    @property
    def message(self) -> QueueMessage:
        """What came."""

    @property
    def ack_id(self) -> str:
        """Good for this delivery of it only."""


class MessageQueue(Protocol):
    """Messages that stay away from other readers until they are acknowledged or released, or
    the process dies. Safe to call from several threads at once.
    """

    def pull(self, limit: int, wait_seconds: float) -> Sequence[ReceivedMessage]:
        """Up to ``limit`` messages; waits that long for the first one.

        Raises:
            QueueError: the queue cannot be had.
        """

    def acknowledge(self, ack_ids: Sequence[str]) -> None:
        """They do not come again.

        Raises:
            QueueError: the queue cannot be had; they do come again.
        """

    def release(self, ack_ids: Sequence[str]) -> None:
        """They come again at once."""
