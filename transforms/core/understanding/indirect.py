"""Indirect speech: which words hang on a reporting verb, or stand around "he said"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Doc, Token

from transforms.core.understanding.clauses import (
    addressee,
    clamped,
    is_passive,
    is_verb,
    own_subject,
    sentence_bounds,
    subject_of,
)
from transforms.core.understanding.cues import load_cues
from transforms.core.understanding.findings import Finding
from transforms.core.understanding.frames import Frame
from transforms.core.understanding.mentions import is_nominal, mention_at, nominals
from transforms.core.understanding.people import load_titles, plain

_Range = tuple[int, int]  #: of tokens, half-open

_TRIMMED = frozenset((",", ".", ";", ":", "-", "--", "—", "–", '"', "!", "(", "..."))
_NO_SPEAKER = frozenset(["it", "this", "that", "which", "what", "there", "one", "i", "we", "you", "these", "those"])
#: Stand between a verb and the clause on it: "said Monday the talks ...".
_WHEN = frozenset(
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "yesterday", "repeatedly", "recently"]
)
_FIRST_PERSON = frozenset(["i", "we", "us", "our", "ours", "me", "my", "mine", "you", "your"])
#: Rules whose cue stands beside what is said, not over it.
_AROUND = frozenset(("according", "aside", "trailing", "view"))
#: What follows what is said without a comma and begins with these belongs to it: counted on
#: PolNeAR's training part, where other words ("after", "in", "on") tell when it was said.
_GOES_ON = frozenset("for as to because by that if".split())
_OWN = frozenset(("my", "our", "your", "its"))
_TOLD = frozenset(("told", "tells", "tell", "telling"))
_AUXILIARY = frozenset(["can", "could", "may", "might", "should", "would", "must"])


def find_indirect_attributions(doc: Doc, frame: Frame, used: set[int]) -> list[Finding]:
    """The frame's indirect and mixed attributions; cues whose offset is in ``used`` are left."""
    found: list[Finding] = []
    for verb in doc:
        if verb.lower_ == "according":
            found += _according(doc, frame, verb)
            continue
        if verb.lower_ in load_cues().views:
            found += _in_view(doc, frame, verb)
            continue
        frames = load_cues().frames_of(verb.lower_)
        if not frames or not is_verb(verb) or frame.source(verb.idx) in used:
            continue
        for finding in _of_verb(doc, frame, verb, frames):
            before = _earlier(doc, frame, verb, found) if _is_added(doc, verb) else None
            found.append(replace(finding, mention=before.mention) if before else finding)
    return _without_echoes(found)


def _is_added(doc: Doc, verb: Token) -> bool:
    return verb.tag_ == "VBG" and verb.i > 0 and doc[verb.i - 1].text == ","


def _earlier(doc: Doc, frame: Frame, verb: Token, found: list[Finding]) -> Finding | None:
    """The attribution of the same sentence that ", adding that" goes on with."""
    start, _ = sentence_bounds(doc, verb.i)
    first, last = frame.source(doc[start].idx), frame.source(verb.idx)
    for finding in reversed(found):
        if finding.cue and first <= finding.cue[0] < last and finding.rule in _AROUND:
            return finding
    return None


def _without_echoes(found: list[Finding]) -> list[Finding]:
    """Without asides in what another verb reports: "She points to him, who, she said, ..."."""
    return [
        finding
        for finding in found
        if finding.rule != "aside"
        or not any(
            other is not finding
            and other.rule != "aside"
            and other.spans[0][0] < finding.spans[-1][1]
            and finding.spans[0][0] < other.spans[-1][1]
            for other in found
        )
    ]


def _is_added(doc: Doc, verb: Token) -> bool:
    return verb.tag_ == "VBG" and verb.i > 0 and doc[verb.i - 1].text == ","


def _earlier(doc: Doc, frame: Frame, verb: Token, found: list[Finding]) -> Finding | None:
    """The attribution of the same sentence that ", adding that" goes on with."""
    start, _ = sentence_bounds(doc, verb.i)
    first, last = frame.source(doc[start].idx), frame.source(verb.idx)
    for finding in reversed(found):
        if finding.cue and first <= finding.cue[0] < last and finding.rule in _AROUND:
            return finding
    return None


