"""What a plan can read, write and read back; repeating a write changes nothing more."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.otds.client import OtdsClient
from connectors.otds.resources.access_groups import AccessGroups
from connectors.otds.resources.group_members import GroupMembers
from connectors.otds.resources.seats import Seats
from connectors.otds.streams.users import Users
from hub.sdk import Misconfigured, Proof, Record, Resource, TryLater
from hub.sdk.sandbox import FaultKind, Server
from tests.connectors.otds.conftest import CALL, Connect

GROUP, MEMBER = "exs.apac-prod.operator@Northwind", "otto.keller@Northwind"


def read(resource: Resource[Any], client: OtdsClient, /, **given: Any) -> tuple[list[Record], Proof]:
    reading = resource.read(resource.Input(**given), client)
    records = list(reading.records)
    for record in records:
        assert resource.key_of(record.body) == record.key
        resource.Output.model_validate(record.body)
    return records, reading.proof


def counts(otds: Server, target: str) -> tuple[int, int]:
    rows = otds.app.writes(target=target)
    return sum(row["changes"] for row in rows), sum(row["repeats"] for row in rows)


def test_members_are_read_by_prefix_and_by_name(client: OtdsClient) -> None:
    records, proof = read(GroupMembers(), client, partition="Northwind", name_prefix="exs.uk-prod.")
    assert proof.complete
    assert "exs.uk-prod.designer@Northwind>marcus.webb@Northwind" in {record.key for record in records}
    assert {record.body["group"].split(".")[1] for record in records} == {"uk-prod"}

    records, proof = read(GroupMembers(), client, partition="Northwind", groups=["tenantadmins"])
    assert {record.body["member"] for record in records} == {"tessa.brandt@Northwind", "lockgate@OAuthClients"}

    records, proof = read(GroupMembers(), client, partition="Northwind", groups=["ring.a@Northwind"])
    assert {(record.body["member"], record.body["kind"]) for record in records} == {
        ("ring.b@Northwind", "group"),
        ("henrik.olsen@Northwind", "user"),
    }
    assert proof.complete


def test_a_named_group_that_is_not_there_makes_the_reading_incomplete(client: OtdsClient) -> None:
    _, proof = read(GroupMembers(), client, partition="Northwind", groups=["tenantadmins", "gone"])

    assert not proof.complete
    assert proof.problems == ["There is no group gone in Northwind."]


def test_no_chosen_group_is_a_complete_reading_of_nothing(client: OtdsClient) -> None:
    records, proof = read(GroupMembers(), client, partition="Northwind", name_prefix="nothing.")

    assert records == []
    assert proof.complete


@pytest.mark.parametrize(("member", "kind"), [(MEMBER, "user"), ("comms.emea@Northwind", "group")])
def test_a_membership_is_made_and_removed_once(client: OtdsClient, otds: Server, member: str, kind: str) -> None:
    members, body = GroupMembers(), {"group": GROUP, "member": member, "kind": kind}
    key = members.key_of(body)
    target = f"members/{GROUP}/{member}"

    assert members.read_one(key, client) is None
    for _ in range(2):
        members.create(key, body, client, CALL)
        assert members.read_one(key, client) == body
    assert counts(otds, target) == (1, 1)
    for _ in range(2):
        members.delete(key, body, client, CALL)
        assert members.read_one(key, client) is None
    assert counts(otds, target) == (2, 2)


def test_members_whose_group_or_user_is_gone_are_removed_already(client: OtdsClient) -> None:
    members = GroupMembers()
    body = {"group": GROUP, "member": "nobody@Northwind", "kind": "user"}

    members.delete(members.key_of(body), body, client, CALL)
    assert members.read_one(members.key_of(body), client) is None


def test_a_write_whose_answer_was_lost_is_found_done(client: OtdsClient, otds: Server) -> None:
    members, body = GroupMembers(), {"group": GROUP, "member": MEMBER, "kind": "user"}
    client.current_user()
    otds.app.faults.add(FaultKind.DROP_AFTER, method="POST", path="*/memberof", times=1)

    with pytest.raises(TryLater) as caught:
        members.create(members.key_of(body), body, client, CALL)

    assert caught.value.sent is True
    assert members.read_one(members.key_of(body), client) == body


def test_access_groups_are_made_changed_and_deleted_once(client: OtdsClient, otds: Server) -> None:
    groups = AccessGroups()
    body = {"name": "exs.group-shared.author", "partition": "Northwind", "description": "Authors"}
    key = groups.key_of(body)
    after = {**body, "description": "Authors of shared resources"}

    for _ in range(2):
        groups.create(key, body, client, CALL)
    assert groups.read_one(key, client) == body
    for _ in range(2):
        groups.update(key, body, after, client, CALL)
    assert groups.read_one(key, client) == after
    for _ in range(2):
        groups.delete(key, after, client, CALL)
    assert groups.read_one(key, client) is None
    assert counts(otds, f"groups/{key}") == (3, 1)


def test_access_groups_are_read_by_prefix_and_name(client: OtdsClient) -> None:
    records, proof = read(AccessGroups(), client, partition="Northwind", name_prefix="exs.")
    assert proof.complete
    assert len(records) == proof.count == 15

    records, _ = read(AccessGroups(), client, partition="Northwind", names=["ring.a"])
    assert [record.key for record in records] == ["ring.a@Northwind"]


def test_seats_are_read_by_counter_and_user(client: OtdsClient) -> None:
    records, proof = read(Seats(), client, resource="exstream", counter="NAMED_DESIGNER")
    users = {record.body["user"] for record in records}

    assert proof.complete
    assert {"marcus.webb@Northwind", "amara.diallo@Northwind", "gwen.parry@Northwind"} <= users
    assert "lena.vogt@Northwind" not in users
    few, _ = read(Seats(), client, resource="exstream", counter="NAMED_DESIGNER", users=["gwen.parry@Northwind"])
    assert len(few) == 1


def test_a_seat_is_given_and_freed_once(connect: Connect, otds: Server) -> None:
    client, seats = connect(seat_revocation="assumed-delete"), Seats()
    licence = client.licences("exstream")[0]["id"]
    location = client.need_user(MEMBER)["location"]
    body = {"licence": licence, "counter": "NAMED_DESIGNER", "user": MEMBER, "user_location": location}
    key = seats.key_of(body)

    for _ in range(2):
        seats.create(key, body, client, CALL)
        assert seats.read_one(key, client) == body
    for _ in range(2):
        seats.delete(key, body, client, CALL)
        assert seats.read_one(key, client) is None
    assert counts(otds, f"seats/NAMED_DESIGNER/{MEMBER}") == (2, 2)


def test_a_seat_is_not_freed_until_the_connection_says_how(client: OtdsClient, otds: Server) -> None:
    records, _ = read(Seats(), client, resource="exstream", counter="NAMED_DESIGNER")

    with pytest.raises(Misconfigured, match="assumed-delete") as caught:
        Seats().delete(records[0].key, records[0].body, client, CALL)

    assert caught.value.field == "seat_revocation"
    assert otds.app.writes() == []


def test_seats_are_read_over_small_pages(connect: Connect) -> None:
    records, proof = read(Seats(), connect(page_size=3), resource="exstream", counter="NAMED_DESIGNER")

    assert proof.complete
    assert len(records) == len({record.key for record in records}) > 3


def test_a_truncated_page_of_seats_makes_the_reading_incomplete(client: OtdsClient, otds: Server) -> None:
    otds.app.faults.add(FaultKind.FEWER_ROWS, path="*/object/*")

    records, proof = read(Seats(), client, resource="exstream", counter="NAMED_DESIGNER")

    assert records
    assert not proof.complete


def test_some_people_are_read_as_among_everybody(client: OtdsClient) -> None:
    some = ["amara.diallo@Northwind", "gwen.parry@Northwind", "nobody@Northwind"]
    scope = {"partition": "Northwind", "name_prefix": "exs."}
    everybody = [each for each in Users().read(Users.Input(partition="Northwind"), client).records
                 if each.body["id"] in some]  # fmt: skip
    named = Users().read(Users.Input(partition="Northwind", only=some), client)
    theirs = GroupMembers().read(GroupMembers.Input(**scope, members=some), client)
    memberships = [each for each in GroupMembers().read(GroupMembers.Input(**scope), client).records
                   if each.body["member"] in some]  # fmt: skip

    assert sorted(named.records, key=str) == sorted(everybody, key=str)
    assert (named.proof.complete, named.proof.count) == (True, 3)
    assert sorted(theirs.records, key=str) == sorted(memberships, key=str) != []
    assert theirs.proof.complete
