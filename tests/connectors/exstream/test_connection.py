"""Signing in, the connection test, and what trouble becomes."""

from __future__ import annotations

import pytest

from connectors.exstream import auth
from connectors.exstream.sandbox import describe
from hub.sdk import Misconfigured, Rejected, SignInRefused, TryLater, UnexpectedReply
from hub.sdk.sandbox import FaultKind
from tests.connectors.exstream.conftest import Stage


def test_the_connection_test_names_the_oauth_client_its_tenant_and_its_rights(stage: Stage) -> None:
    identity = auth.Auth().who_am_i(stage.client(tenant="northwind"))

    assert (identity.name, identity.tenant) == ("lockgate@OAuthClients", "northwind")
    assert identity.rights == ("tenant administrator", "role tenantadmin")


def test_a_person_signs_in_with_a_password(stage: Stage) -> None:
    identity = auth.Auth().who_am_i(stage.client(user="amara.diallo@Northwind", password="right"))

    assert identity.name == "amara.diallo@Northwind"
    assert identity.rights == ("role designer",)


def test_somebody_without_a_role_is_told_so(stage: Stage) -> None:
    identity = auth.Auth().who_am_i(stage.client(user="otto.keller@Northwind", password="right"))

    assert identity.rights == ()
    assert "no role" in identity.notes[0]


def test_a_wrong_secret_is_a_refused_sign_in_that_does_not_quote_it(stage: Stage) -> None:
    with pytest.raises(SignInRefused) as caught:
        stage.client(client_secret="not-it-at-all").design.domains()

    assert "not-it-at-all" not in caught.value.message + str(caught.value.detail)
    assert caught.value.field == "client_secret"


def test_a_wrong_password_of_a_person_is_pointed_at(stage: Stage) -> None:
    with pytest.raises(SignInRefused) as caught:
        stage.client(user="amara.diallo@Northwind", password="not-it-at-all").design.domains()

    assert caught.value.field == "password"


def test_another_tenant_than_the_one_named_is_misconfigured(stage: Stage) -> None:
    with pytest.raises(Misconfigured) as caught:
        auth.Auth().who_am_i(stage.client(tenant="southwind"))

    assert caught.value.field == "tenant"


def test_an_expired_token_is_replaced_once(stage: Stage) -> None:
    client = stage.client()
    stage.app.faults.add(FaultKind.EXPIRED, times=1)
    before = stage.tokens.issued

    assert client.design.domains()
    assert stage.tokens.issued - before == 2


def test_a_token_refused_twice_asks_to_reconnect(stage: Stage) -> None:
    stage.app.faults.add(FaultKind.EXPIRED)

    with pytest.raises(SignInRefused):
        stage.client().design.domains()


@pytest.mark.parametrize(("status", "sent"), [(429, False), (503, True)])
def test_a_busy_service_says_when_to_come_back(stage: Stage, status: int, sent: bool) -> None:
    stage.app.faults.add(FaultKind.STATUS, status=status, retry_after=17)

    with pytest.raises(TryLater) as caught:
        stage.client().design.domains()

    assert (caught.value.after_seconds, caught.value.sent) == (17, sent)


def test_a_connection_cut_on_the_way_may_have_arrived(stage: Stage) -> None:
    client = stage.client()
    client.design.domains()
    stage.app.faults.add(FaultKind.DROP_BEFORE)

    with pytest.raises(TryLater) as caught:
        client.design.domains()

    assert caught.value.sent


def test_a_page_of_html_is_an_unexpected_reply(stage: Stage) -> None:
    stage.app.faults.add(FaultKind.GARBAGE)

    with pytest.raises(UnexpectedReply):
        stage.client().design.domains()


def test_what_is_missing_and_what_exists_are_told_apart(stage: Stage) -> None:
    client = stage.client()

    with pytest.raises(Rejected) as missing:
        client.design.resource("emea-prod", "no-such-id")
    with pytest.raises(Rejected) as exists:
        client.design.create_domain({"id": "emea-prod"})

    assert (missing.value.missing, missing.value.exists) == (True, False)
    assert (exists.value.missing, exists.value.exists) == (False, True)


def test_the_form_fields_offer_what_is_there(stage: Stage) -> None:
    client, lists = stage.client(), auth.Auth.choices

    assert "uk-prod" in [choice.value for choice in lists["domains"](client, {})]
    assert "approver" in [choice.value for choice in lists["roles"](client, {})]
    assert "Renewal notice" in [choice.label for choice in lists["resources"](client, {"domain": "uk-prod"})]
    assert next(choice.label for choice in lists["flow_models"](client, {"domain": "uk-prod"})) == "UK statements"
    assert [choice.value for choice in lists["batch_services"](client, {"domain": "emea-prod"})] == [
        "held-statements",
        "statements",
    ]
    assert [choice.label for choice in lists["cron_jobs"](client, {"domain": "uk-prod"})] == ["Hourly sweep"]
    assert lists["resources"](client, {}) == []


def test_the_sandbox_describes_what_a_connection_needs(stage: Stage) -> None:
    described = describe(stage.app, stage.base_url)

    assert described["tenant_admin_group"] == "tenantadmins@Northwind"
    assert "emea-prod" in described["domains"]
