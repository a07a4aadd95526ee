"""Speed of the core and of a whole run on the sample newsroom.

    python tests/bench/throughput.py [ROUNDS]

Prints, for each core function, the median and 95th percentile of milliseconds a call and its
cost as a multiple of extracting an article, and then articles a second of whole runs in
process. Absolute figures move with the machine: compare ratios, and runs on one machine.
"""

from __future__ import annotations

import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from connectors.models.spacy_model import load_language_model
from connectors.watchfile.loading import load_watches
from connectors.web.recorded import RecordedFetcher
from pipelines.jobs.run import run_batch
from pipelines.settings.run_config import BUNDLED, SAMPLE, MonitorConfig
from schemas.base import Instant
from schemas.errors import FetchError
from schemas.page import Page
from transforms.core.articles.extraction import extract_article
from transforms.core.articles.selection import may_matter, page_may_matter
from transforms.core.feeds.parsing import parse_feed
from transforms.core.novelty.judge import judge_commentary
from transforms.core.quotes.annotate import annotate
from transforms.core.relevance.matching import match
from transforms.core.text.tags import Lexicon


def timed(function: Callable, arguments: Iterable[tuple], rounds: int) -> list[float]:
    """Milliseconds of each call, the first round left out."""
    arguments, found = list(arguments), []
    for n in range(rounds + 1):
        for given in arguments:
            started = time.perf_counter()
            function(*given)
            if n:
                found.append(1000 * (time.perf_counter() - started))
    return found


def sample_pages(watch) -> tuple[list[tuple], list[Page]]:
    """The arguments of parse_feed for each feed, and the pages behind all entries."""
    fetcher, now = RecordedFetcher(SAMPLE), Instant.now()
    feeds, pages = [], []
    for feed in watch.feeds:
        answer = fetcher.fetch(feed.url)
        feeds.append((feed, answer.body, answer.content_type, now))
        for entry in parse_feed(*feeds[-1]).entries:
            try:
                page = fetcher.fetch(entry.url)
            except FetchError:
                continue
            pages.append(Page(entry, page.url, page.content_type, page.body, now))
    return feeds, pages


def core_times(rounds: int) -> dict[str, list[float]]:
    """Milliseconds a call of each core function."""
    (watch,) = load_watches(["sample"], bundled=BUNDLED)
    lexicon, model = Lexicon([watch]), load_language_model()
    feeds, pages = sample_pages(watch)
    articles = [extract_article(page) for page in pages]
    relevant = [a for a in articles if may_matter(a.title, a.text, lexicon)]
    annotations = [annotate(article, model, lexicon) for article in relevant]
    dossiers = [match(annotation, [watch]) for annotation in annotations]
    said = [((), c, r.article) for r in dossiers for c in r.commentaries]

    def judge(*given):
        judge_commentary(*given, horizon_seconds=watch.horizon_seconds)

    return {
        "parse_feed": timed(parse_feed, feeds, rounds),
        "page_may_matter": timed(page_may_matter, [(p.body, lexicon) for p in pages], rounds),
        "extract_article": timed(extract_article, [(p,) for p in pages], rounds),
        "may_matter": timed(may_matter, [(a.title, a.text, lexicon) for a in articles], rounds),
        "annotate": timed(annotate, [(a, model, lexicon) for a in relevant], rounds),
        "match": timed(match, [(a, [watch]) for a in annotations], rounds),
        "judge_commentary": timed(judge, said, rounds),
    }


def whole_run() -> tuple[int, float]:
    """Entries and seconds of a run in process, the model already loaded."""
    with tempfile.TemporaryDirectory() as folder:
        config = MonitorConfig.from_options(
            ["sample"], archive=f"sqlite:///{folder}/bench.db", recorded="sample", deliver=False
        )
        summary = run_batch(config, "bench")
    return summary.counters["entries_due"], summary.seconds


def machine() -> str:
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parent,
    ).stdout.strip()  # fmt: skip
    return f"{platform.machine()}, Python {platform.python_version()}, commit {commit or 'unknown'}"


def report(rounds: int) -> None:
    print(machine())
    times = core_times(rounds)
    unit = statistics.median(times["extract_article"])
    print(f"{'':18}{'calls':>7}{'median ms':>11}{'p95 ms':>9}{'× extraction':>14}")
    for name, found in times.items():
        median, p95 = statistics.median(found), statistics.quantiles(found, n=20)[-1]
        print(f"{name:18}{len(found):7}{median:11.3f}{p95:9.3f}{median / unit:14.2f}")
    runs = [whole_run() for _ in range(max(1, rounds // 2))]
    entries, seconds = runs[0][0], statistics.median(seconds for _, seconds in runs)
    print(f"whole run: {entries} entries in {seconds:.2f} s (median of {len(runs)})")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak memory: {peak} MiB")


if __name__ == "__main__":
    report(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
