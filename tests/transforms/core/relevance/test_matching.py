import dataclasses

import pytest

from schemas.dossier import Dossier, Match
from schemas.watch import AlertPolicy, ListedExpert, Watch
from support.said import WATCH, annotation, article, said
from transforms.core.people.article_speakers import speaker_key
from transforms.core.relevance.matching import match
from transforms.core.relevance.subjects import any_negotiation

LEAD = "Arden and Brevia resumed peace talks on Monday."
QUOTE = "Brevia will not sign before the thaw"
FELLOW = "a senior fellow at the Hudson Institute"


def read(*attributions_of: tuple[str, str], watch: Watch = WATCH, named: bool = True) -> Dossier:
    """What (name, role) pairs say of the talks, one after another."""
    words = [f"{QUOTE} number {n}" for n in range(len(attributions_of))]
    where = article(
        LEAD, *(f"“{w},” said {a[0]}." for w, a in zip(words, attributions_of, strict=True))
    )
    people = [said(where, w, *a, named=named) for w, a in zip(words, attributions_of, strict=True)]
    return match(annotation(where, *people, watches=[watch]), [watch])


def only(dossier: Dossier) -> Match:
    ((found,),) = [o.matches for c in dossier.commentaries for o in c.occurrences]
    return found


def codes(found: Match) -> list[str]:
    return [reason.code for reason in found.reasons]


def test_expert_on_the_talks_is_alertworthy() -> None:
    found = only(read(("Ana Ruiz", FELLOW)))
    assert (found.category, found.is_alertworthy, found.is_held) == ("expert", True, False)
    assert found.evidence == "senior fellow"
    assert "Ana Ruiz is an expert (senior fellow)" in [r.text for r in found.reasons]


def test_officials_are_not() -> None:
    found = only(read(("Ana Ruiz", "foreign minister")))
    assert not found.is_alertworthy
    assert codes(found)[0] == "category_not_asked_for"


@pytest.mark.parametrize("name", ["Lena Moro", "Moro", "President Lena Moro", "Clara Moro"])
def test_actor_of_the_watch_stays_what_the_watch_says(name: str) -> None:
    found = only(read((name, "a former professor at Arden University")))
    assert found.category == ("expert" if name == "Clara Moro" else "party")


def test_listed_experts_win_over_the_article() -> None:
    watch = dataclasses.replace(
        WATCH,
        always_experts=[ListedExpert("Jon Vik")],
        never_experts=[ListedExpert("Ana Ruiz")],
    )
    assert only(read(("Jon Vik", "foreign minister"), watch=watch)).is_alertworthy
    never = only(read(("Ana Ruiz", FELLOW), watch=watch))
    assert (never.category, never.evidence) == ("citizen", "experts.never of the watch")


def test_unnamed_experts_do_not_alert_unless_asked_for() -> None:
    found = only(read(("analysts", ""), named=False))
    assert (found.category, found.is_alertworthy) == ("expert", False)
    assert "unnamed" in codes(found)
    policy = AlertPolicy(named_only=False, min_confidence=0.5)
    asked = dataclasses.replace(WATCH, alert_on=policy)
    assert only(read(("analysts", ""), watch=asked, named=False)).is_alertworthy


def test_what_is_not_sure_enough_is_held_and_says_why() -> None:
    where = article(LEAD, f"“{QUOTE},” she said.")
    person = said(where, QUOTE, "Ana Ruiz", FELLOW, confidence=0.5)
    found = only(match(annotation(where, person), [WATCH]))
    assert (found.is_alertworthy, found.is_held) == (True, True)
    assert found.reasons[-1].text == (
        "held: not sure enough who said it or where the words end (0.69; this watch asks for 0.80)"
    )


def test_variants_of_a_name_make_one_commentary_with_the_fullest_name_and_role() -> None:
    dossier = read(("Alexander Gabuev", ""), ("Gabuyev", FELLOW), ("Ana Ruiz", FELLOW))
    first, second = dossier.commentaries
    assert (first.speaker.name, first.speaker.role) == ("Alexander Gabuev", FELLOW)
    assert [len(first.occurrences), len(second.occurrences)] == [2, 1]
    assert all(o.matches[0].is_alertworthy for o in first.occurrences)


def test_namesakes_stay_apart() -> None:
    dossier = read(("Robert Kagan", FELLOW), ("Frederick Kagan", FELLOW))
    assert len(dossier.commentaries) == 2


def test_role_told_elsewhere_in_the_article_counts() -> None:
    where = article(
        "As a former ambassador to Brevia, Ana Ruiz knows both sides of the peace talks.",
        f"“{QUOTE},” said Ruiz. Arden and Brevia meet again on Friday.",
    )
    dossier = match(annotation(where, said(where, QUOTE, "Ana Ruiz")), [WATCH])
    assert only(dossier).category == "expert"
    assert only(dossier).evidence == "former ambassador"


def test_lead_without_a_name_belongs_to_the_only_named_expert() -> None:
    where = article(
        "Arden stalls the peace talks with Brevia, an Ardenese analyst says.",
        f"“{QUOTE},” said Ana Ruiz.",
    )
    lead = said(
        where,
        "Arden stalls the peace talks with Brevia",
        "an Ardenese analyst",
        kind="indirect",
        named=False,
    )
    (one,) = match(
        annotation(where, lead, said(where, QUOTE, "Ana Ruiz", FELLOW)), [WATCH]
    ).commentaries
    assert one.speaker.name == "Ana Ruiz"
    assert one.occurrences[0].attribution.speaker.as_written == "an Ardenese analyst"
    assert one.occurrences[0].attribution.confidence < lead.confidence


