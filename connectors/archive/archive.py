"""The archive as the rest of Parley opens it: one store for each thing that it keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.archive.alerts import Alerts
from connectors.archive.browsing import Browsing
from connectors.archive.corrections import Corrections
from connectors.archive.database import Database
from connectors.archive.dead_letters import DeadLetters
from connectors.archive.dossiers import Dossiers
from connectors.archive.entries import Entries
from connectors.archive.feeds import Feeds
from connectors.archive.held import Held
from connectors.archive.ledger import Ledger
from connectors.archive.memory import Memory
from connectors.archive.persons import Persons
from connectors.archive.routing import Routing
from connectors.archive.runs import Runs
from connectors.archive.statements import Statements
from connectors.archive.upgrade import bring_up_to_date


class Archive:
    """Stores over one database.

    One thread may write while others read. Every method of a store raises ArchiveError when the
    database fails.
    """

    def __init__(self, database: Database, channels: Mapping[str, Sequence[str]]) -> None:
        self.database = database
        self.feeds = Feeds(database, channels)
        self.entries = Entries(database, channels)
        self.dead_letters = DeadLetters(database, channels)
        self.dossiers = Dossiers(database, channels)
        self.held = Held(database, channels)
        self.statements = Statements(database, channels)
        self.browsing = Browsing(database, channels)
        self.memory = Memory(database, channels)
        self.persons = Persons(database, channels)
        self.alerts = Alerts(database, channels)
        self.routing = Routing(database, channels)
        self.ledger = Ledger(database, channels)
        self.corrections = Corrections(database, channels)
        self.runs = Runs(database, channels)

    def close(self) -> None:
        """Give back connections."""
        self.database.close()


def open_archive(url: str, channels: Mapping[str, Sequence[str]] | None = None) -> Archive:
    """The archive at a SQLAlchemy URL, created or migrated if need be.

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


@dataclass(frozen=True)
class ArchivePlace:
    """Where an archive is, for pipelines: pickled, it opens stores in whatever process they are
    needed.
    """

    url: str
    channels: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def open(self) -> Archive:
        """The archive itself."""
        return open_archive(self.url, self.channels)

    def feeds(self) -> Feeds:
        """Opens its feeds."""
        return self.open().feeds

    def entries(self) -> Entries:
        """Opens its entries."""
        return self.open().entries

    def dossiers(self) -> Dossiers:
        """Opens its dossiers."""
        return self.open().dossiers

    def memory(self) -> Memory:
        """Opens its memory."""
        return self.open().memory
