"""People, groups and memberships of a real directory, in the shapes that every directory has."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.ldap.auth import Auth
from connectors.ldap.client import LdapClient
from connectors.ldap.lines import dial
from connectors.ldap.streams.groups import Groups
from connectors.ldap.streams.memberships import Memberships
from connectors.ldap.streams.units import Units
from connectors.ldap.streams.users import Users
from hub.registry import catalog
from hub.sdk import Misconfigured, Policy, Proof, Rejected
from hub.sdk.guarded import GuardedEgress
from tests.connectors.ldap.conftest import Connect
from tests.connectors.ldap.northwind import PEOPLE
from tests.connectors.ldap.slapd import Slapd


def read(stream: Any, client: LdapClient, **input: Any) -> tuple[list[dict[str, Any]], Proof]:
    reading = stream.read(stream.Input.model_validate(input), client)
    bodies = []
    for key, body in reading.records:
        stream.Output.model_validate(body)
        assert key
        bodies.append(body)
    return bodies, reading.proof


def test_people_are_read_with_their_attributes_and_groups(client: LdapClient) -> None:
    people, proof = read(Users(), client, partition="Northwind", attributes={"phones": "telephoneNumber"})
    groups, _ = read(Groups(), client)

    by_name = {body["name"]: body for body in people}
    ids = {body["name"]: body["uuid"] for body in groups}
    assert sorted(by_name) == ["amara", "lena", "milo", "soren"]
    assert by_name["amara"]["id"] == "amara@Northwind"
    assert by_name["amara"]["title"] == "Template designer"
    assert by_name["soren"]["display_name"] == "Søren Åkesson"
    assert by_name["soren"]["member_of"] == [ids["designers"]]
    assert by_name["milo"]["attributes"] == {"phones": ["1", "2"]}
    assert [name for name, body in by_name.items() if body["disabled"]] == ["lena"]
    assert (proof.complete, proof.count, proof.problems) == (True, 4, [])


def test_groups_know_the_groups_they_are_in(client: LdapClient) -> None:
    groups, proof = read(Groups(), client)

    ids = {body["name"]: body["uuid"] for body in groups}
    within = {body["name"]: body["member_of"] for body in groups}
    assert within == {"designers": [ids["staff"]], "staff": [ids["everybody"]], "everybody": [ids["staff"]]}
    assert proof.complete


def test_groups_that_fit_a_filter_still_know_all_groups_they_are_in(client: LdapClient) -> None:
    everything, _ = read(Groups(), client)
    fit, proof = read(Groups(), client, filter="(cn=des*)")

    assert fit == [body for body in everything if body["name"] == "designers"]
    assert fit[0]["member_of"]
    assert proof.complete


def test_memberships_name_both_sides_and_strangers_are_counted(client: LdapClient) -> None:
    found, proof = read(Memberships(), client, partition="Northwind")

    assert sorted((body["group_id"], body["member_id"], body["kind"]) for body in found) == [
        ("designers@Northwind", "amara@Northwind", "user"),
        ("designers@Northwind", "soren@Northwind", "user"),
        ("everybody@Northwind", "milo@Northwind", "user"),
        ("everybody@Northwind", "staff@Northwind", "group"),
        ("staff@Northwind", "designers@Northwind", "group"),
        ("staff@Northwind", "everybody@Northwind", "group"),
        ("staff@Northwind", "lena@Northwind", "user"),
    ]
    assert proof.complete
    assert "1 members are neither people nor groups that can be seen." in proof.checks


@pytest.mark.parametrize("name", ["users", "groups", "memberships"])
def test_the_records_have_the_shape_of_the_other_directory(name: str) -> None:
    assert set(catalog().stream(f"ldap.{name}").output_schema["properties"]) == set(
        catalog().stream(f"otds.{name}").output_schema["properties"]
    )


@pytest.mark.parametrize("page_size", [1, 2, 3, 1000])
def test_any_page_size_gives_the_same(connect: Connect, page_size: int) -> None:
    people, proof = read(Users(), connect(page_size=page_size))

    assert len(people) == 4
    assert proof.complete


def test_units_know_the_unit_they_are_in(own: Slapd, connect: Connect) -> None:
    line = dial(connect(own).settings, GuardedEgress(Policy(("127.0.0.1",))))
    assert line.ldap.add(f"ou=a\\, b,{PEOPLE}", ["organizationalUnit"])
    line.close()

    units, proof = read(Units(), connect(own))

    ids = {body["name"]: body["uuid"] for body in units}
    assert {body["name"]: body["parent"] for body in units} == {
        "people": "", "groups": "", "empty": "", "a, b": ids["people"],
    }  # fmt: skip
    assert (proof.complete, proof.count) == (True, 4)


def test_a_wrong_base_is_an_error_and_an_empty_one_is_not_complete(connect: Connect) -> None:
    with pytest.raises(Rejected, match="does not exist"):
        read(Users(), connect(people_base="ou=typo,dc=northwind,dc=example"))

    people, proof = read(Users(), connect(people_base="ou=empty,dc=northwind,dc=example"))
    assert (people, proof.complete) == ([], False)
    assert "no people below the base" in proof.problems[0]


def test_another_partition_is_a_mistake(client: LdapClient) -> None:
    with pytest.raises(Misconfigured, match='"Northwind" only'):
        read(Users(), client, partition="Southwind")


def test_an_attribute_that_nobody_has_is_a_mistake(client: LdapClient) -> None:
    with pytest.raises(Misconfigured, match="None of 4 people has the attribute costcentre"):
        read(Users(), client, attributes={"cost": "costCentre"})


def test_the_connection_says_who_signed_in_and_how_it_reads(client: LdapClient) -> None:
    identity = Auth().who_am_i(client)

    assert identity.name == "cn=admin,dc=northwind,dc=example"
    assert identity.tenant == "Northwind"
    assert identity.rights == ("may read people", "may read groups")
    assert "Taken for OpenLDAP." in identity.notes


def test_what_is_not_right_in_a_directory_is_a_warning_of_its_reading(client: LdapClient) -> None:
    reading = Users().read(Users.Input(), client)
    list(reading.records)

    assert reading.proof.complete
    assert reading.proof.warnings == [
        "1 circles of groups that contain each other, such as staff@Northwind, everybody@Northwind.",
        "1 members are neither people nor groups that can be seen; they may have been deleted.",
    ]
