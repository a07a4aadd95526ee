"""Which category of speaker someone is, from the article's own words about them.

Roles decide; institutions decide where a role leaves it open ("director of", "adviser at"), and
fields of study where there is no institution ("head of commodities strategy"). Each clause is
read by itself, because people are several things: "a distinguished fellow who was the senior
director for Russia" says what they are and what they were. An office that is past makes an
expert. What a watch knows of its actors is not used here.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from schemas.annotation import Category
from transforms.core.languages.en.role_words import (
    ROLE_CATEGORIES,
    Institution,
    fields,
    institutions,
    not_past_words,
    other_things,
    other_trades,
    past_words,
    roles,
    source_words,
    states,
)
from transforms.core.languages.en.word_lists import word_set
from transforms.core.text.phrases import Hit, T, leftmost_longest

#: Evidence is for people: no more than a line of it.
_MAX_EVIDENCE_CHARS = 100
_ARTICLE = re.compile(r"^\s*(?:(?:is|was|as)\s+)?(?:(?:a|an|the)\s+)?", re.I)


@dataclasses.dataclass(frozen=True)
class Assessment:
    """A category, the words that decided it, and how sure they make it, 0 to 1.

    The figures of sureness are an ordering made by hand: what a plain role says is surer
    than what an institution's name makes of "director", and that surer than a kind of name.
    """

    category: Category
    evidence: str
    sureness: float


#: The article says nothing of what somebody is.
UNKNOWN = Assessment("citizen", "", 0.3)

#: Between one thing that somebody is and the next. After "who" only what they are or were
#: counts, not what they study.
_CLAUSE = re.compile(
    r"[,;()–—]|\band (?!(?:research|policy|strategic|security|international|economic|foreign)\b)"
    r"|\b(?=now (?:a|an|the|at|with|head|work|teach)\b)"
    r"|\bwho (?=(?:is|was|has|served|serves|led|leads|heads|headed|works|worked|advise|teach)\w*)",
    re.I,
)
#: A clause that starts a description afresh, so that "former" before it does not reach it.
_FRESH = re.compile(
    r"\s*(?:now|current|currently|incumbent|sitting|serving|today|an?(?! (?:longtime|long-time))"
    r"|the|is|at|with|mp for)\b",
    re.I,
)
#: Says that an office is past without saying "former": its verb, an ordinal before a president,
#: years that ended, an administration gone by.
_PAST = re.compile(
    r"\b(?:during|in) (?:\w+|\w+['’]s) (?:first|previous) (?:term|administration)\b|\bpredecessor\b"
    r"|\bleft (?:an?|the|his|her|their) (?:\w+ ){0,3}(?:post|job|position|office|role)\b"
    r"|\buntil (?:last|earlier this|this) (?:year|month|spring|summer|autumn|fall|winter|week)\b"
    r"|^\s*(?:was|had been|served as) (?:an?|the|part of|head|chief|deputy|once|then)\b|"
    r"\b\d+(?:st|nd|rd|th)\b(?= (?:vice[ -])?president)"
    r"|\b(?:from|between) \d{4} (?:to|and|until) \d{4}|\buntil (?:\w+ )?\d{4}"
    r"|\bunder (?:president )?(?:barack |george w\.? |bill |joe |ronald )?"
    r"(?:obama|bush|clinton|biden|reagan|carter|yeltsin|yushchenko|poroshenko)\b"
    r"|\bin the (?:barack |george w\.? |bill |joe )?(?:obama|bush|clinton|biden|reagan)"
    r"(?: and \w+)? administrations?\b",
    re.I,
)


#: Somebody else's role: "the landlady of the historian", "a lawyer for the detained professor".
#: What is one of several experts, or fills a post, is that itself.
_ANOTHERS = re.compile(
    r"(?P<head>[\w’'-]+) (?:of|to|for|with|by|alongside) "
    r"(?:(?:the|a|an|his|her|their|its|that|this|one|our|my) (?:[\w’'-]+ ){0,2})?$",
    re.I,
)
_OWN_HEADS = word_set("own heads")
#: "the professor's receptionist", before what is the person's own.
_POSSESSED = re.compile(r"(?: [A-Z][\w-]+){0,3}['’]s? (?:[a-z][\w-]+ ?){1,3}")
#: Whoever does this now negotiates, whatever they were: the office at the time counts.
_NEGOTIATES = re.compile(
    r"\b(?:(?P<now>leads|heads|chairs|leading|heading|represent(?:s|ing)|negotiat(?:es|ing) for|"
    r"speaks for)|(?:leader|head|chief|chair(?:man|woman)?|member|part|spokes\w+|adviser|advisor) "
    r"(?:of|for|to|on))\b[^,;]{0,40}?\b(?:delegation|negotiating team|negotiators|at the (?:talks|"
    r"negotiations)|in the (?:talks|negotiations)|side at|mission to the talks)\b",
    re.I,
)
_PAST_BEFORE = re.compile(
    r"\b(?:former|formerly|once|ex|then|previously)\b(?:(?!\b(?:now|currently|since|today)\b)[^,;])*$",
    re.I,
)


#: Those without a name who held an office, and comment on it.
_FORMER = re.compile(
    r"(?:(?:an?|the|one|two|three|some|several|many|other) )?(?:former|retired|veteran|ex)\b", re.I
)

#: Says only where somebody works.
_ONLY_BODY = re.compile(r"\s*(?:$|(?:(?:who|now|currently|is|works?) )*(?:of|from|at|with) )", re.I)
#: "Maj. Gen. (ret.)"
_RETIRED = re.compile(r"([^,;()]{2,60}?) ?\((?:ret|retd|retired)\.?\)", re.I)
#: "analyst of cars"
_OF_THINGS = re.compile(r" (?:of|for|in|on) (?:\w+ )?([\w-]+(?: [\w-]+)?)$", re.I)

#: The roles that stand before names as titles.
_TITLES = frozenset({"official", "official unless research", "expert"})
_ADVISES = re.compile(r"\b(?:advis[eo]r|consultant|counsellor) (?:to|of)\b", re.I)
#: Of two roles side by side one of these is what somebody is: "student leader" is not sure.
_HEADS = frozenset({"expert", "official", "journalist"})
#: Who heads a field of study is asked for judgement, whatever the house.
_FIELD_SURENESS = 0.8
#: Surer institutions are of research; less sure ones sell judgement among other things.
_RESEARCH_SURENESS = 0.9


def categorise(name: str, role: str, affiliation: str, *, named: bool) -> tuple[Category, str]:
    """The category that the article's words give a speaker, and the words.

    >>> categorise("Ana Ruiz", "a senior fellow", "Hudson Institute", named=True)
    ('expert', 'senior fellow')
    >>> categorise("Jon Vik", "former defense minister", "", named=True)
    ('expert', 'former defense minister')
    >>> categorise("Ida Moe", "director of the Peace Research Institute Oslo", "", named=True)
    ('expert', 'director of the Peace Research Institute Oslo')
    >>> categorise("a Western diplomat", "", "", named=False)
    ('unnamed_source', 'diplomat')
    >>> categorise("analysts", "", "", named=False)
    ('expert', 'analysts')
    """
    found = assess(name, role, affiliation, named=named)
    return found.category, found.evidence


@functools.lru_cache(maxsize=8192)
def assess(name: str, role: str, affiliation: str, *, named: bool) -> Assessment:
    """As ``categorise``, with how sure the words make it."""
    if not named:
        return _assess_unnamed(f"{name}, {role}" if role else name) or _assess_body(name) or UNKNOWN
    return (
        _strongest(_assess_clauses(role, affiliation))
        or _assess_employer(role, affiliation)
        or _assess_title(name)
        or _assess_body(name)
        or UNKNOWN
    )


def ends_with_role(words: str) -> bool:
    """Whether the words end in a role, as before a name.

    >>> ends_with_role("the Brevian economist"), ends_with_role("the economist told")
    (True, False)
    """
    return any(hit.end == len(words) for hit in roles().hits(words))


def is_body(name: str) -> bool:
    """Whether the name is a state's, a ministry's, a medium's or an institute's.

    >>> is_body("The Elbe Institute"), is_body("Ida Moe")
    (True, False)
    """
    return _assess_body(name) is not None


def _assess_unnamed(description: str) -> Assessment | None:
    """Nobody in particular: "analysts" are experts, "officials" are sources."""
    hits = list(leftmost_longest(roles().hits(description)))
    labels = {hit.value: description[hit.start : hit.end] for hit in reversed(hits)}
    if "expert" in labels:
        return Assessment("expert", labels["expert"], 0.9)
    if "official" in labels and _FORMER.match(description):
        return Assessment("expert", f"former {labels['official']}", 0.9)
    for word in ("spokesman", "spokeswoman", "spokesperson"):
        if word in description:
            return Assessment("official", word, 0.9)
    if found := next(source_words().hits(description), None):
        return Assessment("unnamed_source", description[found.start : found.end], 0.9)
    for label, category in ROLE_CATEGORIES.items():
        if label in labels:
            return Assessment(category, labels[label], 0.8)
    return None


def _strongest(found: Iterable[Assessment]) -> Assessment | None:
    """What somebody is above all: an office held now, else an expert or a journalist,
    whichever is said first, else what is said first.

    Who advises a government and is a scholar besides is above all a scholar.
    """
    return min(found, key=_tier, default=None)


def _tier(found: Assessment) -> int:
    if found.category == "official":
        return 2 if _ADVISES.search(found.evidence) else 0
    return 1 if found.category in ("expert", "journalist") else 2


def _assess_clauses(role: str, affiliation: str) -> Iterator[Assessment]:
    """What each clause of a role says, in order; clauses that say nothing are left out."""
    role = _RETIRED.sub(r"retired \1", role)
    for doing in _NEGOTIATES.finditer(role):
        if doing["now"] or not _PAST_BEFORE.search(role, 0, doing.start()):
            yield Assessment("official", doing[0][:_MAX_EVIDENCE_CHARS], 0.95)
    bodies = list(institutions().hits(role))
    is_former = False
    for start, end in _clauses(role, bodies):
        clause = role[start:end]
        is_former = _is_past(clause) or (is_former and not _FRESH.match(clause))
        hits = (
            hit
            for hit in roles().hits(clause)
            if not _is_inside(start + hit.start, start + hit.end, bodies)
        )
        heads = _heads_first(clause, list(leftmost_longest(hits)))
        body = _body_of(clause, affiliation)
        found = (_of_role(clause, hit, body, is_former=is_former) for hit in heads)
        yield from itertools.islice(filter(None, found), 1)


def _of_role(
    clause: str, hit: Hit[str], body: Assessment | None, *, is_former: bool
) -> Assessment | None:
    """What a role in a clause says of the speaker; it may be that of another person."""
    if _is_anothers(clause, hit):
        return Assessment("citizen", _ARTICLE.sub("", clause)[:_MAX_EVIDENCE_CHARS], 0.9)
    return _assess_clause(clause, hit, body, is_former=is_former)


def _is_past(clause: str) -> bool:
    """Reports if a clause says that its office is past.

    >>> _is_past("former envoy"), _is_past("chair for the ex-Soviet states")
    (True, False)
    """
    others = list(not_past_words().hits(clause))
    past = (hit for hit in past_words().hits(clause) if not _is_inside(hit.start, hit.end, others))
    return next(past, None) is not None or _PAST.search(clause) is not None


def _heads_first(clause: str, hits: Sequence[Hit[str]]) -> Iterator[Hit[str]]:
    """The roles of a clause in order, except that the head of a compound precedes its modifiers.

    >>> def heads(clause):
    ...     hits = _heads_first(clause, list(leftmost_longest(roles().hits(clause))))
    ...     return [clause[hit.start : hit.end] for hit in hits]
    >>> heads("Republican economist"), heads("president of the students")
    (['economist', 'Republican'], ['president', 'students'])
    """
    compound: list[Hit[str]] = []
    for hit in hits:
        if compound and clause[compound[0].end : hit.start].strip():
            yield from compound
            compound = []
        is_head = not compound or hit.value in _HEADS
        compound.insert(0 if is_head else len(compound), hit)
    yield from compound


def _is_anothers(clause: str, hit: Hit[str]) -> bool:
    """Reports if a role in a clause is that of another person, whom the speaker belongs to.

    >>> def is_anothers(clause):
    ...     return [_is_anothers(clause, hit) for hit in roles().hits(clause)][-1]
    >>> is_anothers("landlady of the historian Jan Prell"), is_anothers("one of the historians")
    (True, False)
    >>> is_anothers("professor of law"), is_anothers("lawyer for the detained professor")
    (False, True)
    """
    before = _ANOTHERS.search(clause, 0, hit.start)
    if before is not None:
        is_role = next(roles().hits(before["head"]), None)
        is_own = before["head"].lower() in _OWN_HEADS or before["head"].lower().endswith("s")
        is_many = clause[: hit.end].endswith("s") and not is_role
        return not is_own and not is_many
    after = clause[hit.end :]
    return hit.value == "expert" and _POSSESSED.match(after) is not None


def _assess_clause(
    clause: str, hit: Hit[str], body: Assessment | None, *, is_former: bool
) -> Assessment | None:
    """What a role in a clause says, with what is past and whose house it is; None if that
    leaves it open.
    """
    words = _ARTICLE.sub("", clause[: hit.end])[-_MAX_EVIDENCE_CHARS:]
    if hit.value in _asks_for_body(body):
        return _assess_open(clause, body, is_former=is_former)
    if hit.value == "expert" and _is_other_trade(clause, hit):
        return Assessment("citizen", words, 0.9)
    if hit.value == "expert":
        return Assessment("expert", words, 0.97)
    if hit.value.startswith("official"):
        return Assessment("expert" if is_former else "official", words, 0.95)
    return None if is_former else Assessment(ROLE_CATEGORIES[hit.value], words, 0.9)


def _asks_for_body(body: Assessment | None) -> frozenset[str]:
    """The sections of roles that an institution decides instead of the role itself."""
    if body is None or body.category != "expert":
        return frozenset({"open"})
    if body.sureness < _RESEARCH_SURENESS:
        return frozenset({"open", "official unless research"})
    return frozenset({"open", "official unless research", "organisation unless research"})


def _assess_open(clause: str, body: Assessment | None, *, is_former: bool) -> Assessment | None:
    """What a field of study or an institution makes of "director of" or "adviser at"."""
    whole = _ARTICLE.sub("", clause).strip(" .")[:_MAX_EVIDENCE_CHARS]
    is_business = body is None or body.category == "organisation"
    if is_business and next(fields().hits(clause), None) is not None:
        return Assessment("expert", whole, _FIELD_SURENESS)
    if body is None:
        return None
    if body.evidence not in whole:
        whole = f"{whole}, {body.evidence}"
    was_office = is_former and body.category == "official"
    return Assessment("expert" if was_office else body.category, whole, body.sureness)


def _is_other_trade(clause: str, hit: Hit[str]) -> bool:
    """Reports if an expert's title is of a trade that has no say on talks: "systems analyst".

    >>> def is_other(clause):
    ...     return [_is_other_trade(clause, hit) for hit in roles().hits(clause)][-1]
    >>> is_other("a systems analyst"), is_other("a senior political analyst")
    (True, False)
    >>> is_other("a credit analyst of cars"), is_other("an expert in sanctions")
    (True, False)
    """
    before = clause[: hit.start].lower().replace("-", " ").split()[-2:]
    words = {*before, *clause[hit.start : hit.end].lower().split()[:-1]}
    after = _OF_THINGS.match(clause[hit.end :])
    is_thing = after is not None and after[1].lower().split()[-1] in other_things()
    return is_thing or not words.isdisjoint(other_trades())


def _clauses(role: str, bodies: Sequence[Hit[Institution]]) -> Iterator[tuple[int, int]]:
    """The ranges between the cuts, none of them inside an institution's name."""
    start = 0
    for cut in _CLAUSE.finditer(role):
        if not _is_inside(cut.start(), cut.end(), bodies):
            if cut.start() > start:
                yield start, cut.start()
            start = cut.end()
    if start < len(role):
        yield start, len(role)


