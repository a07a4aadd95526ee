"""Quotations of whole sentences: which cue, before or after, says whose they are."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from transforms.core.languages.en.cues import load_cues
from transforms.core.languages.en.word_lists import word_set
from transforms.core.quotes.findings import Finding
from transforms.core.quotes.frames import MaskedParagraph
from transforms.core.quotes.marks import Quoted
from transforms.core.quotes.mentions import (
    Mention,
    head_of,
    is_nominal,
    mention_at,
    nominals,
)
from transforms.core.quotes.rules.clauses import (
    addressee,
    is_cue,
    is_passive,
    own_subject,
    sentence_bounds,
    subject_of,
)
from transforms.core.quotes.rules.noun_phrases import NAME_TAGS
from transforms.core.quotes.rules.reality import is_unsaid, relayed_from, said_earlier
from transforms.core.quotes.rules.tokens import child_by, children_by, has_sign, has_word

_FINAL = frozenset(".?!;")
#: "Jane Doe, analyst:" -- what is longer and has no verb introduces something else.
_MAX_LABEL_TOKENS = 7


#: After a quotation that ends with a full stop, more words are another sentence.
_MAX_TOKENS_AFTER_STOP = 6
_RELATIVE = word_set("relatives")


@dataclass(frozen=True)
class _Masked:
    quoted: Quoted
    start: int  #: first token, with the mark
    end: int
    final: str  #: last sign of the quotation


@dataclass(frozen=True)
class _Source:
    cue: Token | None
    mention: Mention | None
    rule: str


_UNATTRIBUTED = _Source(None, None, "unattributed")
#: Signs that lead over to a quotation.
_INTRODUCING = frozenset((":", "-", "--", "—", "–"))


def find_direct_attributions(doc: Doc, frame: MaskedParagraph) -> list[Finding]:
    """The frame's masked quotations with their cues and mentions, in text order.

    A quotation without a cue of its own joins the one before it in the paragraph, or is left
    without a mention, for its speaker to be carried over.
    """
    masks = list(_masked(doc, frame))
    findings: list[Finding] = []
    last: _Source | None = None
    for index, masked in enumerate(masks):
        before = masks[index - 1].end if index else 0
        after = masks[index + 1].start if index + 1 < len(masks) else len(doc)
        source = _source(doc, frame, masked, before, after)
        joins = _joins(doc, masked, source, last, before) if findings else False
        if joins:
            findings[-1].spans.append((masked.quoted.start, masked.quoted.end))
            findings[-1].is_continued = not masked.quoted.is_closed
        else:
            findings.append(_finding(masked, frame, source))
            last = source
    return [f for f in findings if f.rule != "unattributed"]


def lead_in(doc: Doc, frame: MaskedParagraph) -> tuple[Token, Mention] | None:
    """The cue and mention with which a paragraph introduces the quotation below it.

    “Graham concludes,” or “He put it this way:” at the end, with nothing said yet.
    """
    if len(doc) < 2 or doc[-1].text not in (":", ","):
        return None
    start, _ = sentence_bounds(doc, len(doc) - 1)
    cue = next((t for t in reversed(doc[start:]) if is_cue(t, "quote")), None)
    if cue is None or is_passive(cue):
        return None
    who = subject_of(cue) or next(nominals(doc, start, cue.i), None)
    return (cue, mention_at(who, frame)) if who is not None and is_nominal(who) else None


def _joins(doc: Doc, masked: _Masked, source: _Source, last: _Source | None, before: int) -> bool:
    """Whether the quotation goes on with the one before: “…,” X said. “…”."""
    if last is None or last.rule not in ("quote-cue", "cue-quote", "carried", "colon"):
        return False
    if source.cue is not None:
        return last.cue is not None and source.cue.i == last.cue.i
    if source.rule != "carried":
        return False
    between = doc[before : masked.start]
    finals = sum(token.text in _FINAL for token in between)
    if len(between) == 0:
        return True
    return finals <= 1 and last.cue is not None and before <= last.cue.i < masked.start


def _finding(masked: _Masked, frame: MaskedParagraph, source: _Source) -> Finding:
    cue = source.cue
    return Finding(
        spans=[(masked.quoted.start, masked.quoted.end)],
        rule=source.rule,
        paragraph=frame.paragraph,
        mention=source.mention,
        cue=frame.source_span(cue.idx, cue.idx + len(cue)) if cue is not None else None,
        told_to=addressee(cue) if cue is not None else "",
        said_earlier=said_earlier(cue) if cue is not None else "",
        is_continued=not masked.quoted.is_closed,
    )


def _masked(doc: Doc, frame: MaskedParagraph) -> list[_Masked]:
    starts = {token.idx: token.i for token in doc}
    found = []
    for start, end, quoted in frame.masks:
        first = starts.get(start)
        if first is None:
            continue
        last = first
        while last + 1 < len(doc) and doc[last + 1].idx < end:
            last += 1
        final = frame.text[end - 2] if end >= 2 else ""
        found.append(_Masked(quoted, first, last + 1, final if not final.isalnum() else ""))
    return found


def _source(doc: Doc, frame: MaskedParagraph, masked: _Masked, before: int, after: int) -> _Source:
    stop = masked.end
    while stop < after and doc[stop].text not in _FINAL:
        stop += 1
    start = masked.start
    while start > before and doc[start - 1].text not in _FINAL:
        start -= 1
    following = _after(doc, frame, masked, stop)
    if following is not None:
        return following
    if start == masked.start:
        return _Source(None, None, "carried")
    return _before(doc, frame, masked, start)


def _after(doc: Doc, frame: MaskedParagraph, masked: _Masked, stop: int) -> _Source | None:
    cue = _cue_after(doc, masked.end, stop)
    if cue is None:
        return _according(doc, frame, masked.end, stop)
    if not _may_follow(cue, masked, stop) or is_passive(cue) or is_unsaid(cue):
        return None
    who = relayed_from(cue) or _subject_near(doc, cue, masked.end, stop)
    return _Source(cue, mention_at(who, frame), "quote-cue") if who is not None else None


def _may_follow(cue: Token, masked: _Masked, stop: int) -> bool:
    """Reports if a verb may go with a quotation by the sign that ends it."""
    if masked.final == ".":
        is_short = stop - masked.end <= _MAX_TOKENS_AFTER_STOP
        return cue.i == masked.end or (cue.i == stop - 1 and is_short)
    if masked.final in ("?", "!", ""):
        return not any(clause.i > cue.i for clause in children_by(cue, "ccomp"))
    return True


def _cue_after(doc: Doc, start: int, stop: int) -> Token | None:
    """The reporting verb between a quotation and ``stop`` that is not in an aside."""
    cues = [token for token in doc[start:stop] if is_cue(token, "quote")]
    return next((t for t in cues if not _is_aside(t, start)), None) or _bare(cues)


def _bare(cues: list[Token]) -> Token | None:
    """The verb that the parser took for a participle: "Jane Doe, a scholar, posted on X"."""
    cue = cues[-1] if cues else None
    if cue is None or cue.dep_ != "acl" or cue.head.tag_ not in NAME_TAGS or cue.i == 0:
        return None
    return cue if cue.nbor(-1).text == "," and child_by(cue, "agent") is None else None


def _according(doc: Doc, frame: MaskedParagraph, start: int, stop: int) -> _Source | None:
    for token in doc[start : min(stop, start + 4)]:
        if token.lower_ == "according":
            who = next(nominals(doc, token.i + 2, stop), None)
            if who is not None:
                return _Source(token, mention_at(head_of(who), frame), "quote-cue")
    return None


def _is_aside(verb: Token, start: int) -> bool:
    """Whether the verb belongs to a clause about the speaker, not to the attribution."""
    if verb.i == start:
        return False
    if verb.dep_ == "relcl" or (verb.dep_ == "acl" and verb.tag_ == "VBN"):
        return True
    if verb.tag_ == "VBN" and own_subject(verb) is None and child_by(verb, "aux") is None:
        return True
    return has_word(children_by(verb, "nsubj", "nsubjpass"), _RELATIVE)


def _subject_near(doc: Doc, cue: Token, start: int, stop: int) -> Token | None:
    """The cue's subject, if the parse puts it in the window; else the nearest noun there."""
    own = subject_of(cue)
    if own is not None and start <= own.i < stop and is_nominal(own):
        return own
    if cue.i - start <= 1:  # said X
        follows = next(nominals(doc, cue.i + 1, stop), None)
        if follows is not None:
            return head_of(follows)
    return next(nominals(doc, start, cue.i), None)


