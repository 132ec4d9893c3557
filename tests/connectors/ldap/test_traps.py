"""What ldap3 lets pass, and we do not. Each test shows first that plain ldap3 code falls into the trap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import ldap3
import pytest
from ldap3.utils.asn1 import decode_boolean

from connectors.ldap.dialects import SYNC_REQUEST
from connectors.ldap.encoding import inside
from connectors.ldap.searching import Search, Seen, search
from connectors.ldap.shapes import text
from connectors.ldap.streams.users import Users
from connectors.ldap.watching.syncing import first_cookie
from hub.sdk import Misconfigured, Rejected
from tests.connectors.ldap.ber import Entry, element, number
from tests.connectors.ldap.conftest import open_client
from tests.connectors.ldap.northwind import PEOPLE, northwind
from tests.connectors.ldap.slapd import ADMIN, PASSWORD, READER, READER_PASSWORD, Slapd, running
from tests.connectors.ldap.stub import Stub

PERSISTENT_SEARCH = "2.16.840.1.113730.3.4.3"
PERSON = "(objectClass=inetOrgPerson)"


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    limits = f'limits dn.exact="{READER}" size.soft=2 size.hard=2 size.prtotal=2'
    with running(tmp_path_factory.mktemp("limited"), northwind(), limits=limits) as server:
        yield server


def naive(server: Slapd, user: str = ADMIN, password: str = PASSWORD, **options: Any) -> ldap3.Connection:
    """A connection as one writes it first."""
    made = ldap3.Connection(
        ldap3.Server("127.0.0.1", port=server.port, get_info=ldap3.NONE), user, password, check_names=False, **options
    )
    assert made.bind()
    return made


def paged(connection: ldap3.Connection, base: str = PEOPLE, size: int = 1000) -> list[str]:
    found = connection.extend.standard.paged_search(base, PERSON, attributes=["uid"], paged_size=size, generator=True)
    names = [each["attributes"]["uid"][0] for each in found]
    connection.unbind()
    return names


def ours(server: Slapd, asked: Search, **settings: Any) -> list[Any]:
    client = open_client(server.settings(**settings))
    try:
        with client.line() as line:
            return list(search(line, asked))
    finally:
        client.close()


@pytest.mark.parametrize("raising", [False, True])
def test_a_truncated_reading(limited: Slapd, raising: bool) -> None:
    assert len(paged(naive(limited, READER, READER_PASSWORD, raise_exceptions=raising))) == 2  # Of four; no error.

    client = open_client(limited.settings(username=READER, password=READER_PASSWORD))
    with pytest.raises(Rejected, match="size limit"):
        list(Users().read(Users.Input(), client).records)
    client.close()


def test_a_base_that_does_not_exist(shared: Slapd) -> None:
    assert paged(naive(shared), "ou=typo,dc=northwind,dc=example") == []

    with pytest.raises(Rejected, match="does not exist"):
        ours(shared, Search("Reading", "ou=typo,dc=northwind,dc=example", PERSON, ["uid"]))


def test_the_order_within_a_page(shared: Slapd) -> None:
    asked = Search("Reading", PEOPLE, PERSON, ["uid"], page_size=4)
    order = [entry.attributes["uid"][0].decode() for entry in ours(shared, asked)]

    assert paged(naive(shared), size=4) == order[::-1]
    assert order[0] == "amara"


def test_a_certificate_that_nobody_knows(shared: Slapd) -> None:
    server = ldap3.Server("127.0.0.1", port=shared.tls_port, use_ssl=True, get_info=ldap3.NONE)
    with ldap3.Connection(server, ADMIN, PASSWORD) as connection:
        assert connection.bound  # Any certificate will do.

    with pytest.raises(Misconfigured, match="not trusted"):
        ours(shared, Search("Reading", PEOPLE, PERSON, ["uid"]), authority="")


def test_a_value_that_is_no_text(shared: Slapd) -> None:
    connection = naive(shared)
    connection.search(PEOPLE, "(uid=milo)", attributes=["jpegPhoto"])
    assert connection.response[0]["attributes"]["jpegPhoto"][0] == "ÿØÿ\x00"  # Read as latin-1, without a word.
    connection.unbind()

    [entry] = ours(shared, Search("Reading", PEOPLE, "(uid=milo)", ["jpegPhoto"]))
    assert entry.attributes["jpegphoto"] == [b"\xff\xd8\xff\x00"]
    assert text(entry.attributes["jpegphoto"][0]) == "/9j/AA=="


def test_an_alias_is_followed(shared: Slapd) -> None:
    base = f"cn=Ghost,{PEOPLE}"
    connection = naive(shared)
    connection.search(base, "(objectClass=*)", attributes=["uid"])
    assert connection.response[0]["dn"].startswith("uid=amara")  # Somebody else than was asked for.
    connection.unbind()

    [entry] = ours(shared, Search("Reading", base, "(objectClass=*)", ["uid"]))
    assert entry.dn.startswith(b"cn=Ghost")


def test_a_request_for_changes_while_aliases_are_followed(shared: Slapd) -> None:
    connection = naive(shared)
    asked = (SYNC_REQUEST, True, b"0\x03\x0a\x01\x01")
    connection.search(PEOPLE, PERSON, attributes=["uid"], controls=[asked])
    assert connection.result["description"] == "protocolError"  # For following is what ldap3 does unasked.
    assert connection.response == []
    connection.unbind()

    client = open_client(shared.settings())
    assert first_cookie(client, PEOPLE)
    client.close()


def test_a_page_of_another_connection(shared: Slapd) -> None:
    first, second = naive(shared), naive(shared)
    first.search(PEOPLE, PERSON, attributes=["uid"], paged_size=2)
    cookie = first.result["controls"]["1.2.840.113556.1.4.319"]["value"]["cookie"]
    second.search(PEOPLE, PERSON, attributes=["uid"], paged_size=2, paged_cookie=cookie)
    assert second.result["result"] != 0
    assert second.response == []  # No error was raised, and nobody came.
    first.unbind()
    second.unbind()

    seen = Seen()
    client = open_client(shared.settings())
    with client.line() as line:
        assert len(list(search(line, Search("Reading", PEOPLE, PERSON, ["uid"], page_size=2), seen))) == 4
    assert seen.pages >= 2
    client.close()


def test_a_persistent_search_that_the_server_does_not_offer(shared: Slapd) -> None:
    connection = naive(shared)
    value = element(0x30, number(15) + element(0x01, b"\xff") * 2)  # All changes, changes only, with notices.
    connection.search(PEOPLE, PERSON, attributes=["uid"], controls=[(PERSISTENT_SEARCH, False, value)])
    assert len(connection.response) == 4  # Nothing has changed, and everybody is reported.
    connection.unbind()

    client = open_client(shared.settings())
    assert PERSISTENT_SEARCH not in client.dialect.controls  # So it is not asked for.
    client.close()


def test_a_reading_that_took_too_long(stub: Stub) -> None:
    stub.code = 3
    server = ldap3.Server("127.0.0.1", port=stub.port, get_info=ldap3.NONE)
    with ldap3.Connection(server, "u", "p", raise_exceptions=True, check_names=False) as connection:
        connection.search("dc=ad,dc=example", "(objectClass=person)", attributes=["sAMAccountName"])
        assert len(connection.response) == 1  # What came in time; nothing was raised.

    client = open_client(stub.settings())
    with pytest.raises(Rejected, match="time limit"):
        list(Users().read(Users.Input(), client).records)
    client.close()


def test_a_value_that_a_schema_makes_something_else_of(shared: Slapd) -> None:
    server = ldap3.Server("127.0.0.1", port=shared.port, get_info=ldap3.ALL)
    with ldap3.Connection(server, ADMIN, PASSWORD) as connection:
        connection.search(PEOPLE, "(uid=milo)", attributes=["modifyTimestamp"])
        assert isinstance(connection.response[0]["attributes"]["modifyTimestamp"], datetime)  # No value of LDAP's.

    [entry] = ours(shared, Search("Reading", PEOPLE, "(uid=milo)", ["modifyTimestamp"]))
    assert entry.attributes["modifytimestamp"][0].endswith(b"Z")


@pytest.mark.parametrize("said", [True, False])
def test_whether_the_server_told_all_deletions(said: bool) -> None:
    value = b"\xff" if said else b"\0"
    assert decode_boolean(value, 0, 1) is True  # Whatever is in it.

    [(tag, content)] = inside(element(0x30, element(0x01, value)))
    assert (tag, content != b"\0") == (0x01, said)


@pytest.fixture
def stub() -> Iterator[Stub]:
    person = Entry("CN=A,DC=ad,DC=example", {"sAMAccountName": [b"a"], "objectGUID": [b"0123456789abcdef"]})
    made = Stub([person], [])
    yield made
    made.stop()
