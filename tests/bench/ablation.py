"""What each part of the judge brings: novelty judged with one part switched off at a time.

    python tests/bench/ablation.py EVALUATE ARTICLES.jsonl --watch WATCH [--watch WATCH ...]

EVALUATE is a script that takes a file such as `parley statements --jsonl` writes and prints its
score; of what it prints, the lines that match --show (a regular expression) are kept. The
articles are understood once, and then judged for each variant in order of publication, by one
memory.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from connectors.inputs import read_inputs
from connectors.watch_files import load_watches
from pipelines.annotate import Reader
from pipelines.config import BUNDLED
from schemas.base import Timestamp
from schemas.commentary import Reading
from transforms.core.judging import alignment, novelty, sameness, wording
from transforms.core.judging.recall import StatementIndex, recall
from transforms.core.judging.sameness import Comparison


def _other(*_: object) -> Comparison:
    return Comparison("other", 0.0, "switched off")


def _never(*_: object, **__: object) -> bool:
    return False


def _nothing(*_: object) -> str:
    return ""


def _in_place(module: Any, name: str, stand_in: Callable[..., Any]) -> Any:
    return mock.patch.object(module, name, stand_in)


@contextlib.contextmanager
def _without(field: str, empty: Any) -> Iterator[None]:
    """The lexicon of wording, one of its lists empty."""
    lexicon = dataclasses.replace(wording._lexicon(), **{field: empty})
    with mock.patch.object(wording, "_lexicon", return_value=lexicon):
        yield


#: Each part of the judge, and how it is switched off.
PARTS: dict[str, Callable[[], Any]] = {
    "nothing": contextlib.nullcontext,
    "copies (words in order)": lambda: _in_place(sameness, "_as_copy", lambda *_: None),
    "retellings (words in common)": lambda: _in_place(sameness, "_as_retelling", _other),
    "quoted parts": lambda: _in_place(sameness, "_as_quoted", lambda *_: None),
    "contradictions": lambda: _in_place(sameness, "contradiction", _nothing),
    "order of words": lambda: _in_place(sameness, "is_swapped", _never),
    "claims that part at the end": lambda: _in_place(sameness, "_ends_apart", _never),
    "words spelled alike": lambda: _in_place(alignment, "is_alike", _never),
    "acronyms": lambda: _in_place(alignment, "_spelled_out", lambda *_: []),
    "words of the trade weigh less": lambda: _in_place(alignment, "_trade", frozenset),
    "synonyms": lambda: _without("synonyms", {}),
    "antonyms": lambda: _without("antonyms", frozenset()),
    "negations": lambda: _without("negations", frozenset()),
    "leads": lambda: _in_place(novelty, "_is_lead", _never),
    "who speaks": lambda: _in_place(novelty, "_are_one", lambda *_: True),
}


def understood(articles: str, watches: Sequence[str]) -> list[Reading]:
    """The readings of the articles, in order of publication."""
    reader = Reader(load_watches(watches, bundled=BUNDLED), None)
    readings = [reader.read_page(page) for page in read_inputs([articles], Timestamp.now())]
    return sorted(readings, key=lambda reading: (reading.article.published_at, reading.article.url))


def judged(readings: Sequence[Reading], horizon_seconds: int = 90 * 86400) -> Iterator[str]:
    """A line for each occurrence, judged in this order."""
    wording.wording_of.cache_clear()
    memory = StatementIndex()
    for reading in readings:
        for one in reading.commentaries:
            article = reading.article
            known = recall(memory, one, article, horizon_seconds=horizon_seconds)
            found, new = novelty.judge_commentary(
                known, one, article, horizon_seconds=horizon_seconds
            )
            for statement in new:
                memory.add(statement)
            for occurrence in found.occurrences:
                spans = occurrence.attribution.quotation.spans
                yield json.dumps(
                    {
                        "statement_id": occurrence.verdict and occurrence.verdict.statement_id,
                        "speaker": found.speaker.name,
                        "article_url": article.url,
                        "content": [[span.start, span.end] for span in spans],
                        "text": occurrence.text,
                    }
                )


def report(evaluate: str, articles: str, watches: Sequence[str], show: str) -> None:
    """Print the score without each part."""
    readings = understood(articles, watches)
    with tempfile.TemporaryDirectory() as folder:
        statements = Path(folder) / "statements.jsonl"
        for name, switched_off in PARTS.items():
            with switched_off():
                statements.write_text("\n".join(judged(readings)) + "\n", encoding="utf8")
            score = subprocess.run(
                [sys.executable, evaluate, str(statements)],
                capture_output=True, text=True, check=True,
            ).stdout  # fmt: skip
            kept = [" ".join(line.split()) for line in score.splitlines() if re.search(show, line)]
            print(f"without {name}:", *kept, sep="\n    ", flush=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("evaluate")
    parser.add_argument("articles")
    parser.add_argument("--watch", action="append", required=True)
    parser.add_argument("--show", default="", help="lines of the score to print (default: all)")
    given = parser.parse_args()
    report(given.evaluate, given.articles, given.watch, given.show)


if __name__ == "__main__":
    main()
