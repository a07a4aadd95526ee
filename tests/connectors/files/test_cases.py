from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from connectors.files.cases import append_case, read_cases
from support.dossiers import alert, article, case, occurrence


def test_a_case_is_a_line_whatever_its_text_holds(tmp_path: Path) -> None:
    about = case(alert(article("talks"), [occurrence("talks", "No deal yet.")]))
    text = "No deal yet.\u2028Nor\u2029soon,\x85they say.\n"
    written = replace(about, article=replace(about.article, text=text))
    path = tmp_path / "cases.jsonl"
    append_case(path, written)
    append_case(path, replace(written, id="c2"))
    assert [*read_cases(path)] == [
        (f"{path}:1", written),
        (f"{path}:2", replace(written, id="c2")),
    ]
