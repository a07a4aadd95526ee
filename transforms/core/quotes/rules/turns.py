"""Turns of speech that a label introduces: interviews, transcripts, lists of reactions.

"MIRELA HOSTAK: It will fail.", "Q: Why?", "Hostak: Because …", "Mirela Hostak, professor of law:
“It will fail.”", and a name as a heading over a quotation are one thing: words after a label that
says whose they are. A label is believed where its words are quoted, or where the article has
several, as an interview does; one line with a colon is a headline or a list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.annotation import QuotationForm
from schemas.article import Paragraph
from transforms.core.languages.en.cues import load_cues
from transforms.core.languages.en.word_lists import load_titles, plain
from transforms.core.people.named_people import NAME_RUN
from transforms.core.quotes.findings import Finding
from transforms.core.quotes.mentions import Mention

#: Longer than any label with name, role and house.
_MAX_LABEL_CHARS = 160
#: Labelled paragraphs that make an interview, two of them of one speaker.
_FEWEST_TURNS = 3

_LABEL = re.compile(
    rf"[•*–-]?\s*(?P<name>{NAME_RUN}|[A-Z][A-Z.'’ -]{{2,40}}|[A-Z]{{1,3}})"
    r"(?P<role>,[^:“\"\n]{2,140}?|\s\([^):]{2,100}\))?\s*:\s+(?=\S)"
)
_QUESTIONS = frozenset(("Q", "QUESTION"))
_ANSWERS = frozenset(("A", "ANSWER"))
_MARKS = ' “”"«»„'
#: "…, on the ceasefire": what the label is about, and no part of the role.
_ON = re.compile(r",?\s+\bon\b (?:the |a |whether |why |how )?[^,]*$")
_WORD = re.compile(r"[A-Z][\w’'-]+")


@dataclass(frozen=True)
class _Turn:
    paragraph: int
    label: str
    start: int  #: of the label's name
    role: str
    words: tuple[int, int]
    is_quoted: bool


def find_turns(
    text: str, paragraphs: Sequence[Paragraph], taken: set[int]
) -> tuple[list[Finding], set[int]]:
    """The labelled turns that answer, as findings in text order, and their paragraphs.

    Paragraphs in ``taken`` belong to others. Questions are nobody's statements.
    """
    turns = list(_turns(text, paragraphs, taken))
    counts = Counter(turn.label for turn in turns)
    is_interview = len(turns) >= _FEWEST_TURNS and counts.most_common(1)[0][1] > 1
    names = _names_in(text) if turns else {}
    answerer = _answerer(text, paragraphs, turns) if is_interview else None
    found, used = [], set()
    for turn in turns:
        if not turn.is_quoted and not is_interview:
            continue
        mention = _mention(turn, names, answerer)
        if mention is None and not is_interview:
            continue
        used.add(turn.paragraph)
        if mention is not None and not _is_question(text, turn):
            form: QuotationForm = "block" if turn.is_quoted else "unmarked"
            found.append(Finding([turn.words], "turn", turn.paragraph, mention, form=form))
    return found, used


def _turns(text: str, paragraphs: Sequence[Paragraph], taken: set[int]) -> Iterator[_Turn]:
    for index, paragraph in enumerate(paragraphs):
        if index in taken or paragraph.kind == "heading":
            continue
        end = min(paragraph.end, paragraph.start + _MAX_LABEL_CHARS)
        match = _LABEL.match(text, paragraph.start, end)
        if match is None:
            continue
        first = match["name"].split()[0]
        if first not in _QUESTIONS | _ANSWERS and plain(first) in load_titles().not_names:
            continue
        if _reports(match["role"] or ""):
            continue  # "Jane Doe, an analyst, said: …" is a sentence, and the parser's
        start, stop = match.end(), paragraph.end
        is_quoted = text[start] in '“"«„' and text[stop - 1] in '”"»“.,'
        while start < stop and text[start] in _MARKS:
            start += 1
        while stop > start and text[stop - 1] in _MARKS:
            stop -= 1
        if start < stop:
            role = _ON.sub("", (match["role"] or "").strip(" ,()"))
            yield _Turn(
                index, match["name"].strip(), match.start("name"), role, (start, stop), is_quoted
            )


def _reports(role: str) -> bool:
    """Reports if what stands before a colon holds a reporting verb."""
    cues = load_cues()
    words = set(re.findall(r"[a-z]+", role))
    return not words.isdisjoint(cues.words | cues.relaying)


def _names_in(text: str) -> dict[str, str]:
    """The full names of an article by their last names, capitals and initials, first ones first."""
    names: dict[str, str] = {}
    for match in re.finditer(NAME_RUN, text):
        words = match[0].split()
        if not 2 <= len(words) <= 4 or match[0].isupper():
            continue
        words = [word for word in words if plain(word) not in load_titles().titles] or words
        if len(words) < 2 or any(plain(word) in load_titles().not_names for word in words):
            continue
        name = (
            " ".join(words).rstrip("’'s") if words[-1].endswith(("’s", "'s")) else " ".join(words)
        )
        initials = "".join(word[0] for word in words)
        for key in (words[-1], name.upper(), words[-1].upper(), initials):
            names.setdefault(key, name)
    return names


def _answerer(
    text: str, paragraphs: Sequence[Paragraph], turns: Sequence[_Turn]
) -> tuple[str, int] | None:
    """The person whom the lines before the first turn introduce, and where."""
    first = paragraphs[turns[0].paragraph].start
    found = None
    for match in re.finditer(NAME_RUN, text[max(0, first - 1000) : first]):
        words = [word for word in match[0].split() if plain(word) not in load_titles().titles]
        is_name = 2 <= len(words) <= 4 and not any(
            plain(word) in load_titles().not_names for word in words
        )
        rest = text[max(0, first - 1000) + match.end() : first][:80]
        if is_name and re.match(r",? (?:an?|the|who|[a-z]+(?: [a-z]+)* (?:at|of))\b", rest):
            found = " ".join(words), max(0, first - 1000) + match.start()
    return found


def _mention(
    turn: _Turn, names: dict[str, str], answerer: tuple[str, int] | None
) -> Mention | None:
    label = turn.label.rstrip(".")
    if label.upper() in _QUESTIONS:
        return None
    if label.upper() in _ANSWERS:
        if answerer is None:
            return None
        name, start = answerer
        return Mention("name", name, start, start + len(name), name.split()[-1].lower())
    name = names.get(label, label)
    words = name.split()
    is_person = len(words) > 1 or label in names
    if not is_person or (name.isupper() and name not in names.values() and len(words) < 2):
        return None
    if name.isupper():
        name = " ".join(word.capitalize() for word in words)
    end = turn.start + len(turn.label)
    return Mention("name", name, turn.start, end, words[-1].lower(), turn.role)


def _is_question(text: str, turn: _Turn) -> bool:
    """Reports if a turn only asks."""
    start, end = turn.words
    words = text[start:end].rstrip()
    return words.endswith("?") and words.count(".") == 0
