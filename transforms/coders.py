"""Registers every row of ``schemas`` with Beam, and turns instants into Beam's and back.

Importing this module registers the rows, once a process. Every stage imports it, so a worker that
unpickles a stage has registered them, too.
"""

from __future__ import annotations

import importlib
import pkgutil
import typing

from apache_beam.coders import Coder, registry
from apache_beam.typehints.schemas import (
    LogicalType,
    MicrosInstantRepresentation,
    NoArgumentLogicalType,
)
from apache_beam.utils.timestamp import Timestamp

import schemas
from schemas.base import ROWS, Instant


@LogicalType.register_logical_type
class _InstantType(NoArgumentLogicalType[Instant, MicrosInstantRepresentation]):
    """An Instant in a row, encoded like Beam's Timestamp: seconds, and microseconds of a second.

    The bytes are those of ``beam:logical_type:micros_instant:v1``, so what was saved before
    Parley had instants of its own still decodes.
    """

    @classmethod
    def urn(cls) -> str:
        return "parley:logical_type:instant:v1"

    @classmethod
    def representation_type(cls) -> type:
        return typing.cast("type", MicrosInstantRepresentation)

    @classmethod
    def language_type(cls) -> type[Instant]:
        return Instant

    def to_representation_type(self, value: Instant) -> MicrosInstantRepresentation:
        return MicrosInstantRepresentation(*divmod(value.micros, 1_000_000))

    def to_language_type(self, value: MicrosInstantRepresentation) -> Instant:
        return Instant(int(value.seconds), int(value.micros))


def coder_of(row_type: type) -> Coder:
    """The coder of a row class."""
    return registry.get_coder(row_type)


def to_beam(instant: Instant) -> Timestamp:
    """The instant as Beam has it, for timers and the times of elements."""
    return Timestamp(micros=instant.micros)


def from_beam(timestamp: Timestamp) -> Instant:
    """Beam's time of an element as an Instant."""
    return Instant(micros=timestamp.micros)


def _register() -> None:
    for module in pkgutil.iter_modules(schemas.__path__, "schemas."):
        importlib.import_module(module.name)
    for row_type in ROWS:
        registry.register_row(row_type)


_register()
