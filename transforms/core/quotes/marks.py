"""Where quotation marks open and close.

Knows the marks and their habits in news: curly, straight, guillemets, TeX-style pairs, single
marks of British print, a mark repeated at the head of each paragraph of a long quotation, a
mark lost at a cut. Refuses to know who speaks.
"""

from __future__ import annotations

import bisect
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
    opened: _Mark | None = None
    depth = 0
    marks = list(_marks(text, start, end))
    for number, mark in enumerate(marks):
        if opened is None:
            if mark.opens and not (
                mark.closes and number == 0 and mark.start > start + 1 and len(marks) == 1
            ):
                opened, depth = mark, 1
            elif mark.closes and number == 0 and _may_close(text, start, mark):
                yield Quoted(start, mark.start, start, mark.end, index, is_opened=False)
        elif mark.opens and not mark.closes:
            if _is_nested(marks, number):
                depth += 1
            else:  # the closing mark before it is lost: where, nobody can tell
                opened, depth = mark, 1
        else:
            depth -= 1
            if depth == 0:
                if _has_words(text, opened.end, mark.start):
                    yield Quoted(opened.end, mark.start, opened.start, mark.end, index)
                opened = None
    if opened is not None and _has_words(text, opened.end, end):
        yield Quoted(opened.end, end, opened.start, end, index, is_closed=False)


def _may_close(text: str, start: int, mark: _Mark) -> bool:
    """Whether a mark may close a quotation whose opening is lost; 6'2" is a length."""
    return _has_words(text, start, mark.start) and not text[mark.start - 1].isdigit()


def _is_nested(marks: Sequence[_Mark], number: int) -> bool:
    """Whether an opening mark inside a quotation has a closing mark to spare."""
    following = marks[number + 1 : number + 3]
    return len(following) == 2 and all(mark.closes for mark in following)


def _marks(text: str, start: int, end: int) -> Iterator[_Mark]:
    for count, match in enumerate(_DOUBLE.finditer(text, start, end)):
        if count >= MAX_MARKS_PER_PARAGRAPH:
            return
        mark = _classify(text, match, start, end)
        if mark is not None:
            yield mark


def _classify(text: str, match: re.Match[str], start: int, end: int) -> _Mark | None:
    """What a mark does, by its sign and its neighbours; None for inches.

    A mark whose neighbours say nothing both opens and closes, whichever is due.
    """
    sign, at, after = match[0], match.start(), match.end()
    before = text[at - 1] if at > start else " "
    following = text[after] if after < end else " "
    looks_open = before in _BEFORE_OPENING and not following.isspace()
    if sign in _OPENERS or sign == "``":  # “ also closes what „ opened
        ends = not before.isspace() and not looks_open and not following.isalnum()
        return _Mark(at, after, opens=not ends, closes=ends)
    if sign in _CLOSERS and following in ".,;:!?":  # « … », said
        return _Mark(at, after, opens=False, closes=True)
    if sign in _CLOSERS:  # some keyboards open with the closing mark
        return _Mark(at, after, opens=looks_open, closes=not looks_open or before in "—–-(")
    if looks_open:
        return _Mark(at, after, opens=True, closes=before in "—–-")
    if before.isdigit() and (following.isspace() or following in ".,;:)-"):
        return _Mark(at, after, opens=False, closes=True) if after < end else None
    if not before.isspace() and (following.isspace() or following in ".,;:!?)]—–"):
        return _Mark(at, after, opens=False, closes=True)
    return _Mark(at, after, opens=True, closes=True)


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
