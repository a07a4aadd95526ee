"""What ships to a worker: the source distribution, as Beam's ``--setup_file`` builds it."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import spacy
import typer

ROOT = Path(__file__).parent.parent
PACKAGES = ("schemas", "transforms", "connectors", "pipelines")


#: What `setup.py sdist` reads beside the packages.
TOP_LEVEL = ("setup.py", "pyproject.toml", "README.md", "LICENSE")


def tracked() -> set[str]:
    """The project's files: those that git lists or, in a copy without git, those that are there."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0:
        return set(listed.stdout.split("\n")) - {""}
    return found_in(ROOT)


def found_in(root: Path) -> set[str]:
    found = (path.relative_to(root) for name in PACKAGES for path in (root / name).rglob("*"))
    files = {str(p) for p in found if "__pycache__" not in p.parts and (root / p).is_file()}
    return files | {name for name in TOP_LEVEL if (root / name).is_file()}


def test_a_copy_without_git_lists_the_same() -> None:
    ours = {
        n for n in tracked() if n.startswith(tuple(f"{p}/" for p in PACKAGES)) or n in TOP_LEVEL
    }
    assert ours <= found_in(ROOT)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is tracked."""
    here = tmp_path_factory.mktemp("copy")
    for name in tracked():
        if (ROOT / name).is_file():
            (here / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, here / name)
    return here


@pytest.fixture(scope="module")
def shipped(copied: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of the distribution, built from the copy."""
    here = tmp_path_factory.mktemp("sdist")
    command = [sys.executable, "setup.py", "--quiet", "sdist", "--dist-dir", str(here)]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    subprocess.run(command, cwd=copied, check=True, env=environment, capture_output=True)
    (archive,) = here.glob("parley_monitor-*.tar.gz")
    with tarfile.open(archive) as opened:
        return {member.name.partition("/")[2] for member in opened if member.isfile()}


@pytest.fixture(scope="module")
def wheel(copied: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as `make dist` builds it."""
    here = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(here), "."]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, cwd=copied, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = here.glob("parley_monitor-*.whl")
    return built


@pytest.mark.slow
def test_a_wheel_holds_data_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = {name for name in opened.namelist() if ".dist-info/" not in name}
    assert {n for n in tracked() if n.startswith(tuple(f"{p}/" for p in PACKAGES))} <= names
    assert {name.partition("/")[0] for name in names} == set(PACKAGES)
    assert not [name for name in names if "/test_" in name or "/tests/" in name]


@pytest.mark.slow
def test_a_wheel_runs_the_sample_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own; its dependencies are those of this one."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    (site,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    dependencies = {str(Path(module.__file__ or "").parents[1]) for module in (spacy, typer)}
    (site / "dependencies.pth").write_text("\n".join(dependencies))
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True)
    (tmp_path / "empty").mkdir()
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [site.parents[2] / "bin" / "parley", "run", "sample", "--recorded", "sample"]
    done = subprocess.run(
        command,
        cwd=tmp_path / "empty",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Robert Calloway" in done.stdout


def test_every_module_and_every_data_file_ships(shipped: set[str]) -> None:
    wanted = {name for name in tracked() if name.startswith(tuple(f"{p}/" for p in PACKAGES))}
    assert wanted - shipped == set()


def test_tests_and_tools_do_not_ship(shipped: set[str]) -> None:
    roots = {name.partition("/")[0] for name in shipped if "/" in name}
    assert roots <= {*PACKAGES, "parley_monitor.egg-info"}


def test_lock_files_are_installed_without_resolving() -> None:
    """An old pip resolves extras beyond the lock and refuses what it finds there."""
    recipes = [
        ROOT / "Makefile",
        *(ROOT / "deploy").glob("*file*"),
        *(ROOT / "tests").rglob("*.sh"),
    ]
    installing = [
        command
        for recipe in recipes
        for command in re.split(r"(?<!\\)\n", recipe.read_text(encoding="utf8"))
        if "--require-hashes" in command
    ]
    assert len(installing) >= 6
    assert [c for c in installing if "--no-deps" not in c and "$(INSTALL)" not in c] == []
