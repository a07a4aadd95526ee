import json
from pathlib import Path

import pytest
from fitting import file_of
from train_roles import examples_of, fitted, held_out, provenance_of, report, vocabulary

ROLES = [
    ("a keeper of tide tables", "expert"),
    ("keeper of tide tables at the Elbe Institute", "expert"),
    ("a seller of boats", "citizen"),
    ("who sells boats", "citizen"),
]


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    pages, statements = [], []
    for number in range(8):
        pages.append({"id": f"p{number}", "site": f"{number}.example"})
        for who, (role, category) in enumerate(ROLES):
            statements.append(
                {"page": f"p{number}", "speaker": f"Ida {who}", "role": role, "category": category}
            )
    statements.append({"page": "p0", "speaker": "Vik", "role": "a doubt", "category": "expert",
                       "doubtful": True})  # fmt: skip
    for name, rows in (("pages", pages), ("statements", statements)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf8")
    return tmp_path


def test_it_learns_the_words_and_is_judged_on_outlets_that_it_has_not_seen(gold: Path) -> None:
    examples = examples_of(gold)
    assert len(examples) == 32
    taken = [p >= 0.5 for p in held_out(examples)]
    assert taken == [example.is_expert for example in examples]
    assert "experts 16 of 16" in list(report(examples, held_out(examples)))[1]


def test_names_stay_out(gold: Path) -> None:
    assert "word:elbe" not in vocabulary(examples_of(gold))
    assert "word:tide" in vocabulary(examples_of(gold))


def test_the_same_data_gives_the_same_bytes(gold: Path) -> None:
    examples = examples_of(gold)
    once, again = (
        file_of(fitted(found), [gold], provenance_of(found, []), "2026-01-01")
        for found in (examples, examples_of(gold))
    )
    assert once == again
    assert json.loads(once)["weights"] == fitted(examples).weights


def test_a_broken_line_is_named(gold: Path) -> None:
    (gold / "pages.jsonl").write_text("{", "utf8")
    with pytest.raises(SystemExit, match=r"pages\.jsonl, line 1"):
        examples_of(gold)
