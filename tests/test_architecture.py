"""Who may import whom, where things stand, and what ships."""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from pipelines.settings.installation import clashing_distributions

ROOT = Path(__file__).parent.parent
PACKAGES = ("schemas", "transforms", "connectors", "pipelines")
#: What each package may import of the others. Connectors implement the core's ports; they know
#: no stage.
BELOW = {
    "schemas": (),
    "transforms": ("schemas",),
    "connectors": ("schemas", "transforms.core"),
    "pipelines": ("schemas", "transforms", "connectors"),
}
#: The rooms of each package from the ground up. A room imports itself and the floors below it.
FLOORS = {
    "transforms": (
        ("core.ports", "core.failures", "core.text", "core.logistic"),
        ("core.languages", "core.feeds", "core.articles"),
        ("core.people",),
        ("core.quotes", "core.relevance", "core.novelty", "core.delivery"),
        ("core.alerts",),
        ("core.by_name_key",),
        ("coders",),
        ("runtime",),
        ("",),
    ),
    "connectors": (
        ("formats", "web", "models"),
        ("files", "archive"),
        ("pubsub",),
        ("channels",),
        ("watchfile",),
    ),
    "pipelines": (
        ("settings", "telemetry"),
        ("services",),
        ("jobs", "reading_room"),
        ("cli",),
    ),
}
#: More than this in one folder, and nobody finds a module by reading the list.
MOST_MODULES = 15
#: Folders that are lists by nature, with what each file in them is.
LISTS = {
    "transforms": "a stage",
    "pipelines/cli": "a command",
    "schemas": "a kind of row",
    "connectors/archive": "a table's reads and writes",
}
TOP_LEVEL = {
    "pipelines", "transforms", "connectors", "schemas", "tests", "deploy",
    "setup.py", "README.md", "LICENSE", "pyproject.toml", "CHANGELOG.md", "Makefile",
}  # fmt: skip
MODULES = sorted(
    path.relative_to(ROOT)
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf8"))


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


NAMES = {dotted(path) for path in MODULES}


def imported(path: Path) -> set[str]:
    """The modules that one imports, anywhere in it."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            whole = (f"{node.module}.{alias.name}" for alias in node.names)
            names.update(name if name in NAMES else node.module for name in whole)
    return names


def room(module: str) -> tuple[str, str]:
    """The package and the room of a module.

    >>> room("transforms.core.quotes.rules.direct"), room("transforms.poll_feeds")
    (('transforms', 'core.quotes'), ('transforms', ''))
    """
    package, *rest = module.split(".")
    if package == "transforms":
        in_room = rest[:1] in (["runtime"], ["coders"])
        return package, ".".join(rest[:2]) if rest[:1] == ["core"] else rest[0] if in_room else ""
    return package, rest[0] if rest else ""


def floor(package: str, name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS[package]) if name in rooms)


def is_allowed(module: str, other: str) -> bool:
    (package, own), (theirs, that) = room(module), room(other)
    if package != theirs:
        return any(f"{other}.".startswith(f"{below}.") for below in BELOW[package])
    if package == "schemas" or own == that or other == package:
        return True
    return floor(package, that) < floor(package, own)


@pytest.mark.parametrize("path", [p for p in MODULES if p.name != "__init__.py"], ids=str)
def test_modules_import_only_what_lies_below_them(path):
    ours = {name for name in imported(path) if name.split(".")[0] in PACKAGES}
    assert {name for name in ours if not is_allowed(dotted(path), name)} == set()


@pytest.mark.parametrize("path", [p for p in MODULES if "core" in p.parts], ids=str)
def test_the_core_knows_no_beam_and_no_network(path):
    roots = {name.split(".")[0] for name in imported(path)}
    assert not roots & {"apache_beam", "requests", "sqlalchemy", "socket"}


@pytest.mark.parametrize("path", [p for p in MODULES if p.parts[0] == "schemas"], ids=str)
def test_row_modules_keep_their_annotations(path):
    rows = "@row" in (ROOT / path).read_text(encoding="utf8") and path.name != "base.py"
    assert not (rows and "__future__" in imported(path)), "the row coder could not read the types"


def test_modules_stand_in_rooms():
    loose = [p for p in MODULES if len(p.parts) == 2 and p.parts[0] in ("connectors", "pipelines")]
    assert [str(p) for p in loose if p.name != "__init__.py"] == []


def public_names(path: Path) -> set[str]:
    """What a module defines at its top, without a leading underscore."""
    names: set[str] = set()
    for node in tree(path).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names.update(target.id for target in targets if isinstance(target, ast.Name))
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_public_name_stands_for_one_thing_in_its_package(package):
    defined = defaultdict(list)
    for path in (path for path in MODULES if path.parts[0] == package):
        for name in public_names(path):
            defined[name].append(path.as_posix())
    twice = {name: paths for name, paths in defined.items() if len(paths) > 1}
    if package == "pipelines":  # what the command line looks for in a command's module
        twice.pop("app", None)
    assert twice == {}


def test_no_folder_holds_more_modules_than_one_can_read():
    held = defaultdict(list)
    for path in MODULES:
        if path.name != "__init__.py":
            held[path.parent.as_posix()].append(path.name)
    crowded = {name: len(files) for name, files in held.items() if len(files) > MOST_MODULES}
    assert set(crowded) <= set(LISTS), crowded


def test_the_top_level_holds_what_it_should():
    tracked = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    generated = {"build", "dist", "parley_monitor.egg-info"}
    assert tracked - generated <= TOP_LEVEL


def test_no_other_distribution_provides_our_packages():
    assert clashing_distributions() == []
