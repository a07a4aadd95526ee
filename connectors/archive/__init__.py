"""What Parley has seen, read and sent, in a SQL database: SQLite, or PostgreSQL by URL.

The archive keeps; it decides nothing about articles, speakers or novelty. Every write is
an upsert by an id that is a hash, in one transaction, so that writing twice is writing once
and a killed process leaves nothing half-written. It reads no clock: each time it stores
comes with what is stored.
"""

from __future__ import annotations

from connectors.archive.archive import Archive, ArchivePlace, open_archive
from connectors.archive.database import ArchiveError

__all__ = ["Archive", "ArchiveError", "ArchivePlace", "open_archive"]
