"""What a confidence means: of statements that `parley annotate` is so sure of, how many are right.

    python tests/bench/calibration.py GOLD.jsonl ANNOTATED.jsonl

GOLD holds `{"doc_id", "text", "statements": [{"content": [[s, e], ...], "speaker"}]}` a line. A
statement is right when its letters overlap a true one's by half of their union or more, and the
speakers share a last name; `"speaker_keys"`, if there, are the words that name the true one.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

BINS = (0.0, 0.6, 0.7, 0.8, 0.9, 1.01)
_MIN_OVERLAP = 0.5


class Outcome(NamedTuple):
    """One statement of ours: how sure, and whether its words and its speaker are right."""

    confidence: float
    is_found: bool
    is_speaker_right: bool


def outcomes(gold: dict[str, Any], ours: dict[str, Any]) -> Iterator[Outcome]:
    """Each of our statements beside the true one that it overlaps most, if enough."""
    true = [(_letters(gold["text"], t["content"]), _keys(t)) for t in gold["statements"]]
    for statement in ours["statements"]:
        words = _letters(gold["text"], statement["content"])
        overlap, keys = max(
            ((_share(words, places), names) for places, names in true), default=(0.0, [])
        )
        is_found = overlap >= _MIN_OVERLAP
        is_right = is_found and any(_agree(statement["speaker"], key) for key in keys)
        yield Outcome(statement["confidence"], is_found, is_right)


def _keys(statement: dict[str, Any]) -> list[str]:
    return statement.get("speaker_keys") or [statement["speaker"] or ""]


def _letters(text: str, content: list[list[int]]) -> frozenset[int]:
    return frozenset(i for start, end in content for i in range(start, end) if text[i].isalnum())


def _share(a: frozenset[int], b: frozenset[int]) -> float:
    return len(a & b) / max(1, len(a | b))


def _agree(ours: str, true: str) -> bool:
    words, wanted = (re.findall(r"\w+", name.casefold()) for name in (ours, true))
    return bool(words and wanted) and (wanted[-1] in words or words[-1] in wanted)


def table(found: list[Outcome]) -> Iterator[str]:
    """A line for each range of confidence, the least sure first."""
    yield "| said | statements | mean | right | wrong speaker of those found |"
    yield "|---|---|---|---|---|"
    for low, high in itertools.pairwise(BINS):
        those = [o for o in found if low <= o.confidence < high]
        if those:
            mean = sum(o.confidence for o in those) / len(those)
            right = sum(o.is_speaker_right for o in those) / len(those)
            words = [o for o in those if o.is_found]
            wrong = sum(not o.is_speaker_right for o in words) / max(1, len(words))
            top = min(high, 1.0)
            yield f"| {low:.1f}–{top:.1f} | {len(those)} | {mean:.2f} | {right:.2f} | {wrong:.3f} |"


def main(gold: str, annotated: str) -> None:
    """Print the table."""
    ours = {line["doc_id"]: line for line in _lines(annotated)}
    found = [o for line in _lines(gold) for o in outcomes(line, ours[line["doc_id"]])]
    print("\n".join(table(found)))


def _lines(path: str) -> Iterator[dict[str, Any]]:
    with Path(path).open(encoding="utf8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main(*sys.argv[1:3])
