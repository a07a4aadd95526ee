"""Letters to an editor or an office: what stands between a greeting and a signature.

A signature is a label below its speaker's words: "To the Editor: … Jane Doe, professor of law".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from schemas.article import Paragraph
from transforms.core.quotes.findings import Finding
from transforms.core.quotes.mentions import Mention
from transforms.core.quotes.rules.blocks import read_line, with_role_line

#: A longer letter is an essay, which has a byline.
_MAX_PARAGRAPHS = 40
_GREETING = re.compile(
    r"(?:To the [Ee]ditors?\s*[:,.—–-]"
    r"|(?:Dear (?=[A-Z])[^.:\n]{2,60}|Sirs?|SIRS?|Madam|Editor)[,:])\s*"
)
_CLOSE = re.compile(
    r"(?:Yours|Sincerely|Respectfully|Faithfully|(?:(?:Kind|Best|Warm) )?[Rr]egards)\b"
    r"[^.\n]{0,40}[,.]?$"
)
_WRITER = re.compile(r"The (?:writer|author) is (?P<role>[^.\n]{3,150})")


def find_letters(
    text: str, paragraphs: Sequence[Paragraph], quoting: Collection[int]
) -> tuple[list[Finding], set[int]]:
    """The signed letters as findings in text order, and the paragraphs that they take up.

    A paragraph in ``quoting`` holds others' words: it is part of its letter, and not taken up.
    """
    found: list[Finding] = []
    used: set[int] = set()
    index = 0
    while index < len(paragraphs):
        greeting = _GREETING.match(text, paragraphs[index].start, paragraphs[index].end)
        if greeting is None:
            index += 1
            continue
        mention, end = _signature(text, paragraphs, index)
        places = [(p.start, p.end) for p in paragraphs[index:end]]
        places[0] = (greeting.end(), places[0][1])
        spans = [(start, stop) for start, stop in places if start < stop]
        if mention is not None and spans:
            found.append(Finding(spans, "turn", index, mention, form="unmarked"))
            used.update(set(range(index, end)).difference(quoting))
        index = max(end, index + 1)
    return found, used


def _signature(
    text: str, paragraphs: Sequence[Paragraph], greeting: int
) -> tuple[Mention | None, int]:
    """Who signs the letter, if anybody, and the paragraph with which its words end."""
    last = min(len(paragraphs), greeting + _MAX_PARAGRAPHS)
    for index in range(greeting + 1, last):
        start, end = paragraphs[index].start, paragraphs[index].end
        if _GREETING.match(text, start, end):
            return None, index
        is_close = _CLOSE.match(text, start, end) is not None
        line = index + is_close
        mention = read_line(text, paragraphs[line]) if line < len(paragraphs) else None
        if mention is not None:
            return _described(text, paragraphs, line, mention), index
        if is_close:
            return None, index
    return None, last


def _described(text: str, paragraphs: Sequence[Paragraph], line: int, mention: Mention) -> Mention:
    """The signature with what the lines under it say of who signs."""
    for paragraph in paragraphs[line + 1 : line + 3]:
        writer = _WRITER.match(text, paragraph.start, paragraph.end)
        if writer is not None and not mention.role:
            return replace(mention, role=writer["role"])
        mention = with_role_line(mention, text, paragraph)
    return mention
