"""What judging a statement costs, by how many statements memory holds.

    python tests/bench/memory.py [--archive URL] [--sizes 1000,10000,100000,1000000]
                                 [--hot 1000,10000,50000]

Fills an archive with invented statements of words as frequent as English words are (Zipf), first
spread over many names ("even"), then of one name ("hot": a head of state), and prints for each size
the median and 95th percentile of milliseconds that recalling and judging one commentary takes,
and what a statement takes on disk; then, for the index that a stream keeps of each name, what it
takes in memory. Each commentary is judged as a process meets it that has just
started: nothing is cached. Absolute figures move with the machine: read the curve.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import os
import platform
import random
import resource
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from connectors.archive import Archive, open_archive
from connectors.archive.tables import articles, statement_terms, statements, voices
from schemas.annotation import Attribution, Cue, Quotation, Speaker
from schemas.article import Article
from schemas.base import Instant, Span
from schemas.dossier import Commentary, Occurrence
from schemas.ids import hash_of
from schemas.statement import Statement
from transforms.core.novelty.fingerprints import term_of
from transforms.core.novelty.judge import judge_commentary
from transforms.core.novelty.recall import StatementIndex, recall
from transforms.core.novelty.wording import wording_of
from transforms.core.ports import Statements

DAY = 86400
HORIZON = 90 * DAY
NOW = Instant(1_760_000_000)
#: A news quotation has some twenty words; a vocabulary of so many covers the news.
WORDS, VOCABULARY = 20, 30_000
#: Statements of one name, where they are spread over many.
EACH = 25
_BATCH = 5_000
_VOWELS, _CONSONANTS = "aeiou", "bcdfghklmnprstvz"
#: Frequency falls with the rank (Zipf); the commonest hundred words have no content.
_WEIGHTS = [1 / (rank + 100) for rank in range(VOCABULARY)]


def invented_words() -> list[str]:
    """Words that can be pronounced, the commonest first."""
    rng, found = random.Random(7), dict[str, None]()
    while len(found) < VOCABULARY:
        size = rng.choice((2, 3, 3, 4))
        syllables = (rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(size))
        found["".join(syllables) + rng.choice("kmnt")] = None
    return [*found]


class Speech:
    """An endless stream of sentences."""

    def __init__(self, seed: int) -> None:
        self._rng, self._words = random.Random(seed), invented_words()
        total, self._sums = 0.0, list[float]()
        for weight in _WEIGHTS:
            total += weight
            self._sums.append(total)

    def sentence(self) -> str:
        """The next sentence."""
        return " ".join(self._rng.choices(self._words, cum_weights=self._sums, k=WORDS))


def said(name_key: str, number: int, words: str, at: Instant) -> Statement:
    """A statement in an article of its own."""
    url = f"https://bench.example/{number}"
    own = hash_of(name_key, words)
    return Statement(own, name_key, name_key.title(), words, hash_of(url), url, "Bench", at)


def fill(archive: Archive, names: list[str], count: int, start: int) -> None:
    """Add ``count`` statements, spread over the names and the horizon."""
    speech, rng = Speech(start), random.Random(start)
    with archive.database.writing() as connection:
        for first in range(start, start + count, _BATCH):
            found = [
                said(names[n % len(names)], n, speech.sentence(), NOW - rng.randrange(HORIZON))
                for n in range(first, min(first + _BATCH, start + count))
            ]
            rows = [{**_values(s), "has_terms": True} for s in found]
            connection.execute(insert(articles), [_article_row(s) for s in found])
            connection.execute(insert(statements), rows)
            _add_uses(connection, [r for s in found for r in _uses(s)])
            first_of = [r for r in rows if first < len(names)]
            if first_of:
                _add_voices(connection, first_of)


def _values(statement: Statement) -> dict[str, Any]:
    return {name: getattr(statement, name) for name in Statement.__dataclass_fields__}


def _add_uses(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Twenty rows a statement: PostgreSQL takes them by COPY, ten times as fast."""
    if connection.dialect.name != "postgresql":
        connection.execute(insert(statement_terms), rows)
        return
    cursor: Any = connection.connection.cursor()
    with cursor.copy("COPY statement_terms (term, said_at, statement_id, size) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((row["term"], row["said_at"].micros, row["statement_id"], row["size"]))


def _uses(statement: Statement) -> Iterator[dict[str, Any]]:
    words = set().union(*map(_content, statement.text.split()))  # nothing joins two of them
    terms = [term_of(statement.name_key, word) for word in words]
    for term in terms:
        yield {
            "term": term,
            "said_at": statement.said_at,
            "statement_id": statement.id,
            "size": len(terms),
        }


@functools.cache
def _content(word: str) -> frozenset[str]:
    return wording_of(word).content


def _add_voices(connection: Connection, rows: list[dict[str, Any]]) -> None:
    known = set(connection.execute(select(voices.c.name_key)).scalars())
    new = {row["name_key"]: row for row in rows if row["name_key"] not in known}
    values = [
        {"name_key": k, "speaker": r["speaker"], "statement_id": r["id"], "said_at": r["said_at"]}
        for k, r in new.items()
    ]
    if values:
        connection.execute(insert(voices), values)


def _article_row(statement: Statement) -> dict[str, Any]:
    of_it = {
        "id": statement.article_id,
        "url": statement.article_url,
        "published_at": statement.said_at,
        "seen_at": statement.said_at,
        "fetched_at": statement.said_at,
        "paragraphs": (),
        "tags": (),
    }
    empty = ("entry_id", "feed_url", "title", "text", "text_hash", "publisher", "language")
    return {**dict.fromkeys(empty, ""), **of_it}


def commentary(name_key: str, words: str) -> tuple[Commentary, Article]:
    """What one says in a new article."""
    speaker = Speaker(name_key.title(), name_key, True, category="expert")
    quotation = Quotation([Span(0, len(words))], "direct")
    end = Cue(Span(len(words), len(words) + 1), "said")
    occurrence = Occurrence(words, Attribution(quotation, speaker, "bench", 0.9, end))
    url = f"https://bench.example/new/{hash_of(words)}"
    where = Article(
        hash_of(url), url, "", words, (), hash_of(words),
        published_at=NOW, seen_at=NOW, fetched_at=NOW,
    )  # fmt: skip
    return Commentary(name_key, speaker, [occurrence]), where


def judging_ms(
    memory: Statements, names: list[str], known_words: Callable[[str], list[str]], rounds: int
) -> list[float]:
    """Milliseconds of each of ``rounds`` judgements, every second one of a repeated statement."""
    speech, rng, found = Speech(-1), random.Random(3), []
    for number in range(rounds + 1):
        name = rng.choice(names)
        words = speech.sentence() if number % 2 else _repeated(known_words(name), rng)
        one, where = commentary(name, words)
        wording_of.cache_clear()
        started = time.perf_counter()
        known = recall(memory, one, where, horizon_seconds=HORIZON)
        judged, _ = judge_commentary(known, one, where, horizon_seconds=HORIZON)
        found.append(1000 * (time.perf_counter() - started))
        verdict = judged.occurrences[0].verdict
        if verdict is None or (verdict.novelty == "new") != bool(number % 2):
            raise AssertionError(f"{words!r} was judged {verdict}")
    return found[1:]  # the first opens the connection


def _repeated(known: list[str], rng: random.Random) -> str:
    """The words of some known statement, with one left out."""
    words = rng.choice(known).split()
    del words[rng.randrange(len(words))]
    return " ".join(words)


def _archived(archive: Archive, name: str) -> list[str]:
    """The words of some statements of the name."""
    with archive.database.reading() as connection:
        query = select(statements.c.text).where(statements.c.name_key == name).limit(50)
        return list(connection.execute(query).scalars())


def size_on_disk(archive: Archive) -> int:
    """Bytes of the whole database."""
    with archive.database.reading() as connection:
        if connection.dialect.name == "postgresql":
            return int(
                connection.execute(
                    select(func.pg_database_size(text("current_database()")))
                ).scalar_one()
            )
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        return int(pages * connection.execute(text("PRAGMA page_size")).scalar_one())


def report(url: str, sizes: list[int], hot: list[int], rounds: int = 200) -> None:
    """Fill, judge and print."""
    print(f"{platform.platform()}, Python {platform.python_version()}")
    print(f"{'statements':>22} {'median ms':>10} {'p95 ms':>8} {'bytes each':>11}")
    with contextlib.closing(open_archive(url)) as archive:
        known, empty = functools.partial(_archived, archive), size_on_disk(archive)
        filled = 0
        for size in sizes:
            names = [f"speaker{n}" for n in range(max(1, size // EACH))]
            fill(archive, names, size - filled, filled)
            filled = size
            each = (size_on_disk(archive) - empty) / filled
            _line(f"even {size}", judging_ms(archive.memory, names, known, rounds), each)
        in_hot = 0
        for size in hot:
            fill(archive, ["president"], size - in_hot, 10**9 + in_hot)
            in_hot = size
            each = (size_on_disk(archive) - empty) / (filled + in_hot)
            _line(f"hot {size}", judging_ms(archive.memory, ["president"], known, rounds), each)
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    for size in hot:
        report_index(size, rounds)


def report_index(size: int, rounds: int) -> None:
    """The same for the index of one name with so many statements, as a stream keeps it."""
    speech, rng = Speech(size), random.Random(size)
    words = [speech.sentence() for _ in range(size)]
    for sentence in words:  # cached in any case, and no part of the index
        wording_of(sentence)
    tracemalloc.start()
    index = StatementIndex(
        said("president", n, sentence, NOW - rng.randrange(HORIZON))
        for n, sentence in enumerate(words)
    )
    each = tracemalloc.get_traced_memory()[0] / size
    tracemalloc.stop()
    _line(f"index {size}", judging_ms(index, ["president"], lambda _: words[:50], rounds), each)


def _line(name: str, found: list[float], each: float) -> None:
    p95 = statistics.quantiles(found, n=20)[-1]
    print(f"{name:>22} {statistics.median(found):>10.2f} {p95:>8.2f} {each:>11.0f}", flush=True)


def _numbers(given: str) -> list[int]:
    return [int(number) for number in given.split(",") if number]


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--archive", help="an empty one; a temporary SQLite file if left out")
    parser.add_argument("--sizes", type=_numbers, default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--hot", type=_numbers, default=[1_000, 10_000, 50_000])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report(
            given.archive or f"sqlite:///{os.path.join(folder, 'memory.db')}",
            given.sizes,
            given.hot,
        )


if __name__ == "__main__":
    main()
