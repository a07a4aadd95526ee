"""Who may import whom, and what ships."""

import ast
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "schemas": {"schemas"},
    "connectors": {"schemas", "connectors", "transforms.core"},
    "transforms": {"schemas", "transforms"},
    "pipelines": {"schemas", "transforms", "connectors", "pipelines"},
}
MODULES = sorted(
    path.relative_to(ROOT) for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py")
)
TOP_LEVEL = {
    "pipelines", "transforms", "connectors", "schemas", "tests", "deploy",
    "setup.py", "README.md", "LICENSE", "pyproject.toml", "CHANGELOG.md", "Makefile",
}  # fmt: skip


def imported(path: Path) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_packages_import_only_what_lies_below_them(path):
    allowed = MAY_IMPORT[path.parts[0]]
    ours = {name for name in imported(path) if name.split(".")[0] in MAY_IMPORT}
    above = {n for n in ours if not any(f"{n}.".startswith(f"{a}.") for a in allowed)}
    assert not above


@pytest.mark.parametrize("path", [p for p in MODULES if "core" in p.parts], ids=str)
def test_the_core_knows_no_beam_and_no_network(path):
    roots = {name.split(".")[0] for name in imported(path)}
    assert not roots & {"apache_beam", "requests", "sqlalchemy", "socket"}


@pytest.mark.parametrize("path", [p for p in MODULES if p.parts[0] == "schemas"], ids=str)
def test_row_modules_keep_their_annotations(path):
    rows = "@row" in (ROOT / path).read_text(encoding="utf8") and path.name != "base.py"
    assert not (rows and "__future__" in imported(path)), "the row coder could not read the types"


def test_the_top_level_holds_what_it_should():
    tracked = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    generated = {"build", "dist", "parley.egg-info"}
    assert tracked - generated <= TOP_LEVEL


def test_no_other_distribution_provides_our_packages():
    providers = packages_distributions()
    for package in MAY_IMPORT:
        assert set(providers.get(package, [])) <= {"parley"}
