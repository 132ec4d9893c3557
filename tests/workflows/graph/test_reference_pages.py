"""The reference pages tell the truth."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from hub.expr import evaluate
from hub.expr.language import BOUNDS, LARGEST_EXACT, LONGEST_SOURCE
from tests.workflows.graph.test_problems import Offered
from workflows.graph import document, graph, problems
from workflows.graph.document import KINDS
from workflows.graph.problems import problems as problems_of

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = (ROOT / "docs/reference/workflow-document.md").read_text()
APPROVALS = (ROOT / "docs/guides/approvals.md").read_text()
EVIDENCE = (ROOT / "docs/guides/evidence.md").read_text()
EXPRESSIONS = (ROOT / "docs/reference/expressions.md").read_text()
SEND = {
    "type": "object",
    "required": ["to", "subject", "text"],
    "additionalProperties": False,
    "properties": {"to": {"type": "array"}, "subject": {"type": "string"}, "text": {"type": "string"}},
}


def blocks(page: str) -> list[Any]:
    return [json.loads(found) for found in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]


def section(page: str, title: str) -> str:
    return page.partition(f"## {title}\n")[2].partition("\n## ")[0]


def rows(part: str) -> list[list[str]]:
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def test_the_document_on_the_page_has_no_problems() -> None:
    (shown,) = blocks(DOCUMENT)

    assert problems_of(shown, Offered({"email.send": SEND})) == []


def test_the_page_lists_every_kind_of_step_with_its_ports() -> None:
    listed = {row[0].strip("`"): row[3] for row in rows(section(DOCUMENT, "Kinds of steps"))}

    assert set(listed) == set(KINDS)
    for kind, ports in listed.items():
        step = graph.step_of({"id": "a", "kind": kind})
        shown = ports.removeprefix("the names of the cases, ")
        assert shown == (", ".join(step.ports) or "none"), kind


def test_the_page_lists_every_code_of_a_problem() -> None:
    folder = Path(problems.__file__).parent
    source = "\n".join(path.read_text() for path in folder.glob("*.py"))
    used = set(re.findall(r'(?:Problem\(|of_step\(\s*\w+,)\s*"([a-z-]+)"', source))

    assert (
        set(re.findall(r"`([a-z-]+)`", " ".join(row[0] for row in rows(section(DOCUMENT, "What can be wrong")))))
        == used
    )


def test_the_page_lists_every_field_of_a_document_and_of_a_step() -> None:
    def listed(title: str) -> set[str]:
        return set(re.findall(r"`([a-z_]+)`", " ".join(row[0] for row in rows(section(DOCUMENT, title)))))

    assert listed("The document") == set(document.SCHEMA["properties"])
    assert listed("A step") == set(document.SCHEMA["properties"]["steps"]["items"]["properties"])


(TRIGGER,) = blocks(EXPRESSIONS)
EXAMPLES = [[cell.strip("`") for cell in row] for row in rows(section(EXPRESSIONS, "Examples"))]


@pytest.mark.parametrize(("value", "becomes"), EXAMPLES)
def test_every_example_of_an_expression_gives_what_the_page_says(value: str, becomes: str) -> None:
    assert evaluate(value, {"trigger": TRIGGER}) == json.loads(becomes)


def test_the_page_names_the_bounds_in_use() -> None:
    shown = [row[1].split()[0].replace(",", "") for row in rows(section(EXPRESSIONS, "Bounds"))]
    names = ["timeout", "max_steps", "max_depth", "max_string_length", "max_array_length", "max_result_size"]

    assert shown == [str(BOUNDS[name]) for name in names] + [str(LONGEST_SOURCE)]
    assert set(names) == set(BOUNDS)
    assert str(LARGEST_EXACT) in section(EXPRESSIONS, "Numbers")


def test_the_question_of_the_guide_has_no_problems() -> None:
    step, directory = blocks(APPROVALS)
    stages = step["settings"]["stages"]
    stages[0]["approvers"] |= directory

    assert problems_of({"format": 1, "name": "Asks", "steps": [step], "edges": []}, Offered()) == []
    assert {each.field for each in problems_of(_asking(step, need=0), Offered())} == {"settings/stages/0/need"}


def test_the_collection_of_the_guide_has_no_problems() -> None:
    steps = [each for each in blocks(EVIDENCE) if "kind" in each]
    offered = Offered({}, {"exstream": "exstream", "post": "email"})

    assert [each["kind"] for each in steps] == ["record"]
    assert problems_of({"format": 1, "name": "Collects", "steps": steps, "edges": []}, offered) == []
    wrong = [steps[0] | {"settings": steps[0]["settings"] | {"connection": "post"}}]
    found = problems_of({"format": 1, "name": "Collects", "steps": wrong, "edges": []}, offered)
    assert [(each.code, each.field) for each in found] == [("wrong-connection", "settings/connection")]


def _asking(step: dict[str, Any], **changed: Any) -> dict[str, Any]:
    stages = [step["settings"]["stages"][0] | changed]
    settings = step["settings"] | {"stages": stages}
    return {"format": 1, "name": "Asks", "steps": [step | {"settings": settings}], "edges": []}
