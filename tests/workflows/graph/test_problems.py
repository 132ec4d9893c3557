"""Everything wrong with a document is said at once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


SHELF = {
    "type": "object",
    "properties": {"shop": {"type": "string"}, "most": {"type": "integer"}},
    "required": ["shop"],
    "additionalProperties": False,
}


@dataclass
class Offered:
    actions: dict[str, Any] = field(default_factory=lambda: {"email.send": MAIL})
    connections: dict[str, str] = field(default_factory=lambda: {"post": "email", "directory": "otds"})
    reconciles: dict[str, Any] = field(default_factory=lambda: {"shelf": SHELF})
    workflows: dict[str, bool] = field(default_factory=lambda: {"welcome": True, "draft": False, "me": True})
    workflow: str = "me"


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


def test_a_cycle_is_found_past_a_dead_end_and_says_whom_it_keeps_waiting() -> None:
    found = problems(drawn("a -> dead\na -> b -> a"), Offered())

    assert [(each.code, each.step) for each in found] == [("cycle", "a"), ("unreachable", "dead")]


def test_each_of_several_cycles_is_reported_beside_edges_from_nowhere() -> None:
    document = drawn("a -> b -> a\nc -> d -> c\ne -> e")
    document["edges"].append({"from": "e", "to": "nobody"})

    assert [each.step for each in problems(document, Offered()) if each.code == "cycle"] == ["a", "c", "e"]
    assert ("dangling-edge", "", "edges/5/to") in codes(document)


def test_what_has_no_proper_shape_hides_nothing_else() -> None:
    document = drawn(
        "a -> b -> c -> a",
        a=send(retry={"attempts": 0}, input={}),
        b={"kind": "transfrom"},
        c=send(tittle="Send"),
    )
    document["steps"].append({"id": "In-Stock", "kind": "merge"})
    document["edges"].append({"from": "b", "to": "elsewhere"})
    del document["name"]

    assert codes(document) == [
        ("field-missing", "", "name"),
        ("shape", "a", "retry/attempts"),
        ("unknown-kind", "b", "kind"),
        ("unknown-field", "c", "tittle"),
        ("bad-id", "In-Stock", "id"),
        ("input-missing", "a", "input/to"),
        ("dangling-edge", "", "edges/3/to"),
        ("cycle", "a", ""),
    ]
    assert [each.hint for each in problems(document, Offered())][2:4] == [
        'Did you mean "transform"?',
        'Did you mean "title"?',
    ]


def test_a_step_of_unknown_kind_hides_none_of_its_other_faults() -> None:
    unknown = {"kind": "fliter", "settings": {"where": "=item.n = steps.nobody", "x": "=$nope", "y": "=1 +"}}
    around = {"kind": "each", "settings": {"items": "=[1]"}, "body": {"steps": [{"id": "b", **unknown}]}}
    for document in (drawn("a -> b -perhaps-> c", b=unknown), drawn("a -> e", e=around)):
        assert sorted(codes(document)) == [
            ("expression", "b", "settings/y"),
            ("unknown-kind", "b", "kind"),
            ("unknown-name", "b", "settings/x"),
            ("unknown-step", "b", "settings/where"),
        ]


@pytest.mark.pain(19)
def test_an_expression_that_reads_what_is_not_there_is_a_problem() -> None:
    value = {
        "right": "{{ steps.a.x }}",
        "later": "=steps.c",
        "beside": "{{ steps.other.x }}",
        "itself": "=steps.b",
        "misspelt": "=steps.aa.x",
        "name": "=triger.x",
        "function": "=$uppercse(trigger.x)",
        "item": "=item.x",
    }
    document = drawn("a -> b -> c\nother", b={"kind": "transform", "settings": {"value": value}})

    assert [(code, field.rpartition("/")[2]) for code, _, field in codes(document)] == [
        ("step-not-before", "later"),
        ("step-not-before", "beside"),
        ("step-not-before", "itself"),
        ("unknown-step", "misspelt"),
        ("unknown-name", "name"),
        ("unknown-name", "function"),
        ("unknown-name", "item"),
    ]


def test_a_filter_may_read_the_item_and_its_index() -> None:
    chosen = {"items": "=trigger.items", "where": "=item.price > 3 and index < 10"}

    assert codes(drawn("a", a={"kind": "filter", "settings": chosen})) == []


@pytest.mark.parametrize("judgement", ["{{ trigger.ok }}", "yes", "==x", 1, None, {}])
def test_a_decision_by_text_that_is_always_true_is_refused(judgement: Any) -> None:
    case = {"kind": "switch", "settings": {"cases": [{"name": "first", "if": judgement}]}}

    assert codes(drawn("a", a={"kind": "condition", "settings": {"if": judgement}})) == [
        ("setting", "a", "settings/if")
    ]
    assert codes(drawn("a", a=case)) == [("setting", "a", "settings/cases/0/if")]


def test_a_list_where_text_is_due_is_wrong_even_with_an_expression_in_it() -> None:
    assert codes(drawn("a", a=send(input={"to": {"x": "=trigger.x"}}))) == [("input", "a", "input/to")]
    assert codes(drawn("a", a=send(input={"to": ["=trigger.x"], "two": 2}))) == [("input-unknown", "a", "input/two")]


def test_a_secret_is_not_quoted() -> None:
    schema = {"type": "object", "properties": {"pin": {"type": "string", "pattern": "^[0-9]+$", "writeOnly": True}}}
    document = drawn("a", a=send(input={"pin": "hunter2"}))

    (found,) = problems(document, Offered({"email.send": schema}))

    assert (found.field, "hunter2" in found.message + found.hint) == ("input/pin", False)


def test_nesting_beyond_reason_is_a_problem_and_not_a_crash() -> None:
    deep: Any = []
    for _ in range(50_000):
        deep = [deep]

    assert codes({"format": 1, "name": "Deep", "steps": deep}) == [("too-deep", "", "")]


WORDS = st.sampled_from(["a", "b", "", "=x", "{{", "else", "any", "id", "from", "kind", "settings"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_damage_to_a_document_makes_the_check_crash(data: st.DataObject) -> None:
    sound = drawn(
        "a -> b -first-> c\na -> f",
        a=send(retry={"attempts": 2}, at={"x": 1, "y": 2}),
        b={"kind": "switch", "settings": {"cases": [{"name": "first", "if": "=steps.a.ok"}]}},
        c={"kind": "merge", "settings": {"join": "any"}},
        f={"kind": "filter", "settings": {"items": "=trigger", "where": "=item"}},
    )
    sound["triggers"] = [{"id": "t", "kind": "manual"}]
    assert codes(sound) == []
    held: Any = sound
    while True:
        places = list(held) if isinstance(held, dict) else list(range(len(held)))
        place = data.draw(st.sampled_from(places))
        if not (isinstance(held[place], dict | list) and held[place] and data.draw(st.booleans())):
            break
        held = held[place]
    held[place] = data.draw(JSON)

    for problem in problems(sound, Offered()):
        assert problem.code
        assert problem.message.endswith(".")


@pytest.mark.parametrize("junk", [None, [], "x", {}, {"format": 1}, {"format": 1, "name": " ", "steps": [7]}])
def test_junk_is_a_problem_and_not_a_crash(junk: Any) -> None:
    assert problems(junk, Offered())


def test_a_document_of_the_future_is_refused_with_a_hint() -> None:
    with pytest.raises(UnknownFormat, match="of a newer Lockgate"):
        migrate({"format": 99})
    [found] = problems({"format": 99, "name": "x", "steps": []}, Offered())
    assert (found.code, found.field) == ("unknown-format", "format")
    assert found.hint.startswith("Bring this Lockgate up to date.")


@pytest.mark.parametrize("held", [0, -1, "1", "next", 1.5, [], False])
def test_what_is_no_format_is_said_to_be_none(held: Any) -> None:
    [found] = problems({"format": held, "name": "x", "steps": []}, Offered())
    assert "is no format" in found.message
    assert '"format": 1' in found.hint


def test_a_document_without_a_format_is_told_which_to_write() -> None:
    [found] = problems({"name": "x", "steps": []}, Offered())
    assert (found.message, '"format": 1' in found.hint) == ("The document does not say its format.", True)


def test_the_published_schema_is_the_one_in_use() -> None:
    assert json.loads(KEPT_SCHEMA.read_text()) == SCHEMA


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ({"person": "=trigger.who", "job": "=steps.a.id"}, None),
        ({"person": "mara"}, "setting"),
        ({"person": "=trigger.("}, "expression"),
        ({"person": "=steps.nobody"}, "unknown-step"),
        ({"person": "=item.who"}, "unknown-name"),
        ({"The person": "=trigger.who"}, "shape"),
        ({"person": 7}, "shape"),
        ([], "shape"),
    ],
)
def test_a_business_key_is_an_expression_over_what_a_run_knows(declared: Any, code: str | None) -> None:
    found = codes(drawn("a") | {"keys": declared})
    assert [each[0] for each in found] == ([code] if code else [])
