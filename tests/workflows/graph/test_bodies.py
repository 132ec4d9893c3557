"""A for-each holds steps, and what is wrong with them has its place."""

from __future__ import annotations

from typing import Any

from tests.workflows.drawing import drawn
from tests.workflows.graph.test_problems import codes


def each(picture: str, settings: dict[str, Any] | None = None, **steps: dict[str, Any]) -> dict[str, Any]:
    """A for-each with a drawn body."""
    body = drawn(picture, **steps)
    return {
        "kind": "each",
        "settings": {"items": "=trigger.list"} | (settings or {}),
        "body": {"steps": body["steps"], "edges": body["edges"]},
    }


def gives(value: Any) -> dict[str, Any]:
    return {"kind": "transform", "settings": {"value": value}}


def test_a_body_reads_its_item_what_is_before_it_and_the_steps_before_its_for_each() -> None:
    body = each("x -> y", {"result": "=steps.y + index"}, x=gives("=item.n"), y=gives("=steps.x + steps.a"))

    assert codes(drawn("a -> b", b=body)) == []


def test_problems_in_a_body_are_named_with_their_step() -> None:
    body = each("x -> y\nx -maybe-> y", x=gives("=steps.y"), y={"kind": "condition"})
    document = drawn("a\nb", b=body, a=gives("=item.n + steps.y"))

    assert sorted(codes(document)) == [
        ("setting-missing", "y", "settings/if"),
        ("step-not-before", "a", "settings/value"),
        ("step-not-before", "x", "settings/value"),
        ("unknown-name", "a", "settings/value"),
        ("unknown-port", "x", "edges/1/port"),
    ]


def test_wrong_shapes_in_a_body_are_named_with_their_step() -> None:
    assert codes(drawn("a", a=each("x", x={"kind": "transfrom"}))) == [("unknown-kind", "x", "kind")]


def test_ids_are_taken_once_in_the_whole_document_and_bodies_nest_three_deep() -> None:
    assert ("duplicate-step", "a", "id") in codes(drawn("a", a=each("a")))
    assert codes(drawn("a", a=each("b", b=each("c", c=each("d"))))) == []
    assert codes(drawn("a", a=each("b", b=each("c", c=each("d", d=each("e")))))) == [("body", "d", "body")]


def test_a_for_each_without_list_or_steps_is_a_problem() -> None:
    assert codes(drawn("a", a={"kind": "each", "settings": {"concurrency": 51, "on_error": "go"}})) == [
        ("setting-missing", "a", "settings/items"),
        ("no-steps", "a", "body/steps"),
        ("setting", "a", "settings/concurrency"),
        ("setting", "a", "settings/on_error"),
    ]
    assert codes(drawn("a", a=each("b") | {"kind": "transform", "settings": {"value": 1}})) == [("body", "a", "body")]
