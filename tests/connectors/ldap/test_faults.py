"""Whatever happens on the way, a reading that is not whole never passes for one that is."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.ldap.auth import Auth
from connectors.ldap.lines import dial
from connectors.ldap.resources.group_members import GroupMembers
from connectors.ldap.streams.users import Users
from hub.sdk import (
    ConnectorError,
    Misconfigured,
    Opening,
    Policy,
    Proof,
    Rejected,
    SignInRefused,
    TryLater,
    UnexpectedReply,
)
from hub.sdk.guarded import GuardedEgress
from tests.connectors.ldap.conftest import Connect, open_client
from tests.connectors.ldap.northwind import northwind
from tests.connectors.ldap.proxy import Proxy, Spoil, before
from tests.connectors.ldap.slapd import PASSWORD, READER, READER_PASSWORD, Slapd, running
from tests.connectors.ldap.test_events import Watch
from tests.hub.sdk.servers import Authority, free_port


@pytest.fixture
def proxy(shared: Slapd) -> Iterator[Proxy]:
    with before(shared.port) as made:
        yield made


def plain(server: Slapd, port: int, **further: Any) -> dict[str, Any]:
    return server.settings(host="127.0.0.1", port=port, security="none", **further)


BRIEFLY = 0.5
"""So long is waited for a server that may never answer."""


def read_people(settings_: dict[str, Any], timeout_seconds: float = 10) -> tuple[int, Proof]:
    """Everybody, on a connection of its own."""
    client = open_client(settings_, timeout_seconds=timeout_seconds)
    stream = Users()
    try:
        reading = stream.read(stream.Input(), client)
        return len(list(reading.records)), reading.proof
    finally:
        client.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    after_bytes=st.integers(0, 6000),
    spoil=st.sampled_from([Spoil.CUT, Spoil.RESET, Spoil.GARBAGE]),
    page_size=st.sampled_from([1, 2, 1000]),
)
def test_a_spoiled_answer_is_an_error_or_the_whole(
    shared: Slapd, proxy: Proxy, after_bytes: int, spoil: Spoil, page_size: int
) -> None:
    proxy.set(spoil, after_bytes)
    try:
        count, proof = read_people(plain(shared, proxy.port, page_size=page_size), BRIEFLY)
    except (TryLater, UnexpectedReply):
        return
    assert (count, proof.complete) == (4, True)


def test_a_server_that_falls_silent_is_not_waited_for_for_ever(shared: Slapd, proxy: Proxy) -> None:
    proxy.set(Spoil.STALL, 900)
    with pytest.raises(TryLater, match="did not answer in time"):
        read_people(plain(shared, proxy.port), BRIEFLY)


def test_a_second_server_is_asked_when_the_first_cannot_be_reached(shared: Slapd) -> None:
    given = plain(shared, free_port(), further_servers=[f"127.0.0.1:{shared.port}"])

    assert read_people(given)[0] == 4


def test_a_kept_line_that_was_cut_is_replaced(shared: Slapd, proxy: Proxy) -> None:
    client = open_client(plain(shared, proxy.port))
    stream = Users()
    proxy.set(None)
    assert len(list(stream.read(stream.Input(), client).records)) == 4
    proxy.set(Spoil.CUT, 0)
    with pytest.raises(TryLater):
        list(stream.read(stream.Input(), client).records)
    proxy.set(None)
    assert len(list(stream.read(stream.Input(), client).records)) == 4
    client.close()


def test_one_line_serves_many_readings(shared: Slapd) -> None:
    with before(shared.tls_port) as proxy:
        client = open_client(shared.settings(host="127.0.0.1", server_name="localhost", port=proxy.port))
        for _ in range(3):
            assert len(list(Users().read(Users.Input(), client).records)) == 4
        client.close()
        assert proxy.connections == 1


def test_a_size_limit_is_an_error(own: Slapd) -> None:
    own.stop()
    own.limits = f'limits dn.exact="{READER}" size.soft=2 size.hard=2 size.prtotal=2'
    own.start()
    with pytest.raises(Rejected, match="size limit, so what came is not all of it"):
        read_people(own.settings(username=READER, password=READER_PASSWORD))


def test_a_size_limit_that_is_lowered_between_pages_is_an_error(own: Slapd) -> None:
    client = open_client(own.settings(username=READER, password=READER_PASSWORD, page_size=1))
    stream = Users()
    records = stream.read(stream.Input(), client).records
    next(records)
    own.stop()
    own.limits = f'limits dn.exact="{READER}" size.soft=2 size.hard=2 size.prtotal=2'
    own.start()
    with pytest.raises(ConnectorError):
        list(records)
    client.close()


def test_a_server_that_is_started_anew_between_pages_is_an_error_and_read_whole_the_next_time(own: Slapd) -> None:
    client = open_client(own.settings(page_size=1))
    records = Users().read(Users.Input(groups=False), client).records
    next(records)
    own.stop()
    own.start()

    with pytest.raises(TryLater, match="broke off"):
        list(records)
    assert len(list(Users().read(Users.Input(), client).records)) == 4
    client.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(after_bytes=st.integers(0, 4000), spoil=st.sampled_from([Spoil.CUT, Spoil.RESET, Spoil.GARBAGE]))
@pytest.mark.parametrize("way", ["sync", "timestamps"])
def test_a_spoiled_answer_about_changes_reports_nobody_as_gone(
    shared: Slapd, proxy: Proxy, way: str, after_bytes: int, spoil: Spoil
) -> None:
    proxy.set(None, 0)
    watch = Watch(open_client(plain(shared, proxy.port, changes=way), timeout_seconds=BRIEFLY))
    _patiently(watch.poll)
    proxy.set(spoil, after_bytes)
    with contextlib.suppress(TryLater, UnexpectedReply):
        assert watch.told() == []
    proxy.set(None, 0)
    assert _patiently(watch.told) == []
    watch.client.close()


def _patiently(ask: Callable[[], Any]) -> Any:
    """What the server says in the end: on a busy machine it may not be in time."""
    until = time.monotonic() + 30
    while True:
        try:
            return ask()
        except TryLater:
            if time.monotonic() > until:
                raise


def test_a_lost_right_to_an_attribute_is_noticed(own: Slapd) -> None:
    own.stop()
    own.after = f'access to attrs=entryUUID by dn.exact="{READER}" none by * read'
    own.start()
    _, proof = read_people(own.settings(username=READER, password=READER_PASSWORD))

    assert not proof.complete
    assert any('people came without "uid" or "entryUUID"' in problem for problem in proof.problems)


def test_a_lost_right_to_members_is_noticed(own: Slapd) -> None:
    own.stop()
    own.after = f'access to attrs=member by dn.exact="{READER}" none by * read'
    own.start()
    _, proof = read_people(own.settings(username=READER, password=READER_PASSWORD))

    assert not proof.complete
    assert "Groups: No group shows any member: this account may not read members." in proof.problems


def test_somebody_who_must_be_found_and_is_not_makes_the_reading_incomplete(shared: Slapd) -> None:
    assert read_people(shared.settings(must_be_found=["amara"]))[1].complete
    _, proof = read_people(shared.settings(must_be_found=["amara", "zoe"]))

    assert proof.problems == ["zoe must be found, and was not."]
    assert not proof.complete


def test_ids_that_two_have_make_a_reading_incomplete(own: Slapd) -> None:
    client = open_client(own.settings())
    line = dial(client.settings, GuardedEgress(Policy(("127.0.0.1",))))
    elsewhere = "ou=empty,dc=northwind,dc=example"
    line.ldap.add(f"cn=2,{elsewhere}", ["inetOrgPerson"], {"uid": "Amara", "sn": "Other"})
    line.ldap.add(f"cn=designers,{elsewhere}", ["groupOfNames"], {"member": elsewhere})
    line.close()

    people = Users().read(Users.Input(), client)
    assert len(list(people.records)) == 5
    assert people.proof.problems == ["1 logins are used by several people, such as Amara."]
    members = GroupMembers().read(GroupMembers.Input(partition="Northwind", name_prefix="d"), client)
    assert list(members.records)
    assert members.proof.problems == ["There are several groups designers@Northwind."]
    assert not members.proof.complete
    client.close()


def test_a_wrong_password_and_an_unknown_user_are_refused(connect: Connect) -> None:
    for wrong in ({"password": "wr0ng"}, {"username": "cn=nobody,dc=northwind,dc=example"}):
        with pytest.raises(SignInRefused) as caught:
            Auth().who_am_i(connect(**wrong))
        assert PASSWORD not in f"{caught.value.message}{caught.value.detail}"
        assert "wr0ng" not in f"{caught.value.message}{caught.value.detail}"
        assert caught.value.field == "password"


def test_a_user_without_a_password_is_not_signed_in_as_nobody(shared: Slapd) -> None:
    with pytest.raises(ValueError, match="Give user and password, or neither"):
        Auth.Settings.model_validate(shared.settings(password=""))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_of_an_unknown_authority_is_refused(shared: Slapd, security: str) -> None:
    port = shared.tls_port if security == "tls" else shared.port
    with pytest.raises(Misconfigured, match="not trusted"):
        read_people(shared.settings(authority="", security=security, port=port))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_for_another_name_is_refused(shared: Slapd, security: str) -> None:
    port = shared.tls_port if security == "tls" else shared.port
    with pytest.raises(Misconfigured, match="not trusted"):
        read_people(shared.settings(host="127.0.0.1", security=security, port=port))
    assert read_people(shared.settings(host="127.0.0.1", server_name="localhost", security=security, port=port))[0]


def test_an_expired_certificate_is_refused(tmp_path: Path) -> None:
    authority = Authority()
    expired = authority.files_for("localhost", tmp_path, days=-1)
    with (
        running(tmp_path, northwind(), authority=authority, certificate=expired) as server,
        pytest.raises(Misconfigured, match="expired"),
    ):
        read_people(server.settings())


def test_a_server_that_speaks_no_tls_is_said_so(shared: Slapd) -> None:
    with pytest.raises((Misconfigured, TryLater), match=r"TLS"):
        read_people(shared.settings(port=shared.port), BRIEFLY)


def test_a_private_address_needs_an_egress_rule(shared: Slapd) -> None:
    client = Auth().open(Auth.Settings.model_validate(shared.settings()), Opening(GuardedEgress(Policy())))
    with pytest.raises(Misconfigured, match="this machine"):
        Auth().who_am_i(client)
