"""The scripts that fit the models of subjects and alerts, on pages of our own."""

import json
from pathlib import Path

import pytest
import train_alerts
import train_subjects
from fitting import file_of

TALKS = (
    "Arden and Brevia resumed peace talks on Friday. “{words},” said {name}, a senior fellow at "
    "the Elbe Institute. The negotiations in Solm go on."
)
ABOUT = "The truce will not outlive the winter"
OFF = "It will rain on the festival for a week"


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, pages, statements = tmp_path_factory.mktemp("gold"), [], []
    for number in range(16):
        words = OFF if number % 2 else ABOUT
        text = TALKS.format(words=words, name="Ida Berg")
        page = {"id": f"p{number}", "site": f"{number}.example", "title": "Notes", "text": text}
        start = text.index(words)
        said = {"page": page["id"], "chars": [start, start + len(words)], "speaker": "Ida Berg",
                "category": "expert", "on_negotiation": words == ABOUT,
                "alertworthy": words == ABOUT}  # fmt: skip
        pages.append(page)
        statements.append(said)
    for name, rows in (("pages", pages), ("statements", statements)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf8")
    return folder


def test_statements_are_told_apart_on_outlets_that_were_not_seen(gold: Path) -> None:
    examples = train_subjects.examples_of([gold])
    assert len(examples) == 32  # each page with its title and without
    likely = train_subjects.held_out(examples)
    about = [p for e, p in zip(examples, likely, strict=True) if e.is_about]
    off = [p for e, p in zip(examples, likely, strict=True) if not e.is_about]
    assert min(about) > max(off)
    assert "100.0 % found" in next(iter(train_subjects.report(examples, likely)))


def test_an_alert_is_right_if_its_statement_is(gold: Path) -> None:
    alerts = train_alerts.alerts_of([gold])
    assert len(alerts.due) == 8
    right = {e.page[1] for e in alerts.examples if e.is_right}
    assert right == {f"p{n}" for n in range(0, 16, 2)}
    lines = list(train_alerts.report(alerts, train_alerts.held_out(alerts.examples)))
    assert lines[0].startswith("from 0.5: ")


def test_the_same_data_gives_the_same_bytes(gold: Path) -> None:
    once, again = (
        file_of(
            train_subjects.fitted(examples),
            [gold],
            train_subjects.provenance_of(examples, []),
            "2026-01-01",
        )
        for examples in (train_subjects.examples_of([gold]) for _ in range(2))
    )
    assert once == again
