"""`parley dead-letters`: what failed, and why."""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from connectors.formats.cloudevents import instant, write_json_line
from connectors.formats.sanitizing import clean_line
from pipelines.services.archives import open_existing
from pipelines.settings.times import when
from schemas.outcome import DeadLetter


def print_dead_letters(url: str, *, as_json: bool) -> None:
    """What failed, latest first, with the reason."""
    with open_existing(url) as archive:
        letters = archive.dead_letters.all()
    if as_json:
        for letter in letters:
            write_json_line(sys.stdout.buffer, _record(letter))
        return
    console = Console(highlight=False)
    for letter in letters:
        head = f"{when(letter.failed_at)}  {letter.step}  {letter.reason}"
        console.print(Text(head, "bold"), soft_wrap=True)
        console.print(Text(f"  {clean_line(letter.message)}"), soft_wrap=True)
    if not letters:
        Console(stderr=True).print("no dead letters")


def _record(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "step": letter.step,
        "key": letter.key,
        "reason": letter.reason,
        "message": letter.message,
        "element": json.loads(letter.element),
        "trace": letter.trace or None,
        "failed_at": instant(letter.failed_at),
    }
