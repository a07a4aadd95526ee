"""Where quotation marks open and close.

Knows the marks and their habits in news: curly, straight, guillemets, TeX-style pairs, single
marks of British print, a mark repeated at the head of each paragraph of a long quotation, a
mark lost at a cut. Refuses to know who speaks.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from schemas.article import Paragraph
from transforms.core.languages.en.cues import load_cues

#: A double mark; `` and '' stand for it in text that came from TeX or a newspaper archive.
_DOUBLE = re.compile(r"[“”„«»\"″]|``|''")
_OPENERS = frozenset("“„«")
_CLOSERS = frozenset("”»")
_SINGLE_OPEN = re.compile(r"(?<![^\s(\[—–-])[‘'](?=\w)")
_SINGLE_CLOSE = re.compile(r"[’'](?!\w)")
_NAME = r"(?:[A-Z][\w.-]+ ){0,3}[A-Z][\w.-]+"
#: Where a quotation ends that lost its closing mark: at a sign before a verb and a name, or before
#: a name or pronoun and, at the paragraph's end, a verb.
_REPORTED = re.compile(
    rf"[,?!.](?P<blank>\s+)(?:(?P<verb>[a-z]+) {_NAME}"
    rf"|(?:s?he|they|{_NAME}(?:, [^“”\"\n]{{2,120}}?,)?) (?P<last>[a-z]+)[.]?$)"
)
_BEFORE_OPENING = frozenset(" \t\n\r\u00a0([{—–-/")

#: More marks than any article holds; what follows them in a paragraph is left unquoted, so
#: that hostile input stays linear.
MAX_MARKS_PER_PARAGRAPH = 2_000


@dataclass(frozen=True)
class Quoted:
    """Text inside quotation marks, within one paragraph."""

    start: int  #: first character after the opening mark
    end: int  #: the closing mark, or the end of the paragraph when there is none
    outer_start: int  #: with the marks
    outer_end: int
    paragraph: int  #: index into ``Article.paragraphs``
    is_opened: bool = True  #: False: the opening mark is lost
    is_closed: bool = True  #: False: goes on in the next paragraph, or the mark is lost


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    opens: bool
    closes: bool


class QuotedParts:
    """Which parts of an article stand inside quotation marks.

    >>> parts = QuotedParts([Quoted(4, 8, 3, 9, 0)])
    >>> parts.covers(5), parts.covers(8), parts.overlap(6, 20)
    (True, False, [(6, 8)])
    """

    def __init__(self, quotes: Sequence[Quoted]) -> None:
        self._ranges = [(quoted.start, quoted.end) for quoted in quotes]
        self._starts = [start for start, _ in self._ranges]

    def covers(self, at: int) -> bool:
        """Whether the character at ``at`` is quoted."""
        index = bisect.bisect_right(self._starts, at) - 1
        return index >= 0 and at < self._ranges[index][1]

    def overlap(self, start: int, end: int) -> list[tuple[int, int]]:
        """The quoted parts of a range, in text order."""
        first = max(0, bisect.bisect_right(self._starts, start) - 1)
        last = bisect.bisect_left(self._starts, end)
        cut = ((max(start, a), min(end, b)) for a, b in self._ranges[first:last])
        return [(a, b) for a, b in cut if a < b]


def find_direct(text: str, paragraphs: Sequence[Paragraph]) -> Iterator[Quoted]:
    """Yield what stands inside quotation marks, in text order; nested marks stay inside.

    Without a closing mark a quotation runs to the end of its paragraph. A closing mark that
    nothing opened closes a quotation from the paragraph's start, if it is the first mark there.

    >>> text = 'He said: "No deal."'
    >>> [text[q.start:q.end] for q in find_direct(text, [Paragraph(0, len(text))])]
    ['No deal.']
    """
    for index, paragraph in enumerate(paragraphs):
        found = list(_in_paragraph(text, paragraph.start, paragraph.end, index))
        found = found or list(_single_marks(text, paragraph.start, paragraph.end, index))
        yield from (_tight(text, _with_end(text, quoted)) for quoted in found)


def _tight(text: str, quoted: Quoted) -> Quoted:
    """The quotation without the blanks that French papers set inside the marks."""
    words = text[quoted.start : quoted.end]
    start = quoted.start + len(words) - len(words.lstrip())
    return replace(quoted, start=start, end=start + len(words.strip()))


def _with_end(text: str, quoted: Quoted) -> Quoted:
    """A quotation without a closing mark, to where its reporting verb shows that it ends.

    >>> text = "“Who pays? asked Ann Lee, a lawyer."
    >>> (found,) = find_direct(text, [Paragraph(0, len(text))])
    >>> text[found.start:found.end], found.is_closed
    ('Who pays?', True)
    """
    if quoted.is_closed:
        return quoted
    for match in _REPORTED.finditer(text, quoted.start, quoted.end):
        if "quote" in load_cues().frames_of(match["verb"] or match["last"]):
            end = match.start("blank")
            return replace(quoted, end=end, outer_end=end, is_closed=True)
    return quoted


def _in_paragraph(text: str, start: int, end: int, index: int) -> Iterator[Quoted]:
    for opening, closing in _pairs(_marks(text, start, end), start, end):
        is_opened, is_closed = opening.start < opening.end, closing.start < closing.end
        is_length = not is_opened and text[closing.start - 1].isdigit()  # 6'2"
        if _has_words(text, opening.end, closing.start) and not is_length:
            outer = opening.start, closing.end
            yield Quoted(opening.end, closing.start, *outer, index, is_opened, is_closed)


def _pairs(marks: Sequence[_Mark], start: int, end: int) -> Iterator[tuple[_Mark, _Mark]]:
    """The marks that open and close each quotation; an empty one stands for one that is lost."""
    opened: _Mark | None = None
    depth = 0
    for number, mark in enumerate(marks):
        if opened is None:
            if mark.opens:
                opened, depth = mark, 1
            elif number == 0:
                yield _Mark(start, start, opens=True, closes=False), mark
        elif not mark.opens or mark.closes:
            depth -= 1
            if depth == 0:
                yield opened, mark
                opened = None
        elif _is_nested(marks, number):
            depth += 1
        else:  # the closing mark before it is lost: where, nobody can tell
            opened, depth = mark, 1
    if opened is not None:
        yield opened, _Mark(end, end, opens=False, closes=True)


def _is_nested(marks: Sequence[_Mark], number: int) -> bool:
    """Whether an opening mark inside a quotation has a closing mark to spare."""
    following = marks[number + 1 : number + 3]
    return len(following) == 2 and all(mark.closes for mark in following)


def _marks(text: str, start: int, end: int) -> list[_Mark]:
    found = itertools.islice(_DOUBLE.finditer(text, start, end), MAX_MARKS_PER_PARAGRAPH)
    marks = [mark for match in found if (mark := _classify(text, match, start, end))]
    if len(marks) == 1 and marks[0].closes and marks[0].start > start + 1:
        return [replace(marks[0], opens=False)]  # alone, it closes if it can
    return marks


def _classify(text: str, match: re.Match[str], start: int, end: int) -> _Mark | None:
    """What a mark does, by its sign and its neighbours; None for inches."""
    at, after = match.span()
    before = text[at - 1] if at > start else " "
    following = text[after] if after < end else " "
    kind = _KINDS.get(match[0], _straight)
    if kind is _straight and after == end and before.isdigit():
        return None
    looks_open = before in _BEFORE_OPENING and not following.isspace()
    return _Mark(at, after, *kind(before, following, looks_open))


def _opener(before: str, following: str, looks_open: bool) -> tuple[bool, bool]:
    """Whether an opening mark opens and closes: “ also closes what „ opened."""
    ends = not before.isspace() and not looks_open and not following.isalnum()
    return not ends, ends


def _closer(before: str, following: str, looks_open: bool) -> tuple[bool, bool]:
    """Whether a closing mark opens and closes: some keyboards open with it."""
    if following in ".,;:!?":  # « … », said
        return False, True
    return looks_open, not looks_open or before in "—–-("


def _straight(before: str, following: str, looks_open: bool) -> tuple[bool, bool]:
    """Whether a mark that looks alike on both sides opens and closes, both if none can tell."""
    if looks_open:
        return True, before in "—–-"
    closers = ".,;:!?)]—–-" if before.isdigit() else ".,;:!?)]—–"
    ends = not before.isspace() and (following.isspace() or following in closers)
    return not ends, True


_KINDS = {**dict.fromkeys((*_OPENERS, "``"), _opener), **dict.fromkeys(_CLOSERS, _closer)}


def _single_marks(text: str, start: int, end: int, index: int) -> Iterator[Quoted]:
    """Quotations in single marks, as British papers print them: of three words or more.

    The closing mark looks like an apostrophe, so only one after punctuation, or one after
    which the sentence goes on with a comma, is believed.
    """
    at = start
    for _ in range(MAX_MARKS_PER_PARAGRAPH):
        opening = _SINGLE_OPEN.search(text, at, end)
        if opening is None:
            return
        closing = _single_close(text, opening.end(), end)
        if closing is None:
            at = opening.end()
            if opening[0] == "‘":
                return  # nothing further closes either
            continue
        at = closing + 1
        if text.count(" ", opening.end(), closing) >= 2:
            yield Quoted(opening.end(), closing, opening.start(), at, index)


def _single_close(text: str, start: int, end: int) -> int | None:
    for match in _SINGLE_CLOSE.finditer(text, start, min(end, start + 2_000)):
        at = match.start()
        if text[at - 1] in ".,!?…" or (at + 1 < end and text[at + 1] in ",.;:"):
            return at
    return None


def _has_words(text: str, start: int, end: int) -> bool:
    return any(c.isalnum() for c in text[start:end])
