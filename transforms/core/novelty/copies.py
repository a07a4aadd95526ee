"""Which articles repeat others: wire copy, the same page at another address.

An article is a copy if its text is that of an earlier one, or if most of what is said in it stands
word for word in one earlier article. Copies attach to the statements they repeat; that they raise
no alert of their own follows from their statements, not from being copies.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping

from schemas.dossier import Dossier, Occurrence
from schemas.statement import Verdict

#: From this similarity on, words are the same but for style.
_VERBATIM = 0.95
#: One quotation word for word is no copy: many quote the same line of a speech.
_MIN_STATEMENTS = 2


def copied_from(dossier: Dossier) -> str:
    """The URL of the article that a judged reading repeats, by what is said in it; "" if none.

    More than half of its statements, and two, must stand there first. Of several such articles,
    the one with most.
    """
    statements: dict[str, str] = {}
    for verdict in _verdicts(dossier):
        near = verdict.nearest
        is_copied = near and near.relation == "repeats" and near.similarity >= _VERBATIM
        statements.setdefault(verdict.statement_id, near.url if near and is_copied else "")
    places = Counter(url for url in statements.values() if url not in ("", dossier.article.url))
    url, times = max(places.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return url if times >= _MIN_STATEMENTS and 2 * times > len(statements) else ""


def statement_ids(dossier: Dossier) -> list[str]:
    """The ids of the statements of a judged reading, each once, sorted."""
    return sorted({verdict.statement_id for verdict in _verdicts(dossier)})


def _verdicts(dossier: Dossier) -> list[Verdict]:
    return [
        occurrence.verdict
        for _, occurrence in dossier.occurrences()
        if occurrence.verdict is not None
    ]


def with_copies(dossier: Dossier, same_text: str, elsewhere: Mapping[str, int]) -> Dossier:
    """The judged reading, knowing what it is a copy of and how often its statements stand
    elsewhere.

    ``same_text`` is the URL of an earlier article with its very text, "" if there is none.
    """
    commentaries = []
    for commentary in dossier.commentaries:
        counted = [_counted(occurrence, elsewhere) for occurrence in commentary.occurrences]
        commentaries.append(dataclasses.replace(commentary, occurrences=counted))
    copy_of = same_text or copied_from(dossier) or None
    return dataclasses.replace(dossier, commentaries=commentaries, copy_of=copy_of)


def _counted(occurrence: Occurrence, elsewhere: Mapping[str, int]) -> Occurrence:
    if occurrence.verdict is None:
        return occurrence
    times = elsewhere.get(occurrence.verdict.statement_id, 0)
    return dataclasses.replace(occurrence, elsewhere=times)