def _is_inside(start: int, end: int, hits: Sequence[Hit[T]]) -> bool:
    return any(hit.start <= start and end <= hit.end for hit in hits)


def _body_of(clause: str, affiliation: str) -> Assessment | None:
    return _assess_institution(clause) or _assess_institution(affiliation)


def _assess_employer(role: str, affiliation: str) -> Assessment | None:
    """What an institution makes of somebody whose role says nothing else.

    >>> _assess_employer("a teller at Deutsche Bank", "Deutsche Bank")
    >>> _assess_employer("of Deutsche Bank", "Deutsche Bank").category
    'expert'
    """
    text = f"{affiliation}, {role}"
    hit = _surest(text)
    if hit is None or (hit.value.is_house and not _ONLY_BODY.match(role)):
        return None
    return Assessment(hit.value.category, text[hit.start : hit.end], hit.value.sureness)


def _surest(text: str) -> Hit[Institution] | None:
    """The surest institution in the text, names before kinds of name, else the first."""
    hits = leftmost_longest(institutions().hits(text))
    by_sureness = {h: (not h.value.is_kind, h.value.sureness, -h.start) for h in hits}
    return max(by_sureness, key=lambda h: by_sureness[h], default=None)


def _assess_institution(text: str) -> Assessment | None:
    """What the surest institution named in the text makes of its people."""
    hit = _surest(text)
    if hit is None:
        return None
    return Assessment(hit.value.category, text[hit.start : hit.end], hit.value.sureness)


def _assess_title(name: str) -> Assessment | None:
    """A title before a name: President, Gen., Prof."""
    for hit in roles().hits(name):
        if hit.start == 0 and hit.end < len(name) and hit.value in _TITLES:
            return Assessment(ROLE_CATEGORIES[hit.value], name[: hit.end], 0.85)
    return None


def _assess_body(name: str) -> Assessment | None:
    """A body that speaks for itself: a state, a ministry, a medium, an institute."""
    plain = re.sub(r"^(?:the|some)\s+", "", name, flags=re.I)
    if any((h.start, h.end) == (0, len(plain)) for h in states().hits(plain)):
        return Assessment("official", name, 0.9)
    return _assess_institution(name)
