"""The script itself must not rot; what it measures is no test."""

import json

import ablation
import pytest

WORDS = "Norland will not sign a ceasefire before the autumn"
EVALUATE = """
import json, sys
ids = [json.loads(line)["statement_id"] for line in open(sys.argv[1])]
print("same" if len(set(ids)) == 1 else "apart", len(ids))
"""


@pytest.mark.slow
def test_each_part_is_switched_off_and_on_again(tmp_path, capsys):
    evaluate, articles = tmp_path / "evaluate.py", tmp_path / "articles.jsonl"
    evaluate.write_text(EVALUATE)
    texts = [f"“{WORDS},” said Mirja Oskarsen, an analyst.", f"“{WORDS} rain,” said Ms Oskarsen."]
    lines = [{"url": f"https://a.example/{n}", "text": text} for n, text in enumerate(texts)]
    articles.write_text("\n".join(map(json.dumps, lines)))
    ablation.report(str(evaluate), str(articles), ["sample"], "")
    shown = capsys.readouterr().out
    for name in ablation.PARTS:
        assert f"without {name}:" in shown
    assert "without nothing:\n    same 2" in shown


@pytest.mark.slow
def test_the_golden_pairs_are_judged_without_each_part(capsys):
    ablation.report_golden(None)
    head, _, *rows = capsys.readouterr().out.splitlines()
    assert head == "| without | form (23) | words (31) | another (71) |"
    assert len(rows) == len(ablation.PARTS)
    assert len(set(rows)) > 5
