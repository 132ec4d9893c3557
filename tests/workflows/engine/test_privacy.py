"""What is classed personal or secret is masked before it is stored, and the run sees it all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.accounts.access import Actor
from hub.vault.ring import ring
from hub.vault.rotation import rotate
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, error_of, states, work
from workflows.engine.keeping import opened, opened_payload
from workflows.engine.veils import MASKS, Veil, put_in
from workflows.graph.privacy import rule_of
from workflows.models import Run, RunStep
from workflows.services import messages, replays
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

IBAN = "DE89370400440532013000"
PIN = "pin-9381-7732"
PRIVACY = [{"path": "$.customer.iban", "class": "personal"}, {"path": "$..pin", "class": "secret"}]
PAYLOAD = {"customer": {"name": "Ada", "iban": IBAN}, "cards": [{"pin": PIN, "no": 1}, {"pin": "other-pin", "no": 2}]}
SAID = "Pay to {{ steps.renamed.account }} with {{ trigger.cards[0].pin }}"
Begin = Callable[..., Run]


@pytest.fixture
def begun(actor: Actor) -> Begin:
    def begin(picture: str, payload: Any = PAYLOAD, privacy: Any = PRIVACY, **steps: dict[str, Any]) -> Run:
        document = drawn(picture, **steps) | {"privacy": privacy}
        create_workflow(actor, slug="drawn", document=document)
        publish(actor, "drawn", revision=1)
        return start_run(actor, "drawn", payload=payload)

    return begin


def dumped() -> str:
    """Everything the database holds, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        made = []
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(held)::text FROM "{name}" held')
            made += [row[0] for row in cursor.fetchall()]
    return "\n".join(made)


def real(run: Run, step: str, field: str = "output") -> Any:
    return opened(RunStep.objects.get(run=run, step=step, item=""), field, Veil(run.workspace_id))


def test_no_row_holds_what_is_classed_and_the_run_sees_it(actor: Actor, begun: Begin, the_shop: Shop) -> None:
    run = begun(
        "renamed -> text -> put -> after",
        renamed={"kind": "transform", "settings": {"value": {"account": "=trigger.customer.iban"}}},
        text={"kind": "transform", "settings": {"value": SAID}},
        put=act("put", item="={{x}}") | {"input": {"item": "=steps.text"}},
        after={"kind": "transform", "settings": {"value": "=$length(steps.text)"}},
    )  # fmt: skip
    assert IBAN not in dumped()
    work()

    assert states(run)["run"] == "succeeded", error_of(run)
    held = dumped()
    assert IBAN not in held
    assert PIN not in held
    assert "other-pin" not in held
    assert "Ada" in held, "what is not classed stands there"
    assert real(run, "text") == f"Pay to {IBAN} with {PIN}"
    assert any(IBAN in str(each) for each in the_shop.__dict__.values()), "the service got the real value"
    assert RunStep.objects.get(run=run, step="renamed").output == {"account": "[personal]"}
    run.refresh_from_db()
    assert run.payload["customer"] == {"name": "Ada", "iban": "[personal]"}
    assert run.payload["cards"][0]["pin"] == MASKS["secret"]
    assert opened_payload(run) == PAYLOAD


def test_an_error_does_not_say_it(actor: Actor, begun: Begin) -> None:
    run = begun("fails", fails={"kind": "stop", "settings": {"message": "No account {{ trigger.customer.iban }}."}})
    work()

    assert IBAN not in dumped()
    assert "No account [personal]." in error_of(run)["message"]


def test_a_run_that_another_starts_knows_what_its_parent_knows(actor: Actor, begun: Begin) -> None:
    create_workflow(
        actor, slug="inner",
        document=drawn("said", said={"kind": "transform", "settings": {"value": "=trigger.number"}}),
    )  # fmt: skip
    publish(actor, "inner", revision=1)
    given_ = {"workflow": "inner", "wait": True, "input": {"number": "=trigger.customer.iban"}}
    run = begun("call -> last", call={"kind": "workflow", "settings": given_}, last={
        "kind": "transform", "settings": {"value": "=steps.call.said"}
    })  # fmt: skip
    work()

    assert states(run)["run"] == "succeeded", error_of(run)
    assert IBAN not in dumped()
    assert real(run, "last") == IBAN


