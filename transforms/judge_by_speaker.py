"""JudgeBySpeaker: Dossier -> Dossier with verdicts and alerts, by an engine's keyed memory."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import apache_beam as beam
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import (
    BagStateSpec,
    ReadModifyWriteStateSpec,
    TimerSpec,
    on_timer,
)

from schemas.alert import Alert
from schemas.base import Instant
from schemas.dossier import Commentary, Dossier
from schemas.keyed_memory import Recollection, SpeakerPart
from schemas.outcome import DeadLetter
from schemas.person import NameRecord
from schemas.watch import Watch
from transforms.coders import coder_of, from_beam, to_beam
from transforms.core.alerts.raising import held_in
from transforms.core.by_name_key import (
    gather,
    has_all_parts,
    is_worth_keeping,
    judge_part,
    retention_seconds,
    split,
)
from transforms.core.novelty.meaning import no_model
from transforms.core.ports import MeaningModel
from transforms.runtime import metrics
from transforms.runtime.outcomes import DEAD_LETTERS, OutcomeFn, Outcomes, typed

#: Memory is swept at most so often a name key, in seconds of event time.
_SWEEP_SECONDS = 86400

#: A share crosses a shuffle as bytes. Beam's Java runners take rows apart when they meet them,
#: and fail on an Optional instant.
_SPEAKER_PARTS = coder_of(SpeakerPart)
Keyed = tuple[str, bytes]


class _JudgeFn(OutcomeFn):
    """Keyed by name key. Reads memory, judges, and only then writes: an error leaves memory as
    it was.

    Memory expires by event time, which is the time at which articles come (never that at which
    they were published, so a late article is no late element). A timer by the clock would hold
    the watermark back for as long as it waits, and a drained job with it; it is set only where
    there is no watermark.
    """

    step = "JudgeBySpeaker"
    MEMORY = BagStateSpec("memory", coder_of(Recollection))
    PEOPLE = ReadModifyWriteStateSpec("people", coder_of(NameRecord))
    EXPIRY = TimerSpec("expiry", TimeDomain.WATERMARK)
    CLOCK = TimerSpec("clock", TimeDomain.REAL_TIME)

    def __init__(
        self,
        watches: Sequence[Watch],
        load_meaning: Callable[[], MeaningModel | None],
        *,
        has_watermark: bool,
    ) -> None:
        self._watches, self._retention = tuple(watches), retention_seconds(watches)
        self._load_meaning, self._has_watermark = load_meaning, has_watermark

    def setup(self) -> None:
        self._meaning = self._load_meaning()

    def process(
        self,
        element: Keyed,
        heard_at: Any = beam.DoFn.TimestampParam,
        memory: Any = beam.DoFn.StateParam(MEMORY),
        people: Any = beam.DoFn.StateParam(PEOPLE),
        expiry: Any = beam.DoFn.TimerParam(EXPIRY),
        clock: Any = beam.DoFn.TimerParam(CLOCK),
    ) -> Iterator[Any]:
        key, share = element[0], _SPEAKER_PARTS.decode(element[1])
        kept, known = list(memory.read()), people.read() or NameRecord(key)
        try:
            judged, gained, told = judge_part(
                kept, known, share, self._watches, from_beam(heard_at), model=self._meaning
            )
        except Exception as error:  # the others' shares go on
            yield self.failed(share.dossier, error)
            yield replace(share, dossier=replace(share.dossier, commentaries=()))
            return
        if is_worth_keeping(gained):
            memory.add(gained)
            self._timer(expiry, clock).set(to_beam(self._expiry([*kept, gained])))
        if told != known:
            people.write(told)
        _count(share.dossier.commentaries, judged.dossier.commentaries)
        yield judged

    @on_timer(EXPIRY)
    @on_timer(CLOCK)
    def forget(
        self,
        at: Any = beam.DoFn.TimestampParam,
        memory: Any = beam.DoFn.StateParam(MEMORY),
        people: Any = beam.DoFn.StateParam(PEOPLE),
        expiry: Any = beam.DoFn.TimerParam(EXPIRY),
        clock: Any = beam.DoFn.TimerParam(CLOCK),
    ) -> None:
        """Drop what was heard longer ago than anything can refer to, and with the last of it
        the people.
        """
        now = from_beam(at)
        kept = [r for r in memory.read() if r.heard_at + self._retention > now]
        memory.clear()
        for recollection in kept:
            memory.add(recollection)
        if kept:
            self._timer(expiry, clock).set(to_beam(self._expiry(kept)))
        else:
            people.clear()

    def _timer(self, expiry: Any, clock: Any) -> Any:
        return expiry if self._has_watermark else clock

    def _expiry(self, memory: Iterable[Recollection]) -> Instant:
        first = min(recollection.heard_at for recollection in memory)
        return first + self._retention + _SWEEP_SECONDS


class _GatherFn(beam.DoFn):
    """Keyed by article. Waits until all shares of a reading are there, and raises its alerts."""

    SPEAKER_PARTS = BagStateSpec("speaker_parts", _SPEAKER_PARTS)
    ALERTS = BagStateSpec("alerts", coder_of(Alert))
    EXPIRY = TimerSpec("expiry", TimeDomain.WATERMARK)
    CLOCK = TimerSpec("clock", TimeDomain.REAL_TIME)

    def __init__(self, watches: Sequence[Watch], *, has_watermark: bool) -> None:
        self._watches, self._retention = tuple(watches), retention_seconds(watches)
        self._has_watermark = has_watermark

    def process(
        self,
        element: Keyed,
        at: Any = beam.DoFn.TimestampParam,
        shares: Any = beam.DoFn.StateParam(SPEAKER_PARTS),
        alerts: Any = beam.DoFn.StateParam(ALERTS),
        expiry: Any = beam.DoFn.TimerParam(EXPIRY),
        clock: Any = beam.DoFn.TimerParam(CLOCK),
    ) -> Iterator[Dossier]:
        there = _with(_SPEAKER_PARTS.decode(element[1]), shares)
        if has_all_parts(there):
            dossier = gather(there, self._watches, list(alerts.read()), Instant.now())
            for alert in dossier.alerts:
                alerts.add(alert)
            metrics.count("statements_held", len(held_in(dossier, self._watches)))
            yield dossier
        if not has_all_parts(there) or dossier.alerts:
            (expiry if self._has_watermark else clock).set(at + self._retention)

    @on_timer(EXPIRY)
    @on_timer(CLOCK)
    def forget(
        self,
        shares: Any = beam.DoFn.StateParam(SPEAKER_PARTS),
        alerts: Any = beam.DoFn.StateParam(ALERTS),
    ) -> None:
        """Give up room. Shares that still wait are of a reading that the engine lost."""
        shares.clear()
        alerts.clear()


def _with(share: SpeakerPart, waiting: Any) -> list[SpeakerPart]:
    """All shares of a reading that have come, when this one comes; they wait unless that is all."""
    if has_all_parts([share]):
        return [share]
    pending = list(waiting.read())
    there = [*(each for each in pending if each.dossier_id == share.dossier_id), share]
    if not has_all_parts(there):
        waiting.add(share)
        return there
    waiting.clear()
    for each in pending:
        if each.dossier_id != share.dossier_id:
            waiting.add(each)
    return there


def _count(said: Sequence[Commentary], judged: Sequence[Commentary]) -> None:
    recalled = sum(a.speaker != b.speaker for a, b in zip(said, judged, strict=True))
    verdicts = [o.verdict for c in judged for o in c.occurrences if o.verdict]
    new = sum(verdict.novelty == "new" for verdict in verdicts)
    metrics.count("speakers_recalled", recalled)
    metrics.count("statements_new", new)
    metrics.count("statements_repeated", len(verdicts) - new)


def _by_name_key(dossier: Dossier) -> Iterator[Keyed]:
    # Not a hash of the reading: a message that comes twice gives two readings that are alike.
    for key, share in split(dossier, uuid.uuid4().hex):
        yield key, _SPEAKER_PARTS.encode(share)


def _by_article(share: SpeakerPart) -> Keyed:
    return share.dossier.article.id, _SPEAKER_PARTS.encode(share)


class JudgeBySpeaker(beam.PTransform[beam.PCollection[Dossier], beam.PCollection[Dossier]]):
    """Judge each reading, and raise its alerts, against memory that is kept by key.

    What RecallPersons, JudgeNovelty and RaiseAlerts do where one process has all memory. A
    reading is split by name key, judged where that key's memory is, and put together again
    where the article's is; a share whose judging fails becomes a DeadLetter, and the reading
    goes on without it. ``has_watermark`` says whether event time moves on while the job runs.
    """

    def __init__(
        self,
        watches: Sequence[Watch],
        *,
        outcomes: Outcomes,
        load_meaning: Callable[[], MeaningModel | None] = no_model,
        has_watermark: bool = True,
    ) -> None:
        super().__init__()
        self._judge = _JudgeFn(watches, load_meaning, has_watermark=has_watermark)
        self._gather = _GatherFn(watches, has_watermark=has_watermark)
        self._outcomes = outcomes

    def expand(self, dossiers: beam.PCollection[Dossier]) -> beam.PCollection[Dossier]:
        judged = (
            dossiers
            | "SplitByNameKey" >> beam.FlatMap(_by_name_key).with_output_types(Keyed)
            | "JudgeByNameKey" >> beam.ParDo(self._judge).with_outputs(DEAD_LETTERS, main="shares")
        )
        self._outcomes.dead_letters[_JudgeFn.step] = typed(judged[DEAD_LETTERS], DeadLetter)
        return (
            typed(judged.shares, SpeakerPart)
            | "KeyByArticle" >> beam.Map(_by_article).with_output_types(Keyed)
            | "GatherByArticle" >> beam.ParDo(self._gather).with_output_types(Dossier)
        )
