"""Who said what in an article: the rules over one parse, and their speakers."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from spacy.tokens import Doc

from schemas.annotation import Attribution, Cue, Quotation, QuotationKind
from schemas.article import Article
from schemas.base import Span
from transforms.core.languages.en.cues import load_cues
from transforms.core.languages.en.word_lists import load_data
from transforms.core.people.named_people import People
from transforms.core.ports import LanguageModel
from transforms.core.quotes.antecedents import Antecedents
from transforms.core.quotes.findings import Finding
from transforms.core.quotes.frames import MaskedParagraph, mask_paragraph
from transforms.core.quotes.marks import Quoted, QuotedParts, find_direct
from transforms.core.quotes.mentions import Mention
from transforms.core.quotes.resolution import Resolved, Speakers
from transforms.core.quotes.rules.blocks import find_blocks
from transforms.core.quotes.rules.direct import find_direct_attributions, lead_in
from transforms.core.quotes.rules.indirect import find_indirect_attributions
from transforms.core.quotes.rules.letters import find_letters
from transforms.core.quotes.rules.turns import find_turns

#: What is parsed of an article, in words and signs, which is what parsing costs: longer than any
#: of 924 articles of PolNeAR twice over. Quotations in what follows are not attributed.
MAX_PARSED_TOKENS = 10_000
#: What a paragraph counts at least: the parser has a cost per paragraph, too.
_PARAGRAPH_TOKENS = 8
#: With more quotations in a paragraph, and more than one for so many words, it is no prose.
_MAX_QUOTATIONS = 100
_MIN_TOKENS_PER_QUOTATION = 8
_TOKEN = re.compile(r"\w+|[^\w\s]")
_LEADING_OVER = ", \u00a0"  #: between words and cue
#: Words that their speaker denies read as if they were claimed: they are found, and held. By hand.
_DENIED_CONFIDENCE = 0.6
_DENYING_CUE = re.compile(
    r"(?:den(?:y|ie[sd])|reject|dismiss|refut|disput|doubt|rul(?:e|es|ed|ing) out)", re.IGNORECASE
)
_DENYING_BEFORE = re.compile(
    r"\b(?:(?:refus|declin)(?:e|es|ed|ing) to|not|n['’]t|never|nor did \w+)\s+$", re.IGNORECASE
)
_BEFORE_CUE_CHARS = 30
_LATE = re.compile(r"\bthe late (?:[\w-]+ ){0,5}$", re.IGNORECASE)
_DIRECT_SHARE = 0.98  #: of the letters inside quotation marks, as PolNeAR's evaluation has it


class Found(NamedTuple):
    """The attributions of an article, and how much of it was not looked at."""

    attributions: list[Attribution]  #: in text order
    unparsed: int  #: paragraphs beyond what is parsed of one article, or no prose


def attribute(article: Article, model: LanguageModel) -> Found:
    """Who said what in the article.

    Only paragraphs that hold a quotation mark or a reporting word are parsed; names count
    wherever they stand.
    """
    quotes = list(find_direct(article.text, article.paragraphs))
    quoting = {quoted.paragraph for quoted in quotes}
    letters, signed = find_letters(article.text, article.paragraphs, quoting)
    turns, used = find_turns(article.text, article.paragraphs, signed)
    blocks, taken = find_blocks(article.text, article.paragraphs, quotes, used | signed)
    blocks += letters + turns
    frames, unparsed = _frames(article, quotes, taken)
    docs = list(model.parse([frame.text for frame in frames]))
    findings = sorted(blocks + _found(frames, docs), key=lambda finding: finding.start)
    quoted = QuotedParts(quotes)
    persons, bodies = _entities(docs)
    persons |= {finding.mention.text for finding in blocks if finding.mention}
    speakers = Speakers(
        People(article.text, persons, bodies),
        Antecedents(article.text, quoted, _subjects(frames, docs)),
    )
    found = []
    for finding in findings:
        for mention in _mentions(finding):
            resolved = speakers.resolve(mention, finding.start)
            if resolved is not None:
                found.append(_attribution(article, finding, resolved, quoted))
    return Found(_without_parts(found), unparsed)


#: Attributions are looked for among those that stand in the same stretch of this length.
_PLACE_CHARS = 500


def _mentions(finding: Finding) -> tuple[Mention | None, ...]:
    """Everybody who says the words: one, or those named side by side."""
    return (finding.mention, *(finding.mention.others if finding.mention else ()))


def _without_parts(found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions without those whose words are part of another's of the same speaker.

    Two rules may find a sentence and what is quoted in it; the reader wants it once.
    """
    kept: list[Attribution] = []
    near: defaultdict[tuple[str, int], list[int]] = defaultdict(list)  #: by speaker and place
    for one in sorted(found, key=_extent, reverse=True):
        place = one.quotation.spans[0].start // _PLACE_CHARS
        whole = next((i for i in near[one.speaker.name, place] if _holds(kept[i], one)), None)
        if whole is None:
            for span in one.quotation.spans:
                for place in range(span.start // _PLACE_CHARS, span.end // _PLACE_CHARS + 1):
                    near[one.speaker.name, place].append(len(kept))
            kept.append(one)
        elif kept[whole].confidence < one.confidence:
            kept[whole] = dataclasses.replace(kept[whole], confidence=one.confidence)
    return sorted(kept, key=lambda a: a.quotation.spans[0].start)


def _extent(attribution: Attribution) -> tuple[int, float]:
    spans = attribution.quotation.spans
    return sum(span.end - span.start for span in spans), attribution.confidence


def _holds(whole: Attribution, part: Attribution) -> bool:
    """Whether all words of one stand in the other."""
    return all(
        any(o.start <= s.start and s.end <= o.end for o in whole.quotation.spans)
        for s in part.quotation.spans
    )


def _frames(
    article: Article, quotes: Sequence[Quoted], taken: set[int]
) -> tuple[list[MaskedParagraph], int]:
    """The paragraphs that can hold an attribution, made fit for parsing, and how many more
    there are that are not parsed, or not to their end.
    """
    by_paragraph = _by_paragraph(quotes)
    left, unparsed = MAX_PARSED_TOKENS, 0
    frames: list[MaskedParagraph] = []
    for index, paragraph in enumerate(article.paragraphs):
        text = article.text[paragraph.start : paragraph.end]
        may_hold = index in by_paragraph or _has_cue(text)
        if paragraph.kind == "heading" or index in taken or not may_hold:
            continue
        ends = [match.end() for match in islice(_TOKEN.finditer(text), left + 1)]
        if not left or not _is_prose(len(ends), len(by_paragraph[index])):
            unparsed += 1
            continue
        is_cut = len(ends) > left
        unparsed += is_cut
        end = paragraph.start + (ends[left - 1] if is_cut else len(text))
        left = max(0, left - max(len(ends), _PARAGRAPH_TOKENS))
        frames.append(mask_paragraph(article.text, index, paragraph, by_paragraph[index], end))
    return frames, unparsed


def _by_paragraph(quotes: Sequence[Quoted]) -> dict[int, list[Quoted]]:
    found: dict[int, list[Quoted]] = defaultdict(list)
    for quoted in quotes:
        found[quoted.paragraph].append(quoted)
    return found


def _is_prose(tokens: int, quotations: int) -> bool:
    return quotations <= _MAX_QUOTATIONS or tokens >= _MIN_TOKENS_PER_QUOTATION * quotations


def _has_cue(text: str) -> bool:
    cues = load_cues()
    words = {word.strip(".,;:()'\"’—–-") for word in text.lower().split()}
    if not words.isdisjoint(cues.words):
        return True
    return ": " in text and not words.isdisjoint(cues.stances)


def _found(frames: Sequence[MaskedParagraph], docs: Sequence[Doc]) -> list[Finding]:
    """What the rules find in each frame; quotations that run over paragraphs are joined."""
    found: list[Finding] = []
    open_quotation: Finding | None = None
    before: tuple[MaskedParagraph, Doc] | None = None
    for frame, doc in zip(frames, docs, strict=True):
        direct = find_direct_attributions(doc, frame)
        used = {finding.cue[0] for finding in direct if finding.cue}
        indirect = find_indirect_attributions(doc, frame, used)
        if direct and _begins(frame, direct[0]):
            direct = _carried(direct, open_quotation, before)
        found += [finding for finding in direct if finding is not open_quotation] + indirect
        open_quotation = direct[-1] if direct and direct[-1].is_continued else None
        before = (frame, doc)
    return found


def _carried(
    direct: list[Finding],
    open_quotation: Finding | None,
    before: tuple[MaskedParagraph, Doc] | None,
) -> list[Finding]:
    """The quotations of a paragraph that opens with one, which may hang on what came before."""
    if open_quotation is not None:
        return _joined(open_quotation, direct)
    if direct[0].rule == "carried" and before is not None:
        _lead(direct[0], *before)
    return direct


def _begins(frame: MaskedParagraph, finding: Finding) -> bool:
    """Whether a quotation opens its paragraph."""
    return bool(frame.masks) and frame.masks[0][0] == 0 and frame.masks[0][2].start == finding.start


def _joined(before: Finding, direct: list[Finding]) -> list[Finding]:
    """The quotations of a paragraph, the first of them joined to the one it goes on with."""
    first = direct[0]
    if first.rule != "carried" and before.rule != "carried":
        return direct
    if first.rule != "carried":
        before.rule, before.mention, before.cue = first.rule, first.mention, first.cue
        before.told_to = first.told_to
    before.spans += first.spans
    before.is_continued = first.is_continued
    return [before, *direct[1:]]


def _lead(finding: Finding, frame: MaskedParagraph, doc: Doc) -> None:
    """Give a quotation the speaker whom the paragraph right before it announces."""
    lead = lead_in(doc, frame) if frame.paragraph == finding.paragraph - 1 else None
    if lead is not None:
        cue, finding.mention = lead
        finding.rule = "cue-quote"
        finding.cue = frame.source_span(cue.idx, cue.idx + len(cue))


def _entities(docs: Sequence[Doc]) -> tuple[set[str], set[str]]:
    """The names that the model mostly takes for people's, and those of places and bodies."""
    votes: dict[str, int] = defaultdict(int)
    for doc in docs:
        for entity in doc.ents:
            if entity.label_ in ("PERSON", "ORG", "GPE", "NORP", "LOC", "FAC"):
                name = entity.text[4:] if entity[0].lower_ == "the" else entity.text
                votes[name] += 1 if entity.label_ == "PERSON" else -1
    return {n for n, v in votes.items() if v > 0}, {n for n, v in votes.items() if v < 0}


def _subjects(frames: Sequence[MaskedParagraph], docs: Sequence[Doc]) -> set[int]:
    """Where the words of subjects begin, up to their heads: "Mr. Doe" is found by "Doe"."""
    found = set()
    for frame, doc in zip(frames, docs, strict=True):
        for token in doc:
            if token.dep_ in ("nsubj", "nsubjpass") and token.tag_[:2] == "NN":
                first = max(token.left_edge.i, token.i - 12)
                found |= {frame.source(t.idx) for t in doc[first : token.i + 1]}
    return found


def _attribution(
    article: Article, finding: Finding, resolved: Resolved, quoted: QuotedParts
) -> Attribution:
    cue, text = None, article.text
    if finding.cue is not None:
        cue = Cue(Span(*finding.cue), text[slice(*finding.cue)])
    kind = "direct" if finding.form != "inline" else _kind(text, finding.spans, quoted)
    rule = f"{finding.rule}/{resolved.how}"
    confidence = confidence_of(rule, is_clear=resolved.is_clear)
    if kind != "direct" and cue is not None and _is_denied(text, cue.span):
        confidence = min(confidence, _DENIED_CONFIDENCE)
    return Attribution(
        Quotation([_trimmed(text, *span) for span in finding.spans], kind, finding.form),
        resolved.speaker,
        rule,
        confidence,
        cue,
        finding.told_to,
        _earlier_than(article, finding),
    )


def _earlier_than(article: Article, finding: Finding) -> str:
    """The words that tell that a statement is older than its article; "" if none do.

    A year counts when it is not the article's own; of "the late Jane Doe" nothing is new.
    """
    told, mention = finding.said_earlier, finding.mention
    if told.isdecimal():
        year = article.published_at.to_utc_datetime().year
        return f"in {told}" if int(told) < year else ""
    before = article.text[max(0, mention.start - 60) : mention.start] if mention else ""
    is_late = _LATE.search(before) is not None
    return told or ("the late" if is_late else "")


def _is_denied(text: str, cue: Span) -> bool:
    """Whether the speaker does not stand by the words: "denied that", "refused to say that".

    >>> text = "She denied that it failed, and refused to say who began."
    >>> [_is_denied(text, Span(*at)) for at in ((4, 10), (42, 45))]
    [True, True]
    """
    before = text[max(0, cue.start - _BEFORE_CUE_CHARS) : cue.start]
    denies = _DENYING_CUE.match(text, cue.start, cue.end)
    return denies is not None or _DENYING_BEFORE.search(before) is not None


def _trimmed(text: str, start: int, end: int) -> Span:
    """The range without the comma that only leads over to the cue."""
    words = text[start:end]
    return Span(start, end - len(words) + (len(words.rstrip(_LEADING_OVER)) or len(words)))


def _kind(text: str, spans: Sequence[tuple[int, int]], quoted: QuotedParts) -> QuotationKind:
    parts = [part for span in spans for part in quoted.overlap(*span)]
    inside, total = _letters(text, parts), _letters(text, spans)
    if not inside:
        return "indirect"
    return "direct" if inside >= _DIRECT_SHARE * total else "mixed"


def _letters(text: str, spans: Sequence[tuple[int, int]]) -> int:
    return sum(c.isalnum() for start, end in spans for c in text[start:end])


def confidence_of(rule: str, *, is_clear: bool = True) -> float:
    """How often content and speaker are right of what the rule finds, 0 to 1.

    Rules and figures stand in ``data/confidence.yaml``. When another candidate came near, a
    pronoun or a carried speaker counts less.

    >>> confidence_of("quote-cue/name") > confidence_of("carried/carried", is_clear=False)
    True
    """
    content, how = rule.split("/")
    table = _confidences()
    if not is_clear:
        how = f"{how}-close"
    return float(
        table["exact"].get(f"{content}/{how}") or table["content"][content] * table["speaker"][how]
    )


@functools.lru_cache(maxsize=1)
def _confidences() -> dict[str, dict[str, float]]:
    data: dict[str, dict[str, float]] = load_data("confidence.yaml")
    return data
