"""What the documents say is what the code does."""

import os
import re
import shlex
import subprocess
import sys
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


DOCUMENTS = ("README.md", "pipelines/README.md", "transforms/README.md", "tests/README.md")


def said_commands():
    """Every `parley …` of the documents: its words, up to a pipe or the end of the line."""
    for name in DOCUMENTS:
        text = read(name).replace("\\\n", " ")
        for found in re.finditer(r"(?:^|[`/ ])parley ([a-z][^`\n|>;]*)", text, re.MULTILINE):
            words = found[1].split()
            if words[0] in LISTED:
                yield name, words


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_in_the_documents_have_the_options_that_they_are_given(name):
    checked = 0
    for document, words in said_commands():
        if document != name or words[0] == "stream":  # takes Beam's options, too
            continue
        path = tuple(words[:2]) if tuple(words[:2]) in COMMANDS else (words[0],)
        known = {o for p in (*COMMANDS[path].params, *COMMANDS[path[:1]].params) for o in p.opts}
        given = {word.partition("=")[0].rstrip(".,:)") for word in words if word.startswith("--")}
        assert given <= known, f"{name}: parley {' '.join(words)}"
        checked += 1
    assert checked or name != "README.md"


#: Commands of README that need a network, or go on without end.
NOT_RUN = ("parley run ukraine-peace-talks", "parley serve --archive sqlite:///build/sample.db")


@pytest.mark.slow
def test_the_commands_of_the_readme_run(tmp_path):
    blocks = re.findall(r"^```\w*\n(.*?)^```$", read("README.md"), re.MULTILINE | re.DOTALL)
    lines = [line.removeprefix(".venv/bin/") for block in blocks for line in block.splitlines()]
    commands = [line for line in lines if line.startswith("parley ")]
    assert set(NOT_RUN) <= set(commands)
    (tmp_path / "build").mkdir()
    (tmp_path / "pipelines").symlink_to(ROOT / "pipelines")
    sample = "parley run sample --recorded sample --archive sqlite:///build/sample.db"
    code = "import sys; from pipelines.cli.app import main; sys.argv[0] = 'parley'; main()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for command in [sample, *(each for each in commands if each not in NOT_RUN)]:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code, *shlex.split(command)[1:]],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"


def test_make_targets_in_the_readme_exist():
    for target in re.findall(r"make ([a-z]+)", read("README.md")):
        assert re.search(rf"^{target}:", read("Makefile"), re.MULTILINE), target


def test_the_example_for_python_prints_what_the_readme_says(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", read("README.md"), re.DOTALL)
    (printed,) = re.findall(r"prints `([^`]+)`", read("README.md"))
    exec(compile(code, "README.md", "exec"), {})  # our own document
    assert capsys.readouterr().out.strip() == printed
