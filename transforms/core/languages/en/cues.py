"""The words that signal an attribution, and what hangs on them."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from transforms.core.languages.en.word_lists import load_data

_LISTS = (
    "views", "weak", "when", "beliefs", "told", "evidential", "silences", "anonymous", "denials",
    "withheld", "conditions", "relaying", "documents", "issued", "wordings", "nobody", "hearing",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class CueLexicon:
    """Reporting verbs by their written forms, and the other words that attribute."""

    lemmas: dict[str, str]  #: form, lower case -> verb
    frames: dict[str, frozenset[str]]  #: verb -> what may hang on it
    phrases: dict[str, frozenset[str]]  #: verb -> the nouns with which it reports
    views: frozenset[str]
    weak: frozenset[str]  #: too common as other words to make a paragraph worth parsing
    when: frozenset[str]  #: may stand between a verb and the clause on it
    beliefs: frozenset[str]  #: report only what a person thinks: markets expect, too
    told: frozenset[str]  #: objects of "tell" that are no hearers
    stances: dict[str, frozenset[str]]  #: form -> nouns with which a colon opens what is held
    evidential: frozenset[str]  #: facts do it, too: "the figures suggest"

    silences: frozenset[str]  #: "declined to comment"
    anonymous: frozenset[str]  #: "asked not to be named"
    denials: frozenset[str]  #: "denied saying"
    withheld: frozenset[str]  #: what hangs on them was not said: "refused to", "short of"
    conditions: frozenset[str]  #: "if", "unless"
    relaying: frozenset[str]  #: forms of verbs that pass on another's words: "quoted", "read"
    nobody: frozenset[str]  #: subjects that are nobody: "neither"
    hearing: frozenset[str]  #: "recalled" in "recalled him saying": another's words
    documents: frozenset[str]  #: what somebody signs: "statement", "report"
    issued: frozenset[str]  #: how they give it out: "issued", "signed"
    wordings: frozenset[str]  #: what is passed on: "note", "position"

    @property
    def words(self) -> frozenset[str]:
        """The words without which a paragraph without quotation marks is not parsed."""
        return _words(self)

    def attributes(self, form: str) -> bool:
        """Whether a word, in lower case, can signal an attribution."""
        return form in self.lemmas or form in self.views or form == "according"

    def frames_of(self, form: str) -> frozenset[str]:
        """What may hang on a written form; nothing if it is no cue.

        >>> sorted(load_cues().frames_of("refers")), load_cues().frames_of("table")
        (['to'], frozenset())
        """
        return self.frames.get(self.lemmas.get(form, ""), frozenset())


@functools.lru_cache(maxsize=1)
def _words(cues: CueLexicon) -> frozenset[str]:
    nouns = frozenset().union(*cues.phrases.values())
    return ((frozenset(cues.lemmas) | cues.views | {"according"}) - cues.weak) | nouns


@functools.lru_cache(maxsize=1)
def load_cues() -> CueLexicon:
    """The lexicon in ``data/cues.yaml``, which states its source and what a frame means.

    >>> load_cues().lemmas["insisted"], load_cues().lemmas["denies"], load_cues().lemmas["told"]
    ('insist', 'deny', 'tell')
    """
    data = load_data("cues.yaml")
    lemmas: dict[str, str] = {}
    for verb in data["frames"]:
        for form in {verb, *data["irregular"].get(verb, _regular(verb))}:
            lemmas[form] = verb
    frames = {verb: frozenset(names) for verb, names in data["frames"].items()}
    lists = {name: frozenset(data[name]) for name in _LISTS}
    phrases = {verb: frozenset(nouns) for verb, nouns in data["phrases"].items()}
    stances = {form: frozenset(nouns) for form, nouns in data["stances"].items()}
    return CueLexicon(lemmas, frames, phrases, stances=stances, **lists)


def _regular(verb: str) -> list[str]:
    """The forms of a regular verb.

    >>> _regular("deny"), _regular("urge")
    (['denies', 'denied', 'denying'], ['urges', 'urged', 'urging'])
    >>> _regular("stress")
    ['stresses', 'stressed', 'stressing']
    """
    if verb.endswith("e"):
        return [verb + "s", verb + "d", verb[:-1] + "ing"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s")
    return [third, verb + "ed", verb + "ing"]