def _without_echoes(found: list[Finding]) -> list[Finding]:
    """Without asides in what another verb reports: "She points to him, who, she said, ..."."""
    return [
        finding
        for finding in found
        if finding.rule != "aside"
        or not any(
            other is not finding and other.spans[0][0] <= finding.spans[-1][0] < other.spans[-1][1]
            for other in found
        )
    ]


def _of_verb(doc: Doc, frame: Frame, verb: Token, frames: frozenset[str]) -> Iterator[Finding]:
    if is_passive(verb) or _is_unreal(verb):
        return
    who = subject_of(verb)
    if who is None and "clause" in frames:
        who = _beside(doc, verb)
    if who is None or not is_nominal(who) or who.lower_ in _NO_SPEAKER:
        return
    if load_cues().lemmas[verb.lower_] in load_cues().evidential and not _can_speak(who):
        return
    for ranges, rule in _contents(doc, verb, frames):
        if rule != "unmarked":
            ranges[-1] = (ranges[-1][0], _gone_on(doc, verb, ranges[-1][1]))
            ranges = [clamped(doc, verb, *r) for r in ranges]
        spans = _spans(doc, frame, ranges)
        if spans:
            yield Finding(
                spans, rule, frame.paragraph, mention_at(who, frame),
                frame.source_span(verb.idx, verb.idx + len(verb)), addressee(verb),
                "unmarked" if rule == "unmarked" else "inline",
            )  # fmt: skip
            return


def _can_speak(token: Token) -> bool:
    """Whether a subject is a person, a body or a writing: "events suggest" reports nothing."""
    if token.tag_ in ("NNP", "NNPS", "PRP", "WP"):
        return True
    titles = load_titles()
    word = plain(token.text)
    return word in titles.documents or word in titles.human or word in titles.titles


def _is_unreal(verb: Token) -> bool:
    """Whether nothing was said: "could say", "did not say"."""
    return any(
        child.dep_ == "neg" or (child.dep_ == "aux" and child.lower_ in _AUXILIARY)
        for child in verb.children
    )


def _beside(doc: Doc, verb: Token) -> Token | None:
    """Whom the sentence names first, for a verb that the parser gave no subject."""
    start, _ = sentence_bounds(doc, verb.i)
    before = [t for t in nominals(doc, max(start, verb.i - 12), verb.i) if t.dep_ != "pobj"]
    names = [t for t in before if t.tag_ in ("NNP", "PRP")]
    return next(iter(names or before), None)


def _contents(doc: Doc, verb: Token, frames: frozenset[str]) -> Iterator[tuple[list[_Range], str]]:
    """Candidates for what is said, the likeliest first."""
    yield from _unmarked(doc, verb, frames)
    if frames & {"clause", "question"}:
        yield from _aside(doc, verb)
    if frames & {"clause", "question"}:
        yield from _clause(verb, frames)
    if frames & {"infinitive", "urging", "naming", "charging"}:
        yield from _complement(verb, frames)
    yield from _prepositions(verb, frames)
    if "object" in frames and verb.tag_ in ("VBD", "VBZ", "VBN", "VBP"):
        for child in verb.children:
            if child.dep_ == "dobj" and child.i > verb.i:
                yield [_subtree(child)], "object"


def _unmarked(
    doc: Doc, verb: Token, frames: frozenset[str]
) -> Iterator[tuple[list[_Range], str]]:
    """A quotation that lost its marks: "X remarked, Russians expect ..."."""
    if "quote" not in frames or verb.i + 3 >= len(doc) or doc[verb.i + 1].text not in (",", ":"):
        return
    start, end = sentence_bounds(doc, verb.i)
    first = doc[verb.i + 2]
    if not first.text[:1].isupper() or end - first.i < 4 or first.text == '"':
        return
    said = doc[start : verb.i]
    has_subject = any(t.dep_ in ("nsubj", "csubj") or t.tag_ == "PRP" for t in said)
    before = [t for t in said if t.text == ","]
    if (not has_subject and verb.tag_ != "VBG") or (verb.tag_ == "VBG" and not before):
        return
    if not any(t.tag_ in ("VBD", "VBZ", "VBP", "MD") for t in doc[first.i : end]):
        return
    if verb.tag_ != "VBG" and _says_before(doc, verb, start):
        return
    yield [(first.i, _said_on(doc, end))], "unmarked"


