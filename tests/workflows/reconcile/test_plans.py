"""From what is and what should be to a plan, and from the plan to exactly its changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error, transaction
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from hub.api.errors import Conflict
from hub.connections.models import Connection
from hub.sdk import Proof, Record, Rejected, TryLater
from hub.vault import seal
from tests.shop_connector.service import Shop
from workflows.models import Change, ChangeState, Plan, PlanState
from workflows.reconcile import applier
from workflows.reconcile.differences import Wanted, differences
from workflows.reconcile.guards import Limits, Source
from workflows.reconcile.planner import Target, draft_plan, store
from workflows.services.plans import apply_plan, decide, summary, undo_plan

LOOSE = Limits(removals=None, removals_percent=None)


@pytest.fixture
def shelf(alice: Actor, the_shop: Shop) -> Connection:
    made = Connection(workspace=alice.workspace, name="Shop", slug="shop", connector="shop")
    made.sealed = seal({"token": "t-123456"}, made.place)
    made.save()
    the_shop.shelf = {name: body(name, 1) for name in ("ink", "pen", "pad")}
    return made


def body(name: str, count: int) -> dict[str, Any]:
    return {"name": name, "count": count}


def plan_for(
    actor: Actor, shelf: Connection, wanted: dict[str, int], *, limits: Limits = LOOSE, source: Source | None = None
) -> Plan:
    targets = [Target(shelf, "shop.shelf", {}, [Wanted(body(*item), {"row": 1}) for item in wanted.items()])]
    with draft_plan(title="Shelf", sources=lambda: [source] if source else [], targets=targets, limits=limits,
                    needs_approval=False) as draft:  # fmt: skip
        return store(draft, workspace=actor.workspace, made_by=actor.person)


def lines(plan: Plan) -> list[tuple[str, str]]:
    return list(plan.changes.values_list("operation", "key"))


def whole(count: int, last: int | None = None) -> Source:
    return Source("People", Proof(complete=True, count=count), last)


def test_a_plan_says_what_would_change_and_changes_nothing(alice: Actor, shelf: Connection, the_shop: Shop) -> None:
    plan = plan_for(alice, shelf, {"ink": 1, "pen": 5, "cup": 2})

    assert lines(plan) == [("create", "cup"), ("update", "pen"), ("delete", "pad")]
    pen = plan.changes.get(key="pen")
    assert (pen.before, pen.after, pen.cause) == (body("pen", 1), body("pen", 5), {"row": 1})
    assert plan.counts == {"shop.shelf create": 1, "shop.shelf update": 1, "shop.shelf delete": 1}
    assert the_shop.written == []


def test_applying_makes_exactly_the_plan_and_a_second_plan_is_empty(
    alice: Actor, shelf: Connection, the_shop: Shop
) -> None:
    wanted = {"ink": 1, "pen": 5, "cup": 2}
    apply_plan(alice, plan_for(alice, shelf, wanted).id)

    assert the_shop.shelf == {name: body(name, count) for name, count in wanted.items()}
    assert lines(plan_for(alice, shelf, wanted)) == []


def test_undo_puts_back_what_was_changed(alice: Actor, shelf: Connection, the_shop: Shop) -> None:
    before = dict(the_shop.shelf)
    plan = plan_for(alice, shelf, {"ink": 3, "cup": 2})
    apply_plan(alice, plan.id)

    back = undo_plan(alice, plan.id)
    apply_plan(alice, back.id)

    assert the_shop.shelf == before
    assert back.undoes == plan


def test_what_somebody_approved_is_taken_back_only_when_somebody_approves(
    alice: Actor, shelf: Connection, the_shop: Shop, api: Callable[..., APIClient]
) -> None:
    plan = plan_for(alice, shelf, {"ink": 3, "cup": 2})
    Plan.objects.filter(id=plan.id).update(state=PlanState.PROPOSED)
    decide(Actor.system(alice.workspace), plan.id, approve=True, digest=plan.digest)
    apply_plan(alice, plan.id)

    back = api(alice).post(f"/api/v1/plans/{plan.id}/undo", {"needs_approval": False}).json()
    assert back["state"] == "proposed"
    with pytest.raises(Conflict):
        apply_plan(alice, back["id"])


def test_what_changed_since_the_plan_is_parked_and_the_rest_goes_on(
    alice: Actor, shelf: Connection, the_shop: Shop
) -> None:
    plan = plan_for(alice, shelf, {"ink": 1, "pen": 5, "cup": 2})
    the_shop.shelf["pen"] = body("pen", 9)
    the_shop.shelf["cup"] = body("cup", 2)

    apply_plan(alice, plan.id)

    assert summary(plan) == {"applied": 1, "already": 1, "parked": 1}
    parked = plan.changes.get(state=ChangeState.PARKED)
    assert "changed after the plan was made" in parked.message
    assert the_shop.shelf["pen"] == body("pen", 9)


def test_a_refused_change_is_parked_with_what_the_service_said(
    alice: Actor, shelf: Connection, the_shop: Shop
) -> None:
    plan = plan_for(alice, shelf, {"ink": 1, "pen": 1, "pad": 1, "cup": 2, "mug": 1})
    the_shop.before = [Rejected("The shelf is full.")]

    apply_plan(alice, plan.id)

    assert plan.changes.get(key="cup").message == "The shelf is full."
    assert plan.changes.get(key="mug").state == ChangeState.APPLIED


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_plan_broken_off_anywhere_goes_on_and_writes_nothing_twice(
    alice: Actor, shelf: Connection, the_shop: Shop, number: int, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {"ink": 1, "pen": 5, "cup": 2}
    plan = plan_for(alice, shelf, wanted)
    original, calls = the_shop.write, []

    def busy(name: str, item: str, call: Any) -> None:
        calls.append(item)
        if len(calls) == number + 1:
            if after:
                the_shop.shelf = {**the_shop.shelf, item: body(item, wanted[item])} if item in wanted else {
                    key: value for key, value in the_shop.shelf.items() if key != item
                }  # fmt: skip
                the_shop.written.append((name, item))
            raise TryLater("The connection broke.", sent=after)
        original(name, item, call)

    monkeypatch.setattr(the_shop, "write", busy)
    with pytest.raises(TryLater):
        apply_plan(alice, plan.id)
    assert Plan.objects.get(id=plan.id).state == PlanState.APPLYING
    apply_plan(alice, plan.id)

    assert the_shop.shelf == {name: body(name, count) for name, count in wanted.items()}
    assert sorted(the_shop.written) == [("create", "cup"), ("delete", "pad"), ("update", "pen")]


def test_an_applier_that_was_overtaken_writes_nothing_more(alice: Actor, shelf: Connection, the_shop: Shop) -> None:
    plan = plan_for(alice, shelf, {"cup": 2})
    slow = applier.begin(plan.id)
    assert applier.begin(plan.id) is None
    Plan.objects.filter(id=plan.id).update(lease_until="2020-01-01T00:00:00Z")
    fast = applier.begin(plan.id)
    assert slow is not None
    assert fast == slow + 1

    with pytest.raises(applier.NotYours):
        applier.apply(plan.id, slow)
    assert the_shop.written == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (Source("People", Proof(complete=False, count=40, problems=["the cookie was lost"])), "the cookie was lost"),
        (whole(0), "An empty source is never believed"),
        (whole(70, last=100), "30 % fewer"),
    ],
)
def test_a_source_that_cannot_be_believed_stops_everything_before_any_write(
    alice: Actor, shelf: Connection, the_shop: Shop, source: Source, said: str
) -> None:
    plan = plan_for(alice, shelf, {"ink": 1, "pen": 1, "pad": 1, "cup": 1}, source=source)

    assert plan.state == PlanState.REFUSED
    assert said in " ".join(guard["message"] for guard in plan.guards)
    with pytest.raises(Conflict, match="refused"):
        apply_plan(alice, plan.id)
    assert the_shop.written == []


def test_a_target_that_was_not_read_to_its_end_stops_everything(
    alice: Actor, shelf: Connection, the_shop: Shop
) -> None:
    the_shop.complete = False

    assert plan_for(alice, shelf, {"cup": 1}).state == PlanState.REFUSED


@pytest.mark.parametrize(
    "limits", [Limits(removals=1, removals_percent=None), Limits(removals=None, removals_percent=50, percent_from=2)]
)
def test_too_many_removals_are_held_and_the_rest_goes_on(
    alice: Actor, shelf: Connection, the_shop: Shop, limits: Limits
) -> None:
    plan = plan_for(alice, shelf, {"ink": 1, "cup": 2}, limits=limits)
    assert "2 of 3 objects would be removed (67 %). The limit is" in plan.guards[-1]["message"]

    apply_plan(alice, plan.id)

    assert summary(plan) == {"applied": 1, "held": 2}
    assert the_shop.written == [("create", "cup")]
    assert "held" in plan.changes.filter(state=ChangeState.HELD)[0].message


def test_what_is_held_is_made_once_somebody_else_releases_it(
    alice: Actor, bob: Actor, shelf: Connection, the_shop: Shop, api: Callable[..., APIClient]
) -> None:
    tight = Limits(removals=1, removals_percent=None)
    plan = plan_for(bob, shelf, {"ink": 1, "cup": 2}, limits=tight)
    asked = {"resource": "shop.shelf", "operation": "delete", "digest": plan.digest}

    own = plan_for(alice, shelf, {"ink": 1}, limits=tight)
    assert api(alice).post(f"/api/v1/plans/{own.id}/release", asked | {"digest": own.digest}).status_code == 409
    assert api(alice).post(f"/api/v1/plans/{plan.id}/release", asked | {"digest": "0" * 64}).status_code == 409
    assert api(alice).post(f"/api/v1/plans/{plan.id}/release", asked).status_code == 200
    apply_plan(alice, plan.id)

    assert summary(plan) == {"applied": 3}
    assert api(alice).post(f"/api/v1/plans/{plan.id}/release", asked).status_code == 409


def test_an_approval_is_for_one_digest_and_never_by_the_maker(
    alice: Actor, bob: Actor, shelf: Connection, the_shop: Shop
) -> None:
    targets = [Target(shelf, "shop.shelf", {}, [Wanted(body("cup", 1))])]
    made = []
    for each in (bob, alice):
        with draft_plan(title="T", sources=list, targets=targets, limits=LOOSE) as draft:
            made.append(store(draft, workspace=each.workspace, made_by=each.person))
    plan, own = made

    with pytest.raises(Conflict, match="not the plan that you looked at"):
        decide(alice, plan.id, approve=True, digest="0" * 64)
    with pytest.raises(Conflict, match="cannot approve"):
        decide(alice, own.id, approve=True, digest=own.digest)
    with pytest.raises(Conflict, match="this one is proposed"):
        apply_plan(alice, plan.id)
    assert decide(alice, plan.id, approve=True, digest=plan.digest).state == PlanState.APPROVED


def test_the_database_refuses_to_alter_a_plan(alice: Actor, shelf: Connection) -> None:
    plan = plan_for(alice, shelf, {"cup": 2})

    with pytest.raises(Error, match="never altered"), transaction.atomic():
        Change.objects.filter(plan=plan, key="cup").update(after=body("cup", 200))


NAMES = st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(0, 2), max_size=8)


@given(NAMES, NAMES)
def test_applying_all_differences_gives_what_is_wanted(actual: dict[str, int], wanted: dict[str, int]) -> None:
    def found(state: dict[str, Any]) -> list[Any]:
        asked = {name: Wanted(body(name, count)) for name, count in wanted.items()}
        return list(differences(asked, (Record(name, each) for name, each in state.items())))

    state = {name: body(name, count) for name, count in actual.items()}
    for each in found(state):
        assert state.get(each.key) == each.before
        if each.after is None:
            del state[each.key]
        else:
            state[each.key] = each.after
    assert state == {name: body(name, count) for name, count in wanted.items()}
    assert found(state) == []
