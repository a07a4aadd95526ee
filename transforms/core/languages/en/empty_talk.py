"""English that says nothing: evasions, answers of one word, and what leans on words before it."""

from __future__ import annotations

import functools
import re

from transforms.core.text.phrases import fold, read_sections

_CLAUSE = re.compile(
    r"[.;!?…]+(?=\s|$|[\"'”])|\s[-–—]+\s|—|,?\s(?:but|though|although|however|yet)\s"
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_QUESTION = r"(?:what|who|whom|when|where|which|why|how|if|whether)\b"
_ASIDE = r"(?:(?:really|honestly|simply|just|yet|certainly|frankly|actually|currently|now)\s+)*"
_NOT = (
    r"(?:(?:do|does|did|can|could|would|will|shall|may|am|is|are|was|were)(?:n't| not)|cannot|can't"
    r"|won't|'m not|'d rather not|would rather not|refuse[sd]? to|decline[sd]? to|prefers? not to"
    r"|preferred not to|am unable to|was unable to|not)\s+"
)
#: Nobody in particular, or whoever speaks: of a third party, not to know something is a claim.
_SPEAKER = r"(?:i|we|he|she|they|it|you|one|nobody|no one|honestly|frankly|well|sorry)"
_EVASIONS = re.compile(
    rf"(?:(?:and|well|look|so|honestly|frankly|sorry|that|no|yes|ok|okay)[\s,]+)*(?:"
    # "I won't comment on the talks", "she did not want to speculate about them"
    rf"{_SPEAKER}?\s*{_ASIDE}(?:{_NOT}){{1,2}}{_ASIDE}(?:(?:want|wish|like|be able|going|prepared"
    r"|willing|in a position|here) to\s+)?(?:be\s+)?(?:comment|commenting|speculat\w+|elaborat\w+"
    r"|answer(?!\s+(?:for|\w+'s))|respond\b|go into|get into (?:that|details?|it)"
    r"|discuss (?:that|this|it|them|details?)"
    # "I don't know what he wants", "we cannot say whether it will hold"
    rf"|(?:know|say|tell|predict|guess|judge|foresee)(?:\s+you)?(?:\s+(?:yet|now|exactly|for"
    rf" (?:sure|certain)|with certainty|more|much|anything|(?:about )?(?:that|this|it)))*"
    rf"(?:\s*$|\s*,|\s+{_QUESTION}))"
    rf"|(?:nobody|no one|who|(?:only )?god)\s+(?:really\s+)?knows(?:\s*$|\s+{_QUESTION})"
    # "I have no idea", "we don't have an answer to that"
    rf"|{_SPEAKER}\s+{_ASIDE}(?:have|had|has|'ve got|have got|d(?:o|oes|id)(?:n't| not) have)"
    r"\s+(?:no|an|any|a|the|nothing)?\s*(?:good |clear |ready |real |simple )?"
    rf"(?:(?:idea|clue|crystal ball|comment|comments|opinion)\b|answers?(?:\s*$|\s+(?:to|for|on)"
    rf" (?:that|this|it|you)\b|\s+{_QUESTION})|(?:more |else )?to (?:add|say)\b)"
    r"|no comments?\b"
    # "We will have to wait and see", "time will tell"
    rf"|(?:{_SPEAKER}|let us|let's|'ll)?\s*(?:'ll|will|would|must|should|can only)?\s*(?:just\s+)?"
    r"(?:(?:have|has|had|need) to\s+)?(?:wait(?: and|,)? see\b|wait to see\b)"
    r"|(?:i|we|you|they)(?:'ll| will| shall| would)(?: all| just)? see"
    rf"(?:\s*$|\s*,|\s+{_QUESTION})"
    r"|(?:only )?(?:time|the future|history)(?:'ll| will| would| alone will| can)(?: only)? tell\b"
    rf"|(?:it|that|this|much|{_QUESTION}.{{0,80}}?)\s+(?:remains?|remained|is|was)(?: still| yet)?"
    r" to be seen\b"
    rf"|(?:it|that|this|{_QUESTION}.{{0,80}}?)(?:'s| is| was| may be| would be)"
    r"(?: still| simply| far| just)*"
    r" (?:too (?:early|soon)|hard|difficult|impossible|not possible|premature)(?: for (?:me|us))?"
    r" to (?:say|tell|know|judge|predict|speculate|comment|guess)\b(?! (?:no|yes)\b)"
    r"|(?:it|that)(?:'s| is)(?: really| all)? (?:anyone|anybody)'s guess\b"
    r"|(?:your|my) guess is as good as\b|i wish i knew\b|you tell me\b"
    r")"
)


def is_empty_talk(text: str) -> bool:
    """Reports if a statement only says that its speaker says nothing: no clause of it has a
    content word outside an evasion.

    >>> [is_empty_talk(t) for t in ("I don’t have an answer", "No comment.", "We'll see")]
    [True, True, True]
    >>> is_empty_talk("I don't know what he wants, but without pressure Moscow won't sign")
    False
    """
    return not any(content_words(clause) for clause in clauses(text) if not _EVASIONS.match(clause))


def clauses(text: str) -> list[str]:
    """The folded clauses of a statement, cut at sentence ends, dashes and words for "but".

    >>> clauses("We wait. Then, perhaps, a deal")
    ['we wait', 'then, perhaps, a deal']
    """
    return [clause.strip(" ,\"'") for clause in _CLAUSE.split(fold(text)) if clause.strip(" ,\"'")]


def content_words(text: str) -> list[str]:
    """The words of folded text that have content of their own, in order.

    >>> content_words("well, that is a very good question"), content_words("the truce holds")
    ([], ['truce', 'holds'])
    """
    return [word for word in _WORD.findall(text) if word not in _without_content()]


def leans_on_context(text: str) -> bool:
    """Reports if the words begin with one for something before them, or speak of somebody by
    pronoun before they name anybody.

    >>> leans_on_context("That is why"), leans_on_context("All he wants is a deal with Kyiv")
    (True, True)
    >>> leans_on_context("Putin says he will not sign")
    False
    """
    for number, found in enumerate(_WORD.finditer(text.replace("’", "'"))):
        word = found[0].lower()
        if word in _words("third persons") or (not number and word in _words("leaning")):
            return True
        if found[0][0].isupper() and word not in _without_content() and word != "i":
            return False
    return False


@functools.lru_cache(maxsize=1)
def _without_content() -> frozenset[str]:
    wording = read_sections("wording.txt")
    lines = [*wording["stop words"], *wording["negations"], *wording["boundaries"]]
    return _words("words").union(word for line in lines for word in line.split())


@functools.cache
def _words(section: str) -> frozenset[str]:
    lines = read_sections("empty_talk.txt")[section]
    return frozenset(word for line in lines for word in line.split())
