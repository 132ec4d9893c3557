"""Everything wrong with a document is said at once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.drawing import drawn
from workflows.graph.document import SCHEMA, UnknownFormat, migrate
from workflows.graph.problems import problems

KEPT_SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "reference" / "workflow-document.schema.json"
MAIL = {
    "type": "object",
    "properties": {
        "to": {"type": "array", "items": {"type": "string"}, "title": "Recipients"},
        "n": {"type": "integer"},
    },
    "required": ["to"],
    "additionalProperties": False,
}


@dataclass
class Offered:
    actions: dict[str, Any] = field(default_factory=lambda: {"email.send": MAIL})
    connections: dict[str, str] = field(default_factory=lambda: {"post": "email", "directory": "otds"})


def codes(document: Any) -> list[tuple[str, str, str]]:
    return [(each.code, each.step, each.field) for each in problems(document, Offered())]


def send(**more: Any) -> dict[str, Any]:
    return {"kind": "action", "action": "email.send", "connection": "post", "input": {"to": ["a@b.c"]}} | more


def test_a_sound_document_has_no_problems() -> None:
    assert codes(drawn("a -> b\na -error-> c", b=send())) == []


def test_every_problem_is_named_with_its_place() -> None:
    document = drawn(
        "a -> b -> c -> d",
        a=send(action="email.sent", connection=""),
        b=send(connection="directory", input={"n": "three"}),
        c=send(input={"to": "=1 +"}),
        d={"kind": "condition"},
    )

    assert codes(document) == [
        ("unknown-action", "a", "action"),
        ("unknown-connection", "a", "connection"),
        ("wrong-connection", "b", "connection"),
        ("input", "b", "input/n"),
        ("input-missing", "b", "input/to"),
        ("expression", "c", "input/to"),
        ("setting-missing", "d", "settings/if"),
    ]
    assert problems(document, Offered())[0].hint == 'Did you mean "email.send"?'


def test_a_value_that_only_the_run_knows_is_not_judged() -> None:
    assert codes(drawn("a", a=send(input={"to": "=trigger.recipients", "n": "=trigger.n"}))) == []


def test_a_cycle_is_reported_by_its_members() -> None:
    (found,) = problems(drawn("start -> a -> b -> c -> a"), Offered())

    assert found.code == "cycle"
    assert '"a", "b", "c", "a"' in found.message


def test_edges_from_nowhere_and_ports_that_are_not_there_are_reported() -> None:
    document = drawn("a -maybe-> b")
    document["edges"].append({"from": "a", "to": "bb"})

    assert codes(document) == [("unknown-port", "a", "edges/0/port"), ("dangling-edge", "", "edges/1/to")]


@pytest.mark.parametrize("junk", [None, [], "x", {}, {"format": 1}, {"format": 1, "name": " ", "steps": [7]}])
def test_junk_is_a_problem_and_not_a_crash(junk: Any) -> None:
    assert problems(junk, Offered())


def test_a_document_of_the_future_is_refused_with_a_hint() -> None:
    with pytest.raises(UnknownFormat, match="bring Lockgate up to date"):
        migrate({"format": 99})


def test_the_published_schema_is_the_one_in_use() -> None:
    assert json.loads(KEPT_SCHEMA.read_text()) == SCHEMA
