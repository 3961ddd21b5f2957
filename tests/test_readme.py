"""The README is true: its snippet runs, its commands and paths exist."""

import re
import subprocess
import sys

import pytest

from engine.commands import main


@pytest.fixture
def readme(project):
    return (project / "README.md").read_text(encoding="utf-8")


def blocks(text, language):
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.mark.tensorflow
def test_the_python_snippet_runs_and_prints_a_line_for_each_point(readme, project):
    snippet, _ = blocks(readme, "python")
    ended = subprocess.run(
        [sys.executable, "-c", snippet], cwd=project, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert [line.split()[0] for line in ended.stdout.splitlines()] == ["0.5", "0.9"]


def test_the_recipe_is_one_of_those_that_are_executed(readme, project):
    _, recipe = blocks(readme, "python")
    assert recipe in blocks((project / "docs" / "extending.md").read_text(), "python")


def test_it_is_the_face_not_the_whole(readme):
    assert len(readme.splitlines()) <= 150


def test_every_make_target_that_it_names_exists(readme, project):
    targets = set(re.findall(r"^(\w+):", (project / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake (\w+)", readme)) - {"sure"}
    assert named <= targets
    assert {"run", "test", "check", "bench", "help"} <= targets


def test_make_help_says_what_each_command_does(project):
    ended = subprocess.run(
        ["make", "help"], cwd=project, capture_output=True, text=True, check=True
    )
    assert all(f"make {name}" in ended.stdout for name in ("run", "test", "check", "bench"))


def test_every_command_line_that_it_shows_is_understood(readme, capsys):
    shell = "\n".join(blocks(readme, "sh"))
    commands = re.findall(r"python -m engine (.+?)(?:\s+#.*)?$", shell, re.MULTILINE)
    assert len(commands) >= 6
    for command in commands:
        words = command.split()
        name = words[: 2 if words[0] == "runs" else 1]
        assert main([*name, "--help"]) == 0
        options = {word for word in words if word.startswith("--")}
        shown = re.sub(r"\s+", " ", capsys.readouterr().out)
        assert all(option in shown for option in options), command


def test_every_path_that_it_names_exists(readme, project):
    named = re.findall(r"\]\(([^)#:]+)\)", readme)
    named += re.findall(r"`((?:engine|pages|tests|docs)/[\w./]+)`", readme)
    missing = [path for path in named if not (project / path).exists()]
    assert named
    assert missing == []


def test_nothing_is_left_to_do(project):
    for folder in ("engine", "pages", "tools"):
        for path in (project / folder).rglob("*.py"):
            assert not re.search(r"TODO|FIXME|XXX", path.read_text(encoding="utf-8")), path