def test_a_worker_that_takes_the_run_up_masks_on(actor: Actor, begun: Begin) -> None:
    run = begun(
        "pause -> after",
        pause={"kind": "receive", "settings": {"event": "go", "key": "1"}},
        after={"kind": "transform", "settings": {"value": "IBAN: {{ trigger.customer.iban }}"}},
    )
    work()
    messages.send_message(actor, event="go", key="1", payload={"again": IBAN})
    work()

    assert states(run)["run"] == "succeeded"
    assert IBAN not in dumped()
    assert real(run, "after") == f"IBAN: {IBAN}"


def test_a_replay_sees_it_also_with_edited_input(actor: Actor, begun: Begin) -> None:
    run = begun("one", one={"kind": "transform", "settings": {"value": "=trigger.customer"}})
    work()
    run.refresh_from_db()
    edited = run.payload | {"customer": run.payload["customer"] | {"name": "Grace"}}
    again = replays.replay(actor, run.id, payload=edited)
    work()

    assert IBAN not in dumped()
    assert real(again, "one") == {"name": "Grace", "iban": IBAN}


def test_the_keys_of_the_vault_are_changed_here_too(actor: Actor, begun: Begin) -> None:
    run = begun("one", one={"kind": "transform", "settings": {"value": "=trigger.customer"}})
    work()
    done = rotate(ring())
    assert not done.troubles
    assert done.already >= 2, "the payload and the step"
    assert real(run, "one") == PAYLOAD["customer"]


def test_what_an_action_marks_secret_is_seen_by_expressions_and_by_nobody_else() -> None:
    from workflows.engine.calling import marked

    schema = {
        "properties": {"token": {"x-secret": True}, "people": {"items": {"$ref": "#/$defs/P"}}},
        "$defs": {"P": {"properties": {"mail": {"x-personal": True}}}},
    }
    value = {"token": "t-12345", "people": [{"mail": "ada@example.com", "id": 1}], "n": 2}
    veil = Veil(__import__("uuid").uuid4())

    masked, sealed = veil.mask(value, "step", list(marked(value, schema, schema)))

    assert masked == {"token": MASKS["secret"], "people": [{"mail": "[personal]", "id": 1}], "n": 2}
    assert put_in(masked, sealed) == value
    assert put_in(masked, sealed, ["personal"])["token"] == MASKS["secret"]


def test_what_is_personal_and_secret_at_once_is_secret() -> None:
    rules = [rule_of({"path": "$.who", "class": "personal"}), rule_of({"path": "$.who.pin", "class": "secret"})]
    veil = Veil(__import__("uuid").uuid4(), rules)

    masked, sealed = veil.mask({"who": {"name": "Ada", "pin": PIN}}, "step")
    said, within = veil.mask({"text": f"{PIN} of Ada"}, "other")

    assert masked == {"who": MASKS["secret"]}
    assert said == {"text": MASKS["secret"]}
    assert PIN not in str(put_in(masked, sealed, ["personal"])) + str(put_in(said, within, ["personal"]))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=12,
)
_PATHS = st.sampled_from(["$.a", "$..b", "$.a[*].b", "$.*.c", "$[0]", "$.a.b", "$['d']"])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(value=_JSON, path=_PATHS, kind=st.sampled_from(["personal", "secret"]))
def test_whatever_is_masked_comes_back_as_it_was(value: Any, path: str, kind: str) -> None:
    veil = Veil(__import__("uuid").uuid4(), [rule_of({"path": path, "class": kind})])
    masked, sealed = veil.mask(value, "step")
    assert put_in(masked, sealed) == value


@pytest.mark.parametrize("path", ["$.a..", "$a", "$.[", "$[x]"])
def test_a_path_that_cannot_be_read_is_a_problem_of_the_draft(actor: Actor, path: str) -> None:
    from workflows.services.workflows import find_problems

    document = drawn("one") | {"privacy": [{"path": path, "class": "personal"}]}
    create_workflow(actor, slug="drawn", document=document)
    assert any("path" in problem.message for problem in find_problems(actor, "drawn"))
