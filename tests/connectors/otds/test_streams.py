"""What a reading of the directory brings, and when it counts as complete."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.otds.client import OtdsClient
from connectors.otds.streams.groups import Groups
from connectors.otds.streams.memberships import Memberships
from connectors.otds.streams.users import Users
from hub.sdk import Misconfigured, Proof, Record, UnexpectedReply
from hub.sdk.sandbox import FaultKind, Server
from tests.connectors.otds.conftest import Connect, Rest


def read(stream: Any, client: OtdsClient, **given: Any) -> tuple[list[Record], Proof]:
    reading = stream.read(stream.Input(**given), client)
    return list(reading.records), reading.proof


def test_users_come_with_their_attributes_and_groups(client: OtdsClient) -> None:
    records, proof = read(Users(), client, partition="Northwind", attributes={"number": "oTExtraAttr1"})
    people = {record.body["name"]: record for record in records}
    marcus = people["marcus.webb"]

    assert proof.complete
    assert proof.count == len(records) == 64
    assert marcus.key == marcus.body["uuid"]
    assert marcus.body["disabled"] is True
    assert marcus.body["title"] == "Template designer"
    assert marcus.body["department"] == "Communications"
    assert marcus.body["country"] == "GB"
    assert marcus.body["mail"] == "marcus.webb@northwind.example"
    assert marcus.body["attributes"] == {"number": "NW-001007"}
    Users.Output.model_validate(marcus.body)


def test_users_can_be_read_by_state(client: OtdsClient) -> None:
    records, _ = read(Users(), client, partition="Northwind", state="disabled")

    assert [record.body["name"] for record in records] == ["marcus.webb"]


def test_groups_name_the_groups_they_are_in(client: OtdsClient) -> None:
    records, proof = read(Groups(), client, partition="Northwind")
    groups = {record.body["name"]: record.body for record in records}

    assert proof.complete
    assert groups["dept.claims"]["member_of"] == [groups["all.staff"]["uuid"]]
    assert groups["ring.a"]["member_of"] == [groups["ring.b"]["uuid"]]
    assert groups["ring.b"]["member_of"] == [groups["ring.a"]["uuid"]]
    Groups.Output.model_validate(groups["ring.a"])


def test_memberships_are_those_that_each_user_says_itself(client: OtdsClient, admin: Rest) -> None:
    records, proof = read(Memberships(), client)
    users, _ = read(Users(), client)

    assert proof.complete
    assert len({record.key for record in records}) == len(records) == proof.count
    for user in users:
        said = {group["uuid"] for group in admin("GET", f"/users/{user.body['id']}/memberof").json()["groups"]}
        assert {record.body["group"] for record in records if record.body["member"] == user.key} == said
    Memberships.Output.model_validate(records[0].body)


@pytest.mark.parametrize("last_cookie", [False, True])
def test_small_pages_are_read_to_the_last(connect: Connect, otds: Server, last_cookie: bool) -> None:
    otds.app.change_settings(cookie_on_last_page=last_cookie)

    records, proof = read(Users(), connect(page_size=7), partition="Northwind")

    assert proof.complete
    assert len(records) == 64
    assert ("the last one empty" in proof.checks[0]) is last_cookie


def test_a_page_with_fewer_rows_than_it_says_makes_the_reading_incomplete(connect: Connect, otds: Server) -> None:
    otds.app.faults.add(FaultKind.FEWER_ROWS, path="*/users", times=1, after=1)

    records, proof = read(Users(), connect(page_size=20), partition="Northwind")

    assert not proof.complete
    assert len(records) == 54
    assert proof.problems[0] == "Page 2 says it has 20 rows, and has 10."


def test_memberships_are_incomplete_when_one_of_the_listings_is(client: OtdsClient, otds: Server) -> None:
    otds.app.faults.add(FaultKind.FEWER_ROWS, path="*/groups", times=1)

    _, proof = read(Memberships(), client)

    assert not proof.complete
    assert proof.problems


def test_an_attribute_that_nobody_has_is_named(client: OtdsClient) -> None:
    reading = Users().read(Users.Input(partition="Northwind", attributes={"boss": "oTManger"}), client)

    with pytest.raises(Misconfigured, match="oTManger") as caught:
        list(reading.records)

    assert caught.value.field == "attributes"
    assert not reading.proof.complete
    assert "oTManger" in reading.proof.problems[0]


def test_attribute_names_of_the_connection_are_used_and_checked(connect: Connect) -> None:
    records, _ = read(Users(), connect(title_attribute="oTExtraAttr2"), partition="Northwind")
    assert {record.body["title"] for record in records if record.body["name"] == "otto.keller"} == {"CC-4100"}

    with pytest.raises(Misconfigured, match="jobTitle") as caught:
        read(Users(), connect(title_attribute="jobTitle"), partition="Northwind")
    assert caught.value.field == "title_attribute"


def test_an_answer_that_is_no_json_is_an_unexpected_reply(client: OtdsClient, otds: Server) -> None:
    otds.app.faults.add(FaultKind.GARBAGE, path="*/users")

    with pytest.raises(UnexpectedReply):
        read(Users(), client)
