"""Which articles repeat others."""

import dataclasses

from schemas.dossier import Dossier
from support.judged import (
    LEAD,
    PORT,
    RUIZ,
    THAW,
    TOLL,
    VIK,
    raised,
    read,
    remembered,
)
from support.said import article
from transforms.core.novelty.copies import copied_from, statement_ids, with_copies

FIRST = "https://wire.example/a"


def elsewhere(first: Dossier, *people: tuple[str, str, str]) -> Dossier:
    """Another site's article in which this is said, after the first was read."""
    paragraphs = (f"“{words},” said {name}." for words, name, _ in people)
    where = article(LEAD, *paragraphs, url="https://other.example/b")
    return read(*people, memory=remembered(first), where=where)


def test_an_article_that_repeats_another_word_for_word_is_its_copy() -> None:
    first = read((THAW, *RUIZ), (TOLL, *VIK))
    assert copied_from(first) == ""
    assert copied_from(elsewhere(first, (THAW, *RUIZ), (TOLL, *VIK))) == FIRST
    assert copied_from(elsewhere(first, (THAW.upper(), *RUIZ), (TOLL, *VIK))) == FIRST
    assert copied_from(elsewhere(first, (THAW, *RUIZ), (TOLL, *VIK), (PORT, *RUIZ))) == FIRST


def test_one_line_quoted_or_half_of_what_is_said_makes_no_copy() -> None:
    first = read((THAW, *RUIZ), (TOLL, *VIK))
    assert copied_from(elsewhere(first, (THAW, *RUIZ))) == ""
    more = "The lighthouse will be lit by whoever is left"
    both = elsewhere(first, (THAW, *RUIZ), (TOLL, *VIK), (PORT, *RUIZ), (more, *VIK))
    assert copied_from(both) == ""


def test_the_same_text_is_a_copy_whatever_is_said() -> None:
    first = read((THAW, *RUIZ))
    copy = with_copies(elsewhere(first, (THAW, *RUIZ)), FIRST, {})
    assert copy.copy_of == FIRST
    assert with_copies(first, "", {}).copy_of is None


def test_an_alert_tells_what_its_article_is_a_copy_of_and_where_else_its_words_stand() -> None:
    first = read((THAW, *RUIZ), (TOLL, *VIK))
    copy = elsewhere(first, (THAW, *RUIZ), (TOLL, *VIK), (PORT, *RUIZ))
    known = with_copies(copy, "", dict.fromkeys(statement_ids(first), 4))
    (alert,) = raised(known, before=(first,))
    assert alert.article.copy_of == FIRST
    assert [(s.text, s.occurrences) for s in alert.statements] == [(PORT, 1), (THAW, 5)]


def test_words_twice_in_an_article_stand_in_two_places() -> None:
    twice = (f"{THAW}, they say, and the port", *RUIZ)
    (alert,) = raised(read((THAW, *RUIZ), twice))
    assert [s.occurrences for s in alert.statements] == [2, 2]


def test_what_is_not_judged_is_no_copy() -> None:
    first = read((THAW, *RUIZ), (TOLL, *VIK))
    bare = [
        dataclasses.replace(
            c, occurrences=[dataclasses.replace(o, verdict=None) for o in c.occurrences]
        )
        for c in first.commentaries
    ]
    unjudged = dataclasses.replace(first, commentaries=bare)
    assert with_copies(unjudged, "", {}) == unjudged
