"""What a 409 says: its title fits what happened, because people read the title first."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from hub.api.errors import AtWork, Changed, Conflict, Taken

ROOT = Path(__file__).resolve().parents[3]
USUAL = (Conflict, Taken, Changed, AtWork)
OF_STATES = {"approval-ended", "approval-expired", "lifted", "run-not-ended",
             "not-in-doubt", "plan-not-applied", "plan-not-approved",
             "plan-not-proposed", "run-ended", "run-not-failed"}  # fmt: skip


def _raised() -> list[tuple[str, str, bool]]:
    """Where a plain Conflict is made, its code, and whether it has a title of its own."""
    found = []
    for file in [*ROOT.glob("hub/**/*.py"), *ROOT.glob("workflows/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Conflict":
                given = {each.arg: each.value for each in node.keywords}
                code = given.get("code")
                name = code.value if isinstance(code, ast.Constant) else ""
                found.append((f"{file.relative_to(ROOT)}:{node.lineno}", str(name), "title" in given))
    return found


@pytest.mark.parametrize(("place", "code", "titled"), _raised())
def test_only_what_is_about_a_state_has_the_title_that_speaks_of_states(place: str, code: str, titled: bool) -> None:
    assert titled or code in OF_STATES, f"{place}: give the conflict a title that fits, or a kind that has one."


@pytest.mark.parametrize("kind", USUAL)
def test_every_kind_of_conflict_is_a_409_with_a_title_of_its_own(kind: type[Conflict]) -> None:
    assert kind("Said.").document()["status"] == 409
    assert [each.title for each in USUAL].count(kind.title) == 1
