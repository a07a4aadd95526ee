"""Indirect and mixed speech: what hangs on a reporting verb, or stands around "he said"."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Token

from schemas.annotation import QuotationForm
from transforms.core.languages.en.cues import load_cues
from transforms.core.languages.en.word_lists import bare_word, load_titles, word_set
from transforms.core.quotes.findings import Finding
from transforms.core.quotes.frames import MaskedParagraph
from transforms.core.quotes.mentions import is_nominal, mention_at, nominals
from transforms.core.quotes.rules.asides import (
    Aside,
    according_to,
    following,
    in_view_of,
    interrupting,
    trailing,
    unmarked,
)
from transforms.core.quotes.rules.clauses import (
    Range,
    addressee,
    clamped,
    is_passive,
    is_verb,
    sentence_bounds,
    subject_of,
)
from transforms.core.quotes.rules.complements import (
    complements,
    gone_on,
    passive_clauses,
    passive_naming,
    says_nothing,
)
from transforms.core.quotes.rules.reality import (
    is_unsaid,
    relayed_from,
    relays_saying,
    said_earlier,
)
from transforms.core.quotes.rules.stances import (
    before_colon,
    for_whom,
    held_on,
    is_held,
    negated_from,
)
from transforms.core.quotes.rules.tokens import child_by, children_by, has_word

#: More reporting words than any paragraph holds; what follows them is left.
MAX_CUES = 400

_TRIMMED = frozenset((",", ".", ";", ":", "-", "--", "—", "–", '"', "!", "(", "...", "…"))
_NO_SPEAKER = word_set("no speakers")
_AUXILIARY = word_set("modals")
#: Rules whose cue stands beside what is said, not over it.
_BESIDE = frozenset(("according", "aside", "trailing", "view"))
_FORMS: dict[str, QuotationForm] = {"unmarked": "unmarked"}  #: by rule; the others are inline
_INNER = ("aside", "belief")  #: not for themselves inside of what another verb reports
_OTHERS = (":", "For")  #: signs of a stance beside the words of ``cues.yaml``
_MAX_STEPS_LEFT = 12  #: tokens in which a subject is looked for that the parser missed


def find_indirect_attributions(doc: Doc, frame: MaskedParagraph, used: set[int]) -> list[Finding]:
    """The frame's indirect and mixed attributions, in the order of their cues.

    ``used`` holds the article offsets of cues that have their quotation already.
    """
    found: list[Finding] = []
    cues = load_cues()
    words = (t for t in doc if cues.attributes(t.lower_) or t.text in _OTHERS)
    for token in itertools.islice(words, MAX_CUES):
        finding = None
        find = in_view_of if token.lower_ in cues.views else _ASIDES.get(token.lower_)
        if find is not None:
            finding = _beside(doc, frame, find(doc, token))
        elif is_verb(token) and frame.source(token.idx) not in used:
            finding = _of_verb(doc, frame, token, found)
        if finding is not None:
            found.append(finding)
    return _without_echoes(found)


#: What stands beside the words said, by its first word or sign, besides the nouns of ``views``.
_ASIDES = {"according": according_to, "for": for_whom, ":": before_colon}


def _beside(doc: Doc, frame: MaskedParagraph, aside: Aside | None) -> Finding | None:
    if aside is None:
        return None
    spans = _spans(doc, frame, aside.ranges)
    if not spans:
        return None
    cue = _source_of(doc, frame, aside.cue)
    return Finding(
        spans,
        aside.rule,
        frame.paragraph,
        mention_at(aside.who, frame),
        cue,
        form=aside.form,
    )


def _of_verb(doc: Doc, frame: MaskedParagraph, verb: Token, found: list[Finding]) -> Finding | None:
    cues = load_cues()
    frames = cues.frames_of(verb.lower_)
    is_belief = cues.lemmas.get(verb.lower_) in cues.beliefs
    if not frames or not _reports(verb, is_belief):
        return None
    if is_passive(verb):
        return _of_passive(doc, frame, verb)
    aside = _interrupting(doc, verb, frames)
    if aside is not None:
        return _beside(doc, frame, aside)
    earlier = _earlier(doc, frame, verb, found)
    who = _speaker_of(doc, verb, frames, goes_on=earlier is not None)
    if who is None or (is_belief and not is_held(verb, who)):
        return None
    content = _content(doc, frame, verb, frames)
    if content is None:
        return None
    spans, rule = content
    return Finding(
        spans,
        rule,
        frame.paragraph,
        earlier.mention if earlier else mention_at(who, frame),
        _source_of(doc, frame, (verb.i, verb.i + 1)),
        addressee(verb),
        _FORMS.get(rule, "inline"),
        said_earlier=said_earlier(verb),
    )


def _interrupting(doc: Doc, verb: Token, frames: frozenset[str]) -> Aside | None:
    is_telling = load_cues().lemmas[verb.lower_] == "tell"  # "told Jane Doe, …"
    return interrupting(doc, verb) if "clause" in frames and not is_telling else None


def _reports(verb: Token, is_belief: bool) -> bool:
    """Reports if the verb tells that something was said, and passes on nobody else's words."""
    is_nothing = _is_unreal(verb, is_belief) or says_nothing(verb)
    return not (is_nothing or is_unsaid(verb) or relays_saying(verb))


