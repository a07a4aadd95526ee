"""Packages of our names that are not ours are told."""

import importlib.metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.settings import installation
from schemas.distribution import DISTRIBUTION, PACKAGES


def test_our_own_packages_are_not_shadowed() -> None:
    assert installation.shadowed_packages() == []


@pytest.mark.parametrize("kind", ["package", "namespace", "module"])
def test_a_package_from_elsewhere_is_told_with_its_place(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"stranger_{kind}"
    if kind == "module":
        (tmp_path / f"{name}.py").touch()
    else:
        (tmp_path / name).mkdir()
    if kind == "package":
        (tmp_path / name / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    (line,) = installation.shadowed_packages([name])
    assert f"package {name!r}: imported from {tmp_path}" in line
    assert "pipx install ." in line


def test_a_package_that_is_gone_is_told() -> None:
    assert len(installation.shadowed_packages(["no_such_package_at_all"])) == 1


def stub(name: str, *commands: str) -> SimpleNamespace:
    points = [SimpleNamespace(value=command) for command in commands]
    return SimpleNamespace(metadata={"Name": name}, entry_points=points)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    providers = {name: [DISTRIBUTION] for name in PACKAGES}
    found = [stub(DISTRIBUTION, "pipelines.cli.app:main"), stub("old", "pipelines.cli:main")]
    monkeypatch.setattr(importlib.metadata, "distributions", lambda: found)
    monkeypatch.setattr(importlib.metadata, "packages_distributions", lambda: providers)
    return providers


def test_the_distribution_of_a_clashing_package_is_named(installed: dict[str, list[str]]) -> None:
    assert installation.clashing_distributions() == []
    installed["connectors"] = [DISTRIBUTION, "plugs"]
    (line,) = installation.clashing_distributions()
    assert line.startswith("package 'connectors': plugs installs")
    assert "pip uninstall plugs" in line


def test_parley_under_an_earlier_name_is_no_stranger(installed: dict[str, list[str]]) -> None:
    installed["schemas"] = ["old", DISTRIBUTION]
    assert installation.clashing_distributions() == []
