"""What ships to a worker: the source distribution, as Beam's ``--setup_file`` builds it."""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("schemas", "transforms", "connectors", "pipelines")


def tracked() -> set[str]:
    """The project's files, or, where there is no git, those that are no product of a run."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0:
        return set(listed.stdout.split("\n")) - {""}
    found = (path.relative_to(ROOT) for name in PACKAGES for path in (ROOT / name).rglob("*"))
    return {str(p) for p in found if "__pycache__" not in p.parts and (ROOT / p).is_file()}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of the distribution, built from a copy of what is tracked."""
    here = tmp_path_factory.mktemp("sdist")
    for name in tracked():
        if (ROOT / name).is_file():
            (here / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, here / "copy" / name)
    command = [sys.executable, "setup.py", "--quiet", "sdist", "--dist-dir", str(here)]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    subprocess.run(command, cwd=here / "copy", check=True, env=environment, capture_output=True)
    (archive,) = here.glob("parley-*.tar.gz")
    with tarfile.open(archive) as opened:
        return {member.name.partition("/")[2] for member in opened if member.isfile()}


def test_every_module_and_every_data_file_ships(shipped: set[str]) -> None:
    wanted = {name for name in tracked() if name.startswith(tuple(f"{p}/" for p in PACKAGES))}
    assert wanted - shipped == set()


def test_tests_and_tools_do_not_ship(shipped: set[str]) -> None:
    roots = {name.partition("/")[0] for name in shipped if "/" in name}
    assert roots <= {*PACKAGES, "parley.egg-info"}
