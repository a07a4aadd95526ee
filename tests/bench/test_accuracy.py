"""The table of accuracy, on pages of our own."""

import json
import subprocess
import sys
from pathlib import Path

import accuracy
import pytest

ROOT = Path(__file__).parents[2]
TEXT = (
    "“The ferry talks will stall,” said Ida Berg, an analyst. Minister Jon Vik said that the "
    "quay stays shut. Bo Lind, a scholar, added that fares would rise."
)
FERRY, QUAY, FARES = "The ferry talks will stall", "the quay stays shut", "fares would rise"


def place(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def marked(words: str, speaker: str, category: str = "expert", **given: object) -> dict:
    row = {
        "page": "a",
        "chars": place(words),
        "speaker": speaker,
        "speaker_canonical": speaker,
        "anonymous": False,
        "category": category,
        "alertworthy": category == "expert",
    }
    return row | given


def ours(words: str, speaker: str, *, held: bool = False, **given: object) -> dict:
    reasons = [{"code": "held_low_confidence"}] if held else []
    row = {
        "content": [place(words)],
        "speaker": speaker,
        "named": True,
        "confidence": 0.85,
        "alertworthy": True,
        "matches": [{"alertworthy": True, "reasons": reasons}],
    }
    return row | given


MARKED = [
    marked(FERRY, "Ida Berg"),
    marked(QUAY, "Jon Vik", "official"),
    marked(FARES, "Bo Lind", alertworthy=False),
]


def counts(*found: dict, gold: list[dict] = MARKED, sent_only: bool = False) -> dict[str, int]:
    return dict(accuracy.counted(accuracy.Page(TEXT, gold, found), sent_only=sent_only))


def test_what_is_right_wrong_and_missed_is_counted() -> None:
    found = counts(ours(FERRY, "Ida Berg, an analyst"), ours(QUAY, "Bo Lind", alertworthy=False))
    assert (found["statements right"], found["statements missed"]) == (2, 1)
    assert (found["with speaker right"], found["with speaker wrong"]) == (1, 1)
    assert (found["alertworthy right"], found["alerts right"]) == (1, 1)
    assert "alerts wrong" not in found
    assert "not for alerts flagged" not in found


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (ours("an analyst", "Ida Berg"), "nothing there"),
        (ours(FERRY, "Jon Vik"), "wrong speaker"),
        (ours(QUAY, "Jon Vik"), "no expert"),
        (ours(FARES, "Lind"), "not the subject"),
    ],
)
def test_a_wrong_flag_has_its_reason(found: dict, why: str) -> None:
    table = counts(found)
    assert (table["alertworthy wrong"], table[why]) == (1, 1)
    assert table["alertworthy missed"] == 1
    assert table.get("not for alerts flagged", 0) == (why == "no expert")


def test_what_is_held_is_not_sent() -> None:
    found = ours(FERRY, "Ida Berg", held=True)
    assert counts(found)["alerts right"] == 1
    assert counts(found, sent_only=True)["alerts missed"] == 1


def test_pieces_of_one_statement_are_joined() -> None:
    pieces = [ours("The ferry talks", "Berg"), ours("will stall", "Ida Berg", alertworthy=False)]
    found = counts(*pieces)
    assert (found["statements right"], found["statements wrong"]) == (1, 0)
    assert found["alertworthy right"] == 1


@pytest.mark.parametrize("doubt", [{"doubtful": True}, {"anonymous": True}])
def test_doubtful_and_unnamed_ones_count_neither_for_nor_against(doubt: dict) -> None:
    gold = [marked(FERRY, "Ida Berg", **doubt)]
    assert not {"alertworthy right", "alertworthy wrong"} & set(counts(ours(FERRY, "x"), gold=gold))
    assert not {"alertworthy missed", "alerts missed"} & set(counts(gold=gold))


def test_the_command_prints_each_folder_and_all(tmp_path: Path) -> None:
    annotated = tmp_path / "out.jsonl"
    lines = [
        {"doc_id": "a", "statements": [ours(FERRY, "Ida Berg")]},
        {"doc_id": "b", "error": "ValueError: no"},
    ]
    annotated.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf8")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        pages = [{"id": id_, "text": TEXT} for id_ in ("a", "b")]
        for file, rows in (("pages", pages), ("statements", MARKED)):
            text = "".join(json.dumps(row) + "\n" for row in rows)
            (tmp_path / name / f"{file}.jsonl").write_text(text, encoding="utf8")
    command = [sys.executable, "-W", "ignore", "tests/bench/accuracy.py"]
    given = [str(tmp_path / "one"), str(tmp_path / "two"), "--annotated", str(annotated)]
    printed = subprocess.run(
        [*command, *given], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert printed.count("| alerts, sent | 100.0 | 100.0 | 100.0 |") == 3
    assert "all: 4 pages" in printed
    assert "not for alerts, and flagged: 0.0 % of 2 statements" in printed
    assert "| 0.8–0.9 | 2 | 0.85 | 1.00 | 0.000 |" in printed


@pytest.mark.slow
def test_the_command_annotates_what_is_not(tmp_path: Path) -> None:
    for file, rows in (("pages", [{"id": "a", "text": TEXT}]), ("statements", MARKED)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (tmp_path / f"{file}.jsonl").write_text(text, encoding="utf8")
    command = [sys.executable, "-W", "ignore", "tests/bench/accuracy.py", str(tmp_path)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": ""}
    printed = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert "| statements | 100.0 | 100.0 | 100.0 |" in printed