def _speaker_of(doc: Doc, verb: Token, frames: frozenset[str], *, goes_on: bool) -> Token | None:
    """Who says what the verb reports; None for nobody, or what cannot speak.

    ``goes_on``: the verb adds to an earlier report, whose speaker counts.
    """
    cues = load_cues()
    who = relayed_from(verb) or subject_of(verb)
    if who is None and "clause" in frames:
        who = _subject_left(doc, verb)
    if who is None or not is_nominal(who) or (not goes_on and _is_nobody(who)):
        return None
    if cues.lemmas[verb.lower_] in cues.evidential and not _can_speak(who):
        return None
    return who


def _of_passive(doc: Doc, frame: MaskedParagraph, verb: Token) -> Finding | None:
    """“was told by Doe that …”, “was described by Doe as …”: the agent speaks."""
    frames = load_cues().frames_of(verb.lower_)
    who = subject_of(verb)
    if who is None or not is_nominal(who) or _is_nobody(who):
        return None
    if "naming" in frames:
        ranges, rule = passive_naming(verb), "passive"
    elif "clause" in frames:
        ranges = [clamped(doc, verb, *r) for r in passive_clauses(verb, who)]
        rule = "clause"
    else:
        return None
    spans = _spans(doc, frame, [r for r in ranges if r[0] >= 0])
    if not spans:
        return None
    mention, cue = mention_at(who, frame), _source_of(doc, frame, (verb.i, verb.i + 1))
    return Finding(spans, rule, frame.paragraph, mention, cue)


def _content(
    doc: Doc, frame: MaskedParagraph, verb: Token, frames: frozenset[str]
) -> tuple[list[tuple[int, int]], str] | None:
    """The words that the verb reports, as article offsets, and the rule that found them."""
    cues = load_cues()
    is_belief = cues.lemmas[verb.lower_] in cues.beliefs
    for ranges, rule in _candidates(doc, verb, frames, is_belief):
        spans = _spans(doc, frame, ranges)
        if spans:
            return _believed(doc, frame, verb, (spans, rule)) if is_belief else (spans, rule)
    return None


def _candidates(
    doc: Doc, verb: Token, frames: frozenset[str], is_belief: bool
) -> Iterator[tuple[list[Range], str]]:
    """What the verb may report and the rule, the likeliest first."""
    if "quote" in frames:
        yield unmarked(doc, verb), "unmarked"
    for ranges, rule in complements(verb):
        start, end = ranges[-1][0], gone_on(doc, verb, ranges[-1][1])
        if rule == "object" and is_belief:
            end = held_on(doc, verb, end)
        yield [clamped(doc, verb, *r) for r in [*ranges[:-1], (start, end)]], rule
    if "clause" in frames:
        yield trailing(doc, verb), "trailing"
        yield following(doc, verb), "clause"


def _believed(
    doc: Doc, frame: MaskedParagraph, verb: Token, content: tuple[list[tuple[int, int]], str]
) -> tuple[list[tuple[int, int]], str] | None:
    """What is believed; when that is denied, with the words that deny it."""
    spans, rule = content
    negation = negated_from(verb)
    if negation is not None:
        first = frame.source(doc[negation].idx)
        if spans[0][0] < first:
            return None
        spans = [(first, spans[0][1]), *spans[1:]]
    return spans, rule if rule == "unmarked" else "belief"


