"""What the documents say is what the code does."""

import re
from pathlib import Path

import pytest

from pipelines.cli.app import COMMANDS as LISTED
from pipelines.cli.app import load_command
from support.data_dictionary import dictionary
from support.file_schemas import MODELS, schema_text
from transforms.runtime.metrics import MEANING

ROOT = Path(__file__).parent.parent


def read(name):
    return (ROOT / name).read_text(encoding="utf8")


def test_the_data_dictionary_is_current():
    assert read("schemas/README.md") == dictionary(), "run `make docs`"


@pytest.mark.parametrize("name", MODELS)
def test_the_schemas_of_files_are_current(name):
    assert read(f"schemas/{name}.schema.json") == schema_text(name), "run `make docs`"


@pytest.mark.parametrize("name", MEANING)
def test_every_metric_is_documented(name):
    assert f"| `{name}` | {MEANING[name]} |" in read("pipelines/README.md")


def commands():
    for name in LISTED:
        command = load_command(name)
        yield (name,), command
        for sub, each in getattr(command, "commands", {}).items():
            yield (name, sub), each


COMMANDS = dict(commands())


@pytest.mark.parametrize("name", LISTED)
def test_the_list_of_commands_says_what_each_says_of_itself(name):
    command = COMMANDS[name,]
    assert getattr(command, "short_help", None) or command.help.partition("\n\n")[0] == LISTED[name]


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_and_option_has_help(path):
    command = COMMANDS[path]
    assert command.help
    for parameter in command.params:
        assert parameter.name == "help" or parameter.help, f"{path}: {parameter.name}"


def options_of(command):
    """Its options, but for --help."""
    return {o for p in COMMANDS[command,].params for o in p.opts if o.startswith("--")} - {"--help"}


def documented(heading):
    """The options in the tables of a section of pipelines/README.md."""
    (section,) = [s for s in read("pipelines/README.md").split("\n## ") if s.startswith(heading)]
    return set(re.findall(r"^\| `(--[a-z-]+)", section, re.MULTILINE))


def test_every_option_of_run_is_in_the_options_table():
    assert options_of("run") == documented("Options of `parley run`")


def test_every_option_of_follow_is_in_its_table_or_that_of_run():
    own = documented("Always on")
    assert own <= options_of("follow")
    assert options_of("follow") - own <= documented("Options of `parley run`")


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_the_readme_names_every_command_that_works(path):
    if "To come" not in COMMANDS[path].help and len(path) == 1:
        assert f"parley {path[0]}" in read("README.md")


def test_make_targets_in_the_readme_exist():
    for target in re.findall(r"make ([a-z]+)", read("README.md")):
        assert re.search(rf"^{target}:", read("Makefile"), re.MULTILINE), target


def test_the_example_for_python_prints_what_the_readme_says(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", read("README.md"), re.DOTALL)
    (printed,) = re.findall(r"prints `([^`]+)`", read("README.md"))
    exec(compile(code, "README.md", "exec"), {})  # our own document
    assert capsys.readouterr().out.strip() == printed
