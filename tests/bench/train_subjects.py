"""Fits the model of subjects, and says how it does on outlets that it was not fitted on.

    python tests/bench/train_subjects.py GOLD_DIR... --date 2026-12-01 [--out FILE]

Each GOLD_DIR holds `pages.jsonl` (`{"id", "site", "title", "text"}` a line) and `statements.jsonl`
(`{"page", "chars": [START, END], "category", "on_negotiation", "anonymous", "doubtful"}` a line),
such as a user annotates for themselves. The data is not shipped, and nothing of its text goes into
the file: all features count phrases of Parley's own lists. The same data, language model and date
give the same bytes. Without --out nothing is written.

An example is a statement that Parley finds, with the answer of the annotated one that it overlaps
by half; each page counts with its title and without. Validation leaves out an eighth of the
outlets at a time, and prints for several thresholds precision and recall of named experts'
statements, and for each tenth of probability how many are right.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from fitting import file_of, fit, rows_of

from connectors.models.spacy_model import load_language_model
from schemas.annotation import Annotation, Attribution
from schemas.watch import Watch
from transforms.core.logistic import Features, Logistic
from transforms.core.quotes.annotate import annotate, text_article
from transforms.core.relevance.subjects import ArticleSubject, any_negotiation
from transforms.core.text.tags import Lexicon

#: The penalty on the squares of the weights: 0.3, 1 and 3 were tried on outlets left out.
PENALTY = 1.0
#: Experts' statements count so much more than others', on which no alert stands.
EXPERTS_COUNT = 3.0
FOLDS = 8
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.8)


class Example(NamedTuple):
    """One statement on one page."""

    site: str
    features: Features
    is_about: bool
    is_expert: bool  #: a named one


def examples_of(folders: Sequence[Path]) -> list[Example]:
    """The statements that Parley finds on the pages, in their order, by title and without."""
    model, watch = load_language_model(), any_negotiation()
    lexicon = Lexicon([watch])
    found: list[Example] = []
    for folder in folders:
        annotated = rows_by_page(folder)
        for page in rows_of(folder / "pages.jsonl"):
            annotation = annotate(text_article(page["text"]), model, lexicon)
            for title in sorted({"", page.get("title") or ""}):
                article = dataclasses.replace(annotation.article, title=title)
                titled = dataclasses.replace(annotation, article=article)
                found += _examples(titled, watch, annotated.get(page["id"], []), page["site"])
    return found


def rows_by_page(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The annotated statements by their page."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(folder / "statements.jsonl"):
        rows.setdefault(row["page"], []).append(row)
    return rows


def _examples(
    annotation: Annotation, watch: Watch, rows: Sequence[dict[str, Any]], site: str
) -> Iterator[Example]:
    subject = ArticleSubject(annotation)
    for attribution in annotation.attributions:
        row = _answer(attribution, rows)
        is_settled = subject.is_settled(attribution, watch)
        if is_settled or row is None or row.get("doubtful"):
            continue
        is_expert = row["category"] == "expert" and not row.get("anonymous")
        features = subject.features(attribution, watch)
        yield Example(site, features, bool(row["on_negotiation"]), is_expert)


def _answer(attribution: Attribution, rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The annotated statement that shares at least half of their common extent; None if none."""
    spans = attribution.quotation.spans
    start, end = spans[0].start, spans[-1].end
    best, most = None, 0.5
    for row in rows:
        first, last = row["chars"]
        shared = (min(end, last) - max(start, first)) / (max(end, last) - min(start, first))
        if shared >= most:
            best, most = row, shared
    return best


def fitted(examples: Sequence[Example]) -> Logistic:
    """The model of the examples."""
    names = sorted({name for example in examples for name in example.features})
    rows, labels = [e.features for e in examples], [e.is_about for e in examples]
    counts = [EXPERTS_COUNT if e.is_expert else 1.0 for e in examples]
    return fit(names, rows, labels, PENALTY, counts)


def folds_of(examples: Sequence[Example]) -> dict[str, int]:
    """The part of the data that each outlet belongs to."""
    return {site: n % FOLDS for n, site in enumerate(sorted({e.site for e in examples}))}


def fitted_by_fold(examples: Sequence[Example], folds: Mapping[str, int]) -> list[Logistic]:
    """For each part a model that saw nothing of its outlets."""
    return [fitted([e for e in examples if folds[e.site] != n]) for n in range(FOLDS)]


def held_out(examples: Sequence[Example]) -> list[float]:
    """The probability of each example by a model that saw nothing of its outlet."""
    folds = folds_of(examples)
    models = fitted_by_fold(examples, folds)
    return [models[folds[e.site]].probability(e.features) for e in examples]


def report(examples: Sequence[Example], probabilities: Sequence[float]) -> Iterator[str]:
    """How experts' statements are judged: at several thresholds, and by tenths."""
    pairs = [(e.is_about, p) for e, p in zip(examples, probabilities, strict=True) if e.is_expert]
    due = sum(is_about for is_about, _ in pairs)
    for threshold in THRESHOLDS:
        taken = [is_about for is_about, p in pairs if p >= threshold]
        precision, recall = sum(taken) / max(1, len(taken)), sum(taken) / max(1, due)
        yield f"from {threshold}: {100 * precision:.1f} % right, {100 * recall:.1f} % found"
    for tenth in range(10):
        here = [is_about for is_about, p in pairs if min(9, int(p * 10)) == tenth]
        share = f"{100 * sum(here) / len(here):.0f} %" if here else "-"
        yield f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}: {share} of {len(here)}"


def provenance_of(examples: Sequence[Example], lines: Sequence[str]) -> dict[str, Any]:
    """What the model is, what it was fitted on, and how it did."""
    return {
        "what": "log odds that a statement is about the negotiation: bias plus weights of features",
        "made_by": "tests/bench/train_subjects.py",
        "outlets": len({e.site for e in examples}),
        "statements": len(examples),
        "of_experts": sum(e.is_expert for e in examples),
        "penalty": PENALTY,
        "left_out_by_outlet": list(lines),
    }


def main() -> None:
    """Prints the validation, and writes the model if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--date", required=True, help="the day to state in the file, YYYY-MM-DD")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    examples = examples_of(options.gold)
    lines = list(report(examples, held_out(examples)))
    print("\n".join(lines))
    if options.out:
        provenance = provenance_of(examples, lines)
        text = file_of(fitted(examples), options.gold, provenance, options.date)
        options.out.write_text(text, "utf8")


if __name__ == "__main__":
    main()
