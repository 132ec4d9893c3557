"""Memberships are written one by one, and read back."""

from __future__ import annotations

import pytest

from connectors.ldap.client import LdapClient
from connectors.ldap.resources.group_members import GroupMembers
from hub.sdk import Call, Rejected
from tests.connectors.ldap.conftest import Connect
from tests.connectors.ldap.slapd import READER, READER_PASSWORD, Slapd

CALL = Call("run-1/step-1")
RESOURCE = GroupMembers()
MILO = {"group": "designers@Northwind", "member": "milo@Northwind", "kind": "user"}
KEY = RESOURCE.key_of(MILO)


@pytest.fixture
def writer(own: Slapd, connect: Connect) -> LdapClient:
    return connect(own)


def keys(client: LdapClient, **input: object) -> list[str]:
    reading = RESOURCE.read(RESOURCE.Input.model_validate({"partition": "Northwind", **input}), client)
    found = sorted(record.key for record in reading.records)
    assert reading.proof.complete, reading.proof.problems
    return found


def test_only_the_chosen_groups_are_read(client: LdapClient) -> None:
    assert keys(client, name_prefix="design") == [
        "designers@Northwind>amara@Northwind",
        "designers@Northwind>soren@Northwind",
    ]
    assert keys(client, groups=["designers"]) == keys(client, groups=["designers@Northwind"])


def test_a_group_that_does_not_exist_makes_the_reading_incomplete(client: LdapClient) -> None:
    reading = RESOURCE.read(RESOURCE.Input(partition="Northwind", groups=["designer"]), client)
    list(reading.records)

    assert not reading.proof.complete
    assert reading.proof.problems == ["There is no group designer in Northwind."]


def test_a_prefix_that_no_group_has_is_a_whole_reading_of_nothing(client: LdapClient) -> None:
    assert keys(client, name_prefix="exs.") == []
    assert keys(client, name_prefix="*") == []


def test_a_membership_is_added_read_back_and_removed_and_repeating_changes_nothing(writer: LdapClient) -> None:
    assert RESOURCE.read_one(KEY, writer) is None
    for _ in range(2):
        RESOURCE.create(KEY, MILO, writer, CALL)
        assert RESOURCE.read_one(KEY, writer) == MILO
    assert len(keys(writer, name_prefix="designers")) == 3
    for _ in range(2):
        RESOURCE.delete(KEY, MILO, writer, CALL)
        assert RESOURCE.read_one(KEY, writer) is None


def test_a_group_can_be_a_member(writer: LdapClient) -> None:
    body = {"group": "designers@Northwind", "member": "staff@Northwind", "kind": "group"}
    RESOURCE.create(RESOURCE.key_of(body), body, writer, CALL)

    assert RESOURCE.read_one(RESOURCE.key_of(body), writer) == body


def test_somebody_who_does_not_exist_cannot_be_added(writer: LdapClient) -> None:
    body = MILO | {"member": "nobody@Northwind"}
    with pytest.raises(Rejected, match='no user "nobody@Northwind"') as caught:
        RESOURCE.create(RESOURCE.key_of(body), body, writer, CALL)
    assert caught.value.missing


def test_a_name_is_never_read_as_a_filter(writer: LdapClient) -> None:
    assert RESOURCE.read_one("designers@Northwind>*", writer) is None
    assert RESOURCE.read_one("designers@Northwind>amara)(uid=*", writer) is None


def test_an_account_that_may_only_read_is_told_so(own: Slapd, connect: Connect) -> None:
    with pytest.raises(Rejected, match="insufficientAccessRights"):
        RESOURCE.create(KEY, MILO, connect(own, username=READER, password=READER_PASSWORD), CALL)