def _says_before(doc: Doc, verb: Token, start: int) -> bool:
    """Whether words before the verb are what is said: "The deal, he said, Russia wants ..."."""
    own = own_subject(verb)
    edge = own.left_edge.i if own is not None and own.i < verb.i else verb.i
    return any(t.tag_ in ("VBD", "VBZ", "VBP", "MD") for t in doc[start:edge])


def _said_on(doc: Doc, end: int) -> int:
    """The end of the sentences that go on in the first person: "But we must stop it."."""
    while end < len(doc):
        _, following = sentence_bounds(doc, end)
        words = {t.lower_ for t in doc[end:following]}
        if not words & _FIRST_PERSON or '"' in words:
            break
        end = following
    return end


def _gone_on(doc: Doc, verb: Token, end: int) -> int:
    """The end with a phrase that the parser hung on the verb: "called it good for Kyiv"."""
    if not verb.i < end < len(doc) or doc[end].lower_ not in _GOES_ON:
        return end
    link = doc[end] if doc[end].dep_ == "prep" else doc[end].head
    if link is verb or link.head is not verb:
        return end
    return max(end, _subtree(link)[1])


def _clause(verb: Token, frames: frozenset[str]) -> Iterator[tuple[list[_Range], str]]:
    for child in verb.children:
        if child.dep_ == "ccomp" and child.i > verb.i:
            start, end = _subtree(child)
            yield [(max(start, verb.i + 1), end)], "clause"
        elif child.dep_ == "ccomp" and child.i < verb.i and _stands_after(verb):
            yield [_subtree(child)], "trailing"


def _stands_after(verb: Token) -> bool:
    """Whether what the verb reports may stand before it: nothing it reports comes after."""
    return own_subject(verb) is not None and not any(
        child.i > verb.i and (child.dep_ == "ccomp" or child.dep_ == "dobj" and verb.lower_ not in _TOLD)
        for child in verb.children
    )


def _aside(doc: Doc, verb: Token) -> Iterator[tuple[list[_Range], str]]:
    """“The deal, he said, is dead”: the clause around the aside."""
    if verb.dep_ != "parataxis" or own_subject(verb) is None:
        return
    start, end = _subtree(verb.head)
    left, right = _subtree(verb)
    if left <= start:
        return
    yield [(start, left), (right, end)], "aside"


def _complement(verb: Token, frames: frozenset[str]) -> Iterator[tuple[list[_Range], str]]:
    objects = [c for c in verb.children if c.dep_ in ("dobj", "dative") and c.i > verb.i]
    verbal = [
        c for c in verb.children if c.dep_ in ("xcomp", "ccomp", "oprd", "advcl") and c.i > verb.i
    ]
    if "infinitive" in frames:
        for child in verbal:
            if child.dep_ == "xcomp" and _has_to(child):
                yield [_subtree(child)], "infinitive"
    if "urging" in frames:
        for child in verbal:
            if _has_to(child):
                start = min([o.left_edge.i for o in objects] + [child.left_edge.i])
                yield [(start, _subtree(child)[1])], "urging"
    if "naming" in frames:
        predicates = [c for c in verbal if c.dep_ in ("oprd", "ccomp", "xcomp")]
        predicates += [c for c in verb.children if c.dep_ == "prep" and c.lower_ == "as"]
        if predicates:
            start = min(c.left_edge.i for c in objects + predicates)
            yield [(max(start, verb.i + 1), max(_subtree(c)[1] for c in predicates))], "naming"
    if "charging" in frames and objects:
        last = [c for c in verb.children if c.dep_ == "prep" and c.lower_ in ("of", "for")]
        if not last and load_cues().lemmas[verb.lower_] != "accuse":
            return
        end = max([_subtree(c)[1] for c in last + objects])
        yield [(objects[0].left_edge.i, end)], "charging"


def _has_to(token: Token) -> bool:
    return any(c.tag_ == "TO" for c in token.children)


