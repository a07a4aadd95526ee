"""What each part of the judge brings: novelty judged with one part switched off at a time.

    python tests/bench/ablation.py [--meaning DIR]
    python tests/bench/ablation.py EVALUATE ARTICLES.jsonl --watch WATCH ... [--meaning DIR]

The first judges the golden pairs of statements (tests/golden/sameness.yaml). Of the second,
EVALUATE is a script that takes a file such as `parley statements --jsonl` writes and prints its
score; of what it prints, the lines that match --show (a regular expression) are kept. The articles
are understood once, and then judged for each variant in order of publication, by one memory. With
--meaning, a model of meaning is asked, too.
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
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

#: A script finds its neighbours only; this one also takes the tests' golden pairs.
sys.path.insert(0, str(Path(__file__).parents[2]))

from connectors.files.articles import read_inputs
from connectors.models.onnx_meaning import load_meaning_model
from connectors.watchfile.loading import load_watches
from pipelines.services.explain import Reader
from pipelines.settings.run_config import BUNDLED
from schemas.base import Instant
from schemas.dossier import Dossier
from support.golden_pairs import golden_pairs
from transforms.core.languages.en import spelling
from transforms.core.novelty import alignment, contradictions, meaning, wording
from transforms.core.novelty import comparison as sameness
from transforms.core.novelty import judge as novelty
from transforms.core.novelty.comparison import Comparison
from transforms.core.novelty.recall import StatementIndex, recall
from transforms.core.ports import MeaningModel


def _off(*places: tuple[Any, str], gives: Any) -> Callable[[], Any]:
    """What puts a function that gives this in these places."""

    @contextlib.contextmanager
    def switched_off() -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            for module, name in places:
                stack.enter_context(mock.patch.object(module, name, return_value=gives))
            yield

    return switched_off


def _unchecked(check: Callable[..., str]) -> Callable[[], Any]:
    """What leaves one check for contradictions out."""

    @contextlib.contextmanager
    def left_out() -> Iterator[None]:
        left = tuple(each for each in contradictions._CHECKS if each is not check)
        with mock.patch.object(contradictions, "_CHECKS", left):
            yield

    return left_out


def _without(field: str, empty: Any) -> Callable[[], Any]:
    """What empties one list of the lexicon of wording."""

    @contextlib.contextmanager
    def emptied() -> Iterator[None]:
        lexicon = dataclasses.replace(wording._lexicon(), **{field: empty})
        with mock.patch.object(wording, "_lexicon", return_value=lexicon):
            yield

    return emptied


_ALIKE = [(alignment, "is_alike"), (sameness, "is_alike")]
_RETOLD = Comparison("other", 0.0, "switched off", is_open=True)

#: Each part of the judge, and how it is switched off.
PARTS: dict[str, Callable[[], Any]] = {
    "nothing": contextlib.nullcontext,
    "copies (words in order)": _off((sameness, "_as_copy"), gives=None),
    "retellings (words in common)": _off((sameness, "_as_retelling"), gives=_RETOLD),
    "quoted parts": _off((sameness, "_as_quoted"), gives=None),
    "contradictions": _off((sameness, "contradiction"), gives=""),
    "negations": _without("negations", frozenset()),
    "numbers and dates": _unchecked(contradictions._figures),
    "opposites": _without("antonyms", frozenset()),
    "words that changed places": _off((sameness, "is_reordered"), gives=False),
    "claims that part at the end": _off((sameness, "ends_apart"), gives=False),
    "synonyms": _without("synonyms", {}),
    "phrases": _off((spelling, "_phrases"), gives=(re.compile(r"(?!)"), {})),
    "irregular forms": _without("irregular", {}),
    "acronyms": _off((alignment, "_spelled_out"), gives=[]),
    "words spelled alike": _off(*_ALIKE, gives=False),
    "words of the trade weigh less": _off(
        (alignment, "weight_of"), (sameness, "weight_of"), (meaning, "weight_of"), gives=1.0
    ),
    "position: leads": _off((novelty, "_is_lead"), gives=False),
    "who speaks": _off((novelty, "_are_one"), gives=True),
    "the model's limits: polarity, figures, names": _off(
        (meaning, "_says_another_thing"), gives=False
    ),
}

#: What relations of the golden pairs have in common.
KINDS = {
    "form": ("verbatim", "truncated", "edited", "name_variant"),
    "words": ("retranslated", "indirect", "lead"),
    "another": (
        "contrary",
        "reversed",
        "different_day",
        "other_speaker",
        "different_claim",
        "different_aspect",
    ),
}


def understood(articles: str, watches: Sequence[str]) -> list[Dossier]:
    """The readings of the articles, in order of publication."""
    reader = Reader(load_watches(watches, bundled=BUNDLED), None)
    dossiers = [reader.read_page(page) for page in read_inputs([articles], Instant.now())]
    return sorted(dossiers, key=lambda dossier: (dossier.article.published_at, dossier.article.url))


def judged(
    dossiers: Sequence[Dossier],
    model: MeaningModel | None = None,
    horizon_seconds: int = 90 * 86400,
) -> Iterator[str]:
    """A line for each occurrence, judged in this order."""
    wording.wording_of.cache_clear()
    memory = StatementIndex()
    for dossier in dossiers:
        for one in dossier.commentaries:
            article = dossier.article
            asks = model is not None
            known = recall(memory, one, article, horizon_seconds=horizon_seconds, asks_meaning=asks)
            found, new = novelty.judge_commentary(
                known, one, article, horizon_seconds=horizon_seconds, model=model
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


def report_golden(model: MeaningModel | None) -> None:
    """Print how many golden pairs of each kind are judged right without each part."""
    pairs = list(golden_pairs())
    kind = {relation: name for name, relations in KINDS.items() for relation in relations}
    sizes = Counter(kind[pair.relation] for pair in pairs)
    print("| without |", " | ".join(f"{name} ({sizes[name]})" for name in KINDS), "|")
    print("|---" * (1 + len(KINDS)) + "|")
    for name, switched_off in PARTS.items():
        wording.wording_of.cache_clear()
        with switched_off():
            right = Counter(kind[pair.relation] for pair in pairs if pair.is_found(model))
        print(f"| {name} |", " | ".join(str(right[kind]) for kind in KINDS), "|", flush=True)
    wording.wording_of.cache_clear()


def report(
    evaluate: str,
    articles: str,
    watches: Sequence[str],
    show: str,
    model: MeaningModel | None = None,
) -> None:
    """Print the score without each part."""
    dossiers = understood(articles, watches)
    with tempfile.TemporaryDirectory() as folder:
        statements = Path(folder) / "statements.jsonl"
        for name, switched_off in PARTS.items():
            with switched_off():
                statements.write_text("\n".join(judged(dossiers, model)) + "\n", encoding="utf8")
            score = subprocess.run(
                [sys.executable, evaluate, str(statements)],
                capture_output=True, text=True, check=True,
            ).stdout  # fmt: skip
            kept = [" ".join(line.split()) for line in score.splitlines() if re.search(show, line)]
            print(f"without {name}:", *kept, sep="\n    ", flush=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("evaluate", nargs="?")
    parser.add_argument("articles", nargs="?")
    parser.add_argument("--watch", action="append", default=[])
    parser.add_argument("--meaning", default="", help="folder of a model of meaning")
    parser.add_argument("--show", default="", help="lines of the score to print (default: all)")
    given = parser.parse_args()
    model = load_meaning_model(given.meaning)
    if given.evaluate is None:
        report_golden(model)
    elif given.articles is None or not given.watch:
        parser.error("EVALUATE needs ARTICLES.jsonl and --watch")
    else:
        report(given.evaluate, given.articles, given.watch, given.show, model)


if __name__ == "__main__":
    main()
