"""How right `parley annotate` is on pages whose statements people have marked.

    python tests/bench/accuracy.py GOLD... [--annotated OUT.jsonl] [--workers N]

Each GOLD is a folder with two files of JSON lines:

* ``pages.jsonl``: ``id``, ``text``;
* ``statements.jsonl``: ``page``, ``chars`` ([start, end) in the text), ``speaker``,
  ``speaker_canonical`` (the full name), ``anonymous``, ``category``, ``alertworthy``, and perhaps
  ``doubtful``: a reader could argue for the other answer, so it counts for and against nobody.

The pages are annotated, unless ``--annotated`` names lines that `parley annotate` wrote. A
statement of ours is found when its letters and digits overlap a marked one's by half of their
union or more; each is paired once, the best first. Speakers agree by last name. Rows:

* statements, with speaker: found at all; found, and whose it is;
* alertworthy: an expert on the negotiation, flagged and with the right speaker;
* alerts: pairs of page and expert, whatever the words; "sent" leaves out what is held;
* not for alerts: of the statements of parties, officials and journalists, how many are flagged;
* said so sure: of the statements that are so sure, how many are right.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import calibration
from rich.console import Console

Row = dict[str, Any]

_MIN_OVERLAP = 0.5
#: A piece belongs to a marked statement when so much of it lies inside.
_MIN_INSIDE = 0.8
#: Roles and clauses after a name are not read as part of it.
_NAME_WORDS = 8
_RESAMPLES = 500
_NOT_FOR_ALERTS = ("party", "official", "journalist")
#: Why a statement is flagged wrongly.
NOTHING_THERE, WRONG_SPEAKER, NO_EXPERT, NOT_THE_SUBJECT = MISTAKES = (
    "nothing there",
    "wrong speaker",
    "no expert",
    "not the subject",
)
_COLUMNS = "| | precision | recall | F1 | 95 % |\n|---|---|---|---|---|"


class Page(NamedTuple):
    """A page with what people marked in it and what we found."""

    text: str
    marked: Sequence[Row]
    ours: Sequence[Row]


class Share(NamedTuple):
    """Percentages."""

    precision: float
    recall: float
    f1: float


def share(counts: Counter[str], kind: str) -> Share:
    """Precision, recall and F1 of what was counted under a kind.

    >>> share(Counter({"a right": 3, "a wrong": 1, "a missed": 3}), "a")
    Share(precision=75.0, recall=50.0, f1=60.0)
    """
    right, wrong, missed = (counts[f"{kind} {each}"] for each in ("right", "wrong", "missed"))
    precision = right / max(1, right + wrong)
    recall = right / max(1, right + missed)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return Share(*(round(100 * value, 1) for value in (precision, recall, f1)))


def words_of(name: str | None) -> list[str]:
    """The words of a name, in small letters without accents and possessives.

    >>> words_of("Zoë d’Arc's")
    ['zoe', 'd', 'arc']
    """
    parts = unicodedata.normalize("NFKD", name or "").casefold().replace("’", "'")
    plain = "".join(c for c in parts if not unicodedata.combining(c))
    return re.findall(r"\w+", re.sub(r"'s\b", "", plain))


def last_name(name: str | None) -> str:
    """The last word of a name; "" if it has none."""
    return next(iter(words_of(name)[::-1]), "")


def is_speaker(marked: Row, name: str | None) -> bool:
    """Reports if a name of ours can be the marked speaker's: by last name or, of a speaker
    without one, by any longer word of the description.
    """
    ours = set(words_of(name)[:_NAME_WORDS])
    if marked["anonymous"]:
        return any(len(word) > 3 and word in ours for word in words_of(marked["speaker"]))
    return any(last_name(n) in ours for n in (marked["speaker"], marked["speaker_canonical"]) if n)


def letters(text: str, spans: Iterable[Sequence[int]]) -> set[int]:
    """The places of letters and digits within the spans."""
    inside = (i for start, end in spans for i in range(max(0, start), min(end, len(text))))
    return {i for i in inside if text[i].isalnum()}


def overlap(text: str, marked: set[int], spans: Sequence[Sequence[int]]) -> float:
    """The part of their union that two statements share; what lies between fragments may count."""
    if not spans:
        return 0.0
    whole = [(min(s[0] for s in spans), max(s[1] for s in spans))]
    tried = (letters(text, spans), letters(text, whole))
    return max(len(marked & ours) / len(marked | ours) for ours in tried)


def without_held(row: Row) -> Row:
    """The statement, flagged only if some watch would send it."""
    codes = [
        {reason["code"] for reason in match["reasons"]}
        for match in row.get("matches", ())
        if match["alertworthy"]
    ]
    is_sent = any("held_low_confidence" not in each for each in codes)
    return {**row, "alertworthy": bool(row["alertworthy"]) and is_sent}


def with_pieces_joined(page: Page) -> Page:
    """The page, with our pieces of one marked statement by one speaker made one."""
    joined: list[Row] = []
    used: set[int] = set()
    places = [letters(page.text, row["content"]) for row in page.ours]
    for marked in page.marked:
        wanted = letters(page.text, [marked["chars"]])
        by_speaker: dict[str, list[int]] = {}
        for number, own in enumerate(places):
            if number not in used and own and len(own & wanted) >= _MIN_INSIDE * len(own):
                by_speaker.setdefault(last_name(page.ours[number]["speaker"]), []).append(number)
        numbers = max(by_speaker.values(), key=len, default=[])
        pieces = [page.ours[number] for number in numbers]
        content = sorted(span for piece in pieces for span in piece["content"])
        if len(pieces) > 1 and overlap(page.text, wanted, content) >= _MIN_OVERLAP:
            surest = max(pieces, key=lambda piece: piece["confidence"] or 0)
            flagged = any(piece["alertworthy"] for piece in pieces)
            joined.append({**surest, "content": content, "alertworthy": flagged})
            used.update(numbers)
    rest = [row for number, row in enumerate(page.ours) if number not in used]
    return page._replace(ours=rest + joined)


def pairs_of(page: Page) -> dict[int, int]:
    """Which of ours, by number, is which marked one."""
    found = []
    for i, marked in enumerate(page.marked):
        wanted = letters(page.text, [marked["chars"]])
        for j, row in enumerate(page.ours):
            shared = overlap(page.text, wanted, row["content"])
            if shared >= _MIN_OVERLAP:
                found.append((shared, i, j))
    pairs: dict[int, int] = {}
    for _, i, j in sorted(found, reverse=True):
        if j not in pairs and i not in pairs.values():
            pairs[j] = i
    return pairs


def counted(page: Page, *, sent_only: bool = False) -> Counter[str]:
    """What is right, wrong and missed on one page, by kind."""
    if sent_only:
        page = page._replace(ours=[without_held(row) for row in page.ours])
    page = with_pieces_joined(page)
    pairs = pairs_of(page)
    whose = {j for j, i in pairs.items() if is_speaker(page.marked[i], page.ours[j]["speaker"])}
    counts = Counter[str]()
    for kind, right in (("statements", len(pairs)), ("with speaker", len(whose))):
        counts[f"{kind} right"] = right
        counts[f"{kind} wrong"] = len(page.ours) - right
        counts[f"{kind} missed"] = len(page.marked) - right
    counts.update(_flags(page, pairs, whose))
    counts.update(_alerts(page))
    return counts


def _flags(page: Page, pairs: dict[int, int], whose: set[int]) -> Iterator[str]:
    """What is flagged as alertworthy: statement by statement."""
    hit = set()
    for j, row in enumerate(page.ours):
        marked = page.marked[pairs[j]] if j in pairs else None
        if not row["alertworthy"]:
            continue
        if marked is not None and j in whose:
            hit.add(pairs[j])
        if marked is not None and (marked["anonymous"] or marked.get("doubtful")):
            continue
        why = _mistake(marked, is_theirs=j in whose)
        yield "alertworthy wrong" if why else "alertworthy right"
        if why:
            yield why
    flagged = {i for j, i in pairs.items() if page.ours[j]["alertworthy"]}
    for i, marked in enumerate(page.marked):
        if marked["category"] in _NOT_FOR_ALERTS:
            yield "not for alerts"
            if i in flagged:
                yield "not for alerts flagged"
        is_due = marked["alertworthy"] and not marked["anonymous"] and not marked.get("doubtful")
        if is_due and i not in hit:
            yield "alertworthy missed"


def _mistake(marked: Row | None, *, is_theirs: bool) -> str:
    """Why a flag is wrong; "" if it is right."""
    if marked is None:
        return NOTHING_THERE
    if not is_theirs:
        return WRONG_SPEAKER
    if marked["alertworthy"]:
        return ""
    return NOT_THE_SUBJECT if marked["category"] == "expert" else NO_EXPERT


def _alerts(page: Page) -> Iterator[str]:
    """What a reader gets: pairs of page and expert."""
    named = [m for m in page.marked if not (m["anonymous"] and m["category"] == "expert")]
    doubtful = [m for m in named if m.get("doubtful")]
    due: dict[str, list[Row]] = {}
    for marked in named:
        if marked["alertworthy"] and not marked.get("doubtful"):
            name = last_name(marked["speaker_canonical"] or marked["speaker"])
            due.setdefault(name, []).append(marked)
    raised = {
        last_name(row["speaker"]): row["speaker"]
        for row in reversed(page.ours)
        if row["alertworthy"] and row.get("named", True)
    }
    hit: set[str] = set()
    for speaker in raised.values():
        experts = {n for n, rows in due.items() if any(is_speaker(m, speaker) for m in rows)}
        hit |= experts
        if experts:
            yield "alerts right"
        elif not any(is_speaker(m, speaker) for m in doubtful):
            yield "alerts wrong"
    yield from ("alerts missed" for _ in due.keys() - hit)


def outcomes(page: Page) -> Iterator[calibration.Outcome]:
    """Each of our statements: how sure, and whether it is right."""
    page = with_pieces_joined(page)
    pairs = pairs_of(page)
    for j, row in enumerate(page.ours):
        is_right = j in pairs and is_speaker(page.marked[pairs[j]], row["speaker"])
        yield calibration.Outcome(row["confidence"], j in pairs, is_right)


def interval(pages: Sequence[Counter[str]], kind: str) -> str:
    """Where F1 lies in 95 of 100 samples of the pages, drawn with replacement."""
    draw = random.Random(0)
    values = sorted(
        share(sum((draw.choice(pages) for _ in pages), Counter()), kind).f1
        for _ in range(_RESAMPLES)
    )
    low, high = (values[round(part * (_RESAMPLES - 1))] for part in (0.025, 0.975))
    return f"{low:.0f}–{high:.0f}"


def table(pages: Sequence[Page]) -> Iterator[str]:
    """The lines of the whole table."""
    held = [counted(page) for page in pages]
    sent = [counted(page, sent_only=True) for page in pages]
    yield _COLUMNS
    for kind, name, counts in (
        ("statements", "statements", held),
        ("with speaker", "statements, with speaker", held),
        ("alertworthy", "alertworthy statements", held),
        ("alerts", "alerts, sent or held", held),
        ("alerts", "alerts, sent", sent),
    ):
        total: Counter[str] = sum(counts, Counter())
        of = share(total, kind)
        yield f"| {name} | {of.precision} | {of.recall} | {of.f1} | {interval(counts, kind)} |"
    total = sum(held, Counter())
    percent = 100 * total["not for alerts flagged"] / max(1, total["not for alerts"])
    yield ""
    yield f"not for alerts, and flagged: {percent:.1f} % of {total['not for alerts']} statements"
    yield "flagged wrongly: " + ", ".join(f"{why} {total[why]}" for why in MISTAKES)
    yield ""
    yield from calibration.table([each for page in pages for each in outcomes(page)])


def pages_in(folder: Path, annotated: dict[str, Row]) -> list[Page]:
    """The folder's pages beside our annotations of them, by id."""
    marked: dict[str, list[Row]] = {}
    for row in lines_of(folder / "statements.jsonl"):
        marked.setdefault(row["page"], []).append(row)
    pages = lines_of(folder / "pages.jsonl")
    if missing := [page["id"] for page in pages if page["id"] not in annotated]:
        sys.exit(
            f"{folder}: {len(missing)} of {len(pages)} pages not annotated, {missing[0]} first"
        )
    ours = {id_: row.get("statements") or [] for id_, row in annotated.items()}
    return [Page(page["text"], marked.get(page["id"], []), ours[page["id"]]) for page in pages]


def lines_of(path: Path) -> list[Row]:
    """The rows of a file of JSON lines."""
    with path.open(encoding="utf8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def annotate(folders: Sequence[Path], target: Path, workers: int) -> None:
    """Write the annotation of all pages."""
    from pipelines.services.explain import annotate_file

    source = target.with_suffix(".in")
    with source.open("w", encoding="utf8") as out:
        for folder in folders:
            for page in lines_of(folder / "pages.jsonl"):
                out.write(json.dumps({"doc_id": page["id"], "text": page["text"]}) + "\n")
    annotate_file(source, target, (), workers=workers, model=None, console=Console(stderr=True))


def main(arguments: Sequence[str]) -> None:
    """Print the table of each folder and, of several, of all together."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--annotated", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = given.annotated
        if path is None:
            path = Path(folder, "annotated.jsonl")
            annotate(given.gold, path, given.workers)
        annotated = {row["doc_id"]: row for row in lines_of(path)}
    sets = [(str(each), pages_in(each, annotated)) for each in given.gold]
    if len(sets) > 1:
        sets.append(("all", [page for _, pages in sets for page in pages]))
    for name, pages in sets:
        print(f"\n{name}: {len(pages)} pages\n", *table(pages), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
