"""Paragraphs made fit for parsing: quoted sentences masked, marks taken out.

What stands inside quotation marks is somebody's words, whatever its grammar: a sentence that
is quoted whole is replaced by a short one, so that the parser sees the frame ("It works," Jane
Doe, an analyst, told a paper) and costs less. Quotations that are part of the sentence around
them stay; only their marks go. Offsets are mapped back to the article's.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.article import Paragraph
from transforms.core.understanding.cues import load_cues
from transforms.core.understanding.quotations import Quoted

#: Stands for a sentence quoted whole; parsed well by the small English models.
PLACEHOLDER = "It works"

_PLAIN = str.maketrans({"’": "'", "‘": "'", "\u00a0": " ", "\n": " ", "\t": " ", "\r": " "})
_END = ".,!?…"
_LAST_WORD = re.compile(r"([^\W\d_]+)\W*$")
_MARK = re.compile(r"[“”\"«»]|''|``")
_WORDS = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?…]\s+\S")


@dataclass
class Frame:
    """A paragraph's text for the parser, and the way back to the article."""

    paragraph: int
    text: str = ""
    masks: list[tuple[int, int, Quoted]] = field(default_factory=list)  #: start, end in text
    _starts: list[int] = field(default_factory=list)
    _sources: list[int] = field(default_factory=list)

    def add(self, piece: str, source: int) -> None:
        """Append text that stands at ``source`` in the article."""
        if piece:
            self._starts.append(len(self.text))
            self._sources.append(source)
            self.text += piece

    def add_mask(self, quoted: Quoted, sentence: str) -> None:
        """Append the sentence that stands for a quotation."""
        start = len(self.text)
        self.add(sentence, quoted.outer_start)
        self.masks.append((start, len(self.text), quoted))

    def source(self, at: int) -> int:
        """The article offset of the character at ``at``."""
        index = bisect.bisect_right(self._starts, at) - 1
        return self._sources[index] + at - self._starts[index]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Article offsets of a range; one that touches a mask takes in its quotation."""
        first, last = self.source(start), self.source(end - 1) + 1
        for mask_start, mask_end, quoted in self.masks:
            if mask_start <= start < mask_end:
                first = quoted.start
            if mask_start < end <= mask_end:
                last = quoted.end
        return first, last


def frame_of(text: str, index: int, paragraph: Paragraph, quotes: Sequence[Quoted]) -> Frame:
    """The paragraph with its whole quotations masked and the other marks taken out.

    >>> from transforms.core.understanding.quotations import find_direct
    >>> text = "“No deal is near, I fear,” said Ann Lee, who calls it “a dream”."
    >>> paragraph = Paragraph(0, len(text))
    >>> frame_of(text, 0, paragraph, list(find_direct(text, [paragraph]))).text
    '"It works," said Ann Lee, who calls it a dream.'
    """
    frame = Frame(index)
    at = paragraph.start
    for quoted in quotes:
        frame.add(text[at : quoted.outer_start].translate(_PLAIN), at)
        if is_whole(text, paragraph, quoted):
            frame.add_mask(quoted, _sentence(text, quoted))
        else:
            frame.add(text[quoted.start : quoted.end].translate(_PLAIN), quoted.start)
        at = quoted.outer_end
    frame.add(text[at : paragraph.end].translate(_PLAIN), at)
    return frame


def _sentence(text: str, quoted: Quoted) -> str:
    last = text[quoted.start : quoted.end].rstrip()[-1:]
    final = last if last in ",.!?" else "," if last in "—–-" else "." if last == "…" else ""
    return f'"{PLACEHOLDER}{final}"'


def is_whole(text: str, paragraph: Paragraph, quoted: Quoted) -> bool:
    """Whether the quotation is a sentence of its own, not a part of the one around it."""
    inner = text[quoted.start : quoted.end].strip()
    before = text[paragraph.start : quoted.outer_start].rstrip()
    after = text[quoted.outer_end : paragraph.end].lstrip()
    if not quoted.is_opened or not quoted.is_closed:
        return True
    ends = inner[-1:] in _END or inner[-1:] in "—–-" or after[:1] in _END or not after
    if not ends:
        return bool(_SENTENCE_END.search(inner))
    if not before or before[-1] in ".!?…:;—–":
        return True
    is_short = len(inner.split()) <= 3 and inner[:1].islower()
    if before[-1] in ",)]”\"'’":
        goes_on = inner[:1].islower() and before[-1] == "," and not _has_cue(before)
        return not is_short and not goes_on
    if _SENTENCE_END.search(inner):
        return True
    word = _LAST_WORD.search(before[-30:])
    return not is_short and word is not None and _introduces(word[1].lower())


def _has_cue(before: str) -> bool:
    """Whether a comma ends what introduces a quotation.

    Either a reporting verb stands just before it ("he said,"), or somewhere since the last
    quotation of the same sentence ("“...,” said Jane Doe, an analyst, “...”").
    """
    since = _MARK.split(before[-300:])
    if len(since) > 1 and not _SENTENCE_END.search(since[-1]):
        words = _WORDS.findall(since[-1])
    else:
        words = _WORDS.findall(before[-60:])[-5:]
    return any("quote" in load_cues().frames_of(word.lower()) for word in words)


def _introduces(word: str) -> bool:
    frames = load_cues().frames_of(word)
    return "quote" in frames and "naming" not in frames and word not in ("read", "put", "see")
