"""A workflow with every kind of step that the engine carries out by itself dies before and after every write."""

from __future__ import annotations

from typing import Any

import pytest

from hub.accounts.access import Actor
from tests.e2e.test_crash_points import KINDS as NEED_OTHERS
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, later, states, work
from tests.workflows.engine.test_durability import Died, dying_at
from workflows.engine.journal import Journal
from workflows.graph.document import KINDS
from workflows.models import Run, RunStep
from workflows.services.messages import send_message
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(480)]
"""Some hundred runs, each broken off at another write: seconds by itself, minutes beside everything else."""
WRITES = ("write", "admit", "start_run_of", "wait_for_run_of", "rest", "finish")
"""Between two of these everything is in memory."""
PICTURE = """
    list -> sorted -> once -> groups -> kept -> many -> condition -yes-> switch -a-> rules -> turns
    turns -> child -> receive -> respond -> join -> pay
    condition -no-> join
    early -> join
    bad -error-> caught -> join
"""


def body(picture: str, **steps: Any) -> dict[str, Any]:
    made = drawn(picture, **steps)
    return {"steps": made["steps"], "edges": made["edges"]}


def steps() -> dict[str, dict[str, Any]]:
    table = {"columns": [{"name": "n", "kind": "number"}], "rows": [{"give": {"x": 1}}]}
    return {
        "list": {"kind": "transform", "settings": {"value": "=[3, 1, 3, 2]"}},
        "sorted": {"kind": "sort", "settings": {"items": "=steps.list", "by": [{"value": "=item"}]}},
        "once": {"kind": "distinct", "settings": {"items": "=steps.sorted"}},
        "groups": {"kind": "group", "settings": {"items": "=steps.once", "by": "=item > 1"}},
        "kept": {"kind": "filter", "settings": {"items": "=steps.once", "where": "=item > 1"}},
        "many": {"kind": "each", "settings": {"items": "=steps.kept", "concurrency": 2},
                 "body": body("put", put=act("put", "{{ item }}"))},
        "condition": {"kind": "condition", "settings": {"if": "=true"}},
        "switch": {"kind": "switch", "settings": {"cases": [{"name": "a", "if": "=true"}]}},
        "rules": {"kind": "rules", "settings": {"table": table, "record": {"n": 1}}},
        "turns": {"kind": "repeat", "settings": {"until": "=index = 1", "limit": 3},
                  "body": body("look", look=act("look"))},
        "child": {"kind": "workflow", "settings": {"workflow": "child"}},
        "receive": {"kind": "receive", "settings": {"event": "paid", "key": "=run.id"}},
        "respond": {"kind": "respond", "settings": {"body": "=steps.receive"}},
        "early": {"kind": "wait", "settings": {"seconds": 0}},
        "bad": {"kind": "action", "action": "shop.put", "connection": "shop", "input": {"item": "=trigger.nothing"}},
        "join": {"kind": "merge", "settings": {"join": "all"}},
        "pay": act("pay"),
    }  # fmt: skip


def test_every_kind_is_in_this_workflow_or_needs_people_plans_or_evidence() -> None:
    used = {step["kind"] for step in drawn(PICTURE, **steps())["steps"]}
    assert used | NEED_OTHERS | {"stop"} == set(KINDS)


def carried_out(actor: Actor, run: Run) -> None:
    """To its end, with the message that it waits for."""
    work()
    later(run)
    work()
    send_message(actor, event="paid", key=str(run.id), payload=5, identity=str(run.id))
    for _ in range(3):
        later(run)
        for child in Run.objects.filter(parent__run=run):
            later(child)
        work()


@pytest.mark.pain(7)
@pytest.mark.parametrize("before", [True, False])
def test_wherever_its_worker_dies_it_ends_the_same_and_writes_nothing_twice(
    actor: Actor, the_shop: Shop, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    create_workflow(actor, slug="child", document=drawn("x -> y", x=act("look")))
    publish(actor, "child", revision=1)
    document = drawn(PICTURE, **steps()) | {"concurrency": {"limit": 1}}
    create_workflow(actor, slug="every", document=document)
    publish(actor, "every", revision=1)
    number, kinds = 0, set()
    while True:
        number += 1
        the_shop.__init__()  # type: ignore[misc]
        run = start_run(actor, "every", payload={})
        with dying_at(number, before=before, monkeypatch=monkeypatch, writes=WRITES) as written:
            try:
                carried_out(actor, run)
                died = False
            except Died:
                died = True
        carried_out(actor, run)
        kinds |= set(written)
        found = states(run)
        assert "pay" in found, (number, written, found, Run.objects.get(id=run.id).error)
        if found["pay"] == "in_doubt":
            assert len([name for name, _ in the_shop.written if name == "pay"]) <= 1
        else:
            assert found["run"] == "succeeded", (number, written[-1:], found)
            assert [name for name, _ in the_shop.written if name == "pay"] == ["pay"]
        assert len({call.key for name, call in the_shop.calls if name == "put"}) == 2
        assert RunStep.objects.get(run=run, step="respond").output == {"status": 200, "body": 5}
        assert Run.objects.filter(parent__run=run).count() == 1
        Run.objects.filter(id=run.id).update(state="cancelled")  # A doubt keeps its turn; the next round needs it.
        if not died:
            break
    assert number > 30
    assert kinds == set(WRITES)
    assert all(hasattr(Journal, name) for name in WRITES)