def _prepositions(verb: Token, frames: frozenset[str]) -> Iterator[tuple[list[_Range], str]]:
    for child in verb.children:
        if child.dep_ in ("prep", "prt") and child.lower_ in frames and child.i > verb.i:
            nouns = [c for c in child.children if c.dep_ in ("pobj", "pcomp")]
            if nouns and nouns[0].tag_ not in ("WP", "WRB", "WDT"):
                end = _subtree(nouns[0])[1]
                more = [
                    c
                    for c in verb.children
                    if c.dep_ in ("xcomp", "advcl", "ccomp") and c.i >= end and c.left_edge.i <= end
                ]
                end = max([end] + [_subtree(c)[1] for c in more if _has_to(c)])
                yield [(nouns[0].left_edge.i, end)], "preposition"


def _subtree(token: Token) -> _Range:
    return token.left_edge.i, token.right_edge.i + 1


def _according(doc: Doc, frame: Frame, token: Token) -> Iterator[Finding]:
    if token.i + 2 >= len(doc) or doc[token.i + 1].lower_ != "to":
        return
    who = next((t for t in doc[token.i + 1].children if t.dep_ == "pobj"), None)
    if who is None:
        who = next(nominals(doc, token.i + 2, token.sent.end), None)
    if who is None or not is_nominal(who):
        return
    ranges = _around_according(doc, token, who)
    spans = _spans(doc, frame, ranges)
    if spans:
        start = frame.source(token.idx)
        end = frame.source(doc[token.i + 1].idx) + 2
        yield Finding(spans, "according", frame.paragraph, mention_at(who, frame), (start, end))


def _around_according(doc: Doc, token: Token, who: Token) -> list[_Range]:
    start, end = sentence_bounds(doc, token.i)
    phrase_end = who.right_edge.i + 1
    if token.i == start or doc[token.i - 1].tag_ in ("CC", "."):
        return [(phrase_end, end)]
    if end - phrase_end <= 2:
        return [(start, token.i)]
    return [(start, token.i), (phrase_end, end)]


def _in_view(doc: Doc, frame: Frame, token: Token) -> Iterator[Finding]:
    """“In her view, the talks are over.”"""
    start, end = sentence_bounds(doc, token.i)
    who = next((t for t in token.children if t.dep_ == "poss"), None)
    if who is None or token.dep_ != "pobj" or token.head.lower_ not in ("in", "by") or not (
        is_nominal(who) or who.tag_ == "PRP$"
    ):
        return
    if who.lower_ in _OWN:
        return
    first, last = token.head.i, token.i + 1
    if first - start > 1 and last < len(doc) and doc[last].text != ",":
        return
    ranges = [(last, end)] if first - start <= 1 else [(start, first), (last, end)]
    spans = _spans(doc, frame, ranges)
    if spans:
        cue = frame.source_span(doc[first].idx, token.idx + len(token))
        yield Finding(spans, "view", frame.paragraph, mention_at(who, frame), cue)


def _spans(doc: Doc, frame: Frame, ranges: list[_Range]) -> list[tuple[int, int]]:
    """The ranges as article offsets, without "that" and the punctuation around them."""
    spans = []
    for start, end in ranges:
        start, end = _trimmed(doc, start, _cut(doc, start, end))
        if start < end and any(t.is_alpha for t in doc[start:end]):
            spans.append(frame.source_span(doc[start].idx, doc[end - 1].idx + len(doc[end - 1])))
    return spans


def _cut(doc: Doc, start: int, end: int) -> int:
    """Where another attribution begins: ", adding that", ", according to"."""
    lemmas = load_cues().lemmas
    for i in range(start + 2, end - 1):
        if doc[i].text == "," and (
            (doc[i + 1].tag_ == "VBG"
            and doc[i + 1].lower_ in lemmas)
            or doc[i + 1].lower_ == "according"
        ):
            return i
    return end


def _trimmed(doc: Doc, start: int, end: int) -> _Range:
    while start < end and (doc[start].text in _TRIMMED or doc[start].is_space):
        start += 1
    if (
        start < end
        and doc[start].lower_ == "that"
        and doc[start].dep_ in ("mark", "det")
        and doc[start].tag_ == "IN"
    ):
        start += 1
    while start < end and (doc[start].lower_ in _WHEN or doc[start].text in _TRIMMED):
        start += 1
    if start + 1 < end and doc[start].lower_ == "that" and doc[start].tag_ == "IN":
        start += 1
    while end > start and (doc[end - 1].text in _TRIMMED or doc[end - 1].is_space):
        end -= 1
    return start, end
