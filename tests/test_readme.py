"""What the README promises, held against the program."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

import assistant
from assistant import settings
from assistant.cli import _parser

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
COMMANDS = re.findall(r"^    (summit [^\n#>|]+)", README, re.M)


def name(requirement):
    return re.match(r"[A-Za-z0-9_.-]+", requirement).group().lower()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shown_is_understood(command):
    assert _parser().parse_args(shlex.split(command)[1:]).run


def test_the_two_commands_and_the_formats_are_there():
    assert "make chat" in README
    assert "make test" in README
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for target in ("setup", "chat", "test", "lint"):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)


def test_every_setting_is_in_the_table():
    for variable in settings.VARIABLES.values():
        assert f"`{variable}`" in README


def test_every_direct_dependency_is_named_with_what_it_is_for():
    table = README[README.index("## Built on") :]
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    missing = [name(r) for r in wanted if not re.search(rf"\| {name(r)}\b", table.lower())]
    assert missing == []


def test_every_direct_dependency_has_a_tested_version():
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower()
    pinned = set(re.findall(r"^([a-z0-9_.-]+)==", constraints, re.M))
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    assert {name(r) for r in wanted} <= {*pinned, *(p.replace("_", "-") for p in pinned)}
    assert "torch==2.13.0\n" in constraints


def test_every_module_is_in_the_tree():
    tree = README[README.index("## Where things are") :]
    for package in ("assistant", "evals", "ingest", "vectorstore"):
        for path in (ROOT / package).glob("*.py"):
            if not path.name.startswith("__"):
                assert f"{path.stem}" in tree, f"{package}/{path.name} is not in the README's tree"


def test_the_public_names_are_those_of_the_interface():
    assert {"Answer", "Assistant", "Citation", "Sentence", "Turn", "answer"} <= set(
        assistant.__all__
    )
    for public in assistant.__all__:
        assert getattr(assistant, public).__doc__