def _inverted(doc: Doc, start: int, cue: Token, end: int) -> Token | None:
    """Who speaks in “Kyiv, warned Doe, “cannot wait””: not the subject of what is said.

    Nothing but a name may stand between verb and quotation, and no comma before the verb's:
    "Jane Doe, a scholar, wrote in Berlin, …" and "Doe, in turn, wrote to Roe, …" are hers.
    """
    if cue.i == start or doc[cue.i - 1].text != "," or doc[end - 1].text != ",":
        return None
    name = doc[cue.i + 1 : end - 1]
    is_plain = all(t.tag_ in NAME_TAGS and t.ent_type_ == "PERSON" for t in name)
    if not len(name) or not is_plain or has_sign(doc[start : cue.i - 1], ","):
        return None
    return name[-1] if load_cues().lemmas[cue.lower_] not in ("tell", "ask") else None


def _is_label(window: Span, frame: MaskedParagraph) -> bool:
    """Whether words before a colon only name who speaks: no headline with a byline in them."""
    is_byline = any(t.lower_ == "by" or _is_quoted(frame, t) for t in window)
    return len(window) <= _MAX_LABEL_TOKENS and not is_byline


def _is_quoted(frame: MaskedParagraph, token: Token) -> bool:
    """Whether a token stands for words of a quotation."""
    return any(start <= token.idx < end for start, end, _ in frame.masks)


