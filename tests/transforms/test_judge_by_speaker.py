"""Novelty in keyed state: first, again, late, after expiry, two keys interleaved."""

from __future__ import annotations

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.test_stream import TestStream as _TestStream
from apache_beam.transforms.window import TimestampedValue

from schemas.dossier import Dossier
from support.run import collected, keep
from support.said import DAY, NOON, WATCH, annotation, article, said
from transforms import judge_by_speaker as judge_readings
from transforms.coders import coder_of, to_beam
from transforms.core.by_name_key import judge_part, retention_seconds
from transforms.core.relevance.matching import match
from transforms.judge_by_speaker import JudgeBySpeaker
from transforms.runtime.outcomes import Outcomes

FELLOW = "a senior fellow at the Hudson Institute"
LEAD = "Arden and Brevia resumed peace talks on Monday, and Arden asked for a truce."
THAW = "Brevia will not sign a treaty before the thaw"
PORT = "Whoever holds the port will name the price of the lake"
RETENTION = retention_seconds([WATCH])


def dossier(slug: str, *people: tuple[str, str], at: float = 0, role: str = FELLOW) -> Dossier:
    """An article published ``at`` seconds after NOON, in which experts say things."""
    where = article(
        LEAD,
        *(f"“{words},” said {name}." for name, words in people),
        url=f"https://{slug}.example/a",
        at=at,
    )
    return match(
        annotation(where, *(said(where, words, name, role) for name, words in people)), [WATCH]
    )


def judged(*events: tuple[float, Dossier] | float, has_watermark: bool = True) -> list[Dossier]:
    """What comes out when readings come, each so long after NOON; a bare number moves the
    watermark there, or the clock where there is none.
    """
    collected.update(dossiers=[], letters=[])
    stream = _TestStream(coder=coder_of(Dossier))
    stream = _moved(stream, 0, has_watermark)
    for event in events:
        if isinstance(event, tuple):
            stream = stream.add_elements([TimestampedValue(event[1], to_beam(NOON + event[0]))])
        else:
            stream = _moved(stream, event, has_watermark)
    options = PipelineOptions(["--runner=BundleBasedDirectRunner", "--streaming"])
    outcomes = Outcomes()
    with beam.Pipeline(options=options) as pipeline:
        dossiers = pipeline | "Stream" >> stream.advance_watermark_to_infinity()
        dossiers.element_type = Dossier
        out = dossiers | "JudgeBySpeaker" >> JudgeBySpeaker(
            [WATCH], outcomes=outcomes, has_watermark=has_watermark
        )
        out | "Keep" >> beam.Map(keep, "dossiers")
        outcomes.dead_letters["JudgeBySpeaker"] | "KeepLetters" >> beam.Map(keep, "letters")
    return list(collected["dossiers"])


def _moved(stream: _TestStream, to: float, has_watermark: bool) -> _TestStream:
    if has_watermark:
        return stream.advance_watermark_to(to_beam(NOON + to))
    return stream.advance_processing_time(NOON.micros / 1e6 if to == 0 else to)


def verdicts(found: list[Dossier]) -> list[str]:
    return [o.verdict.novelty for r in found for c in r.commentaries for o in c.occurrences]


def alerts(found: list[Dossier]) -> list[tuple[str, str]]:
    return [(a.article.url, a.speaker.name) for r in found for a in r.alerts]


def test_the_first_alerts_and_a_copy_does_not():
    found = judged(
        (0, dossier("wire", ("Ana Ruiz", THAW))), (60, dossier("copy", ("Ana Ruiz", THAW)))
    )
    assert verdicts(found) == ["new", "repeated"]
    assert alerts(found) == [("https://wire.example/a", "Ana Ruiz")]


def test_a_message_that_comes_twice_is_harmless():
    once = dossier("wire", ("Ana Ruiz", THAW), ("Jon Vik", PORT))
    found = judged((0, once), (0, once), (60, once))
    assert len(found) == 3
    assert found[0].commentaries == found[1].commentaries == found[2].commentaries
    assert len(alerts(found)) == 2


def test_an_edit_that_adds_something_is_a_second_revision():
    found = judged(
        (0, dossier("wire", ("Ana Ruiz", THAW))),
        (60, dossier("wire", ("Ana Ruiz", THAW), ("Ana Ruiz", PORT))),
    )
    assert [(a.type, a.revision) for r in found for a in r.alerts] == [("new", 1), ("updated", 2)]


def test_what_comes_late_is_judged_like_the_rest():
    found = judged(
        (0, dossier("wire", ("Ana Ruiz", THAW))),
        3 * DAY,
        (DAY, dossier("late", ("Ana Ruiz", THAW))),  # two days behind the watermark
        (3 * DAY, dossier("new", ("Ana Ruiz", PORT), at=3 * DAY)),
    )
    assert verdicts(found) == ["new", "repeated", "new"]


