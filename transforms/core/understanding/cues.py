"""The words that signal an attribution, and what hangs on them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources

import yaml


@dataclass(frozen=True)
class CueLexicon:
    """Reporting verbs by their written forms, and the other words that attribute."""

    lemmas: dict[str, str]  #: form, lower case -> verb
    frames: dict[str, frozenset[str]]  #: verb -> what may hang on it
    views: frozenset[str]
    evidential: frozenset[str]  #: facts do it, too: "the figures suggest"

    def frames_of(self, form: str) -> frozenset[str]:
        """What may hang on a written form; nothing if it is no cue.

        >>> sorted(load_cues().frames_of("refers")), load_cues().frames_of("table")
        (['to'], frozenset())
        """
        return self.frames.get(self.lemmas.get(form, ""), frozenset())


@functools.lru_cache(maxsize=1)
def load_cues() -> CueLexicon:
    """The lexicon in ``data/cues.yaml``, which states its source and what a frame means.

    >>> load_cues().lemmas["insisted"], load_cues().lemmas["denies"], load_cues().lemmas["told"]
    ('insist', 'deny', 'tell')
    """
    path = resources.files("transforms.core.understanding") / "data" / "cues.yaml"
    data = yaml.safe_load(path.read_text("utf8"))
    lemmas: dict[str, str] = {}
    for verb in data["frames"]:
        for form in {verb, *data["irregular"].get(verb, _regular(verb))}:
            lemmas[form] = verb
    frames = {verb: frozenset(names) for verb, names in data["frames"].items()}
    return CueLexicon(lemmas, frames, frozenset(data["views"]), frozenset(data["evidential"]))


def _regular(verb: str) -> list[str]:
    """The forms of a regular verb.

    >>> _regular("deny"), _regular("urge"), _regular("stress")
    (['denies', 'denied', 'denying'], ['urges', 'urged', 'urging'], ['stresses', 'stressed', 'stressing'])
    """
    if verb.endswith("e"):
        return [verb + "s", verb + "d", verb[:-1] + "ing"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s")
    return [third, verb + "ed", verb + "ing"]
