import dataclasses
import itertools

from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article
from schemas.dossier import Commentary
from schemas.statement import Statement
from support.judged import FELLOW, PORT, THAW, judged, quoting
from support.said import DAY, HORIZON, NOON, annotation, article, said
from transforms.core.novelty.judge import judge, statement_of
from transforms.core.relevance.matching import match


def statement(text: str, *, name: str = "Ana Ruiz", at: float = 0, url: str = "m") -> Statement:
    one, where = quoting(text, name=name, at=at, url=url)
    return statement_of(one, one.occurrences[0], where)


def test_first_words_are_new_and_remembered() -> None:
    verdicts, new, found = judged([], *quoting(THAW))
    assert verdicts == ["new"]
    assert [s.text for s in new] == [THAW]
    assert found.first_seen is None
    assert found.occurrences[0].verdict.nearest is None


def test_repeated_words_attach_to_the_known_statement() -> None:
    known = statement(THAW)
    verdicts, new, found = judged([known], *quoting(THAW.upper(), at=DAY))
    assert (verdicts, new) == (["repeated"], ())
    verdict = found.occurrences[0].verdict
    assert verdict.statement_id == known.id
    assert (verdict.nearest.relation, verdict.nearest.url) == ("repeats", known.article_url)
    assert found.first_seen == NOON


def test_words_added_extend_the_known_statement() -> None:
    longer = f"{THAW}, and Arden has no reason to wait until the ice is gone"
    known = statement(THAW)
    verdicts, new, found = judged([known], *quoting(longer))
    assert (verdicts, new) == (["extended"], ())
    assert found.occurrences[0].verdict.statement_id == known.id


def test_denial_is_new_and_points_to_what_it_denies() -> None:
    verdicts, new, found = judged([statement(THAW)], *quoting(THAW.replace(" not", "")))
    assert (verdicts, len(new)) == (["new"], 1)
    assert found.occurrences[0].verdict.nearest.relation == "contradicts"


def test_another_persons_words_are_theirs() -> None:
    namesake = statement(THAW, name="Jose Ruiz")
    assert judged([namesake], *quoting(THAW))[0] == ["new"]
    assert judged([statement(THAW, name="Jon Vik")], *quoting(THAW))[0] == ["new"]


def test_the_same_words_of_a_namesake_or_of_long_ago_are_another_statement() -> None:
    for known in (statement(THAW, name="Jose Ruiz"), statement(THAW, at=-2 * HORIZON)):
        verdicts, (new,), found = judged([known], *quoting(THAW))
        assert verdicts == ["new"]
        assert new.id != known.id
        assert found.occurrences[0].verdict.statement_id == new.id
        again = judged([known, new], *quoting(THAW))
        assert (again[0], again[1], again[2]) == (["new"], (), found)


def test_spelling_of_the_name_makes_no_difference() -> None:
    known = statement(THAW, name="Alexander Gabuev")
    assert judged([known], *quoting(THAW, name="Aleksandr Gabuyev"))[0] == ["repeated"]


def test_horizon_is_a_distance_either_way() -> None:
    for at in (-HORIZON - 1, HORIZON + 1):
        assert judge([statement(THAW)], statement(THAW, at=at), horizon_seconds=HORIZON) == judge(
            [], statement(THAW, at=at), horizon_seconds=HORIZON
        )
    for at in (-HORIZON, HORIZON):
        found = judge([statement(THAW)], statement(THAW, at=at), horizon_seconds=HORIZON)
        assert found.novelty == "repeated"


def test_same_words_twice_in_an_article_are_one_statement() -> None:
    verdicts, new, found = judged([], *quoting(THAW, f"{THAW} of the river"))
    assert verdicts == ["new", "repeated"]
    assert len({o.verdict.statement_id for o in found.occurrences}) == len(new) == 1
    assert len({o.id for o in found.occurrences}) == 2


def lead_article() -> tuple[Commentary, Article]:
    lead = "Arden gains most by stalling"
    where = article(f"{lead}, Ana Ruiz says.", f"“{PORT},” said Ruiz.")
    people = [
        said(where, lead, "Ana Ruiz", FELLOW, kind="indirect"),
        said(where, PORT, "Ana Ruiz", FELLOW),
    ]
    (one,) = match(annotation(where, *people), []).commentaries
    return one, where


def test_lead_repeats_the_quotation_that_it_tells() -> None:
    verdicts, new, found = judged([], *lead_article())
    assert verdicts == ["repeated", "new"]
    assert [s.text for s in new] == [PORT]
    assert found.occurrences[0].verdict.nearest.reason == "the lead tells what is quoted below"


