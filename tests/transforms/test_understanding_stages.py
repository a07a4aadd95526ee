"""AnnotateArticles to ArchiveDossiers: from an article to recorded alerts."""

import functools
import uuid
from dataclasses import replace

import pytest

from connectors.models.spacy_model import load_language_model
from schemas.annotation import Speaker
from schemas.errors import StoreError
from schemas.person import NameRecord
from support.fakes import FakeStore
from support.newsroom import TALKS, WATCH, html, page
from support.run import run_stage
from transforms.annotate_articles import AnnotateArticles
from transforms.archive_dossiers import ArchiveDossiers
from transforms.core.articles.extraction import extract_article
from transforms.judge_novelty import JudgeNovelty
from transforms.match_watches import MatchWatches
from transforms.raise_alerts import RaiseAlerts
from transforms.recall_persons import RecallPersons


@pytest.fixture
def store():
    return functools.partial(FakeStore.open, uuid.uuid4().hex)


@pytest.fixture(scope="module")
def annotation():
    (found,), letters, _ = run_stage(
        [extract_article(page(html(TALKS)))],
        lambda outcomes: AnnotateArticles([WATCH], load_language_model, outcomes=outcomes),
    )
    assert letters == []
    return found


@pytest.fixture
def dossier(annotation):
    (found,), _, _ = run_stage(
        [annotation], lambda outcomes: MatchWatches([WATCH], outcomes=outcomes)
    )
    return found


def judged(store, *dossiers):
    return run_stage(
        list(dossiers), lambda outcomes: JudgeNovelty([WATCH], store, outcomes=outcomes)
    )[0]


def test_the_expert_and_her_words_are_found(annotation):
    said = [
        (attribution.speaker.name, annotation.article.text[span.start : span.end])
        for attribution in annotation.attributions
        for span in attribution.quotation.spans
    ]
    assert ("Mirja Oskarsen", "It gains more from waiting.") in said
    assert {tag.id for tag in annotation.tags} >= {"norland", "ceasefire", "talks"}


def test_what_one_speaker_says_becomes_one_commentary(dossier):
    (commentary,) = [c for c in dossier.commentaries if c.speaker.name == "Mirja Oskarsen"]
    assert commentary.speaker.category == "expert"
    assert any(m.is_alertworthy for o in commentary.occurrences for m in o.matches)


def test_a_statement_is_new_once_even_before_the_archive_has_been_written(store, dossier):
    first, second = judged(store, dossier, dossier)
    assert {o.verdict.novelty for c in first.commentaries for o in c.occurrences} == {"new"}
    ids = [
        [o.verdict.statement_id for c in judgement.commentaries for o in c.occurrences]
        for judgement in (first, second)
    ]
    assert ids[0] == ids[1]


def test_alerts_are_recorded_once(store, dossier):
    (judgement,) = judged(store, dossier)
    alerts = []
    for _ in range(2):
        raised, letters, _ = run_stage(
            [judgement], lambda outcomes: RaiseAlerts([WATCH], store, outcomes=outcomes)
        )
        assert letters == []
        alerts.append(run_stage(raised, lambda _: ArchiveDossiers(store))[0])
    assert [[alert.speaker.name for alert in found] for found in alerts] == [["Mirja Oskarsen"], []]


class _CountingModel:
    name = "counting"
    parses = 0

    def parse(self, texts):
        type(self).parses += 1
        return load_language_model().parse(texts)


def test_a_copy_at_another_address_is_not_parsed_again(annotation):
    article = annotation.article
    copy = replace(article, id="another", url="https://wire.example/talks")
    found, _, _ = run_stage(
        [article, copy],
        lambda outcomes: AnnotateArticles([WATCH], _CountingModel, outcomes=outcomes),
    )
    assert _CountingModel.parses == 1
    assert [a.article for a in found] == [article, copy]
    assert found[1].attributions == found[0].attributions == annotation.attributions


class _BrokenArchive(FakeStore):
    def recall(self, name_key, **asked):
        raise StoreError("the disk is full")


def test_an_archive_that_fails_stops_the_run_and_buries_nothing(dossier):
    with pytest.raises(Exception, match="the disk is full"):
        judged(_BrokenArchive, dossier)


class _BrokenModel:
    name = "broken"

    def parse(self, texts):
        raise RuntimeError("no parse today")


def test_an_article_that_cannot_be_annotated_becomes_one_dead_letter():
    annotations, letters, _ = run_stage(
        [extract_article(page(html(TALKS)))],
        lambda outcomes: AnnotateArticles([WATCH], _BrokenModel, outcomes=outcomes),
    )
    assert annotations == []
    assert [(letter.step, letter.reason, letter.entry_id) for letter in letters] == [
        ("AnnotateArticles", "error", "id-talks")
    ]
    assert "no parse today" in letters[0].trace


def test_worker_processes_give_the_same_annotations(annotation):
    found, letters, _ = run_stage(
        [annotation.article],
        lambda outcomes: AnnotateArticles(
            [WATCH], load_language_model, outcomes=outcomes, workers=2
        ),
    )
    assert letters == []
    assert found == [annotation]


def recalled(store, *dossiers):
    return run_stage(
        list(dossiers), lambda outcomes: RecallPersons([WATCH], store, outcomes=outcomes)
    )[0]


def without_role(dossier):
    """The reading as if its article gave the speaker's last name only, at another address."""
    article = replace(dossier.article, id="later", url="https://herald.example/later")
    (commentary, *_) = dossier.commentaries
    bare = Speaker("Oskarsen", "Oskarsen", True)
    return replace(dossier, article=article, commentaries=[replace(commentary, speaker=bare)])


def test_a_speaker_is_recalled_within_the_run_that_read_of_them(store, dossier):
    """The archive has not been written yet when the second article is looked at."""
    first, second = recalled(store, dossier, without_role(dossier))
    (introduction,) = first.introductions
    assert introduction.name == "Mirja Oskarsen"
    assert second.introductions == ()
    assert second.commentaries[0].speaker.name == "Mirja Oskarsen"
    assert "as told by" in second.commentaries[0].speaker.evidence


def test_a_speaker_is_recalled_from_the_archive(store, dossier):
    (first,) = recalled(store, dossier)
    key = first.commentaries[0].name_key
    store().records[key] = NameRecord(key, first.introductions)
    (later,) = recalled(store, without_role(dossier))
    assert later.commentaries[0].speaker.name == "Mirja Oskarsen"
