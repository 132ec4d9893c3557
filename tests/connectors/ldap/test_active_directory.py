"""What only Active Directory does."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from connectors.ldap.auth import Auth
from connectors.ldap.client import LdapClient
from connectors.ldap.streams.groups import Groups
from connectors.ldap.streams.memberships import Memberships
from connectors.ldap.streams.users import Users
from hub.sdk import UnexpectedReply
from tests.connectors.ldap.ber import Entry
from tests.connectors.ldap.conftest import open_client
from tests.connectors.ldap.stub import Stub

COUNT = 25
ID = UUID("6f1d0f2e-7a35-4c1c-9a0e-5d4b0f3c2a11")


def dn(number: int) -> str:
    return f"CN=Person {number},OU=people,DC=ad,DC=example"


def person(number: int, **attributes: bytes) -> Entry:
    values = {
        "objectGUID": UUID(int=number + 1).bytes_le, "sAMAccountName": f"p{number}".encode(),
        "userAccountControl": b"512", **attributes,
    }  # fmt: skip
    return Entry(dn(number), {name: [value] for name, value in values.items()})


@pytest.fixture
def stub() -> Iterator[Stub]:
    members = [dn(number).encode() for number in range(COUNT)]
    group = Entry("CN=big,DC=ad,DC=example", {"objectGUID": [ID.bytes_le], "cn": [b"big"], "member": members})
    made = Stub([person(number) for number in range(COUNT)], [group], most_values=10)
    yield made
    made.stop()


@pytest.fixture
def client(stub: Stub) -> Iterator[LdapClient]:
    made = open_client(stub.settings())
    yield made
    made.close()


def test_it_is_known_by_what_it_says(client: LdapClient) -> None:
    identity = Auth().who_am_i(client)

    assert "Taken for Active Directory." in identity.notes
    assert identity.detail["base"] == "dc=ad,dc=example"


@pytest.mark.parametrize("most", [1, 3, 10, 24, 25, 26])
def test_a_long_list_of_members_is_read_to_its_end(stub: Stub, client: LdapClient, most: int) -> None:
    stub.most_values = most
    reading = Memberships().read(Memberships.Input(), client)
    found = [body["member_id"] for _, body in reading.records]

    assert sorted(found) == sorted(f"p{number}@AD" for number in range(COUNT))
    assert reading.proof.complete


def test_a_list_whose_rest_does_not_come_is_an_error(stub: Stub, client: LdapClient) -> None:
    stub.forgets_the_rest = True
    with pytest.raises(UnexpectedReply, match='only some values of "member"'):
        list(Memberships().read(Memberships.Input(), client).records)


def test_ids_are_written_as_microsoft_writes_them(client: LdapClient) -> None:
    [record] = Groups().read(Groups.Input(), client).records

    assert record.key == str(ID)
    assert record.body["member_count"] == COUNT


def test_parts_on_other_servers_make_a_reading_incomplete_unless_they_may_be_missing(stub: Stub) -> None:
    stub.references = ["ldap://other.ad.example/DC=other"]
    for accepted, complete in ((False, False), (True, True)):
        client = open_client(stub.settings(accept_referrals=accepted))
        reading = Users().read(Users.Input(), client)
        assert len(list(reading.records)) == COUNT
        assert reading.proof.complete is complete
        client.close()


def test_account_states_are_told_apart(stub: Stub, client: LdapClient) -> None:
    stub.people = [
        person(0),
        person(1, userAccountControl=b"514"),
        person(2, accountExpires=b"131592384000000000"),  # In 2018.
        person(3, accountExpires=b"9223372036854775807"),
        person(4, lockoutTime=b"131592384000000000"),
    ]
    reading = Users().read(Users.Input(attributes={"ends": "accountExpires"}), client)
    people = {body["name"]: body for _, body in reading.records}

    assert [name for name, body in people.items() if body["disabled"]] == ["p1", "p2"]
    assert people["p2"]["attributes"]["ends"] == "2018-01-01T00:00:00Z"
    assert people["p3"]["attributes"]["ends"] is None
