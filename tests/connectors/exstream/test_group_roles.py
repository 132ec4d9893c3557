"""Reading and writing role assignments and locks."""

from __future__ import annotations

import pytest

from connectors.exstream.resources.group_roles import GroupRoles
from connectors.exstream.resources.locks import Locks
from hub.sdk import Call, Rejected, TryLater
from hub.sdk.sandbox import FaultKind
from tests.connectors.exstream.conftest import Stage

NEW = {"domain": "apac-prod", "group": "exs.apac-prod.designer@Northwind", "role": "designer"}
KEY = "apac-prod|exs.apac-prod.designer@Northwind|designer"
CALL = Call(key="k")


def test_all_assignments_are_read_with_a_proof(stage: Stage) -> None:
    reading = GroupRoles().read(GroupRoles.Input(), stage.client())

    records = list(reading.records)

    assert len(records) == 18
    assert reading.proof.complete
    assert reading.proof.count == 18


def test_the_scope_leaves_out_other_domains_and_groups(stage: Stage) -> None:
    scope = GroupRoles.Input(domains=["uk-prod"], group_prefix="exs.")

    records = list(GroupRoles().read(scope, stage.client()).records)

    assert {record.body["domain"] for record in records} == {"uk-prod"}
    assert {record.body["role"] for record in records} == {"designer", "approver", "operator"}


def test_a_domain_that_is_not_there_stops_the_reading(stage: Stage) -> None:
    reading = GroupRoles().read(GroupRoles.Input(domains=["mars-prod"]), stage.client())

    with pytest.raises(Rejected):
        list(reading.records)

    assert not reading.proof.complete


def test_an_assignment_is_made_and_removed_once_however_often_it_is_asked(stage: Stage) -> None:
    resource, client = GroupRoles(), stage.client()

    for _ in range(2):
        resource.create(KEY, NEW, client, CALL)
    assert resource.key_of(NEW) == KEY
    assert resource.read_one(KEY, client) == NEW
    for _ in range(2):
        resource.delete(KEY, NEW, client, CALL)
    assert resource.read_one(KEY, client) is None

    changes = [row["changes"] for row in stage.app.writes(target=f"group-roles/{KEY}")]
    assert changes == [1, 1]


def test_an_assignment_whose_answer_was_lost_is_there_when_it_is_read_back(stage: Stage) -> None:
    resource, client = GroupRoles(), stage.client()
    stage.app.faults.add(FaultKind.DROP_AFTER, method="POST", path="*/group-roles", times=1)

    with pytest.raises(TryLater):
        resource.create(KEY, NEW, client, CALL)

    assert resource.read_one(KEY, client) == NEW


def test_a_missing_role_is_not_taken_for_an_absent_assignment(stage: Stage) -> None:
    before = {**NEW, "role": "no-such-role"}

    with pytest.raises(Rejected) as caught:
        GroupRoles().create("k", before, stage.client(), CALL)

    assert caught.value.missing


@pytest.mark.parametrize("style", ["items", "pages"])
def test_locks_are_read_over_pages_and_broken_by_an_administrator(open_stage, style: str) -> None:
    stage = open_stage(paging_style=style)
    client, resource = stage.client(paging_style=style, page_size=1), Locks()

    reading = resource.read(Locks.Input(), client)
    found = {record.body["domain"]: record for record in reading.records}

    assert reading.proof.complete
    assert {name: record.body["locked_by"] for name, record in found.items()} == {
        "uk-prod": "marcus.webb@Northwind",
        "emea-prod": "lena.vogt@Northwind",
    }
    record = found["uk-prod"]
    for _ in range(2):
        resource.delete(record.key, record.body, client, CALL)
    assert resource.read_one(record.key, client) is None
    written = stage.app.writes(target=f"resources/{record.body['resource']}/lock")
    assert [(row["changes"], row["repeats"]) for row in written] == [(1, 1)]


def test_locks_of_one_person_can_be_asked_for(stage: Stage) -> None:
    scope = Locks.Input(locked_by=["marcus.webb@Northwind"])

    assert [record.body["domain"] for record in Locks().read(scope, stage.client()).records] == ["uk-prod"]


def test_only_tenant_administrators_break_locks(stage: Stage) -> None:
    client = stage.client(user="gwen.parry@Northwind", password="right")
    record = next(iter(Locks().read(Locks.Input(), client).records))

    with pytest.raises(Rejected):
        Locks().delete(record.key, record.body, client, CALL)
