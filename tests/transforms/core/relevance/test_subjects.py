from schemas.annotation import Annotation, Attribution
from schemas.watch import Watch
from support.said import WATCH, annotation, article, said
from transforms.core.articles.selection import may_matter
from transforms.core.relevance.subjects import (
    ArticleSubject,
    Subject,
    any_negotiation,
    surroundings,
    tags_within,
)
from transforms.core.text.tags import Lexicon

TALKS = "Arden and Brevia resumed peace talks. The negotiations in Solm go on, Arden said."
FAR = "It rained in the valley, and the market was closed for the day. " * 30


def subject(words: str, *others: str, title: str = "", watch: Watch = WATCH) -> Subject:
    noted, attribution = note(words, *others, title=title, watch=watch)
    return ArticleSubject(noted).of(attribution, watch)


def note(
    words: str, *others: str, title: str = "", watch: Watch = WATCH
) -> tuple[Annotation, Attribution]:
    where = article(*others, f"“{words},” said Ana Ruiz.", title=title)
    attribution = said(where, words, "Ana Ruiz", "analyst")
    return annotation(where, attribution, watches=[watch]), attribution


def test_naming_talks_settles_it() -> None:
    found = subject("The truce will not outlive the snow", TALKS)
    assert (found.on_negotiation, found.code, found.reason) == (
        True,
        "names_talks",
        "mentions Ceasefire",
    )


def test_moves_count_beside_talks() -> None:
    found = subject("They lack patience and leverage", TALKS)
    assert (found.on_negotiation, found.code) == (True, "near_talks")
    assert found.reason == "uses “patience” and “leverage” close to a mention of talks"


def test_statement_without_such_words_follows_its_surroundings_less_surely() -> None:
    near = subject("It did not achieve a thing", TALKS)
    assert near.on_negotiation
    assert near.sureness < subject("They lack leverage", TALKS).sureness


def test_battlefield_and_markets_beside_talks_are_other_subjects() -> None:
    for words in ("The offensive cost many casualties", "Inflation will eat the harvest"):
        found = subject(words, TALKS)
        assert (found.on_negotiation, found.code) == (False, "other_subject"), words


def test_far_from_talks_nothing_counts() -> None:
    assert not subject("They lack leverage", "Brevia and Arden: a truce.", FAR).on_negotiation


def test_article_must_name_the_talks_and_two_sides() -> None:
    assert "none of the watch's talks" in subject("They lack leverage", "Arden, Brevia.").reason
    assert "fewer than two sides" in subject("A truce is near", "Arden and Arden.").reason


def test_article_on_others_talks_is_not_ours() -> None:
    others = "Iran and Israel agreed a truce. Iran said so. Iranian envoys left for Tehran. Iran."
    found = subject("The truce holds", others, "Arden and Brevia watched.")
    assert "speaks more of Iran" in found.reason


def test_title_may_name_the_talks() -> None:
    assert subject("They lack leverage", "Arden, Brevia.", title="Negotiations").on_negotiation


def test_any_negotiation_needs_no_sides() -> None:
    watch = any_negotiation()
    others = "The two firms resumed negotiations. Talks went on overnight."
    assert subject("They lack leverage", others, watch=watch).on_negotiation
    assert not subject("They lack leverage", "It rained.", watch=watch).on_negotiation


def test_what_is_on_the_negotiation_has_passed_selection() -> None:
    for title in ("", "Negotiations", "Arden"):
        for body in (TALKS, "Arden, Brevia.", "A truce.", "Arden: truce", FAR):
            for watch in (WATCH, any_negotiation()):
                noted, attribution = note("The truce holds", body, title=title, watch=watch)
                if ArticleSubject(noted).of(attribution, watch).on_negotiation:
                    text = noted.article.text
                    assert may_matter(title, text, Lexicon([watch]))


def test_surroundings_are_the_neighbour_paragraphs_within_bounds() -> None:
    noted, attribution = note("They lack leverage", FAR, "Brevia waits.")
    around = surroundings(noted, attribution)
    text = noted.article.text[around.start : around.end]
    assert text.startswith("Brevia waits.")
    assert text.endswith("said Ana Ruiz.")
    assert [t.id for t in tags_within(noted.tags, [around])] == ["brevia"]
    noted, attribution = note("They lack leverage", FAR)
    around = surroundings(noted, attribution)
    assert around.end - around.start < 600
