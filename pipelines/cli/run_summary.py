"""What a run did, in a few lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from connectors.formats.humanize import counted
from connectors.formats.sanitizing import clean_line
from pipelines.jobs.run import RunSummary
from schemas.outcome import MEANING


def print_summary(summary: RunSummary, console: Console) -> None:
    """What a run did, in a few lines."""
    count = Counter(summary.counters)
    resting, held = count["feeds_resting"], count["statements_held"]
    if count["articles_given"]:
        source = [f"{counted(count['articles_given'], 'article')} given"]
    else:
        source = [
            f"{counted(count['feeds_polled'], 'feed')}: {count['feeds_changed']} changed, "
            f"{count['feeds_unchanged']} unchanged, {count['feeds_failed']} failed"
            + (f"; {resting} not due yet" if resting else ""),
            f"{counted(count['entries_due'], 'entry', 'entries')} due, "
            f"{counted(count['pages_fetched'], 'page')} fetched",
        ]
    lines = [
        *source,
        f"{counted(count['articles_selected'], 'article')} read: "
        f"{counted(count['statements_new'], 'new statement')}, "
        f"{count['statements_repeated']} repeated",
        f"{counted(count['alerts_raised'], 'alert')} raised, {summary.delivered.sent} sent"
        + (f"; {held} held: `parley alerts --held`" if held else ""),
        f"{summary.seconds:.1f} s, runner {summary.runner}",
    ]
    for line in lines:
        console.print(line, markup=False, highlight=False)
    for reason, n in summary.outcomes.items():
        console.print(f"  {n:5} not read on: {MEANING[reason]}", markup=False, highlight=False)
    for failure in summary.delivered.failures:
        console.print(Text(f"not delivered: {clean_line(failure)}"), soft_wrap=True)
    for line in _feed_notices(summary, count["feeds_polled"] + resting):
        console.print(line, markup=False, highlight=False)


def _feed_notices(summary: RunSummary, feeds: int) -> Iterator[str]:
    """What an operator must know of the feeds of a run."""
    failing, muted = (summary.counters.get(name, 0) for name in ("feeds_failing", "feeds_muted"))
    if muted:
        yield (
            f"muted: {counted(muted, 'feed')}, for they said 410 Gone; `parley feeds` names them, "
            "`parley dead-letters retry` asks them again"
        )
    if summary.have_most_feeds_failed:
        which = "no feed" if failing == feeds else f"only {feeds - failing} of {feeds} feeds"
        yield f"{which} could be read; `parley feeds` says why"
