import dataclasses
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from schemas.base import Instant
from support.judged import (
    LATER,
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
from support.said import DAY, HORIZON, NOON, WATCH, annotation, article, said
from transforms.core.alerts.excerpts import text_link
from transforms.core.alerts.raising import held_in, is_too_old, raise_alerts
from transforms.core.novelty.judge import judge_commentary
from transforms.core.relevance.matching import match


def test_a_reason_says_which_statements_it_holds_for() -> None:
    (alert,) = raised(read((THAW, *RUIZ), (TOLL, *RUIZ)))
    assert [statement.text for statement in alert.statements] == [THAW, TOLL]
    new, who, *topics = alert.reasons
    assert new.text == "2 new statements"
    assert who.statements == ()  # what she is holds for both
    assert {reason.statements for reason in topics} == {(s.id,) for s in alert.statements}
    assert not any(r.statements for a in raised(read((THAW, *RUIZ))) for r in a.reasons)


def test_one_alert_per_expert_with_all_that_is_new() -> None:
    alerts = raised(read((THAW, *RUIZ), (PORT, *VIK), (TOLL, *RUIZ)))
    assert [a.speaker.name for a in alerts] == ["Ana Ruiz", "Jon Vik"]
    assert [s.text for s in alerts[0].statements] == [THAW, TOLL]
    assert [a.others for a in alerts] == [("Jon Vik",), ("Ana Ruiz",)]
    assert alerts[0].bundle_id == alerts[1].bundle_id
    assert len({a.id for a in alerts}) == 2


def test_alert_tells_who_where_and_why() -> None:
    (alert,) = raised(read((THAW, *RUIZ)))
    assert (alert.type, alert.revision, alert.watch) == ("new", 1, "lake-talks")
    assert (alert.speaker.evidence, alert.speaker.new_voice) == ("senior fellow", True)
    assert (alert.article.publisher, alert.alerted_at) == ("The Wire", LATER)
    (statement,) = alert.statements
    assert statement.context_before.endswith("asked for a truce. “")
    assert statement.context_after == ",” said Ana Ruiz."
    assert statement.attribution == "Ana Ruiz"
    assert statement.link.startswith("https://wire.example/a#:~:text=")
    assert [r.code for r in alert.reasons][:2] == ["new", "category_asked_for"]


def test_officials_and_held_statements_raise_none() -> None:
    assert raised(read((THAW, "Jon Vik", "foreign minister"))) == ()
    where = article(LEAD, f"“{THAW},” she said.")
    unsure = said(where, THAW, *RUIZ, confidence=0.5)
    dossier = match(annotation(where, unsure), [WATCH])
    one, _ = judge_commentary((), dossier.commentaries[0], where, horizon_seconds=HORIZON)
    held = dataclasses.replace(dossier, commentaries=[one])
    assert raised(held) == ()
    twice = [WATCH, dataclasses.replace(WATCH, id="other", max_age_seconds=-1)]
    assert [watch for watch, _ in held_in(held, twice)] == [WATCH.id]  # not matched by the other
    assert held_in(read((THAW, *RUIZ)), [WATCH]) == set()


def test_copies_and_extensions_alone_raise_none() -> None:
    first = read((THAW, *RUIZ))
    memory = remembered(first)
    elsewhere = article(LEAD, f"“{THAW},” said Ana Ruiz.", url="https://other.example/b")
    copy = read((THAW, *RUIZ), memory=memory, where=elsewhere)
    assert raised(copy, before=(first,)) == ()
    longer = f"{THAW}, and Arden has no reason to wait until the ice is gone"
    extended = article(LEAD, f"“{longer},” said Ana Ruiz.", url="https://other.example/c")
    assert raised(read((longer, *RUIZ), memory=memory, where=extended), before=(first,)) == ()


def test_known_statements_stand_behind_new_ones() -> None:
    first = read((THAW, *RUIZ))
    memory = remembered(first)
    where = article(
        LEAD, f"“{THAW},” said Ana Ruiz.", f"“{PORT},” said Ruiz.", url="https://other.example/b"
    )
    both = read((THAW, *RUIZ), (PORT, *RUIZ), memory=memory, where=where)
    (alert,) = raised(both, before=(first,))
    assert [(s.text, s.verdict) for s in alert.statements] == [(PORT, "new"), (THAW, "repeated")]
    assert alert.statements[1].nearest.relation == "repeats"
    assert (alert.speaker.first_seen, alert.speaker.new_voice) == (NOON, False)


def test_reading_again_raises_nothing_again() -> None:
    dossier = read((THAW, *RUIZ))
    alerts = raised(dossier)
    assert raised(read((THAW, *RUIZ), memory=remembered(dossier)), alerts) == ()


def test_edited_article_raises_a_second_revision_for_what_was_added() -> None:
    first = read((THAW, *RUIZ))
    alerts = raised(first)
    edited = article(LEAD, f"“{THAW},” said Ana Ruiz.", f"“{PORT},” said Ruiz.")
    again = read((THAW, *RUIZ), (PORT, *RUIZ), memory=remembered(first), where=edited)
    (update,) = raised(again, alerts)
    assert (update.type, update.revision) == ("updated", 2)
    assert [(s.text, s.verdict) for s in update.statements] == [(PORT, "new"), (THAW, "repeated")]
    assert update.id != alerts[0].id
    assert update.bundle_id == alerts[0].bundle_id


def test_a_statement_that_first_stood_with_an_unknown_speaker_alerts_where_they_are_known() -> None:
    unknown = read((THAW, "Ana Ruiz", ""))
    assert raised(unknown) == ()
    known = read((THAW, *RUIZ), memory=remembered(unknown))
    (alert,) = raised(known, before=(unknown,))
    assert [(s.text, s.verdict) for s in alert.statements] == [(THAW, "new")]
    assert raised(read((THAW, *RUIZ), memory=remembered(unknown)), before=(known,)) == ()


def test_old_articles_raise_none() -> None:
    old = dataclasses.replace(article(LEAD, f"“{THAW},” said Ana Ruiz."), seen_at=NOON + 8 * DAY)
    assert is_too_old(old, WATCH)
    assert raised(read((THAW, *RUIZ), where=old)) == ()
    ageless = dataclasses.replace(WATCH, max_age_seconds=None)
    assert not is_too_old(old, ageless)
    assert len(raise_alerts(read((THAW, *RUIZ), where=old), [ageless], (), {}, LATER)) == 1


def test_time_of_alerting_does_not_change_the_id() -> None:
    dossier = read((THAW, *RUIZ))
    (now,), (then,) = (raise_alerts(dossier, [WATCH], (), {}, at) for at in (LATER, Instant(0)))
    assert now.id == then.id


def test_sure_direct_quotation_has_priority() -> None:
    assert raised(read((THAW, *RUIZ)))[0].priority == "high"
    where = article(LEAD, f"{THAW}, Ana Ruiz said.")
    told = said(where, THAW, *RUIZ, kind="indirect", as_written="she")
    dossier = match(annotation(where, told), [WATCH])
    one, _ = judge_commentary((), dossier.commentaries[0], where, horizon_seconds=HORIZON)
    (alert,) = raised(dataclasses.replace(dossier, commentaries=[one]))
    assert alert.priority == "normal"
    assert alert.statements[0].attribution == "she → Ana Ruiz"


def test_context_is_cut_at_words_and_bounded() -> None:
    filler = "The ferry waited in the rain while the harbour bells rang on. " * 5
    (alert,) = raised(
        read((THAW, *RUIZ), where=article(LEAD, f"{filler}“{THAW},” said Ana Ruiz. {filler}"))
    )
    statement = alert.statements[0]
    assert statement.context_before.startswith("… ")
    assert statement.context_after.endswith(" …")
    assert max(len(statement.context_before), len(statement.context_after)) <= 204


@given(st.text(max_size=300))
def test_links_hold_the_words_and_nothing_that_breaks_them(text: str) -> None:
    base, _, fragment = text_link("https://a.example/b?c=d#e", text).partition("#:~:text=")
    assert base == "https://a.example/b?c=d"
    assert not set(fragment) & set(" -&\"'<>\n")
    if fragment and len(text.split()) <= 12:
        assert unquote(fragment, errors="surrogatepass") == " ".join(text.split())
