"""What a streaming job is to do, validated before anything is built."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from connectors.pubsub.addresses import read_pubsub_path
from connectors.watchfile.loading import load_watches
from connectors.watchfile.mistakes import did_you_mean
from pipelines.settings.contact import contact_for
from pipelines.settings.run_config import BUNDLED
from schemas.errors import ConfigurationError
from schemas.watch import Watch

#: Short names for Beam's streaming runners; any other name goes to Beam as it is.
STREAM_RUNNERS = {"prism": "PrismRunner", "flink": "FlinkRunner", "dataflow": "DataflowRunner"}

#: Of ``parley stream``, besides those of Beam.
OWN_OPTIONS = (
    "--source", "--sink", "--dead-letters", "--runner", "--allow-host", "--model", "--meaning",
)  # fmt: skip

#: What Flink is told unless it is told otherwise, for a source without end. Messages are
#: acknowledged by checkpoints, which are off by default (and with which Flink never ends a job
#: whose source does). What a bundle yields while a checkpoint is taken would stay in state until
#: another element comes. A bundle would wait a second for more, in each of three stages.
_FLINK = {
    "checkpointing_interval": "10000",
    "finish_bundle_before_checkpointing": "",
    "max_bundle_time_mills": "100",
}

_PUBSUB = "pubsub:"


@dataclass(frozen=True)
class StreamConfig:
    """One streaming job, ready to be built. ``from_options`` makes and checks it."""

    watches: tuple[Watch, ...]
    subscription: str = ""  #: "projects/P/subscriptions/S"; "" when inputs are read
    inputs: tuple[str, ...] = ()  #: files and folders, for trials: the job ends with them
    topic: str = ""  #: "projects/P/topics/T"; "" without one
    archive: str = ""  #: SQLAlchemy URL; "" without one
    dead_letters: str = ""  #: a topic for them, beside the archive; "" without one
    allow_hosts: tuple[str, ...] = ()
    model: str | None = None
    meaning: str = ""  #: folder of a model of meaning; "" without one
    contact: str = ""  #: for the User-Agent
    beam: tuple[str, ...] = ()  #: Beam's options

    @property
    def runner(self) -> str:
        """Beam's name of the engine."""
        return str(PipelineOptions(list(self.beam)).view_as(StandardOptions).runner)

    @property
    def is_clocked(self) -> bool:
        """Whether the engine's own clock drives the source, and there is no watermark.

        So it is on Flink. There each pass of a splittable DoFn that goes on for ever, as Beam's
        PeriodicImpulse is one, costs a name in the job's state: checkpoints grow, and fail at
        32,768 names (https://github.com/apache/beam/issues/27648).
        """
        return bool(self.subscription) and self.runner == "FlinkRunner"

    @classmethod
    def from_options(
        cls,
        watches: Sequence[str],
        *,
        source: str,
        sinks: Sequence[str],
        dead_letters: str = "",
        runner: str = "prism",
        allow_hosts: Sequence[str] = (),
        model: str | None = None,
        meaning: str = "",
        beam: Sequence[str] = (),
    ) -> StreamConfig:
        """Check all options at once.

        Raises:
            ConfigurationError: with one line per mistake, of options and watches alike.
        """
        mistakes = [*_runner_mistakes(runner), *_beam_mistakes(beam)]
        loaded: tuple[Watch, ...] = ()
        contact = ""
        try:
            loaded = load_watches(watches, bundled=BUNDLED)
            contact = contact_for(loaded)
        except ConfigurationError as error:
            mistakes += error.mistakes
        subscription, topic, archive = "", "", ""
        if source.startswith(_PUBSUB):
            subscription = _path(source, "subscriptions", "--source", mistakes)
        for sink in sinks:
            if sink.startswith(_PUBSUB):
                topic = _path(sink, "topics", "--sink", mistakes)
            else:
                archive = _archive(sink, mistakes)
        if dead_letters:
            dead_letters = _path(dead_letters, "topics", "--dead-letters", mistakes)
        if not sinks:
            mistakes.append("--sink: give a Pub/Sub topic, an archive's URL, or one of each")
        if mistakes:
            raise ConfigurationError(mistakes)
        if not subscription:  # articles that are given have no age limit, as for ``parley run``
            loaded = tuple(replace(watch, max_age_seconds=None) for watch in loaded)
        return cls(
            watches=loaded,
            subscription=subscription,
            inputs=() if subscription else (source,),
            topic=topic,
            archive=archive,
            dead_letters=dead_letters,
            allow_hosts=tuple(allow_hosts),
            model=model,
            meaning=meaning,
            contact=contact,
            beam=tuple(beam_options(runner, beam, is_endless=bool(subscription))),
        )


def beam_options(runner: str, given: Sequence[str], *, is_endless: bool) -> list[str]:
    """Beam's options: those that were given, and what the engine needs besides.

    >>> given = ["--checkpointing_interval=500", "--max_bundle_time_mills=9"]
    >>> beam_options("flink", given, is_endless=True)[3:]
    ['--streaming', '--finish_bundle_before_checkpointing']
    """
    name = STREAM_RUNNERS.get(runner, runner)
    needed = {"streaming": "", **(_FLINK if name == "FlinkRunner" and is_endless else {})}
    said = {option.partition("=")[0].removeprefix("--") for option in given}
    more = [f"--{k}={v}" if v else f"--{k}" for k, v in needed.items() if k not in said]
    return [f"--runner={name}", *given, *more]


def _runner_mistakes(runner: str) -> Iterator[str]:
    """What is neither a short name nor looks like Beam's name of a runner."""
    if runner not in STREAM_RUNNERS and not runner.endswith("Runner"):
        yield f"--runner: {runner!r} is no engine; {did_you_mean(runner, STREAM_RUNNERS)}"


def _beam_mistakes(given: Sequence[str]) -> Iterator[str]:
    """Beam takes what it does not know without a word. Its own names have no hyphens."""
    for option in given:
        name = option.partition("=")[0]
        if name.startswith("--") and "-" in name[2:]:
            remedy = did_you_mean(name, OWN_OPTIONS)
            yield f"{name}: neither parley stream nor Beam has this option; {remedy}"


def _path(address: str, kind: str, option: str, mistakes: list[str]) -> str:
    try:
        return read_pubsub_path(address, kind)  # type: ignore[arg-type]
    except ValueError as error:
        mistakes.append(f"{option}: {address!r} {error}")
        return ""


def _archive(sink: str, mistakes: list[str]) -> str:
    """The archive's URL, which must hold no password: engines show a job's options to many."""
    try:
        url = make_url(sink)
    except ArgumentError:
        mistakes.append(f"--sink: {sink!r} is neither pubsub:… nor an SQLAlchemy URL")
        return ""
    if url.password is not None:
        shown = url.render_as_string(hide_password=True)
        mistakes.append(
            f"--sink: {shown} holds a password, and engines show a job's options; leave it out "
            "and set PGPASSWORD, or PGPASSFILE, where the workers run"
        )
    if re.match("sqlite.*:memory:|sqlite://$", sink):
        mistakes.append(f"--sink: {sink}: workers have no memory in common; name a file")
    return sink