def test_what_is_told_further_down_is_judged_by_its_words() -> None:
    told = "Arden gains most by stalling"
    where = article("It rained.", f"{told}, Ana Ruiz says.", f"“{PORT},” said Ruiz.")
    people = [
        said(where, told, "Ana Ruiz", FELLOW, kind="indirect"),
        said(where, PORT, "Ana Ruiz", FELLOW),
    ]
    (one,) = match(annotation(where, *people), []).commentaries
    assert judged([], one, where)[0] == ["new", "new"]


def test_lead_over_several_quotations_tells_the_nearest_or_none() -> None:
    lead = "Whoever has the port will fix the lake's price"
    where = article(
        f"{lead}, Ana Ruiz says.", f"“{THAW},” said Ruiz.", f"“{PORT},” she said.", "It rained."
    )
    people = [
        said(where, lead, "Ana Ruiz", FELLOW, kind="indirect"),
        said(where, THAW, "Ana Ruiz", FELLOW),
        said(where, PORT, "Ana Ruiz", FELLOW),
    ]
    (one,) = match(annotation(where, *people), []).commentaries
    verdicts, _, found = judged([], one, where)
    assert verdicts == ["repeated", "new", "new"]
    assert found.occurrences[0].verdict.nearest.text == PORT


def test_two_things_told_in_a_lead_are_two() -> None:
    one, other = "Arden gains most by stalling", "the ferries wait for ice"
    where = article(f"{one}, says Ana Ruiz, who expects that {other}.")
    people = [said(where, words, "Ana Ruiz", FELLOW, kind="indirect") for words in (one, other)]
    (both,) = match(annotation(where, *people), []).commentaries
    assert judged([], both, where)[0] == ["new", "new"]


def test_edited_article_keeps_what_it_said_and_adds_what_is_new() -> None:
    _, first, _ = judged([], *quoting(THAW))
    verdicts, added, found = judged(list(first), *quoting(PORT, THAW))
    assert verdicts == ["new", "new"]
    assert [s.text for s in added] == [PORT]
    assert found.occurrences[1].verdict.statement_id == first[0].id


def test_other_articles_copy_after_the_first_changes_nothing_for_the_first() -> None:
    one, where = quoting(THAW)
    _, first, found = judged([], one, where)
    again = judged([*first, statement(PORT, at=DAY, url="later")], one, where)
    assert again[0] == ["new"]
    assert again[2].occurrences[0].id == found.occurrences[0].id


SAYINGS = [
    THAW,
    THAW.lower(),
    "before the thaw",
    THAW.replace("not", "surely"),
    f"{THAW}, and Arden has no reason to wait until the ice is gone",
    PORT,
    "the port will name the price of the lake",
    "Nobody in the guild trusts 12 monitors",
    "Nobody in the guild trusts 30 monitors",
]
ARTICLES = st.lists(st.lists(st.sampled_from(SAYINGS), min_size=1, max_size=4), max_size=5)


def run(said_in: list[list[str]]) -> tuple[list[Statement], list[list[tuple[str, str]]]]:
    memory: list[Statement] = []
    verdicts = []
    for number, words in enumerate(said_in):
        one, where = quoting(*words, at=number * DAY, url=str(number))
        _, new, found = judged(memory, one, where)
        memory += new
        verdicts.append([(o.id, o.verdict.novelty) for o in found.occurrences])
    return memory, verdicts


@given(ARTICLES)
def test_judging_twice_is_judging_once(said_in: list[list[str]]) -> None:
    memory, verdicts = run(said_in)
    if said_in:
        number = len(said_in) - 1
        one, where = quoting(*said_in[number], at=number * DAY, url=str(number))
        _, new, found = judged(memory, one, where)
        assert new == ()
        assert [(o.id, o.verdict.novelty) for o in found.occurrences] == verdicts[number]


@given(ARTICLES)
def test_memory_holds_each_statement_once(said_in: list[list[str]]) -> None:
    memory, verdicts = run(said_in)
    assert len({known.id for known in memory}) == len(memory)
    known = {known.id for known in memory}
    new = [v for article_verdicts in verdicts for v in article_verdicts if v[1] == "new"]
    assert len(new) == len(known)
    assert run(said_in) == (memory, verdicts)


def test_in_any_order_the_same_are_found_the_same() -> None:
    said_in = [[THAW], [THAW.lower()], [PORT], ["the port will name the price of the lake"]]
    for order in itertools.permutations(said_in):
        memory, _ = run(list(order))
        assert len(memory) == 2


def test_ids_hang_on_key_and_words_alone() -> None:
    a, b = statement(THAW), statement(f"“{THAW}!”", at=DAY, url="elsewhere")
    assert a.id == b.id
    assert dataclasses.replace(a, text="x").id == a.id
    assert statement(PORT).id != a.id
    assert statement(THAW, name="Jon Vik").id != a.id
