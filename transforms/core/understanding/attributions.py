"""Who said what in an article: the rules over one parse, and their speakers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from spacy.tokens import Doc

from schemas.annotation import Attribution, Cue, Quotation, QuotationKind
from schemas.article import Article
from schemas.base import Span
from transforms.core.ports import LanguageModel
from transforms.core.understanding.antecedents import Antecedents
from transforms.core.understanding.blocks import find_blocks
from transforms.core.understanding.cues import load_cues
from transforms.core.understanding.direct import find_direct_attributions
from transforms.core.understanding.frames import Frame, frame_of
from transforms.core.understanding.indirect import find_indirect_attributions
from transforms.core.understanding.people import People
from transforms.core.understanding.quotations import Quoted, find_direct
from transforms.core.understanding.speakers import Speakers


def attribute(article: Article, model: LanguageModel) -> list[Attribution]:
    """The article's attributions in text order."""
    quotes = list(find_direct(article.text, article.paragraphs))
    findings, taken = find_blocks(article.text, article.paragraphs, quotes)
    frames = _frames(article, quotes, taken)
    docs = list(model.parse([frame.text for frame in frames]))
    for frame, doc in zip(frames, docs, strict=True):
        direct = find_direct_attributions(doc, frame)
        used = {finding.cue[0] for finding in direct if finding.cue}
        findings += direct + find_indirect_attributions(doc, frame, used)
    findings.sort(key=lambda finding: finding.start)
    speakers = Speakers(
        People(article.text, *_entities(docs)),
        Antecedents(article.text, quotes, _subjects(frames, docs)),
    )
    found = []
    for finding in findings:
        speaker, how = speakers.resolve(finding.mention, finding.start)
        if speaker is None:
            continue
        found.append(_attribution(article.text, finding, speaker, how, quotes))
    return sorted(found, key=lambda a: a.quotation.spans[0].start)


def _entities(docs: Sequence[Doc]) -> tuple[set[str], set[str]]:
    """The names that the model mostly takes for people's, and those of places and bodies."""
    votes: dict[str, int] = defaultdict(int)
    for doc in docs:
        for ent in doc.ents:
            if ent.label_ in ("PERSON", "ORG", "GPE", "NORP", "LOC", "FAC"):
                votes[ent.text] += 1 if ent.label_ == "PERSON" else -1
    return {n for n, v in votes.items() if v > 0}, {n for n, v in votes.items() if v < 0}


def _subjects(frames: Sequence[Frame], docs: Sequence[Doc]) -> set[int]:
    """Where the subjects of clauses begin, with and without the words before the name."""
    found = set()
    for frame, doc in zip(frames, docs, strict=True):
        for token in doc:
            if token.dep_ in ("nsubj", "nsubjpass") and token.tag_[:2] in ("NN", "PR"):
                found |= {frame.source(t.idx) for t in token.subtree if t.i <= token.i}
    return found


def _frames(article: Article, quotes: Sequence[Quoted], taken: set[int]) -> list[Frame]:
    by_paragraph: dict[int, list[Quoted]] = {}
    for quoted in quotes:
        by_paragraph.setdefault(quoted.paragraph, []).append(quoted)
    frames = []
    for index, paragraph in enumerate(article.paragraphs):
        if paragraph.kind == "heading" or index in taken:
            continue
        if index in by_paragraph or _has_cue(article.text[paragraph.start : paragraph.end]):
            frames.append(frame_of(article.text, index, paragraph, by_paragraph.get(index, [])))
    return frames


def _has_cue(text: str) -> bool:
    lemmas = load_cues().lemmas
    return any(
        word.strip(".,;:()") in lemmas or word == "according" for word in text.lower().split()
    )


def _attribution(text, finding, speaker, how, quotes):  # type: ignore[no-untyped-def]
    spans = [Span(a, b) for a, b in finding.spans if a < b]
    cue = None
    if finding.cue:
        cue = Cue(Span(*finding.cue), text[finding.cue[0] : finding.cue[1]])
    kind = "direct" if finding.form != "inline" else _kind(text, finding.spans, quotes)
    return Attribution(
        Quotation(spans, kind, finding.form),
        speaker,
        f"{finding.rule}/{how}",
        0.5,
        cue,
        finding.told_to,
    )


def _kind(text: str, spans: Sequence[tuple[int, int]], quotes: Sequence[Quoted]) -> QuotationKind:
    """By the share of letters inside quotation marks, as PolNeAR has it."""
    total = quoted = 0
    for start, end in spans:
        total += sum(c.isalnum() for c in text[start:end])
        for q in quotes:
            if q.start < end and q.end > start:
                quoted += sum(c.isalnum() for c in text[max(start, q.start) : min(end, q.end)])
    if not quoted:
        return "indirect"
    return "direct" if quoted >= 0.98 * total else "mixed"
