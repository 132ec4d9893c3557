"""The command that writes a connector."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from hub.registry.finding import find


def _write(root: Path, name: str = "acme_crm", **options: str) -> str:
    out = StringIO()
    call_command("new_connector", name, root=str(root), stdout=out, **options)
    return out.getvalue()


def test_what_it_writes_is_found_and_nothing_is_wrong_with_it(tmp_path: Path) -> None:
    assert "connectors/acme_crm/manifest.toml" in _write(tmp_path, title="Acme & Sons")
    (tmp_path / "connectors" / "__init__.py").touch()

    # In a process of its own: "connectors" means another folder there.
    found = _python(
        tmp_path,
        "-c",
        "import sys; from pathlib import Path; from hub.registry.finding import find;"
        f"found = find(Path({str(tmp_path)!r}) / 'connectors', []);"
        "print(found.problems, list(found.actions), found.connectors['acme_crm'].manifest.name)",
    )

    assert found.stdout.strip() == "() ['acme_crm.greet'] Acme & Sons"


def test_the_tests_that_it_writes_pass(tmp_path: Path) -> None:
    _write(tmp_path)
    (tmp_path / "connectors" / "__init__.py").touch()

    ran = _python(tmp_path, "-m", "pytest", "-q", "-W", "error", "-c", os.devnull, "--rootdir", ".", "tests")

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "6 passed" in ran.stdout


def test_what_it_writes_is_formatted_and_clean(tmp_path: Path) -> None:
    _write(tmp_path, name="acme")
    (tmp_path / "pyproject.toml").write_text((Path(settings.BASE) / "pyproject.toml").read_text())

    for command in (["format", "--check"], ["check"]):
        ran = _python(tmp_path, "-m", "ruff", *command, "--no-cache", ".")
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_connector_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    _write(tmp_path)
    manifest = tmp_path / "connectors" / "acme_crm" / "manifest.toml"
    manifest.write_text("mine")

    with pytest.raises(CommandError, match="nothing was written"):
        _write(tmp_path)
    assert manifest.read_text() == "mine"


@pytest.mark.parametrize("name", ["Acme", "9lives", "../up", "a-b", "", "a" * 41])
def test_a_name_that_cannot_be_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match="cannot name a connector"):
        _write(tmp_path, name=name)
    assert list(tmp_path.iterdir()) == []


def test_a_title_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="quotation mark"):
        _write(tmp_path, title='A"\nx = 1')


def test_an_empty_folder_has_no_connectors(tmp_path: Path) -> None:
    assert find(tmp_path, []).connectors.keys() <= find(tmp_path / "nowhere", []).connectors.keys()


def _python(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(settings.BASE)])}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True, timeout=100
    )
