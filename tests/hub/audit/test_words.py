"""Whatever the audit trail records, its page says in words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WORDS = ROOT / "frontend" / "src" / "screens" / "admin" / "verbs.ts"


def test_every_verb_that_is_recorded_has_words_on_the_page_of_the_audit_trail() -> None:
    if not WORDS.exists():
        pytest.skip("Only a checkout has the sources of the pages.")
    known = set(re.findall(r'^  "([a-z.-]+)":', WORDS.read_text(), re.MULTILINE))

    files = [file for folder in ("hub", "workflows") for file in (ROOT / folder).rglob("*.py")]
    recorded = {verb for file in files for verb in _of(file)}

    assert len(recorded) > 50
    assert recorded - known == set()


def _of(file: Path) -> Iterator[str]:
    """The verbs that stand in calls of `record`: "run.started"."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record":
            for argument in node.args[1:2]:
                for each in ast.walk(argument):
                    if isinstance(each, ast.Constant) and re.fullmatch(r"[a-z-]+\.[a-z-]+", str(each.value)):
                        yield str(each.value)
