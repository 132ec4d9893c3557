"""The page of complaints and the tests that carry their numbers agree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "explanation" / "what-others-suffer.md"
NUMBERS = {1, 2, 3, 4, 5, 6, 7, 11, 15, 16, 17, 18, 19, 20}


def on_the_page() -> set[tuple[int, str]]:
    made, number = set(), 0
    for line in PAGE.read_text("utf-8").splitlines():
        if heading := re.match(r"## (\d+)\. ", line):
            number = int(heading[1])
        elif test := re.match(r"- `(tests/[^`]+)`$", line):
            made.add((number, test[1]))
    return made


def carried() -> Iterator[tuple[int, str]]:
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.pain":
                        yield ast.literal_eval(mark.args[0]), f"{path.relative_to(ROOT)}::{node.name}"


def test_every_complaint_has_tests() -> None:
    assert {number for number, _ in on_the_page()} == NUMBERS


def test_the_page_names_the_tests_that_carry_each_number_and_no_other() -> None:
    assert on_the_page() == set(carried())
