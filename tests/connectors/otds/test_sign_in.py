"""Signing in, staying signed in, and what a refused or troubled call is reported as."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connectors.otds.auth import Auth
from connectors.otds.client import OtdsClient
from connectors.otds.sandbox.sessions import PASSWORD
from connectors.otds.settings import Settings, root_of, token_url_of
from hub.sdk import Misconfigured, Rejected, SignInRefused, TryLater, UnexpectedReply
from hub.sdk.sandbox import FaultKind, Server
from tests.connectors.otds.conftest import Connect

BY_PASSWORD = {"sign_in": "password", "username": "otadmin@otds.admin", "password": PASSWORD}


def sign_ins(server: Server) -> int:
    return sum(
        note["method"] == "POST" and note["path"].endswith(("/credentials", "/oauth2/token"))
        for note in server.app.requests
    )


@pytest.mark.parametrize("ticket_style", ["header", "cookie"])
def test_a_password_gives_a_ticket_that_travels_either_way(connect: Connect, ticket_style: str) -> None:
    identity = Auth().who_am_i(connect(**BY_PASSWORD, ticket_style=ticket_style))

    assert identity.name == "otadmin@otds.admin"
    assert identity.rights == ("system administrator",)


def test_client_credentials_say_who_we_are_and_where(client: OtdsClient) -> None:
    identity = Auth().who_am_i(client)

    assert identity.name == "lockgate@OAuthClients"
    assert identity.tenant == "northwind"
    assert identity.rights == ("tenant administrator",)


def test_someone_without_rights_is_told_so(connect: Connect) -> None:
    person = connect(sign_in="password", username="otto.keller@Northwind", password=PASSWORD)

    identity = Auth().who_am_i(person)

    assert identity.rights == ("no administration",)
    assert identity.notes
    with pytest.raises(Rejected, match="lacks the right"):
        person.user("tessa.brandt@Northwind")


@pytest.mark.parametrize("given", [{**BY_PASSWORD, "password": "wrong-one"}, {"client_secret": "wrong-one"}])
def test_a_wrong_secret_is_refused_and_not_quoted(connect: Connect, given: dict[str, Any]) -> None:
    with pytest.raises(SignInRefused) as caught:
        Auth().who_am_i(connect(**given))

    assert "wrong-one" not in f"{caught.value} {caught.value.detail}"
    assert given[caught.value.field] == "wrong-one"


def test_a_disabled_person_cannot_sign_in(connect: Connect) -> None:
    with pytest.raises(SignInRefused):
        Auth().who_am_i(connect(sign_in="password", username="marcus.webb@Northwind", password=PASSWORD))


@pytest.mark.parametrize("status", [400, 401])
def test_an_expired_ticket_is_renewed_once(connect: Connect, otds: Server, status: int) -> None:
    otds.app.change_settings(expired_ticket_status=status)
    client = connect(**BY_PASSWORD)
    client.current_user()
    otds.app.faults.add(FaultKind.EXPIRED, path="*/users/*", times=1)

    assert client.need_user("tessa.brandt@Northwind")["name"] == "tessa.brandt"
    assert sign_ins(otds) == 2


def test_an_expired_token_is_renewed_once_and_the_write_happens_once(client: OtdsClient, otds: Server) -> None:
    otds.app.faults.add(FaultKind.EXPIRED, path="*/memberof", method="POST", times=1)

    client.add_member("exs.apac-prod.operator@Northwind", "user", "otto.keller@Northwind")

    writes = otds.app.writes(target="members/exs.apac-prod.operator@Northwind/otto.keller@Northwind")
    assert [(row["changes"], row["repeats"]) for row in writes] == [(1, 0)]
    assert sign_ins(otds) == 2


def test_a_sign_in_that_never_lasts_is_refused_and_not_tried_for_ever(client: OtdsClient, otds: Server) -> None:
    otds.app.faults.add(FaultKind.EXPIRED, path="*/users/*")

    with pytest.raises(SignInRefused):
        client.need_user("tessa.brandt@Northwind")

    assert sign_ins(otds) == 2


def test_calls_share_one_sign_in(client: OtdsClient, otds: Server) -> None:
    for _ in range(3):
        client.current_user()

    assert sign_ins(otds) == 1


@pytest.mark.parametrize(
    ("given", "root", "token"),
    [
        ({"base_url": "https://o"}, "https://o/otdsws", "https://o/otdsws/oauth2/token"),
        ({"base_url": "https://o/otdsws/"}, "https://o/otdsws", "https://o/otdsws/oauth2/token"),
        (
            {"base_url": "https://o/otdsws", "tenant": "n"},
            "https://o/otdstenant/n/otdsws",
            "https://o/otdstenant/n/otdsws/oauth2/token",
        ),
        (
            {"base_url": "https://o/otdstenant/n/otdsws", "tenant": "n", "token_url": "https://t/token"},
            "https://o/otdstenant/n/otdsws",
            "https://t/token",
        ),
        ({"base_url": "https://o/otdstenant/n"}, "https://o/otdstenant/n/otdsws", None),
    ],
)
def test_addresses_are_made_from_what_people_write(given: dict[str, Any], root: str, token: str | None) -> None:
    settings = Settings.model_validate({"client_id": "c", "client_secret": "s", **given})

    assert root_of(settings) == root
    assert token is None or token_url_of(settings) == token
    assert Auth().hosts(settings)[0] == "o"


@pytest.mark.parametrize("path", ["", "/otdsws", "/otdstenant/northwind/otdsws"])
def test_it_works_with_and_without_the_tenant_in_the_address(connect: Connect, otds: Server, path: str) -> None:
    for tenant in ("", "northwind"):
        assert Auth().who_am_i(connect(base_url=otds.base_url + path, tenant=tenant)).name


def test_the_token_address_can_be_another(connect: Connect, otds: Server) -> None:
    other = f"{otds.base_url}/otdsws/otdstenant/northwind/oauth2/token"

    assert Auth().who_am_i(connect(token_url=other)).name


def test_a_wrong_tenant_or_address_names_the_field(connect: Connect) -> None:
    with pytest.raises(Misconfigured) as caught:
        Auth().who_am_i(connect(**BY_PASSWORD, tenant="southwind"))

    assert caught.value.field == "base_url"


def test_settings_without_credentials_are_refused() -> None:
    with pytest.raises(ValidationError, match="needs the OAuth client"):
        Settings.model_validate({"base_url": "https://o"})
    with pytest.raises(ValidationError, match="needs the user"):
        Settings.model_validate({"base_url": "https://o", "sign_in": "password"})


def test_a_busy_service_says_when_to_come_back(client: OtdsClient, otds: Server) -> None:
    otds.app.faults.add(FaultKind.STATUS, path="*/users/*", status=429, retry_after=17)

    with pytest.raises(TryLater) as caught:
        client.need_user("tessa.brandt@Northwind")

    assert caught.value.after_seconds == 17
    assert caught.value.sent is False


def test_a_failing_service_may_have_done_it(client: OtdsClient, otds: Server) -> None:
    otds.app.faults.add(FaultKind.STATUS, path="*/users/*", status=503)

    with pytest.raises(TryLater) as caught:
        client.need_user("tessa.brandt@Northwind")

    assert caught.value.sent is True


@pytest.mark.parametrize("kind", [FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER, FaultKind.CUT_BODY])
def test_a_dropped_connection_may_have_arrived(client: OtdsClient, otds: Server, kind: FaultKind) -> None:
    client.current_user()
    otds.app.faults.add(kind, path="*/users/*")

    with pytest.raises(TryLater) as caught:
        client.need_user("tessa.brandt@Northwind")

    assert caught.value.sent is True


def test_a_call_whose_sign_in_was_cut_was_not_sent(client: OtdsClient, otds: Server) -> None:
    otds.app.faults.add(FaultKind.DROP_AFTER, path="*/oauth2/token")

    with pytest.raises(TryLater) as caught:
        client.add_member("ring.a@Northwind", "user", "otto.keller@Northwind")

    assert caught.value.sent is False


def test_a_service_that_is_not_there_was_not_reached(connect: Connect, otds: Server) -> None:
    client = connect()
    otds.stop()

    with pytest.raises(TryLater) as caught:
        client.current_user()

    assert caught.value.sent is False


def test_a_token_answer_without_a_token_is_unexpected(client: OtdsClient, otds: Server) -> None:
    otds.app.faults.add(FaultKind.GARBAGE, path="*/oauth2/token")

    with pytest.raises(UnexpectedReply):
        client.current_user()


def test_choices_are_read_live(client: OtdsClient, otds: Server) -> None:
    choices = Auth.choices

    assert {choice.value for choice in choices["partitions"](client, {})} >= {"Northwind", "OAuthClients"}
    groups = choices["groups"](client, {"partition": "Northwind"})
    assert "tenantadmins@Northwind" in {choice.value for choice in groups}
    assert [choice.value for choice in choices["resources"](client, {})] == ["exstream"]
    assert [choice.label for choice in choices["licences"](client, {"resource": "exstream"})] == ["EXSTREAM"]
    assert choices["licences"](client, {}) == []
    assert len(choices["roles"](client, {})) == 2
    otds.app.change_settings(partition_list_name="_userPartitions")
    assert choices["partitions"](client, {})
