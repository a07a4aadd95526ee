"""`parley check --against`: why experts' statements in articles did not alert, by reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from connectors.archive.kept_articles import stored_articles
from connectors.files.articles import read_inputs
from connectors.formats.humanize import counted
from connectors.formats.sanitizing import clean_line, shorten, web_address
from pipelines.services.archives import check_exists, open_existing
from pipelines.services.explain import Reader
from pipelines.settings.times import since as instant_since
from schemas.article import Article
from schemas.base import Instant, Span
from schemas.dossier import Dossier
from schemas.errors import ConfigurationError, ExtractionError
from schemas.statement import Novelty
from schemas.watch import Watch
from transforms.core.alerts.raising import is_too_old
from transforms.core.articles.extraction import extract_article
from transforms.core.articles.selection import may_matter
from transforms.core.relevance.remedies import NO_ROLE, Cause, cause_of
from transforms.core.text.tags import Lexicon

#: Examples shown for each reason.
_MOST_EXAMPLES = 3
_PREVIEW_CHARS = 100
_SQLITE_MAGIC = b"SQLite format 3\0"

#: How new each statement was when it was archived, by its article's address and its place.
Verdicts = Mapping[tuple[str, tuple[Span, ...]], Novelty]


@dataclass
class Account:
    """What a watch makes of articles."""

    articles: int = 0
    off_topic: int = 0  #: that name none of the watch's topics
    experts: int = 0  #: statements of speakers whom the watch asks for
    alerting: int = 0  #: of these
    causes: Counter[Cause] = field(default_factory=Counter)
    examples: dict[Cause, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, dossier: Dossier, watch: Watch, verdicts: Verdicts) -> None:
        """Count the statements of one article."""
        article = dossier.article
        is_old = is_too_old(article, watch)
        for commentary, occurrence in dossier.occurrences():
            match = occurrence.match_for(watch.id)
            if match is None:
                continue
            is_asked_for = match.category in watch.alert_on.categories
            self.experts += is_asked_for
            place = (article.url, tuple(occurrence.attribution.quotation.spans))
            why = cause_of(match, watch, is_too_old=is_old, novelty=verdicts.get(place))
            if why is None:
                self.alerting += is_asked_for
                continue
            if why is NO_ROLE and not commentary.speaker.named:
                continue
            self.causes[why] += 1
            if len(self.examples[why]) < _MOST_EXAMPLES:
                words = shorten(clean_line(occurrence.text), _PREVIEW_CHARS)
                where = web_address(article.url) or clean_line(article.title or article.url)
                self.examples[why].append(
                    f"{clean_line(commentary.speaker.name)}: {words}  {where}"
                )


def print_causes(
    watches: Iterable[Watch], place: str, since: str, model: str | None, console: Console
) -> None:
    """Read the articles anew by each watch, and print what did not alert, the most frequent
    reason first.

    Args:
        watches: that read.
        place: archive's URL, its file, or a file or folder of articles.
        since: of an archive, articles published since; as ``--since`` has it.
        model: name of the language model.
        console: to print on.

    Raises:
        ConfigurationError: there is no such place, or it cannot be read.
    """
    archive = archive_at(place)
    verdicts = _verdicts(archive) if archive else {}
    articles = list(_stored(archive, since) if archive else _given(place))
    for watch in watches:
        judged = watch if archive else replace(watch, max_age_seconds=None)
        _print_account(judged, _account(judged, articles, verdicts, model), console)


def archive_at(place: str) -> str:
    """The URL of the archive at a place; "" if articles are there.

    Raises:
        ConfigurationError: there is nothing.
    """
    path = Path(place)
    if "://" in place:
        check_exists(place, "--against")
        return place
    if not path.exists():
        raise ConfigurationError(
            [f"--against: {place}: no such file; give an archive's URL, or a file of articles"]
        )
    if path.is_file():
        with path.open("rb") as file:
            if file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC:
                return f"sqlite:///{place}"
    return ""


def _verdicts(archive_url: str) -> Verdicts:
    with open_existing(archive_url) as archive:
        return {(s.article_url, tuple(s.content)): s.novelty for s in archive.statements.all()}


def _stored(archive_url: str, since: str) -> Iterator[Article]:
    yield from stored_articles(archive_url, instant_since(since))


def _given(place: str) -> Iterator[Article]:
    for page in read_inputs([place], Instant.now()):
        try:
            yield extract_article(page)
        except ExtractionError:
            continue


def _account(
    watch: Watch, articles: Iterable[Article], verdicts: Verdicts, model: str | None
) -> Account:
    account, reader, lexicon = Account(), Reader([watch], model), Lexicon([watch])
    for article in articles:
        account.articles += 1
        if may_matter(article.title, article.text, lexicon):
            account.add(reader.read_article(article), watch, verdicts)
        else:
            account.off_topic += 1
    return account


def _print_account(watch: Watch, account: Account, console: Console) -> None:
    names_none = f", {account.off_topic} of which name none of its topics"
    lines = [
        f"{watch.id}: {counted(account.articles, 'article')} read"
        + (names_none if account.off_topic else ""),
        f"{counted(account.experts, 'statement')} of {_asked(watch)}: {account.alerting} would "
        "alert",
    ]
    for line in lines:
        console.print(Text(line), soft_wrap=True)
    for why, count in account.causes.most_common():
        console.print(Text(f"  {count:4} {clean_line(why.reason)}"), soft_wrap=True)
        console.print(Text(f"       remedy: {clean_line(why.remedy)}"), soft_wrap=True)
        for example in account.examples[why]:
            console.print(Text(f"       - {example}", "dim"), soft_wrap=True)


def _asked(watch: Watch) -> str:
    names = [category.replace("_", " ") for category in watch.alert_on.categories]
    return " and ".join({"party": "parties"}.get(name, f"{name}s") for name in names)