def _before(doc: Doc, frame: MaskedParagraph, masked: _Masked, start: int) -> _Source:
    """What introduces the quotation: a verb, a colon or a dash, "according to"; or nothing."""
    window = doc[start : masked.start]
    cue = next((t for t in reversed(window) if is_cue(t, "quote") and not is_passive(t)), None)
    if cue is not None:
        return _cued(doc, frame, masked, start, cue)
    if window[-1].text in _INTRODUCING:
        return _introduced(doc, frame, masked, start)
    return _according(doc, frame, start, masked.start) or _UNATTRIBUTED


def _cued(doc: Doc, frame: MaskedParagraph, masked: _Masked, start: int, cue: Token) -> _Source:
    """What a reporting verb before the quotation tells of its speaker."""
    if is_unsaid(cue):
        return _UNATTRIBUTED
    who = relayed_from(cue) or _inverted(doc, start, cue, masked.start) or subject_of(cue)
    if who is None or not is_nominal(who):
        before = list(nominals(doc, start, cue.i))
        people = (token for token in before if token.ent_type_ == "PERSON")
        who = next(people, None) or next(
            iter([*before, *nominals(doc, cue.i + 1, masked.start)]), None
        )
    return _Source(cue, _mention(who, frame), "cue-quote")


def _mention(who: Token | None, frame: MaskedParagraph) -> Mention | None:
    return mention_at(who, frame) if who is not None else None


def _introduced(doc: Doc, frame: MaskedParagraph, masked: _Masked, start: int) -> _Source:
    """What words before a colon or dash tell of the speaker: "Doe summed it up: “…”"."""
    window = doc[start : masked.start]
    root = window.root
    is_told = root.tag_[:2] == "VB" and not _is_quoted(frame, root)
    if not is_told and not _is_label(window, frame):
        return _UNATTRIBUTED
    who = (relayed_from(root) or subject_of(root)) if is_told else None
    if who is None or not is_nominal(who):
        who = next(nominals(doc, start, masked.start), None)
    mention = _mention(who, frame)
    if mention is not None and mention.kind != "description":
        return _Source(None, mention, "colon")
    return _Source(None, None, "carried")
