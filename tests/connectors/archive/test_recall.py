"""Memory in the archive answers as memory in a process does, however much it holds."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text, update

import connectors.archive.memory
from connectors.archive import Archive
from connectors.archive.tables import statement_terms, statements
from schemas.dossier import Dossier
from schemas.statement import Statement
from support.judged import judged, quoting
from support.said import DAY, HORIZON, NOON
from transforms.core.novelty import recall
from transforms.core.novelty.fingerprints import terms_of
from transforms.core.novelty.meaning import by_nearness
from transforms.core.novelty.recall import StatementIndex
from transforms.core.people.names import name_key

KEY = name_key("Ana Ruiz")
SAID = [
    "Brevia will not sign a treaty before the thaw",
    "A treaty before the thaw is what Arden will not sign",
    "Whoever holds the port will name the price of the lake",
    "The lake has a price, and the port has a holder",
    "Never",
    "Never!",
]


def filled(archive: Archive, said: list[str] | None = None) -> StatementIndex:
    """The archive, and an index, with an article a day for each of these statements."""
    index = StatementIndex()
    for number, words in enumerate(said or SAID):
        one, where = quoting(words, at=number * DAY, url=str(number))
        _, new, found = judged([], one, where)
        archive.dossiers.store_dossier(Dossier(where, (), [found]))
        for statement in new:
            index.add(statement)
    return index


def asked(**changes: Any) -> dict[str, Any]:
    return {"since": NOON - HORIZON, "until": NOON + HORIZON, **changes}


def ids(found: list[Statement]) -> set[str]:
    return {statement.id for statement in found}


@pytest.mark.parametrize("words", [*SAID, "the price of the port"])
@pytest.mark.parametrize("until", [0, 2, 90])
def test_the_archive_counts_as_the_index_does(archive: Archive, words: str, until: int) -> None:
    index = filled(archive)
    terms = terms_of(KEY, words)
    times = asked(until=NOON + until * DAY)
    assert archive.memory.sharing(terms, **times) == index.sharing(terms, **times)


@pytest.mark.parametrize("limit", [1, 2, 9])
@pytest.mark.parametrize("day", [-1, 0, 2.5, 5, 30])
def test_the_archive_finds_what_was_said_nearest_as_the_index_does(
    archive: Archive, limit: int, day: float
) -> None:
    index = filled(archive, [*SAID, *SAID[:3]])
    at, here = NOON + day * DAY, quoting("Never", url="3")[1].id
    query = {"within_seconds": 3 * DAY, "limit": limit, "but_article": here}
    found = [*archive.memory.said_near(KEY, at, **query)]
    nearest = sorted(found, key=lambda s: by_nearness(at, s))[:limit]
    assert nearest == index.said_near(KEY, at, **query)
    assert len(found) <= 2 * limit
    assert archive.memory.said_near("nobody", at, **query) == []


def test_only_the_latest_uses_of_a_term_count(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (connectors.archive.memory, recall):
        monkeypatch.setattr(module, "MAX_USES", 2)
    connectors.archive.memory._counting.cache_clear()
    said = [f"The price of the port is {n} crowns" for n in range(2, 7)]
    index = filled(archive, said)
    terms = terms_of(KEY, "the price of the port")
    try:
        found = archive.memory.sharing(terms, **asked())
        assert found == index.sharing(terms, **asked())
        latest = archive.memory.recall(
            KEY, ids=found, article_id="", **asked(since=NOON, until=NOON)
        )
        assert {s.text for s in latest} - {said[0]} == set(said[-2:])
    finally:
        connectors.archive.memory._counting.cache_clear()


def test_a_statement_of_very_many_words_is_found_by_any_of_them(archive: Archive) -> None:

    words = " ".join("".join(chr(97 + int(c)) for c in str(n)) * 2 for n in range(100, 230))

    index = filled(archive, [words])
    terms = terms_of(KEY, words)
    assert len(terms) > 100
    (found,) = archive.memory.sharing(terms, **asked()).items()
    assert found == next(iter(index.sharing(terms, **asked()).items()))
    assert found[1] == (len(terms), len(terms))


def test_recalled_are_the_ids_the_articles_own_and_the_first_of_each_name(
    archive: Archive,
) -> None:
    index = filled(archive)
    one, where = quoting("The ferry sank", "Not now", name="A. Ruiz", at=50 * DAY, url="later")
    _, new, found = judged([], one, where)
    archive.dossiers.store_dossier(Dossier(where, (), [found]))
    for statement in new:
        index.add(statement)
    first = terms_of(KEY, SAID[0])
    for wanted in ((), [*index.sharing(first, **asked())], ["unknown"]):
        for article_id in ("", where.id):
            query = {"ids": wanted, "article_id": article_id, **asked()}
            here = archive.memory.recall(KEY, **query)
            assert ids(here) == ids(index.recall(KEY, **query))
    assert {s.speaker for s in archive.memory.recall(KEY, ids=(), article_id="", **asked())} == {
        "Ana Ruiz",
        "A. Ruiz",
    }
    assert archive.memory.recall(name_key("Jon Vik"), ids=(), article_id="", **asked()) == []


def test_an_earlier_article_read_later_becomes_the_first(archive: Archive) -> None:
    filled(archive)
    one, where = quoting("The harbour was mine to give", at=-9 * DAY, url="earlier")
    archive.dossiers.store_dossier(Dossier(where, (), [judged([], one, where)[2]]))
    (first,) = archive.memory.recall(KEY, ids=(), article_id="", **asked())
    assert first.article_url == where.url


def test_statements_of_an_earlier_build_are_read_within_the_horizon(archive: Archive) -> None:
    filled(archive)
    with archive.database.writing() as connection:
        connection.execute(statement_terms.delete())
        connection.execute(update(statements).values(has_terms=False))
    found = archive.memory.recall(KEY, ids=(), article_id="", **asked(until=NOON + 3 * DAY))
    assert len(found) == 4


def test_writing_a_reading_again_adds_no_term(archive: Archive) -> None:
    filled(archive)
    with archive.database.reading() as connection:
        before = connection.execute(text("SELECT COUNT(*) FROM statement_terms")).scalar_one()
    one, where = quoting(SAID[0], at=0, url="0")
    moved = dataclasses.replace(where, published_at=where.published_at + 60)
    archive.dossiers.store_dossier(Dossier(moved, (), [judged([], one, where)[2]]))
    with archive.database.reading() as connection:
        after = connection.execute(text("SELECT COUNT(*) FROM statement_terms")).scalar_one()
    assert after == before


def test_voices_are_written_in_one_order_whatever_the_statements_are_called() -> None:
    written: list[Any] = []
    connection: Any = SimpleNamespace(
        dialect=SimpleNamespace(name="postgresql"), execute=lambda _, rows: written.append(rows)
    )
    voices = [("ruiz", "Ruiz"), ("adler", "Eva Adler"), ("ruiz", "Ana Ruiz")]
    rows = [
        {"id": str(n), "name_key": key, "speaker": name, "said_at": NOON}
        for n, (key, name) in enumerate(voices)
    ]
    memory = connectors.archive.memory.Memory(connection, {}, connection)
    memory.remember(rows, {"0": (), "1": (), "2": ()})
    (spoken,) = written
    assert [(row["name_key"], row["speaker"]) for row in spoken] == sorted(voices)
