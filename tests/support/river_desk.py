"""A watch of its own on talks between invented countries, and messages that may alert it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

_FIRST = ("Mirja", "Ottar", "Selma", "Jon", "Ragna", "Ivar", "Astrid", "Leif", "Signe", "Torvald")
_STEMS = ("Brek", "Hau", "Sol", "Tve", "Moer", "Dahl", "Aas", "Eid", "Lund", "Ros")
_ENDS = ("kvold", "gland", "berg", "strand", "mund", "heimer", "vik", "rud", "nes", "dalen")
_TIMES = ("the autumn", "the first snow", "the harvest", "the election", "the spring flood")
_PRICES = ("a fishing treaty", "a new mediator", "a return of prisoners", "an open border")
_GARDENS = (
    "The tulips in the park have come out early this year, and the glass house is open.",
    "The harbour choir sang until ten, and the café ran out of cake before the second half.",
    "Three ferries were late on Tuesday, because the fog did not lift before noon.",
)


def watch_of(*subscriptions: dict[str, Any]) -> dict[str, Any]:
    """The watch, with these subscriptions."""
    return {
        "version": 1,
        "id": "river-talks",
        "title": "Talks between Norland and Sudria",
        "alert_on": {"speakers": ["expert"], "named": True, "min_confidence": 0.3},
        "actors": [
            {"id": "norland", "name": "Norland", "role": "party", "side": "norland"},
            {"id": "sudria", "name": "Sudria", "role": "party", "side": "sudria"},
        ],
        "topics": [
            {"id": "ceasefire", "name": "Ceasefire", "about": "negotiation",
             "phrases": ["ceasefire", "truce", "peace talks"]},
        ],
        "subscriptions": list(subscriptions),
    }  # fmt: skip


def write_watch(folder: Path, *subscriptions: dict[str, Any]) -> Path:
    """The watch's file, with these subscriptions."""
    path = folder / "river.yaml"
    path.write_text(yaml.safe_dump(watch_of(*subscriptions)), encoding="utf8")
    return path


def talk(number: int) -> bytes:
    """A message with an article in which an expert says one thing."""
    return _message(f"talk-{number}", story(number))


def story(number: int) -> str:
    """Paragraphs in which an expert says one thing; of 100 each is another's."""
    speaker = f"{_FIRST[number % 10]} {_STEMS[number // 10 % 10]}{_ENDS[number % 10]}"
    time, price = _TIMES[number % 5], _PRICES[number % 4]
    return (
        "The peace talks between Norland and Sudria went on, with both delegations far apart.\n"
        f"“Norland will not sign a ceasefire before {time}, and then only for {price},” said "
        f"{speaker}, a senior fellow at the Fjord Institute for International Affairs.\n"
    )


def garden(number: int) -> bytes:
    """A message with an article that is about something else."""
    return _message(f"garden-{number}", f"{_GARDENS[number % 3]} It was day {number}.\n")


def _message(slug: str, text: str) -> bytes:
    url = f"https://herald.example/{slug}"
    given = {"url": url, "title": slug, "publisher": "The Herald", "text": text}
    return json.dumps(given).encode()
