"""Turns of speech that a label introduces: interviews, transcripts, lists of reactions.

"MIRELA HOSTAK: It will fail.", "Q: Why?", "On guns, Hostak: “Nobody counts them.”" and "Mirela
Hostak, professor of law: It will fail." are one thing: words after a label that says whose they
are. A label is believed where its words are quoted, where the labels of an article take turns, and
where several of them give roles; one line with a colon is a headline or a list.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.annotation import QuotationForm
from schemas.article import Paragraph
from transforms.core.languages.en.cues import load_cues
from transforms.core.languages.en.word_lists import bare_word, load_titles
from transforms.core.people.categories import is_body
from transforms.core.people.named_people import MAX_NAME_WORDS, NAME_RUN, strip_titles
from transforms.core.quotes.findings import Finding
from transforms.core.quotes.mentions import Mention
from transforms.core.quotes.rules.blocks import is_role, without_handle

#: Longer than any label with name, role and house.
_MAX_LABEL_CHARS = 200
#: Labelled paragraphs that make an interview, two of them of one speaker.
_FEWEST_TURNS = 3
#: Labels with roles that make a list of reactions.
_FEWEST_ROLES = 2
#: An answer has no more paragraphs; what follows belongs to nobody.
_MAX_PARAGRAPHS = 6
#: Where the lines before an interview introduce its guest.
_INTRODUCTION_CHARS = 1000

_LABEL = re.compile(
    r"(?:[•*–-]|\d{1,2}[.)])?\s*"
    r"(?:On [^:“”\"«\n]{2,80}?, )?"
    rf"(?P<name>{NAME_RUN}|[A-Z][A-Z.'’ -]{{2,40}}|[A-Z]{{1,3}})"
    r"(?P<role>(?:,|\s\()[^:“”\"«\n]{2,160}?)?"
    r"(?:,? on [^:“”\"«\n]{2,80}?)?"
    r"\s*(?::|[—–](?=\s*[“\"«„]))\s*(?=\S)"
)
#: "Q." and "A —" are labels, too; no other letter with a full stop is.
_LETTER = re.compile(
    r"\[?(?P<name>Q|A|Question|Answer|QUESTION|ANSWER)(?P<role>)\]?\s*[.:—–-]\s+(?=\S)"
)
_QUESTIONS = frozenset(("Q", "QUESTION"))
_ANSWERS = frozenset(("A", "ANSWER"))
_MARKS = ' “”"«»„'
_POSSESSIVE = re.compile(r"[’']s?$")
_INTRODUCES = re.compile(r",? (?:an?|the|who|[a-z]+(?: [a-z]+)* (?:at|of))\b")


@dataclass(frozen=True)
class _Turn:
    paragraph: int
    label: str
    start: int  #: of the label's name
    role: str
    words: tuple[int, int]
    is_quoted: bool
    is_sentence: bool

    @property
    def is_reaction(self) -> bool:
        """Reports if it is like "Mirela Hostak, professor of law: It will fail."."""
        return self.is_sentence and bool(self.role) and " " in self.label


def find_turns(
    text: str, paragraphs: Sequence[Paragraph], taken: set[int]
) -> tuple[list[Finding], set[int]]:
    """The labelled turns that answer, as findings in text order, and their paragraphs.

    Paragraphs in ``taken`` belong to others. Questions are nobody's statements.
    """
    turns = list(_turns(text, paragraphs, taken))
    is_interview, reactions = _take_turns(turns), _reactions(turns)
    speakers = _Speakers(text, paragraphs, turns)
    found: list[Finding] = []
    used: set[int] = set()
    for number, turn in enumerate(turns):
        if not (is_interview or turn.is_quoted or turn in reactions):
            continue
        mention = speakers.mention(turn)
        rest = _continued(text, paragraphs, turns, number) if is_interview else []
        if mention is not None or is_interview:
            used.update((turn.paragraph, *rest))
        if mention is not None and not _is_question(text, turn):
            found.append(_finding(paragraphs, turn, rest, mention))
    return found, used


def _finding(
    paragraphs: Sequence[Paragraph], turn: _Turn, rest: Sequence[int], mention: Mention
) -> Finding:
    """The finding of a turn that goes on in the paragraphs ``rest``."""
    form: QuotationForm = "block" if turn.is_quoted else "unmarked"
    spans = [turn.words, *((paragraphs[i].start, paragraphs[i].end) for i in rest)]
    return Finding(spans, "turn", turn.paragraph, mention, form=form)


def _reactions(turns: Sequence[_Turn]) -> list[_Turn]:
    """The turns of a list of reactions, in which several labels give roles; else none."""
    reactions = [turn for turn in turns if turn.is_reaction]
    return reactions if sum(is_role(turn.role) for turn in reactions) >= _FEWEST_ROLES else []


def _take_turns(turns: Sequence[_Turn]) -> bool:
    """Reports if the labels of an article are those of an interview."""
    counts = Counter(turn.label for turn in turns if turn.is_sentence)
    return counts.total() >= _FEWEST_TURNS and counts.most_common(1)[0][1] > 1


def _turns(text: str, paragraphs: Sequence[Paragraph], taken: set[int]) -> Iterator[_Turn]:
    """The paragraphs that begin with a label; lettered ones only where questions are."""
    labelled = [
        (index, match)
        for index, paragraph in enumerate(paragraphs)
        if index not in taken and paragraph.kind != "heading"
        if (match := _label(text, paragraph)) is not None
    ]
    has_questions = any(match["name"].upper() in _QUESTIONS for _, match in labelled)
    for index, match in labelled:
        if has_questions or match["name"].upper() not in _ANSWERS:
            turn = _turn(text, index, match, paragraphs[index].end)
            if turn is not None:
                yield turn


def _label(text: str, paragraph: Paragraph) -> re.Match[str] | None:
    """The label at a paragraph's start; "Jane Doe, an analyst, said:" is the parser's to read."""
    end = min(paragraph.end, paragraph.start + _MAX_LABEL_CHARS)
    match = _LETTER.match(text, paragraph.start, end) or _LABEL.match(text, paragraph.start, end)
    if match is None or not _is_role_or_none(match["role"]):
        return None
    name = match["name"]
    is_letter = name.upper() in _QUESTIONS | _ANSWERS
    return match if is_letter or bare_word(name.split()[0]) not in load_titles().not_names else None


def _turn(text: str, index: int, match: re.Match[str], stop: int) -> _Turn | None:
    """The turn after a label, without the marks around its words; None if it has no words."""
    start = match.end()
    is_quoted = text[start] in '“"«„' and text[stop - 1] in '”"»“.,'
    words = text[start:stop]
    start += len(words) - len(words.lstrip(_MARKS))
    stop -= len(words) - len(words.rstrip(_MARKS))
    if start >= stop:
        return None
    role = without_handle((match["role"] or "").strip(" ,()"))
    name = match["name"].strip()
    is_sentence = text[stop - 1] in ".!?…"
    return _Turn(index, name, match.start("name"), role, (start, stop), is_quoted, is_sentence)


def _is_role_or_none(role: str | None) -> bool:
    """Reports if what stands between name and colon may be a role: words that do not report."""
    cues = load_cues()
    words = re.findall(r"[a-z]+", role or "")
    has_letters = not role or any(map(str.isalpha, role))
    return has_letters and cues.words.isdisjoint(words) and cues.relaying.isdisjoint(words)


def _continued(
    text: str, paragraphs: Sequence[Paragraph], turns: Sequence[_Turn], number: int
) -> list[int]:
    """The paragraphs after a turn that go on with it: those without a label up to the next."""
    first = turns[number].paragraph + 1
    last = turns[number + 1].paragraph if number + 1 < len(turns) else first
    if last - first > _MAX_PARAGRAPHS:
        return []
    return list(itertools.takewhile(lambda i: _goes_on(text, paragraphs[i]), range(first, last)))


def _goes_on(text: str, paragraph: Paragraph) -> bool:
    """Reports if a paragraph between two labels is of the turn above: prose that does not ask."""
    is_prose = paragraph.kind in ("p", "item") and text[paragraph.end - 1] in ".!…”"
    return is_prose and text[paragraph.start] not in _MARKS


class _Speakers:
    """Whom the labels of one article stand for."""

    def __init__(self, text: str, paragraphs: Sequence[Paragraph], turns: Sequence[_Turn]) -> None:
        self._text = text
        self._names = dict[str, str]()  #: full names by last name, capitals and initials
        for match in re.finditer(NAME_RUN, text) if turns else ():
            if not match[0].isupper():
                self._learn(match[0])
        for turn in turns:
            if turn.label.isupper():
                self._learn(turn.label.title())
        self._guest = self._introduced(paragraphs[turns[0].paragraph].start) if turns else None
        self._asker = self._who_asks(turns) if turns else ""

    def mention(self, turn: _Turn) -> Mention | None:
        """The person whom a turn's label names; None for who asks, and for other labels."""
        label = turn.label.rstrip(".")
        if label.upper() in _ANSWERS:
            return self._guest
        if label.upper() in _QUESTIONS or turn.label == self._asker:
            return None
        bare = " ".join(strip_titles(label.split())[1]) or label
        name = self._names.get(bare, bare)
        if (" " not in name and bare not in self._names) or is_body(name):
            return None
        name = name.title() if name.isupper() else name
        end = turn.start + len(turn.label)
        return Mention("name", name, turn.start, end, name.split()[-1].lower(), turn.role)

    def _learn(self, run: str) -> None:
        """Takes in a full name under what a label may call its bearer; the first one wins."""
        words = _name_words(run)
        if words:
            name = " ".join(words)
            initials = "".join(word[0] for word in words)
            for key in (words[-1], name.upper(), words[-1].upper(), initials):
                self._names.setdefault(key, name)

    def _introduced(self, end: int) -> Mention | None:
        """The last person whom the lines before ``end`` introduce: "Ana Ruiz, a lawyer"."""
        found = None
        for match in re.finditer(NAME_RUN, self._text[max(0, end - _INTRODUCTION_CHARS) : end]):
            at = max(0, end - _INTRODUCTION_CHARS) + match.start()
            words = _name_words(match[0])
            after = at + len(match[0])
            if words and _INTRODUCES.match(self._text, after, min(end, after + 80)):
                name = " ".join(words)
                found = Mention("name", name, at, after, words[-1].lower())
        return found

    def _who_asks(self, turns: Sequence[_Turn]) -> str:
        """The label that opens the talk, if at least half of its turns are questions, or ""."""
        first = turns[0].label
        own = [turn for turn in turns if turn.label == first]
        asks = sum(self._text[slice(*turn.words)].endswith("?") for turn in own)
        return first if 2 * asks >= len(own) > 1 else ""


def _name_words(run: str) -> list[str]:
    """The words of a full name, without titles and possessive; none if it is no name."""
    words = strip_titles(_POSSESSIVE.sub("", run).split())[1]
    is_name = 2 <= len(words) <= MAX_NAME_WORDS
    return (
        words if is_name and not any(bare_word(w) in load_titles().not_names for w in words) else []
    )


def _is_question(text: str, turn: _Turn) -> bool:
    """Reports if a turn only asks."""
    words = text[slice(*turn.words)].rstrip()
    return words.endswith("?") and words.count(".") == 0
