"""The reference pages agree with the code."""

from __future__ import annotations

import os
import re
from pathlib import Path

from hub.accounts.roles import PERMISSIONS, Role

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = ROOT / "docs" / "reference"


def _roles_page() -> str:
    """The permission table as a page."""
    lines = [
        "# Roles",
        "",
        "What each role may do in its workspace. Somebody may have several roles; a token has some of its owner's.",
        "This page is made from the table in `hub/accounts/roles.py`: run the tests with `LOCKGATE_TEST_WRITE=true`.",
        "",
        f"| Verb | {' | '.join(role.value for role in Role)} |",
        f"| --- |{' :-: |' * len(Role)}",
    ]
    for verb, roles in PERMISSIONS.items():
        lines.append(f"| `{verb}` | {' | '.join('yes' if role in roles else '' for role in Role)} |")
    return "\n".join(lines) + "\n"


def test_the_page_of_roles_is_the_permission_table():
    page, wanted = REFERENCE / "roles.md", _roles_page()
    if os.environ.get("LOCKGATE_TEST_WRITE"):
        page.write_text(wanted, "utf-8")

    assert page.read_text("utf-8") == wanted, "Run this test with LOCKGATE_TEST_WRITE=true and commit the page."


def test_every_variable_that_is_read_is_explained():
    page = (REFERENCE / "settings.md").read_text("utf-8")
    sources = [path for folder in ("hub", "connectors", "workflows") for path in (ROOT / folder).rglob("*.py")]
    read = {
        name
        for path in sources
        for name in re.findall(r"\b(?:LOCKGATE_[A-Z_]+|REDIS_URL|DATABASE_URL)\b", path.read_text("utf-8"))
    }

    assert read
    assert {name for name in read if f"`{name}`" not in page} == set()


def test_no_variable_is_explained_that_nothing_reads():
    page = (REFERENCE / "settings.md").read_text("utf-8")
    code = "".join(
        path.read_text("utf-8")
        for folder in ("hub", "connectors", "workflows", "tests")
        for path in (ROOT / folder).rglob("*.py")
    )

    assert {name for name in re.findall(r"^\| `([A-Z_]+)`", page, re.M) if name not in code} == set()
