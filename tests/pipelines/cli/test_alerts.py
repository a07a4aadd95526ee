"""What `parley alerts` shows of earlier statements: where they were published first."""

from __future__ import annotations

import contextlib
import dataclasses
import io
from pathlib import Path

from rich.console import Console

from connectors.archive import Archive, open_archive
from connectors.archive.ledger import Claim
from pipelines.cli.alerts import print_with_history
from schemas.alert import AlertNearest, AlertReason, Bundle
from schemas.dossier import Dossier
from support.dossiers import WATCH, after, dossier, occurrence, some_id
from transforms.core.alerts.withdrawals import withdraw

KNOWN = "Nobody signs in the rain"


def published(told: Dossier, seconds: int) -> Dossier:
    """The reading of an article published then."""
    article = dataclasses.replace(told.article, published_at=after(seconds))
    return dataclasses.replace(told, article=article)


def copied(seconds: int) -> Dossier:
    """An article that repeats what is known."""
    there = dossier("earlier", KNOWN, alerts=False)
    one = dataclasses.replace(
        there.commentaries[0], occurrences=[occurrence("earlier", KNOWN, statement=KNOWN)]
    )
    return published(dataclasses.replace(there, commentaries=[one]), seconds)


def filled(archive: Archive) -> Dossier:
    """What was read first was published last but one; the last alerts on something else."""
    archive.dossiers.store_dossier(published(dossier("first-read", KNOWN, alerts=False), -7200))
    archive.dossiers.store_dossier(copied(-9000))
    last = published(dossier("last", "The ceasefire waits for better weather"), -3600)
    url = "https://herald.example/first-read"
    found = AlertNearest(some_id("valek", KNOWN), KNOWN, url, after(-7200), "other", 0.5, "few")
    statement = dataclasses.replace(
        last.alerts[0].statements[0], nearest=found, topics=["ceasefire"]
    )
    alert = dataclasses.replace(last.alerts[0], statements=[statement])
    last = dataclasses.replace(last, alerts=[alert])
    archive.dossiers.store_dossier(last)
    return last


def test_the_nearest_statement_is_told_where_it_was_published_first(tmp_path: Path) -> None:
    url, sent_to = f"sqlite:///{tmp_path}/a.db", {WATCH: ["terminal"]}
    with contextlib.closing(open_archive(url, sent_to)) as archive:
        filled(archive)
        claim = Claim("a", after(0), after(9))
        claimed = archive.ledger.claim_loose("terminal", [WATCH], claim).bundles
        told = [
            archive.alerts.all()[-1],
            archive.alerts.recent_bundles("terminal", [WATCH])[0].alerts[0],
            claimed[-1].alerts[0],
        ]
    first = ("https://herald.example/earlier", after(-9000))
    nearest = [alert.statements[0].nearest for alert in told]
    assert [n and (n.url, n.said_at) for n in nearest] == [first] * 3


def test_statements_for_programs_tell_so_too_but_of_another_place(tmp_path: Path) -> None:
    with contextlib.closing(open_archive(f"sqlite:///{tmp_path}/a.db")) as archive:
        found = filled(archive).alerts[0].statements[0].nearest
        places = [place._replace(nearest=found) for place in archive.statements.all()]
        told = {
            place.article_url: place.nearest
            for place in archive.statements.with_first_places(places)
        }
    site = "https://herald.example/"
    assert {url: near.url for url, near in told.items() if near} == {
        site + "earlier": site + "first-read",
        site + "first-read": site + "earlier",
        site + "last": site + "earlier",
    }


def test_what_was_taken_back_says_so_in_words_that_stand_apart(tmp_path: Path) -> None:
    with contextlib.closing(open_archive(f"sqlite:///{tmp_path}/a.db")) as archive:
        last = filled(archive)
        back = withdraw(last.alerts[0], last.alerts, AlertReason("x", "a slip"), after(0))
        assert back
        out = io.StringIO()
        bundle = Bundle("b", back.watch, [*last.alerts, back])
        print_with_history([bundle], archive, Console(file=out, width=80))
    assert f"\n  Withdrawn {last.alerts[0].id[:8]}, " in out.getvalue()


def test_what_was_said_before_is_told_with_its_first_place(tmp_path: Path) -> None:
    archive = open_archive(f"sqlite:///{tmp_path}/a.db")
    last = filled(archive)
    out = io.StringIO()
    bundle = Bundle("b", last.alerts[0].watch, last.alerts)
    print_with_history([bundle], archive, Console(file=out, width=80))
    told = out.getvalue().partition("said before on the same topics")[2]
    assert told.split() == [
        "Earlier", "22", "Nov", "2025,", "09:30", "UTC,", "The", "Harbour", "Herald:",
        *KNOWN.split(), "https://herald.example/earlier",
    ]  # fmt: skip
    archive.close()
