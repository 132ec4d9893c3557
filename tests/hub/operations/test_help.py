"""What `manage.py` says of itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hub.operations.bootstrap import Progress

ROOT = Path(__file__).resolve().parents[3]


def said(*arguments: str, **env: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=os.environ | env, capture_output=True, text=True
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [[], ["help"], ["--help"]])
def test_the_commands_of_the_hub_are_listed(arguments: list[str]) -> None:
    assert "up             set up and start the hub" in said(*arguments)


def test_each_command_says_what_it_takes() -> None:
    assert "--otds-port" in said("help", "up")


def test_what_up_takes_is_said_before_anything_is_installed(tmp_path: Path) -> None:
    bare = tmp_path / "clone"
    shutil.copytree(ROOT / "hub", bare / "hub", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", bare)
    shell = {name: value for name, value in os.environ.items() if not name.startswith("LOCKGATE_")}
    for asked in (["up", "--help"], ["help", "up"]):
        done = subprocess.run(
            [sys.executable, "-S", "manage.py", *asked], cwd=bare, env=shell, capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "--otds-port" in done.stdout
        assert "Installing" not in done.stdout
    assert not (bare / ".venv").exists()


@pytest.mark.parametrize("command", ["template", "diagnostics", "week"])
def test_its_help_names_its_own_options_only(command: str) -> None:
    told = said("help", command)
    assert f"manage.py {command}" in told
    assert "--pythonpath" not in told
    assert "--traceback" not in told


def test_a_command_whose_database_is_away_says_how_to_start_it() -> None:
    told = said("template", "list", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert "Start the hub: python3 manage.py up" in told
    assert "Traceback" not in told


def test_what_is_said_while_packages_are_installed_stands_beside_what_a_command_answers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A program reads the first line of `manage.py sandbox --json`, also in a fresh clone."""
    Progress(beside=True).say("Installing 80 packages")
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith("Installing 80 packages\n")
