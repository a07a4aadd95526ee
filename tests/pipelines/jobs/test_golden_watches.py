"""Each bundled watch on an article of its negotiation: tests/golden/watches."""

from pathlib import Path

import pytest
import yaml

from connectors.models.spacy_model import load_language_model
from connectors.watchfile.loading import bundled_watches, load_watch
from pipelines.services.check import check_watches
from pipelines.settings.run_config import BUNDLED, WATCHES
from transforms.core.articles.extraction import text_article
from transforms.core.quotes.annotate import annotate
from transforms.core.relevance.matching import match
from transforms.core.text.tags import Lexicon

GOLDEN = Path(__file__).parents[2] / "golden" / "watches"
NAMES = sorted(bundled_watches([WATCHES]))


@pytest.fixture(scope="module", params=NAMES)
def read(request):
    """The case of a watch, and what is read in its article."""
    case = yaml.safe_load((GOLDEN / f"{request.param}.yaml").read_text("utf8"))
    watch = load_watch(request.param, bundled=BUNDLED)
    article = text_article(case["text"], title=case["title"])
    dossier = match(annotate(article, load_language_model(), Lexicon([watch])), [watch])
    return case, dossier


def outcomes(dossier):
    """(speaker, words, match) of every statement."""
    return [
        (commentary.speaker.name, occurrence.text, occurrence.matches[0])
        for commentary in dossier.commentaries
        for occurrence in commentary.occurrences
    ]


def told(dossier, *, held):
    """The speakers with the statements that alert, or are held."""
    found = {}
    for name, words, how in outcomes(dossier):
        if how.is_alertworthy and how.is_held == held:
            found.setdefault(name, []).append(words)
    return found


def test_every_bundled_watch_is_right_and_has_its_article():
    assert {path.stem for path in GOLDEN.glob("*.yaml")} == set(NAMES)
    assert check_watches(NAMES, online=False, allow_hosts=())


def test_the_tags_are_those_of_the_article_and_no_others(read):
    case, dossier = read
    assert sorted(tag.id for tag in dossier.tags) == sorted(case["tags"])


@pytest.mark.parametrize("held", [False, True], ids=["alerts", "held"])
def test_the_experts_on_the_talks_are_told_and_no_others(read, held):
    case, dossier = read
    expected = case.get("held" if held else "alerts", {})
    found = told(dossier, held=held)
    assert {name: len(words) for name, words in found.items()} == {
        name: len(words) for name, words in expected.items()
    }
    for name, beginnings in expected.items():
        for words, beginning in zip(found[name], beginnings, strict=True):
            assert words.startswith(beginning)


def test_who_speaks_of_something_else_or_is_no_expert_is_not_told(read):
    case, dossier = read
    for name, category in case["neither"].items():
        (how,) = [how for speaker, _, how in outcomes(dossier) if speaker == name]
        assert (how.category, how.is_alertworthy) == (category, False)