def test_lead_stays_unnamed_beside_two_experts_or_in_the_plural() -> None:
    where = article(
        "Arden stalls, analysts say, and so does Brevia.",
        f"“{QUOTE},” said Ana Ruiz.",
    )
    lead = said(where, "Arden stalls", "analysts", kind="indirect", named=False)
    dossier = match(annotation(where, lead, said(where, QUOTE, "Ana Ruiz", FELLOW)), [WATCH])
    assert [c.speaker.named for c in dossier.commentaries] == [False, True]


def test_unnamed_speakers_are_keyed_within_their_article() -> None:
    here, there = article(LEAD), article(LEAD, url="https://wire.example/b")
    speaker = said(here, LEAD[:5], "an official", named=False).speaker
    assert speaker_key(speaker, here.id) == speaker_key(speaker, here.id)
    assert speaker_key(speaker, here.id) != speaker_key(speaker, there.id)
    assert speaker_key(speaker, here.id).startswith("unnamed:")


def test_occurrence_names_what_stands_in_and_round_it() -> None:
    ((occurrence,),) = [c.occurrences for c in read(("Ana Ruiz", FELLOW)).commentaries]
    assert occurrence.text == f"{QUOTE} number 0"
    assert occurrence.actors == ("arden", "brevia")
    assert occurrence.topics == ("talks",)


def test_fragments_are_joined() -> None:
    where = article(LEAD, "“No deal,” she said, “before the thaw.”")
    person = said(where, ["No deal,", "before the thaw."], "Ana Ruiz", FELLOW)
    ((occurrence,),) = [
        c.occurrences for c in match(annotation(where, person), [WATCH]).commentaries
    ]
    assert occurrence.text == "No deal, … before the thaw."


def test_one_match_per_watch() -> None:
    watches = [WATCH, any_negotiation()]
    where = article(LEAD, f"“{QUOTE},” said Ana Ruiz.")
    dossier = match(
        annotation(where, said(where, QUOTE, "Ana Ruiz", FELLOW), watches=watches), watches
    )
    ((occurrence,),) = [c.occurrences for c in dossier.commentaries]
    assert [m.watch for m in occurrence.matches] == ["lake-talks", "any-negotiation"]
    assert all(m.is_alertworthy for m in occurrence.matches)


def test_name_inside_a_description_is_taken_out() -> None:
    where = article(LEAD, f"“{QUOTE},” said Brevian trade expert Ida Moe.")
    person = said(where, QUOTE, "Brevian trade expert Ida Moe", named=False)
    (one,) = match(annotation(where, person), [WATCH]).commentaries
    assert (one.speaker.name, one.speaker.role) == ("Ida Moe", "Brevian trade expert")
    assert one.occurrences[0].matches[0].is_alertworthy


def test_a_name_without_a_role_among_experts_is_held_as_one() -> None:
    others = [("Ana Ruiz", FELLOW), ("Jon Vik", "a professor at Arden University")]
    alone = read(others[0], ("Ida Berg", ""))
    assert [o.matches[0].category for c in alone.commentaries for o in c.occurrences] == [
        "expert",
        "citizen",
    ]
    *_, berg = read(*others, ("Ida Berg", "")).commentaries
    (found,) = berg.occurrences[0].matches
    assert (found.category, found.is_alertworthy, found.is_held) == ("expert", True, True)
    assert found.evidence == "no role is given; quoted beside 2 experts"
    assert berg.speaker.category == "citizen"


@pytest.mark.parametrize(
    "name",
    [
        "Arden, Brevia and Solm",
        "Hudson Institute",
        "Moro",
        "WEST SOLM BEACH",
        "North Lake Morning Post",
        "Following Vik",
        "Majdal Tarn",
    ],
)
def test_no_body_nor_actor_is_taken_for_an_expert_by_its_company(name: str) -> None:
    others = [("Ana Ruiz", FELLOW), ("Jon Vik", "a professor at Arden University")]
    *_, last = read(*others, (name, "")).commentaries
    assert "quoted beside" not in last.occurrences[0].matches[0].evidence


def test_reasons_point_at_their_words() -> None:
    where = article(LEAD, "“The peace talks go on,” said Ana Ruiz.")
    person = said(where, "The peace talks go on", "Ana Ruiz", FELLOW)
    reason = only(match(annotation(where, person), [WATCH])).reasons[1]
    assert [where.text[s.start : s.end] for s in reason.spans] == ["peace talks"]


def test_many_without_a_name_are_told_in_the_plural() -> None:
    found = only(read(("Analysts", ""), named=False))
    assert found.reasons[0].text.startswith("Analysts are experts")


def test_a_watch_may_name_bodies_whose_people_are_experts() -> None:
    watch = dataclasses.replace(WATCH, expert_institutions=["Solm Round Table"])
    director = ("Ana Ruiz", "director of the Solm Round Table")
    assert only(read(director)).category == "citizen"
    found = only(read(director, watch=watch))
    assert (found.category, found.is_alertworthy, found.is_held) == ("expert", True, False)
    assert found.evidence == "Solm Round Table: experts.institutions of the watch"
    minister = ("Ana Ruiz", "foreign minister, once of the Solm Round Table")
    assert only(read(minister, watch=watch)).category == "official"


def test_people_from_the_street_come_in_greater_numbers_than_experts() -> None:
    experts = [("Ana Ruiz", FELLOW), ("Jon Vik", "a professor at Arden University")]
    street = [("Ida Berg", ""), ("Mara Lind", ""), ("Per Holm", "")]
    for number, category in ((2, "expert"), (3, "citizen")):
        *_, last = read(*experts, *street[:number]).commentaries
        assert last.occurrences[0].matches[0].category == category
