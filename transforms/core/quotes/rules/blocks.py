"""Quotations set off as paragraphs, with the line that says whose they are.

A block quotation is a paragraph of kind ``blockquote``, or one that stands in quotation marks
from end to end, above or below a line such as "— Jane Doe, analyst at the Institute".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from schemas.article import Paragraph
from transforms.core.languages.en.word_lists import bare_word, load_titles
from transforms.core.people.categories import categorise
from transforms.core.people.named_people import NAME_RUN, strip_titles
from transforms.core.people.roles import affiliation_in
from transforms.core.quotes.findings import Finding
from transforms.core.quotes.marks import Quoted
from transforms.core.quotes.mentions import Mention

#: An attribution line is a name with a role, hardly longer than that of the longest institute.
MAX_LINE_CHARS = 200

_DASH = re.compile(r"[—–―‒-]{1,3}\s*")
_LINE = re.compile(rf"(?P<name>{NAME_RUN})(?:\s*(?:,|\(|[—–-]\s|\|)\s*(?P<role>.*?))?[\s).:]*$")
_TAIL = re.compile(r"\s*[—–―]\s*(?=\S)|\s+--\s*(?=\S)")
_MAX_NAME_WORDS = 6
_HANDLE = re.compile(r"@\w+\)?(?:\s+\w+ \d{1,2}, \d{4})?[),\s]*")
#: Whose post the paragraph above is: "— Jane Doe (@jdoe) May 3, 2026".
_POSTED = re.compile(r"[—–―-]{1,3}\s*[^\n(@]{3,80}\(@\w{1,30}\)")
#: A line under a picture, whoever it names.
_CAPTION = re.compile(
    r"\b(?:photo(?:graph)?|image|picture|illustration|credit|video|file photo)s?\s*[:/|©]|©|"
    r"\bgetty images\b|\b(?:AP|AFP|EPA|Reuters) (?:photo|/)|\bpictured\b|"
    r"\((?:left|right|centre|center)\)",
    re.I,
)


def find_blocks(
    text: str, paragraphs: Sequence[Paragraph], quotes: Sequence[Quoted], used: Collection[int] = ()
) -> tuple[list[Finding], set[int]]:
    """The block quotations that have an attribution line, and the paragraphs they take up.

    Paragraphs in ``used`` are others' already; they count as taken.
    """
    whole = {q.paragraph: q for q in quotes if _fills(text, paragraphs[q.paragraph], q)}
    ends = _ends(paragraphs, whole)
    unmarked = _set_off(text, paragraphs)
    found: list[Finding] = []
    taken: set[int] = {*used}
    for index in sorted(unmarked | whole.keys()):
        if index in taken:
            continue
        last = ends[index]
        is_block = index in unmarked
        mention, end = _attributed(text, paragraphs, taken, index, last, whole.get(last), is_block)
        if mention is not None:
            spans = [_words(text, paragraphs[i], whole.get(i)) for i in range(index, last + 1)]
            spans[-1] = (spans[-1][0], end)
            found.append(tail_finding(mention, spans, index))
            taken.update(range(index, last + 1))
    return found, taken


def _set_off(text: str, paragraphs: Sequence[Paragraph]) -> set[int]:
    """The paragraphs that the page sets off, and those above a line that names a post's author."""
    quoted = {i for i, paragraph in enumerate(paragraphs) if paragraph.kind == "blockquote"}
    below = enumerate(paragraphs[1:])
    return quoted | {i for i, p in below if _POSTED.match(text, p.start, p.end)}


def _fills(text: str, paragraph: Paragraph, quoted: Quoted) -> bool:
    """Whether the quotation is the whole paragraph, but for an attribution after a dash."""
    rest = text[quoted.outer_end : paragraph.end]
    head = text[paragraph.start : quoted.outer_start]
    return not head.strip(" •*-\t") and (not rest.strip(" .,") or _TAIL.match(rest) is not None)


def _ends(paragraphs: Sequence[Paragraph], whole: dict[int, Quoted]) -> list[int]:
    """For each paragraph, the last one of the block that would begin with it."""
    ends = list(range(len(paragraphs)))
    for index in range(len(paragraphs) - 2, -1, -1):
        goes_on = (
            paragraphs[index + 1].kind == "blockquote"
            if paragraphs[index].kind == "blockquote"
            else index in whole and index + 1 in whole and not whole[index].is_closed
        )
        if goes_on:
            ends[index] = ends[index + 1]
    return ends


def _words(text: str, paragraph: Paragraph, quoted: Quoted | None) -> tuple[int, int]:
    """Start and end of a block's words in one of its paragraphs."""
    return (quoted.start, quoted.end) if quoted else _bounds(text, paragraph)


def _bounds(text: str, paragraph: Paragraph) -> tuple[int, int]:
    """A block's words without marks around them."""
    words = text[paragraph.start : paragraph.end]
    left = len(words) - len(words.lstrip(" “\"'‘"))
    return paragraph.start + left, paragraph.start + len(words.rstrip(" ”\"'’"))


