"""The archive as the rest of Parley sees it: one method, one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from connectors.archive import alerts as deliveries
from connectors.archive import dead_letters, entries, feeds, memory, persons, recall, runs
from connectors.archive import dossiers as dossiers
from connectors.archive import first_published as originals
from connectors.archive import reattributions as corrected
from connectors.archive import watch_places as watch_files
from connectors.archive.corrections import Corrections
from connectors.archive.database import Database
from connectors.archive.feeds import FeedHealth
from connectors.archive.ledger import Ledger
from connectors.archive.memory import HeldOccurrence, StatementOccurrence
from connectors.archive.recall import said_near
from connectors.archive.runs import Run
from connectors.archive.upgrade import bring_up_to_date
from connectors.formats.sanitizing import without_passwords
from schemas.alert import Alert, Bundle
from schemas.annotation import Annotation
from schemas.article import Article
from schemas.base import Timestamp
from schemas.dossier import Dossier
from schemas.feed import FeedEntry, FeedPoll, FeedState
from schemas.outcome import DeadLetter, Skip
from schemas.person import NameRecord, Ruling
from schemas.statement import Statement


def open_archive(url: str, channels: Mapping[str, Sequence[str]] | None = None) -> Archive:
    """The archive at a SQLAlchemy URL, created or migrated if need be.

    ``functools.partial(open_archive, url, channels)`` is what pipelines pickle.

    Args:
        url: of a SQLite file or a PostgreSQL database.
        channels: where the alerts of each watch go whoever subscribes, by watch id: what
            recording an alert puts into the ledger. Subscriptions are looked at later. These
            watches are what is read for: what was read for others only is due to them.

    Raises:
        ConfigurationError: the URL is wrong, or what it leads to cannot be used.
    """
    database = Database(url)
    try:
        bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return Archive(database, channels or {})


class Archive:
    """Feeds, entries, articles, statements, alerts, deliveries, dead letters and runs.

    One thread may write while others read. Every method raises ArchiveError when the
    database fails.
    """

    def __init__(self, database: Database, channels: Mapping[str, Sequence[str]]) -> None:
        self._database = database
        self._channels = channels
        self._watches = tuple(sorted(channels))

    def close(self) -> None:
        """Give back connections."""
        self._database.close()

    # Feeds and their entries

    def feed_states(self, urls: Sequence[str]) -> dict[str, FeedState]:
        """The state of each feed polled before, by its URL."""
        with self._database.reading() as connection:
            return feeds.states(connection, urls)

    def known_entries(self, listed: Sequence[FeedEntry]) -> tuple[set[str], set[str]]:
        """The ids, and the canonical URLs, of those of one feed's entries that it listed before."""
        with self._database.reading() as connection:
            return entries.known(connection, listed)

    def claim_due(self, feed_urls: Sequence[str], at: Timestamp) -> list[FeedEntry]:
        """The due entries of feeds that are not polled now, oldest seen first."""
        with self._database.writing() as connection:
            return entries.claim_due(connection, feed_urls, at, self._watches)

    def record_poll(self, poll: FeedPoll) -> list[FeedEntry]:
        """Store a poll and its new entries; the feed's entries that are now due."""
        with self._database.writing() as connection:
            return feeds.record_poll(connection, poll, self._watches)

    def record_input(self, given: Sequence[FeedEntry]) -> None:
        """Record entries that were given by hand as pending."""
        with self._database.writing() as connection:
            entries.add_input(connection, given)

    def accept(self, given: Sequence[FeedEntry], at: Timestamp) -> list[FeedEntry]:
        """Record entries that came by a queue; those that were never read to an end."""
        with self._database.writing() as connection:
            return entries.accept(connection, given, at, self._watches)

    def claim_left(self, at: Timestamp, limit: int) -> list[FeedEntry]:
        """Entries of any feed or queue whose failure may pass, or that a crash left pending."""
        with self._database.writing() as connection:
            return entries.claim_left(connection, at, limit)

    def mark_published(self, entry_ids: Sequence[str], at: Timestamp) -> None:
        """Mark pending entries as handed on."""
        with self._database.writing() as connection:
            entries.mark_published(connection, entry_ids, at)

    def feeds(self) -> list[FeedHealth]:
        """How each feed is doing, by URL."""
        with self._database.reading() as connection:
            return feeds.health(connection)

    def entry_counts(self, since: Timestamp | None = None) -> dict[tuple[str, str], int]:
        """How many entries, of those touched at or after ``since``, have each (status, reason)."""
        with self._database.reading() as connection:
            return entries.counts(connection, since)

    def progress(self, since: Timestamp) -> dict[str, int]:
        """How many entries touched at or after ``since`` have each status; cheap."""
        with self._database.reading() as connection:
            return entries.progress(connection, since)

    # Readings, skips and failures

    def store_dossier(self, dossier: Dossier) -> list[Alert]:
        """Archive all of it and mark its entry read; the alerts not archived before.

        Each of these gets a pending delivery per channel of its watch. An alert that tells only
        what another one has told meanwhile is not recorded; nor is told what a reader said are
        somebody else's words.

        Raises:
            ValueError: an occurrence in it was not judged.
        """
        article = dossier.article
        with self._database.writing() as connection:
            moved = corrected.moved_away(connection, article.id)
            raised = deliveries.untold(connection, [*corrected.without(moved, dossier.alerts)])
            dossiers.store(connection, dossier, self._watches, moved)
            persons.introduce(connection, dossier.introductions)
            recorded = deliveries.record(connection, raised, self._channels)
            entries.settle(
                connection, article.entry_id, "read", article.fetched_at, watches=self._watches
            )
        return recorded

    def store_skip(self, skip: Skip) -> None:
        """Mark an entry as looked at and not read on, with the reason."""
        with self._database.writing() as connection:
            entries.settle(
                connection,
                skip.entry_id,
                "skipped",
                skip.skipped_at,
                watches=self._watches,
                reason=skip.reason,
                copy_of=skip.copy_of,
            )

    def store_dead_letter(self, dead_letter: DeadLetter) -> None:
        """Keep a failure and mark its entry, if it has one, failed."""
        with self._database.writing() as connection:
            if dead_letters.store(connection, dead_letter):
                at = dead_letter.failed_at
                entries.fail(connection, dead_letter.entry_id, dead_letter.reason, at)

    def dead_letters(self) -> list[DeadLetter]:
        """What failed and has not come through since, latest first."""
        with self._database.reading() as connection:
            return dead_letters.listed(connection)

    def retry_dead_letters(self) -> int:
        """Make all that failed or was gated due again; how many entries and feeds that is."""
        with self._database.writing() as connection:
            return dead_letters.retry(connection)

    # Memory

    def is_read(self, article_id: str, text_hash: str) -> bool:
        """Whether this article was archived with this very text for the archive's watches."""
        with self._database.reading() as connection:
            return memory.is_read(connection, article_id, text_hash, self._watches)

    def sharing(
        self, terms: Sequence[int], since: Timestamp, until: Timestamp
    ) -> dict[str, tuple[int, int]]:
        """How many of the terms each statement said then shares, if two or more, and how many
        it has itself; by id. Of each term, the latest ``recall.MAX_USES`` uses count.
        """
        with self._database.reading() as connection:
            return recall.sharing(connection, terms, since, until)

    def recall(
        self,
        name_key: str,
        *,
        ids: Collection[str],
        article_id: str,
        since: Timestamp,
        until: Timestamp,
    ) -> list[Statement]:
        """The statements of these ids, those first recorded from the article, the first under
        each of the key's spellings, and those said then that have no terms.
        """
        with self._database.reading() as connection:
            return recall.recall(
                connection, name_key, ids=ids, article_id=article_id, since=since, until=until
            )

    def said_near(
        self, name_key: str, at: Timestamp, *, within_seconds: int, limit: int, but_article: str
    ) -> list[Statement]:
        """The statements of other articles under the key that were said nearest to then, at
        most so many on either side; ties by address, place and id.
        """
        with self._database.reading() as connection:
            return said_near(
                connection,
                name_key,
                at,
                within_seconds=within_seconds,
                limit=limit,
                but_article=but_article,
            )

    def name_record(self, name_key: str) -> NameRecord:
        """What is known of the people of the key, and of those whom a user joined to them."""
        with self._database.reading() as connection:
            return persons.record(connection, name_key)

    def name_keys(self) -> list[str]:
        """Those under which somebody was introduced, in order."""
        with self._database.reading() as connection:
            return persons.name_keys(connection)

    def rule(self, ruling: Ruling, name_key: str, other_key: str = "") -> None:
        """Keep what a user decided on the person of a name, and of the other name if any."""
        with self._database.writing() as connection:
            persons.rule(connection, ruling, name_key, other_key)

    def rulings(self) -> list[Ruling]:
        """All that users decided on persons, oldest first."""
        with self._database.reading() as connection:
            return persons.rulings_kept(connection)

    def told(self, statement_ids: Sequence[str]) -> dict[str, set[str]]:
        """The watches for which each statement stands, or stood, as alertworthy and sure."""
        with self._database.reading() as connection:
            return memory.told_to(connection, statement_ids)

    def alerts_on(self, article_id: str) -> list[Alert]:
        """The alerts raised on the article before, oldest first."""
        with self._database.reading() as connection:
            return deliveries.on_article(connection, article_id)

    def annotation_of(self, article: Article) -> Annotation | None:
        """The article annotated as another one of the same text was; None if none was."""
        with self._database.reading() as connection:
            return memory.annotation_of(connection, article, self._watches)

    def same_text(self, article: Article) -> str:
        """The URL of the first other article with the same text; "" if there is none."""
        with self._database.reading() as connection:
            return memory.same_text(connection, article)

    def occurrence_counts(
        self, statement_ids: Sequence[str], *, but_article: str = ""
    ) -> dict[str, int]:
        """In how many places of other articles each statement stands; those that stand nowhere
        are left out.
        """
        with self._database.reading() as connection:
            return memory.occurrence_counts(connection, statement_ids, but_article=but_article)

    def statements(
        self, watch: str | None = None, *, by_statement: bool = False
    ) -> Iterator[StatementOccurrence]:
        """Every standing occurrence, by time of publication, or statement by statement; few of
        them in memory at once.
        """
        with self._database.reading() as connection:
            yield from memory.listed(connection, watch, by_statement=by_statement)

    def places(self, statement_ids: Sequence[str]) -> list[StatementOccurrence]:
        """Where the statements stand, by time of publication."""
        with self._database.reading() as connection:
            return memory.places(connection, statement_ids)

    def with_first_places(self, found: Sequence[StatementOccurrence]) -> list[StatementOccurrence]:
        """The occurrences, what comes nearest to each shown where it was published first."""
        with self._database.reading() as connection:
            known = originals.places_of(connection, (one.nearest for one in found))
        return [
            one._replace(nearest=originals.where_first(one.nearest, known, one.article_url))
            if one.nearest
            else one
            for one in found
        ]

    def said_before(
        self, statement_id: str, before: Timestamp, limit: int = 50
    ) -> list[tuple[Statement, Sequence[str]]]:
        """The latest statements under the same name key that were said earlier, latest first,
        with their topics.
        """
        with self._database.reading() as connection:
            return memory.said_before(connection, statement_id, before, limit)

    def held(
        self, watch: str | None = None, since: Timestamp | None = None
    ) -> list[HeldOccurrence]:
        """What would have alerted, had it been surer; of articles fetched since then."""
        with self._database.reading() as connection:
            return memory.held(connection, watch, since)

    # Alerts and their deliveries

    def record_alerts(self, raised: Sequence[Alert]) -> list[Alert]:
        """Record alerts that no reading raised, such as withdrawals; those not archived before.

        Each of these gets a pending delivery per channel of its watch.
        """
        with self._database.writing() as connection:
            return deliveries.record(connection, raised, self._channels)

    def alerts(self, watch: str | None = None, since: Timestamp | None = None) -> list[Alert]:
        """Alerts raised at or after ``since``, in order of recording."""
        with self._database.reading() as connection:
            return deliveries.listed(connection, watch, since)

    def pending_bundles(self, channel: str, watches: Sequence[str]) -> list[Bundle]:
        """The alerts not yet sent to a channel, bundled, in order of recording."""
        with self._database.reading() as connection:
            return deliveries.pending_bundles(connection, channel, watches)

    def recent_bundles(
        self, channel: str, watches: Sequence[str], limit: int = 200
    ) -> list[Bundle]:
        """The latest bundles that a channel was owed, newest first: what a feed file shows."""
        with self._database.reading() as connection:
            return deliveries.recent_bundles(connection, channel, watches, limit)

    @property
    def ledger(self) -> Ledger:
        """What is owed to whom, and what came of it."""
        return Ledger(self._database)

    @property
    def corrections(self) -> Corrections:
        """What readers said was wrong, and what that changed."""
        return Corrections(self._database)

    def remember_watch_file(self, watch: str, reference: str, subscriptions: str) -> None:
        """Keep where a watch and the subscriptions beside it stand, for ``parley deliver``."""
        with self._database.writing() as connection:
            watch_files.remember(connection, watch, reference, subscriptions)

    def watch_files(self) -> dict[str, tuple[str, str]]:
        """Where each watch and the subscriptions beside it stood when last used."""
        with self._database.reading() as connection:
            return watch_files.remembered(connection)

    # Runs

    def begin_run(
        self,
        run_id: str,
        started_at: Timestamp,
        command: str,
        runner: str,
        watches: Sequence[str],
    ) -> None:
        """Record that a run begins; no password that its command holds is kept."""
        shown = without_passwords(command)
        run = Run(run_id, started_at, None, shown, runner, tuple(watches), None)
        with self._database.writing() as connection:
            runs.begin(connection, run)

    def end_run(self, run_id: str, ended_at: Timestamp, summary: dict[str, Any]) -> None:
        """Record that it ended, and how."""
        with self._database.writing() as connection:
            runs.end(connection, run_id, ended_at, summary)

    def runs(self) -> list[Run]:
        """All runs, latest first; one without an end is still going, or was killed."""
        with self._database.reading() as connection:
            return runs.listed(connection)
