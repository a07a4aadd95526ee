from __future__ import annotations

import functools
import os
import pickle
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Index, create_engine

from connectors.archive import Archive, ArchiveError, database, open_archive
from connectors.archive import upgrade as schema_version
from connectors.archive.tables import metadata
from schemas.base import Instant
from schemas.errors import ConfigurationError
from schemas.feed import FeedState
from support.dossiers import FEED, NOON, WATCH, dossier, entry, poll

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("is_fresh", [True, False])
def test_a_database_gets_exactly_the_tables_of_this_version(url: str, is_fresh: bool) -> None:
    if not is_fresh:
        first = database.Database(url)
        with first.writing() as connection:
            command.upgrade(schema_version.alembic_config(connection), "0001")
        first.close()
    open_archive(url).close()
    engine = create_engine(url)

    def is_ours(made: object, *_: object) -> bool:
        """Whether this dialect has it: Alembic does not ask."""
        condition = made._ddl_if if isinstance(made, Index) else None
        return condition is None or condition.dialect == engine.dialect.name

    with engine.connect() as connection:
        options = {
            "version_table": schema_version.VERSION_TABLE,
            "compare_type": True,
            "include_object": is_ours,
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == schema_version.HEAD
    engine.dispose()


def test_the_newest_migration_is_the_one_that_the_code_expects() -> None:
    script = ScriptDirectory(str(schema_version.MIGRATIONS))
    assert script.get_current_head() == schema_version.HEAD


def test_an_archive_of_the_first_version_keeps_its_feeds(url: str) -> None:
    first = database.Database(url)
    with first.writing() as connection:
        command.upgrade(schema_version.alembic_config(connection), "0001")
        connection.exec_driver_sql(
            "INSERT INTO feeds (url, publisher, title, etag, last_modified, body_hash, polled_at,"
            " failures, reason, message) VALUES"
            " ('https://herald.example/feed.xml', '', '', '\"1\"', '', 'b', 7000000, 2, '', '')"
        )
    first.close()
    archive = open_archive(url)
    known = FeedState(FEED, etag='"1"', body_hash="b", polled_at=Instant(7), failures=2)
    assert archive.feeds.feed_states([FEED]) == {FEED: known}
    archive.close()


def test_what_is_archived_is_there_when_it_is_opened_again(url: str) -> None:
    first = open_archive(url)
    first.dossiers.store_dossier(dossier("talks", "No deal yet."))
    first.close()
    again = open_archive(url)
    assert [s.text for s in again.statements.all()] == ["No deal yet."]
    again.close()


def test_pipelines_can_pickle_how_to_open_it(url: str) -> None:
    opener = functools.partial(open_archive, url, {WATCH: ["terminal"]})
    pickle.loads(pickle.dumps(opener))().close()


@pytest.mark.slow
def test_processes_that_open_a_fresh_archive_at_once_all_succeed(url: str) -> None:
    code = (
        "import sys; from connectors.archive import open_archive; "
        "print('ready', flush=True); sys.stdin.read(1); open_archive(sys.argv[1]).close()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline() == "ready\n"
        other.stdin.write("x")
        other.stdin.flush()
        open_archive(url).close()
    assert other.returncode == 0


def test_threads_that_open_a_fresh_archive_at_once_all_succeed(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for archive in pool.map(open_archive, [url] * 4):
            assert archive.feeds.health() == []
            archive.close()


def test_a_thread_reads_while_another_is_in_the_middle_of_writing(archive: Archive) -> None:
    archive.feeds.record_poll(poll(entry("talks")))
    seen = []
    with archive.database.writing():
        reader = threading.Thread(target=lambda: seen.append(archive.entries.progress(NOON)))
        reader.start()
        reader.join(timeout=60)
    assert seen == [{"pending": 1}]


def _refusal(url: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        open_archive(url)
    (mistake,) = caught.value.mistakes
    assert mistake.startswith("--archive ")
    return mistake


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("parley.db", "not a database URL; write sqlite:///parley.db"),
        ("mysql://host/parley", "neither SQLite nor PostgreSQL"),
        ("postgresql+nonsense://host/parley", "install the driver"),
        ("sqlite://", "name a file"),
        ("sqlite:///:memory:", "name a file"),
        ("sqlite://parley.db", "three slashes"),
        ("sqlite:////nowhere/at/all/parley.db", "the folder /nowhere/at/all does not exist"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_with_a_remedy(url: str, complaint: str) -> None:
    mistake = _refusal(url)
    assert complaint in mistake
    assert url in mistake


def test_a_password_is_never_shown() -> None:
    mistake = _refusal("mysql://parley:s3cret@host/parley")
    assert "s3cret" not in mistake
    assert "parley:***@host" in mistake


@pytest.mark.parametrize(
    "url",
    [
        "postgres//parley:s3cret@host/parley",
        "postgresql:/parley:s3cret@host/parley",
        "postgresql:parley:s3cret@host/parley",
        "postgresql;//parley:s3cret@host/parley",
        "parley:s3cret@host/parley",
        ":s3cret@host",
        "postgresql://parley:more s3cret@host:port/parley",
        "postgresql://parley:more/s3cret@host:port/parley",
        "postgresql://parley:more@s3cret@host:port/parley",
        "postgresql://parley:s3cret@[::1/parley",
        "sqlite://parley:s3cret@host/parley",
    ],
)
def test_a_password_in_a_mistyped_url_is_never_shown(url: str) -> None:
    mistake = _refusal(url)
    assert "s3cret" not in mistake
    assert "***@" in mistake
    assert "\n" not in mistake


@pytest.mark.parametrize("key", ["password", "sslpassword", "PASSWORD"])
def test_a_password_among_the_parameters_is_never_shown(key: str) -> None:
    mistake = _refusal(f"mysql://host/parley?a=b&{key}=s3cret&c=d")
    assert "s3cret" not in mistake
    assert f"?a=b&{key}=***&c=d" in mistake


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    assert "is a folder" in _refusal(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are my notes, " * 100)
    assert "file is not a database; name another file" in _refusal(f"sqlite:///{path}")
    assert path.read_text().startswith("These are my notes")


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "reader.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE feeds (name TEXT)")
    assert "a table 'feeds' that Parley did not make" in _refusal(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("feeds",)]


def test_an_archive_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    open_archive(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE parley_version SET version_num = '9999'")
    mistake = _refusal(f"sqlite:///{path}")
    assert "newer version of Parley" in mistake
    assert "update Parley" in mistake


def test_a_read_only_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    sqlite3.connect(path).close()
    path.write_bytes(b"")
    mistake = _refusal(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert "readonly" in mistake
    assert "writable" in mistake


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.touch(0o000)
    assert "readable and writable" in _refusal(f"sqlite:///{path}")


def test_a_creation_that_fails_leaves_no_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "archive.db"

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(schema_version._version, "create", fail)
        with pytest.raises(RuntimeError, match="killed"):
            open_archive(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    open_archive(f"sqlite:///{path}").close()


def test_a_locked_archive_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "archive.db"
    monkeypatch.setattr(database, "_BUSY_TIMEOUT_MS", 1)
    archive = open_archive(f"sqlite:///{path}")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveError, match=r"archive.db: database is locked; another process"):
            archive.dossiers.store_dossier(dossier("talks"))
    archive.dossiers.store_dossier(dossier("talks"))
    archive.close()


def test_a_full_disk_says_so(tmp_path: Path) -> None:
    archive = open_archive(f"sqlite:///{tmp_path}/archive.db")
    with archive.database.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 40")
    with pytest.raises(ArchiveError, match=r"is full; free space"):
        archive.dossiers.store_dossier(dossier("talks", "No deal yet. " * 50_000))
    assert not [*archive.statements.all()]
    archive.close()


def test_a_sqlite_that_is_too_old_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 34, 1))
    with pytest.raises(ConfigurationError, match=r"3\.35 or later is needed; use a Python"):
        open_archive(f"sqlite:///{tmp_path}/parley.db")