def _attributed(
    text: str,
    paragraphs: Sequence[Paragraph],
    taken: set[int],
    first: int,
    last: int,
    quoted: Quoted | None,
    is_block: bool,
) -> tuple[Mention | None, int]:
    """Who the block is attributed to, if anybody, and where its words end then."""
    start, end = _words(text, paragraphs[last], quoted)
    mention, end = _tail(text, paragraphs[last], start, end, is_block)
    if mention is not None:
        return mention, end
    above = _label_above(text, paragraphs, taken, first)
    if above is not None:
        return above, end
    for neighbour in (last + 1, first - 1):
        if not 0 <= neighbour < len(paragraphs) or neighbour in taken:
            continue
        mention = read_line(text, paragraphs[neighbour], needs_dash=neighbour < first)
        if mention is not None:
            taken.add(neighbour)
            if neighbour > last and neighbour + 1 < len(paragraphs):
                mention = with_role_line(mention, text, paragraphs[neighbour + 1])
            return mention, end
    return None, end


def _label_above(
    text: str, paragraphs: Sequence[Paragraph], taken: set[int], first: int
) -> Mention | None:
    """Who the line above a block names with a role, or the two lines of name and role.

    In a heading a bare name may be the subject; with a role it is the speaker.
    """
    for at in (first - 1, first - 2):
        lines = range(max(at, 0), first)
        if at < 0 or not taken.isdisjoint(lines):
            return None
        if _DASH.match(text, paragraphs[at].start, paragraphs[at].end):
            continue
        mention = read_line(text, paragraphs[at], is_heading=True)
        if mention is None or " " not in mention.text:
            continue
        if at < first - 1:
            mention = with_role_line(replace(mention, role=""), text, paragraphs[first - 1])
        if mention.role:
            taken.update(lines)
            return mention
    return None


def with_role_line(mention: Mention, text: str, paragraph: Paragraph) -> Mention:
    """A mention that has no role yet, with the one that a line of its own gives, if it does."""
    line = text[paragraph.start : paragraph.end].rstrip(" :")
    is_line = len(line) <= MAX_LINE_CHARS and line[-1:] not in '.?!”"'
    if mention.role or not is_line or not is_role(line):
        return mention
    return replace(mention, role=line)


def is_role(words: str) -> bool:
    """Reports if the words say what somebody does, or for whom.

    >>> is_role("Professor of law, Aldmoor University"), is_role("outside the hall")
    (True, False)
    """
    return bool(words) and bool(categorise("", words, affiliation_in(words), named=True)[1])


def without_handle(role: str) -> str:
    """What follows a name, without the handle and the date of a post.

    >>> without_handle("@tlindqvist), professor at Aldmoor"), without_handle("@tl) March 3, 2026")
    ('professor at Aldmoor', '')
    """
    return _HANDLE.sub("", role, count=1) if role.startswith("@") else role


def tail_finding(mention: Mention, spans: list[tuple[int, int]], paragraph: int) -> Finding:
    """The finding of a block with the mention in its attribution line."""
    return Finding(spans, "block", paragraph, mention, form="block")


def _tail(
    text: str, paragraph: Paragraph, start: int, end: int, is_block: bool
) -> tuple[Mention | None, int]:
    """The attribution that stands after a dash at the end of the block's last paragraph, and where
    the words before it end.
    """
    search_from = (
        max(start, paragraph.end - MAX_LINE_CHARS) if is_block else min(end, paragraph.end)
    )
    for match in _TAIL.finditer(text, search_from, paragraph.end):
        mention = _read(text, match.end(), paragraph.end)
        if mention is not None:
            if match.start() < end:
                end = start + len(text[start : match.start()].rstrip(" ”\"'’"))
                if not text[start:end].strip():
                    return None, end
            return mention, end
    return None, end


def read_line(
    text: str, paragraph: Paragraph, *, needs_dash: bool = False, is_heading: bool = False
) -> Mention | None:
    """Who a line names that holds nothing but a name and what is said of its bearer."""
    line = text[paragraph.start : paragraph.end]
    if len(line) > MAX_LINE_CHARS or _CAPTION.search(line):
        return None
    dash = _DASH.match(text, paragraph.start, paragraph.end)
    if needs_dash and dash is None:
        return None
    start = dash.end() if dash else paragraph.start
    mention = _read(text, start, paragraph.end)
    if (
        mention is not None
        and dash is None
        and not _is_bare_line(text, paragraph, mention, is_heading=is_heading)
    ):
        return None
    return mention


def _is_bare_line(
    text: str, paragraph: Paragraph, mention: Mention, *, is_heading: bool = False
) -> bool:
    """Whether a line without a dash is an attribution: a name of two words, no full stop."""
    line = text[paragraph.start : paragraph.end]
    final = ".?!" if is_heading else ".?!:"
    is_sentence = line.rstrip()[-1:] in final and not line.rstrip().endswith(("Jr.", "Sr."))
    kinds = ("p", "item", "blockquote", "heading") if is_heading else ("p", "item", "blockquote")
    return paragraph.kind in kinds and not is_sentence and " " in mention.text


def _read(text: str, start: int, end: int) -> Mention | None:
    match = _LINE.match(text, start, end)
    if match is None:
        return None
    words = match["name"].split()
    titles, name = strip_titles(words)
    if not name or len(words) > _MAX_NAME_WORDS + len(titles):
        return None
    if len(name) == 1 and not match["role"] and not titles:
        return None
    if any(bare_word(word) in load_titles().not_names for word in name):
        return None
    role = without_handle((match["role"] or " ".join(titles)).strip(" ,.)"))
    at = match.start() + match["name"].rindex(name[0])
    last = match.end("name")
    return Mention("name", " ".join(name), at, last, name[-1].lower(), role)
