"""Paragraphs made fit for parsing: quoted sentences masked, marks taken out.

What stands inside quotation marks is somebody's words, whatever its grammar: a sentence that
is quoted whole is replaced by a short one, so that the parser sees the frame ("It works," Jane
Doe, an analyst, told a paper) and costs less. Quotations that are part of the sentence around
them stay; only their marks go. Offsets are mapped back to the article's.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Sequence

from schemas.article import Paragraph
from transforms.core.languages.en.cues import load_cues
from transforms.core.languages.en.word_lists import load_titles
from transforms.core.quotes.marks import Quoted

#: Stands for a sentence quoted whole; parsed well by the small English models.
PLACEHOLDER = "It works"

_LOOKS_BACK = 300  #: characters before a quotation that may introduce it
_PLAIN = str.maketrans({"’": "'", "‘": "'", "\u00a0": " ", "\n": " ", "\t": " ", "\r": " "})
_END = ".,!?…"
_AROUND = " .,;:!?…—–-"
_LAST_WORD = re.compile(r"([^\W\d_]+)\W*$")
_MARK = re.compile(r"[“”\"«»]|''|``")
_WORDS = re.compile(r"[^\W\d_]+")
_TITLE_PARTS = re.compile(r"[A-Za-z]+")
_IS_HOW = re.compile(r"(?:is|was) how ")  #: “A trap” is how she described it
_LOST_BLANK = re.compile(r"[,;]?(?=\w)")  #: after a closing mark: “…,”said, “…”,said
_SENTENCE_END = re.compile(r"[.!?…]\s+\S")


class MaskedParagraph:
    """A paragraph's text for the parser, and the way back to the article."""

    def __init__(self, paragraph: int) -> None:
        self.paragraph = paragraph
        self.masks: list[tuple[int, int, Quoted]] = []  #: start and end in the frame's text
        self.parts: list[tuple[int, int]] = []  #: words quoted within a sentence, in the article
        self._pieces: list[str] = []
        self._length = 0
        self._starts: list[int] = []
        self._sources: list[int] = []

    @property
    def text(self) -> str:
        """What is parsed."""
        return "".join(self._pieces)

    def add(self, piece: str, source: int) -> None:
        """Append text that stands at ``source`` in the article."""
        if piece:
            self._starts.append(self._length)
            self._sources.append(source)
            self._pieces.append(piece)
            self._length += len(piece)

    def add_mask(self, quoted: Quoted, sentence: str) -> None:
        """Append the sentence that stands for a quotation."""
        start = self._length
        self.add(sentence, quoted.outer_start)
        self.masks.append((start, self._length, quoted))

    def source(self, at: int) -> int:
        """The article offset of the character at ``at``."""
        index = bisect.bisect_right(self._starts, at) - 1
        return self._sources[index] + at - self._starts[index]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Article offsets of a range; one that touches a mask takes in its quotation."""
        head, tail = self._mask_at(start), self._mask_at(end - 1)
        first = head.start if head else self.source(start)
        last = tail.end if tail else self.source(end - 1) + 1
        return first, max(last, first + 1)

    def closed(self, start: int, end: int) -> tuple[int, int]:
        """A range of the article that ends inside a quoted part, to the end of that part.

        What is quoted is one speaker's words: a parse that breaks it off is wrong.
        """
        index = bisect.bisect_left(self.parts, end, key=lambda part: part[0]) - 1
        if index >= 0 and start <= self.parts[index][0]:
            end = max(end, self.parts[index][1])
        return start, end

    def _mask_at(self, at: int) -> Quoted | None:
        index = bisect.bisect_right(self.masks, at, key=lambda mask: mask[0]) - 1
        if index >= 0 and at < self.masks[index][1]:
            return self.masks[index][2]
        return None


def mask_paragraph(
    text: str, index: int, paragraph: Paragraph, quotes: Sequence[Quoted], end: int | None = None
) -> MaskedParagraph:
    """The paragraph with its whole quotations masked and the other marks taken out.

    Nothing from ``end`` on is taken in.

    >>> from transforms.core.quotes.marks import find_direct
    >>> text = "“No deal is near, I fear,” said Ann Lee, who calls it “a dream”."
    >>> paragraph = Paragraph(0, len(text))
    >>> mask_paragraph(text, 0, paragraph, list(find_direct(text, [paragraph]))).text
    '"It works," said Ann Lee, who calls it a dream.'
    """
    frame = MaskedParagraph(index)
    at, end = paragraph.start, paragraph.end if end is None else end
    for quoted in quotes:
        if quoted.outer_end > end:
            break
        _add_prose(frame, text, at, quoted.outer_start)
        if is_whole(text, paragraph, quoted):
            before = text[quoted.outer_start - 1 : quoted.outer_start]
            if quoted.outer_start > paragraph.start and (before.isalnum() or before in ":,"):
                frame.add(" ", quoted.outer_start)
            frame.add_mask(quoted, _sentence(text, quoted))
            lost = _LOST_BLANK.match(text, quoted.outer_end, end)
            at = lost.end() if lost is not None else quoted.outer_end
            frame.add(f"{lost[0]} " if lost is not None else "", quoted.outer_end)
        else:
            words = text[quoted.start : quoted.end]
            frame.parts.append((quoted.start, quoted.start + len(words.rstrip(_AROUND))))
            frame.add(words.translate(_PLAIN), quoted.start)
            at = quoted.outer_end
    _add_prose(frame, text, at, end)
    return frame


def _add_prose(frame: MaskedParagraph, text: str, start: int, end: int) -> None:
    """Append a stretch without quotations, with titles before names written out.

    "Col. (ret.) Owen Marsh" is parsed as "retired Colonel Owen Marsh".
    """
    at = start
    for found in _title_pattern().finditer(text, start, end):
        frame.add(text[at : found.start()].translate(_PLAIN), at)
        titles = [
            load_titles().abbreviations.get(t, t) for t in _TITLE_PARTS.findall(found["titles"])
        ]
        past = "retired " if found["past"] else ""
        frame.add(f"{past}{' '.join(titles)} ", found.start())
        at = found.end()
    frame.add(text[at:end].translate(_PLAIN), at)


@functools.cache
def _title_pattern() -> re.Pattern[str]:
    """Abbreviated titles before a name, with the sign of who is retired."""
    short = "|".join(load_titles().abbreviations)
    return re.compile(
        rf"\b(?P<titles>(?:{short})\.(?:[- ]?(?:(?:{short})\.|[Dd]r\.|General|Colonel))*)"
        r"(?P<past>\s*\((?:[Rr]et|[Rr]etd|[Rr]etired|[Rr]td|[Rr]es)\.?\))?\s+(?=[A-Z])"
    )


def _sentence(text: str, quoted: Quoted) -> str:
    last = text[max(quoted.start, quoted.end - 20) : quoted.end].rstrip()[-1:]
    final = last if last in ",.!?" else "," if last in "—–-" else "." if last == "…" else ""
    return f'"{PLACEHOLDER}{final}"'


def is_whole(text: str, paragraph: Paragraph, quoted: Quoted) -> bool:
    """Whether the quotation is a sentence of its own, not a part of the one around it."""
    if not quoted.is_opened or not quoted.is_closed:
        return True
    inner = text[quoted.start : quoted.end].strip()
    before = text[max(paragraph.start, quoted.outer_start - _LOOKS_BACK) : quoted.outer_start]
    before = before.rstrip()
    after = text[quoted.outer_end : min(paragraph.end, quoted.outer_end + 20)].lstrip()
    begins = not before or before[-1] in ".!?…"
    if begins and _IS_HOW.match(after):
        return True
    if not (inner[-1:] in f"{_END}—–-" or after[:1] in _END):
        return bool(_SENTENCE_END.search(inner))
    return begins or before[-1] in ":;—–" or _is_introduced(before, inner)


def _is_introduced(before: str, inner: str) -> bool:
    """Reports if the words before a quotation lead over to it as to a sentence of its own."""
    is_short = len(inner.split()) <= 3 and inner[:1].islower()
    if before[-1] == "," and _resumes(before):
        return True
    if before[-1] in ",)]”\"'’":
        goes_on = inner[:1].islower() and before[-1] == "," and not _has_cue(before[-60:], 5)
        return not is_short and not goes_on
    return bool(_SENTENCE_END.search(inner)) or (not is_short and _introduces(before))


def _resumes(before: str) -> bool:
    """Reports if a quotation goes on after its speaker: “…,” said Jane Doe, an analyst, “…”."""
    *quoted, since = _MARK.split(before)
    return bool(quoted) and not _SENTENCE_END.search(since) and _has_cue(since)


def _has_cue(words: str, last: int = 0) -> bool:
    """Reports if there is a verb that leads over to a quotation among the ``last`` words."""
    found = _WORDS.findall(words)[-last:]
    return any("quote" in load_cues().frames_of(word.lower()) for word in found)


def _introduces(before: str) -> bool:
    """Reports if the last of the words is a verb that a quotation may follow at once."""
    found = _LAST_WORD.search(before[-30:])
    word = found[1].lower() if found else ""
    frames = load_cues().frames_of(word)
    return "quote" in frames and "naming" not in frames and word not in ("read", "put", "see")
