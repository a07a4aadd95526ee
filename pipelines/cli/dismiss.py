"""`parley dismiss`: settles held statements without an alert."""

from __future__ import annotations

from pipelines.cli.options import ArchiveUrl, Cases, HeldIds, Undo, messages


def dismiss(
    ids: HeldIds,
    undo: Undo = False,
    archive: ArchiveUrl = "sqlite:///parley.db",
    cases: Cases = "",
) -> None:
    """Settle held statements that are no alerts, and keep each as a case.

    \b
    parley alerts --held                 (lists them with their ids)
    parley dismiss 3f9c2a81d0 77b0e4c512
    parley dismiss 3f9c2a81d0 --undo
    """
    from pipelines.services.held import decide

    decide(archive, ids, "dismiss", undo=undo, cases=cases, console=messages())
