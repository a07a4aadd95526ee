"""Fits the model of alerts, and says how it does on outlets that it was not fitted on.

    python tests/bench/train_alerts.py GOLD_DIR... --date 2026-12-01 [--out FILE]

The data is that of `train_subjects.py`, whose model is fitted here anew for each eighth of the
outlets, so that the sureness of a subject is that of unseen pages. An example is a statement that
Parley would alert on; it is right if it shares half of the shorter of the two with an annotated one
of the same speaker that is to alert. Statements of people of whom nothing is told are examples,
too: no alert is raised on them, but they show what it is worth to know the speaker. Prints
precision and recall of alerts, of which there is one for all that somebody says on a page, at
several thresholds, and for each tenth of sureness how many statements are right.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import train_subjects
from fitting import file_of, fit, rows_of

from connectors.models.spacy_model import load_language_model
from schemas.annotation import Annotation, Attribution
from transforms.core.logistic import Features, Logistic
from transforms.core.people.article_speakers import by_speaker, fullest, in_company, with_role
from transforms.core.people.categories import UNKNOWN
from transforms.core.quotes.annotate import annotate, text_article
from transforms.core.relevance.alert_model import alert_features
from transforms.core.relevance.subject_model import MIN_PROBABILITY
from transforms.core.relevance.subjects import ArticleSubject, any_negotiation
from transforms.core.text.phrases import fold
from transforms.core.text.tags import Lexicon

#: The penalty on the squares of the weights.
PENALTY = 1.0
THRESHOLDS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)


class Example(NamedTuple):
    """One statement that may alert."""

    fold: int
    page: tuple[str, str]
    speaker: str  #: last name
    features: Features
    is_right: bool
    may_alert: bool  #: the speaker counts as an expert


class Alerts(NamedTuple):
    """Statements that may alert, and the alerts that are due, by page and last name."""

    examples: list[Example]
    due: set[tuple[tuple[str, str], str]]


def alerts_of(folders: Sequence[Path]) -> Alerts:
    """The statements of named experts on the pages, judged by models that saw no page of their
    outlet, and the alerts that the annotation wants.
    """
    statements = train_subjects.examples_of(folders)
    folds = train_subjects.folds_of(statements)
    models = train_subjects.fitted_by_fold(statements, folds)
    everything = train_subjects.fitted(statements)
    language_model, watch = load_language_model(), any_negotiation()
    lexicon = Lexicon([watch])
    found = Alerts([], set())
    for folder in folders:
        annotated = train_subjects.rows_by_page(folder)
        for page in rows_of(folder / "pages.jsonl"):
            key, site = (str(folder), page["id"]), page["site"]
            rows = annotated.get(page["id"], [])
            due = _due(rows)
            named = {_last_name(row["speaker"]) for row in due}
            found.due.update((key, name) for name in named)
            doubtful = {_last_name(row["speaker"]) for row in rows if row.get("doubtful")} - named
            annotation = annotate(text_article(page["text"]), language_model, lexicon)
            model = models[folds[site]] if site in folds else everything
            for speaker, attribution, features, may_alert in _candidates(annotation, model):
                name = _last_name(speaker)
                if name not in doubtful:
                    is_right = any(_is_one(attribution, name, row) for row in due)
                    fold = folds.get(site, 0)
                    one = Example(fold, key, name, features, is_right, may_alert)
                    found.examples.append(one)
    return found


def _candidates(
    annotation: Annotation, model: Logistic
) -> Iterator[tuple[str, Attribution, Features, bool]]:
    """Each statement about talks by a named expert, or by a name without anything that tells what
    they are: the speaker, the statement, its features, and whether the speaker is an expert.
    """
    subject, watch = ArticleSubject(annotation), any_negotiation()
    text = annotation.article.text
    said = [(with_role(fullest(own), text), own) for own in by_speaker(annotation)]
    known = in_company([speaker for speaker, _ in said])
    for (speaker, attributions), who in zip(said, known, strict=True):
        if not speaker.named or (who.category != "expert" and who != UNKNOWN):
            continue
        for attribution in attributions:
            if subject.is_settled(attribution, watch) or attribution.said_earlier:
                continue
            likely = model.probability(subject.features(attribution, watch))
            if likely >= MIN_PROBABILITY:
                parts = (attribution.confidence, who.sureness, likely)
                yield speaker.name, attribution, alert_features(*parts), who != UNKNOWN


def _is_one(attribution: Attribution, name: str, row: dict[str, Any]) -> bool:
    """Whether the statement is the annotated one, or a piece of it, or holds it."""
    start, end = (attribution.quotation.spans[0].start, attribution.quotation.spans[-1].end)
    first, last = row["chars"]
    shared = min(end, last) - max(start, first)
    is_same = 2 * shared >= min(end - start, last - first)
    return is_same and name == _last_name(row["speaker"])


def _due(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The statements on which the annotation wants an alert."""
    return [
        row
        for row in rows
        if row["alertworthy"] and not row.get("anonymous") and not row.get("doubtful")
    ]


def _last_name(name: str) -> str:
    words = re.findall(r"\w+", fold(name))
    return words[-1] if words else ""


def fitted(examples: Sequence[Example]) -> Logistic:
    """The model of the examples."""
    names = sorted({name for example in examples for name in example.features})
    rows, labels = [e.features for e in examples], [e.is_right for e in examples]
    return fit(names, rows, labels, PENALTY)


def held_out(examples: Sequence[Example]) -> list[float]:
    """The sureness of each example by a model that saw nothing of its outlet."""
    models = {n: fitted([e for e in examples if e.fold != n]) for n in {e.fold for e in examples}}
    return [models[e.fold].probability(e.features) for e in examples]


def report(alerts: Alerts, sureness: Sequence[float]) -> Iterator[str]:
    """Precision and recall of alerts at several thresholds; and how many are right by tenths."""
    all_pairs = zip(alerts.examples, sureness, strict=True)
    pairs = [(example, sure) for example, sure in all_pairs if example.may_alert]
    for threshold in THRESHOLDS:
        sent = {(e.page, e.speaker) for e, sure in pairs if sure >= threshold}
        right = len(sent & alerts.due)
        precision, recall = right / max(1, len(sent)), right / max(1, len(alerts.due))
        yield f"from {threshold}: {100 * precision:.1f} % right, {100 * recall:.1f} % found"
    for tenth in range(10):
        here = [e.is_right for e, sure in pairs if min(9, int(sure * 10)) == tenth]
        share = f"{100 * sum(here) / len(here):.0f} %" if here else "-"
        yield f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}: {share} of {len(here)}"


def provenance_of(alerts: Alerts, lines: Sequence[str]) -> dict[str, Any]:
    """What the model is, what it was fitted on, and how it did."""
    return {
        "what": "log odds that an alert is right: bias plus weights of log odds of its parts",
        "made_by": "tests/bench/train_alerts.py",
        "statements": len(alerts.examples),
        "alerts": len(alerts.due),
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
    alerts = alerts_of(options.gold)
    lines = list(report(alerts, held_out(alerts.examples)))
    print("\n".join(lines))
    if options.out:
        model, provenance = fitted(alerts.examples), provenance_of(alerts, lines)
        options.out.write_text(file_of(model, options.gold, provenance, options.date), "utf8")


if __name__ == "__main__":
    main()
