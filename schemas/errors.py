"""The exceptions Parley raises on purpose. Anything else that escapes is a bug.

Importing them does not import Beam: the command line needs them before it needs anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.outcome import Reason


class ParleyError(Exception):
    """Base of every error that is the input's or the operator's, not the program's."""


class ConfigurationError(ParleyError):
    r"""A watch, option or file that cannot be used; nothing has run yet.

    ``mistakes`` holds one line per mistake: file, place, value, what to do. They may be given
    as one text, too: so Beam makes the error anew when a stage has raised it.

    >>> ConfigurationError(["a: 1", "b: 2"]).mistakes == ConfigurationError("a: 1\nb: 2").mistakes
    True
    """

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = mistakes.split("\n") if isinstance(mistakes, str) else list(mistakes)
        super().__init__("\n".join(self.mistakes))


class StoreError(ParleyError):
    """What keeps Parley's memory has failed: the run must stop, for nothing can be recorded."""


class FetchError(ParleyError):
    """A feed or page that could not be had, with the named reason and the address."""

    def __init__(
        self,
        reason: Reason,
        url: str,
        detail: str,
        retry_after_seconds: int = 0,
        http_status: int = 0,
    ) -> None:
        super().__init__(reason, url, detail, retry_after_seconds, http_status)
        self.reason = reason
        self.url = url
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds
        self.http_status = http_status  # 0 when no answer came

    def __str__(self) -> str:
        return f"{self.url}: {self.detail}"


class RecordError(ParleyError):
    """A JSON object that is not what it should be; ``mistakes`` say why."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__(mistakes)
        self.mistakes = tuple(mistakes)

    def __str__(self) -> str:
        return "; ".join(self.mistakes)


class QueueError(ParleyError):
    """A message queue that cannot be had, or that refuses what it is asked."""

    def __init__(self, queue: str, detail: str, *, is_refusal: bool = False) -> None:
        super().__init__(queue, detail)
        self.queue = queue
        self.detail = detail
        self.is_refusal = is_refusal

    def __str__(self) -> str:
        return f"{self.queue}: {self.detail}"


class ExtractionError(ParleyError):
    """A page that holds no readable article, with the named reason."""

    def __init__(self, reason: Reason, url: str, detail: str) -> None:
        super().__init__(reason, url, detail)
        self.reason = reason
        self.url = url
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.url}: {self.detail}"


class FeedError(ParleyError):
    """A body that is not a feed."""

    def __init__(self, url: str, detail: str) -> None:
        super().__init__(url, detail)
        self.url = url
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.url}: {self.detail}"


class DeliveryError(ParleyError):
    """A message that did not arrive; ``detail`` names neither address nor secret.

    ``is_refusal``: this message was refused, others may be taken. ``is_gone``: the receiver
    wants none any more. Otherwise the receiver could not be had at all.
    """

    def __init__(
        self,
        detail: str,
        *,
        is_refusal: bool = False,
        is_gone: bool = False,
        retry_after_seconds: int = 0,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.is_refusal = is_refusal
        self.is_gone = is_gone
        self.retry_after_seconds = retry_after_seconds
