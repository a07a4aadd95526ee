"""Checks that Parley's top-level packages, whose names are common, are Parley's own."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

from schemas.distribution import DISTRIBUTION, PACKAGES

#: How the entry point begins that only Parley has, under whatever name it was installed.
_COMMAND = "pipelines.cli"
_REMEDY = "install Parley into an environment of its own: pipx install ."


def shadowed_packages(packages: Sequence[str] = PACKAGES) -> list[str]:
    """One line for each package that Python would import from elsewhere than this module."""
    home = Path(__file__).resolve().parents[2]
    return [
        f"package {name!r}: imported from {place}, not from {home}; take that folder off "
        f"PYTHONPATH, or {_REMEDY}"
        for name in packages
        if (place := _place_of(name)) != home / name
    ]


def _place_of(package: str) -> Path | None:
    """The folder or file that a package is imported from; None if there is no such package."""
    spec = importlib.util.find_spec(package)
    if spec is None:
        return None
    places = list(spec.submodule_search_locations or ()) or [spec.origin or ""]
    return Path(places[0]).resolve()


def clashing_distributions(packages: Sequence[str] = PACKAGES) -> list[str]:
    """One line for each package that another installed distribution brings, too.

    Reads the metadata of all that is installed, which takes up to half a second.
    """
    import importlib.metadata  # loads the mail library

    ours = {DISTRIBUTION}
    for found in importlib.metadata.distributions():
        if any(point.value.startswith(_COMMAND) for point in found.entry_points):
            ours.add(found.metadata["Name"])
    providers = importlib.metadata.packages_distributions()
    return [
        f"package {name!r}: {other} installs one of that name beside Parley's; "
        f"pip uninstall {other}, or {_REMEDY}"
        for name in packages
        for other in sorted({*providers.get(name, ())} - ours)
    ]
