"""What a step can do with a directory."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.ldap.actions.add_to_group import AddToGroup
from connectors.ldap.actions.check_directory import CheckDirectory
from connectors.ldap.actions.explain_membership import ExplainMembership
from connectors.ldap.actions.find_users import FindUsers
from connectors.ldap.actions.get_group import GetGroup
from connectors.ldap.actions.get_user import GetUser
from connectors.ldap.actions.list_group_members import ListGroupMembers
from connectors.ldap.actions.read_entry import ReadEntry
from connectors.ldap.actions.remove_from_group import RemoveFromGroup
from connectors.ldap.actions.search import Search
from connectors.ldap.auth import Auth
from connectors.ldap.client import LdapClient
from connectors.ldap.streams.effective_memberships import EffectiveMemberships
from hub.sdk import Call, Misconfigured, Rejected
from tests.connectors.ldap.conftest import Connect
from tests.connectors.ldap.northwind import PEOPLE, person_dn
from tests.connectors.ldap.slapd import Slapd

CALL = Call("run-1/step-1")


def do(action: Any, client: LdapClient, **input: Any) -> Any:
    return action.run(action.Input.model_validate(input), client, CALL)


def test_people_are_found_by_a_part_of_their_name(client: LdapClient) -> None:
    assert [person.name for person in do(FindUsers(), client, filter="åke").users] == ["soren"]
    assert [person.name for person in do(FindUsers(), client, state="disabled").users] == ["lena"]
    assert len(do(FindUsers(), client, limit=2).users) == 2
    assert do(FindUsers(), client, filter="*)(uid=*").users == []


@pytest.mark.parametrize("reference", ["amara", "amara@Northwind", person_dn("amara"), "uuid"])
def test_a_person_is_read_by_any_of_their_names(client: LdapClient, reference: str) -> None:
    if reference == "uuid":
        reference = do(GetUser(), client, user="amara").user.uuid

    found = do(GetUser(), client, user=reference)

    assert found.user.id == "amara@Northwind"
    assert found.user.attributes["sn"] == "Diallo"
    assert len(found.user.member_of) == 1


def test_binary_values_come_in_base64(client: LdapClient) -> None:
    assert do(GetUser(), client, user="milo").user.attributes["jpegphoto"] == "/9j/AA=="


def test_who_does_not_exist_is_not_found(client: LdapClient) -> None:
    assert do(GetUser(), client, user="nobody").found is False
    assert do(GetUser(), client, user=f"uid=nobody,{PEOPLE}").found is False
    assert do(GetGroup(), client, group="nothing").found is False
    assert do(ReadEntry(), client, location=f"uid=nobody,{PEOPLE}").found is False


def test_members_of_nested_groups_are_listed_in_spite_of_a_cycle(client: LdapClient) -> None:
    direct = do(ListGroupMembers(), client, group="staff")
    nested = do(ListGroupMembers(), client, group="staff", nested=True)

    assert direct.users == ["lena@Northwind"]
    assert direct.groups == ["designers@Northwind", "everybody@Northwind"]
    assert nested.users == [f"{name}@Northwind" for name in ("amara", "lena", "milo", "soren")]
    assert nested.groups == ["designers@Northwind", "everybody@Northwind"]


def test_a_membership_is_explained_by_its_way(client: LdapClient) -> None:
    found = do(ExplainMembership(), client, member="amara", group="everybody")

    assert found.is_member
    assert found.path == ["designers@Northwind", "staff@Northwind", "everybody@Northwind"]
    assert do(ExplainMembership(), client, member="milo", group="designers").path == []


def test_effective_memberships_name_their_way(client: LdapClient) -> None:
    stream = EffectiveMemberships()
    reading = stream.read(stream.Input(name_prefix="everybody"), client)
    ways = {body["member_id"]: body["path"] for _, body in reading.records}

    assert ways["amara@Northwind"] == ["everybody@Northwind", "staff@Northwind", "designers@Northwind"]
    assert ways["milo@Northwind"] == ["everybody@Northwind"]
    assert len(ways) == reading.proof.count == 4
    assert reading.proof.complete


def test_the_directory_is_checked(client: LdapClient) -> None:
    found = do(CheckDirectory(), client)

    assert found.cycles == [["everybody@Northwind", "staff@Northwind"]] or found.cycles == [
        ["staff@Northwind", "everybody@Northwind"]
    ]
    assert found.strangers == ["uid=gone,ou=people,dc=northwind,dc=example"]
    assert found.used_twice == {}
    assert (found.people, found.groups, found.complete) == (4, 3, True)


def test_a_search_says_when_there_is_more(client: LdapClient) -> None:
    found = do(Search(), client, filter="(objectClass=inetOrgPerson)", attributes=["uid"], limit=3)

    assert (len(found.entries), found.more) == (3, True)
    assert do(Search(), client, filter="(uid=amara)").entries[0].attributes["sn"] == ["Diallo"]


def test_a_filter_that_is_none_is_a_mistake(client: LdapClient) -> None:
    with pytest.raises(Misconfigured, match="Check names, filter"):
        do(Search(), client, filter="(uid=amara")


def test_passwords_are_never_shown(client: LdapClient) -> None:
    entries = do(Search(), client, filter="(cn=reader)", attributes=["userPassword", "cn"]).entries

    assert [sorted(each.attributes) for each in entries] == [["cn"]]


def test_membership_actions_say_whether_anything_changed(own: Slapd, connect: Connect) -> None:
    client = connect(own)
    given = {"group": "designers", "member": "milo"}

    assert [do(AddToGroup(), client, **given).changed for _ in range(2)] == [True, False]
    assert [do(RemoveFromGroup(), client, **given).changed for _ in range(2)] == [True, False]


def test_the_last_member_of_a_group_cannot_be_taken_out(own: Slapd, connect: Connect) -> None:
    client = connect(own)
    do(RemoveFromGroup(), client, group="designers", member="amara")
    with pytest.raises(Rejected, match="objectClassViolation"):
        do(RemoveFromGroup(), client, group="designers", member="soren")


def test_live_choices_name_the_groups(client: LdapClient) -> None:
    assert [choice.value for choice in Auth.choices["groups"](client, {})] == [
        "designers@Northwind", "everybody@Northwind", "staff@Northwind",
    ]  # fmt: skip
    assert [choice.value for choice in Auth.choices["partitions"](client, {})] == ["Northwind"]