def test_memory_expires_when_nothing_can_refer_to_it():
    def again(days):
        # Published within the horizon, so that only memory can tell.
        return (days * DAY, dossier(f"day-{days}", ("Ana Ruiz", THAW), at=80 * DAY))

    kept = RETENTION // DAY
    first = (0, dossier("wire", ("Ana Ruiz", THAW)))
    assert verdicts(judged(first, kept * DAY, again(kept))) == ["new", "repeated"]
    assert verdicts(judged(first, (kept + 2) * DAY, again(kept + 2))) == ["new", "new"]


def test_what_was_heard_later_outlives_what_was_heard_first():
    kept = RETENTION // DAY
    found = judged(
        (0, dossier("wire", ("Ana Ruiz", THAW))),
        (40 * DAY, dossier("other", ("Ana Ruiz", PORT), at=40 * DAY)),
        (kept + 2) * DAY,
        ((kept + 2) * DAY, dossier("thaw", ("Ana Ruiz", THAW), at=80 * DAY)),
        ((kept + 2) * DAY, dossier("port", ("Ana Ruiz", PORT), at=80 * DAY)),
        (kept + 42) * DAY,
        ((kept + 42) * DAY, dossier("port-2", ("Ana Ruiz", PORT), at=80 * DAY)),
    )
    assert verdicts(found) == ["new", "new", "new", "repeated", "new"]


def test_without_a_watermark_memory_expires_by_the_clock():
    first = (0, dossier("wire", ("Ana Ruiz", THAW)))
    again = (60, dossier("late", ("Ana Ruiz", THAW), at=80 * DAY))
    for days, last in ((0, "repeated"), (2, "new")):
        found = judged(first, RETENTION + days * DAY, again, has_watermark=False)
        assert verdicts(found) == ["new", last]


def test_two_keys_do_not_disturb_each_other():
    found = judged(
        (0, dossier("a", ("Ana Ruiz", THAW))),
        (10, dossier("b", ("Jon Vik", THAW), ("Ana Ruiz", PORT))),
        (20, dossier("c", ("Ana Ruiz", THAW), ("Jon Vik", PORT))),
        (30, dossier("d", ("Jon Vik", PORT), ("Ana Ruiz", PORT))),
    )
    assert verdicts(found) == ["new", "new", "new", "repeated", "new", "repeated", "repeated"]
    both = next(r for r in found if r.article.url == "https://b.example/a")
    assert [a.others for a in both.alerts] == [("Ana Ruiz",), ("Jon Vik",)]


def test_an_article_in_which_nobody_says_anything_comes_through():
    (found,) = judged((0, dossier("quiet")))
    assert found.commentaries == ()


def test_a_share_that_fails_is_buried_and_the_others_go_on(monkeypatch):
    def judge(memory, people, share, watches, heard_at, *, model):
        if people.name_key == "vik":
            raise ValueError("a bug")
        return judge_part(memory, people, share, watches, heard_at, model=model)

    monkeypatch.setattr(judge_readings, "judge_part", judge)
    (found,) = judged((0, dossier("wire", ("Jon Vik", THAW), ("Ana Ruiz", PORT))))
    assert alerts([found]) == [("https://wire.example/a", "Ana Ruiz")]
    (letter,) = collected["letters"]
    assert (letter.step, letter.reason, letter.key) == (
        "JudgeBySpeaker",
        "error",
        "https://wire.example/a",
    )


def test_what_an_edit_removes_is_taken_back():
    found = judged(
        (0, dossier("wire", ("Ana Ruiz", THAW), ("Jon Vik", PORT))),
        (60, dossier("wire", ("Jon Vik", PORT))),
    )
    assert [(a.type, a.speaker.name) for a in found[1].alerts] == [("withdrawn", "Ana Ruiz")]


def test_a_bare_last_name_is_known_by_its_introduction():
    found = judged(
        (0, dossier("wire", ("Ana Ruiz", THAW))), (60, dossier("short", ("Ruiz", PORT), role=""))
    )
    assert alerts(found) == [
        ("https://wire.example/a", "Ana Ruiz"),
        ("https://short.example/a", "Ana Ruiz"),
    ]


@pytest.mark.parametrize(
    "state",
    [
        judge_readings._JudgeFn.MEMORY,
        judge_readings._JudgeFn.PEOPLE,
        judge_readings._GatherFn.SPEAKER_PARTS,
        judge_readings._GatherFn.ALERTS,
    ],
    ids=lambda state: state.name,
)
def test_state_is_rows(state):
    assert type(state.coder).__name__ == "RowCoder"
