"""Who said what in an article: the rules over one parse, and their speakers."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc

from schemas.annotation import Attribution, Cue, Quotation, QuotationKind
from schemas.article import Article
from schemas.base import Span
from transforms.core.ports import LanguageModel
from transforms.core.understanding.antecedents import Antecedents
from transforms.core.understanding.blocks import find_blocks
from transforms.core.understanding.cues import load_cues
from transforms.core.understanding.direct import find_direct_attributions, lead_in
from transforms.core.understanding.findings import Finding
from transforms.core.understanding.frames import Frame, frame_of
from transforms.core.understanding.indirect import find_indirect_attributions
from transforms.core.understanding.lexicons import load_data
from transforms.core.understanding.people import People
from transforms.core.understanding.quotations import Quoted, QuotedParts, find_direct
from transforms.core.understanding.speakers import Resolved, Speakers

#: What is parsed of an article, in characters: longer than any of 924 articles of PolNeAR
#: twice over. Quotations in what follows are not attributed.
MAX_PARSED_CHARS = 60_000
#: What a paragraph counts at least: the parser has a cost per paragraph, too.
_PARAGRAPH_CHARS = 40
_DIRECT_SHARE = 0.98  #: of the letters inside quotation marks, as PolNeAR's evaluation has it


def attribute(article: Article, model: LanguageModel) -> list[Attribution]:
    """The article's attributions in text order.

    Only paragraphs that hold a quotation mark or a reporting word are parsed; names count
    wherever they stand.
    """
    quotes = list(find_direct(article.text, article.paragraphs))
    blocks, taken = find_blocks(article.text, article.paragraphs, quotes)
    frames = list(_frames(article, quotes, taken))
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
        resolved = speakers.resolve(finding.mention, finding.start)
        if resolved is not None:
            found.append(_attribution(article.text, finding, resolved, quoted))
    return found


def _frames(article: Article, quotes: Sequence[Quoted], taken: set[int]) -> Iterator[Frame]:
    """The paragraphs that can hold an attribution, made fit for parsing."""
    by_paragraph: dict[int, list[Quoted]] = defaultdict(list)
    for quoted in quotes:
        by_paragraph[quoted.paragraph].append(quoted)
    left = MAX_PARSED_CHARS
    for index, paragraph in enumerate(article.paragraphs):
        if paragraph.kind == "heading" or index in taken or left <= 0:
            continue
        end = min(paragraph.end, paragraph.start + left)
        if index in by_paragraph or _has_cue(article.text[paragraph.start : end]):
            left -= max(end - paragraph.start, _PARAGRAPH_CHARS)
            yield frame_of(article.text, index, paragraph, by_paragraph[index], end)


def _has_cue(text: str) -> bool:
    cues = load_cues()
    words = {word.strip(".,;:()'\"’—–-") for word in text.lower().split()}
    if not words.isdisjoint(cues.words):
        return True
    return ": " in text and not words.isdisjoint(cues.stances)


def _found(frames: Sequence[Frame], docs: Sequence[Doc]) -> list[Finding]:
    """What the rules find in each frame; quotations that run over paragraphs are joined."""
    found: list[Finding] = []
    open_quotation: Finding | None = None
    before: tuple[Frame, Doc] | None = None
    for frame, doc in zip(frames, docs, strict=True):
        direct = find_direct_attributions(doc, frame)
        used = {finding.cue[0] for finding in direct if finding.cue}
        indirect = find_indirect_attributions(doc, frame, used)
        begins = bool(direct) and _begins(frame, direct[0])
        if begins and open_quotation is not None:
            direct = _joined(open_quotation, direct)
        elif begins and direct[0].rule == "carried" and before is not None:
            _lead(direct[0], *before)
        found += [finding for finding in direct if finding is not open_quotation] + indirect
        open_quotation = direct[-1] if direct and direct[-1].is_continued else None
        before = (frame, doc)
    return found


def _begins(frame: Frame, finding: Finding) -> bool:
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


def _lead(finding: Finding, frame: Frame, doc: Doc) -> None:
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
                votes[entity.text] += 1 if entity.label_ == "PERSON" else -1
    return {n for n, v in votes.items() if v > 0}, {n for n, v in votes.items() if v < 0}


def _subjects(frames: Sequence[Frame], docs: Sequence[Doc]) -> set[int]:
    """Where the words of subjects begin, up to their heads: "Mr. Doe" is found by "Doe"."""
    found = set()
    for frame, doc in zip(frames, docs, strict=True):
        for token in doc:
            if token.dep_ in ("nsubj", "nsubjpass") and token.tag_[:2] == "NN":
                first = max(token.left_edge.i, token.i - 12)
                found |= {frame.source(t.idx) for t in doc[first : token.i + 1]}
    return found


def _attribution(
    text: str, finding: Finding, resolved: Resolved, quoted: QuotedParts
) -> Attribution:
    cue = None
    if finding.cue is not None:
        cue = Cue(Span(*finding.cue), text[slice(*finding.cue)])
    kind = "direct" if finding.form != "inline" else _kind(text, finding.spans, quoted)
    rule = f"{finding.rule}/{resolved.how}"
    return Attribution(
        Quotation([Span(*span) for span in finding.spans], kind, finding.form),
        resolved.speaker,
        rule,
        confidence_of(rule, is_clear=resolved.is_clear),
        cue,
        finding.told_to,
    )


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