def _is_nobody(who: Token) -> bool:
    """Whether a subject is nobody who spoke: "it", "nobody", "no official", "neither side"."""
    return who.lower_ in _NO_SPEAKER or has_word(children_by(who, "det"), ("no", "neither"))


def _can_speak(token: Token) -> bool:
    """Whether a subject is a person, a body or a writing: "events suggest" reports nothing."""
    if token.tag_ in ("NNP", "NNPS", "PRP", "WP"):
        return True
    titles, word = load_titles(), bare_word(token.text)
    return word in titles.documents or word in titles.human or word in titles.titles


def _is_unreal(verb: Token, is_belief: bool) -> bool:
    """Whether nothing was said: "could say", "did not say". "Does not expect" says something."""
    is_denied = not is_belief and child_by(verb, "neg") is not None
    return is_denied or has_word(children_by(verb, "aux"), _AUXILIARY)


def _subject_left(doc: Doc, verb: Token) -> Token | None:
    """Whom the sentence names first, for a verb that the parser gave no subject."""
    start = max(sentence_bounds(doc, verb.i)[0], verb.i - _MAX_STEPS_LEFT)
    before = [t for t in nominals(doc, start, verb.i) if t.dep_ != "pobj"]
    names = [t for t in before if t.tag_ in ("NNP", "PRP")]
    return next(iter(names or before), None)


def _earlier(doc: Doc, frame: MaskedParagraph, verb: Token, found: list[Finding]) -> Finding | None:
    """The attribution of the same sentence that ", adding that" goes on with."""
    if verb.tag_ != "VBG" or verb.i == 0 or doc[verb.i - 1].text != "," or not found:
        return None
    last = found[-1]
    first = frame.source(doc[sentence_bounds(doc, verb.i)[0]].idx)
    is_here = last.cue is not None and first <= last.cue[0] < frame.source(verb.idx)
    return last if is_here and last.rule in _BESIDE else None


def _without_echoes(found: list[Finding]) -> list[Finding]:
    """Without asides and beliefs in what another verb reports: "She says he believes ..."."""
    reported = [finding for finding in found if finding.rule not in _INNER]
    return [
        finding
        for finding in found
        if finding.rule not in _INNER or not any(_is_echo(finding, other) for other in reported)
    ]


def _is_echo(one: Finding, other: Finding) -> bool:
    """Whether the two overlap, but for a report within a belief: "expects them to say that"."""
    if one.rule == "belief" and other.cue is not None and one.start <= other.cue[0]:
        return False
    return one.start < other.spans[-1][1] and other.start < one.spans[-1][1]


def _source_of(doc: Doc, frame: MaskedParagraph, tokens: Range) -> tuple[int, int]:
    last = doc[tokens[1] - 1]
    return frame.source_span(doc[tokens[0]].idx, last.idx + len(last))


def _spans(doc: Doc, frame: MaskedParagraph, ranges: Iterable[Range]) -> list[tuple[int, int]]:
    """The ranges as article offsets, without "that" and the punctuation around them."""
    trimmed = (_trimmed(doc, start, _cut(doc, start, end)) for start, end in ranges)
    return [
        frame.closed(*_source_of(doc, frame, (start, end)))
        for start, end in trimmed
        if start < end and any(t.is_alpha for t in doc[start:end])
    ]


def _cut(doc: Doc, start: int, end: int) -> int:
    """Where another attribution begins: ", adding that", ", according to"."""
    lemmas = load_cues().lemmas
    for i in range(start + 2, end - 1):
        after = doc[i + 1]
        is_added = after.tag_ == "VBG" and after.lower_ in lemmas
        if doc[i].text == "," and (is_added or after.lower_ == "according"):
            return i
    return end


def _trimmed(doc: Doc, start: int, end: int) -> Range:
    while start < end and _is_outside(doc[start]):
        start += 1
    while end > start and (doc[end - 1].text in _TRIMMED or doc[end - 1].is_space):
        end -= 1
    return start, end


def _is_outside(token: Token) -> bool:
    """Whether a token at the head of a clause is no part of what is said."""
    if token.text in _TRIMMED or token.is_space or token.lower_ in load_cues().when:
        return True
    return bool(token.lower_ == "that" and token.tag_ == "IN")
