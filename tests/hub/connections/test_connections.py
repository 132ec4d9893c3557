"""Saved sign-ins by API, against a service that really answers."""

from __future__ import annotations

import json
import uuid

import pytest

from connectors.http.sandbox.service import PASSWORD
from hub.audit.models import AuditEntry
from hub.connections.models import Connection, Health
from hub.vault import VaultError, unseal

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/connections"


def _create(client, settings, **more):
    return client.post(ADDRESS, {"name": "The service", "connector": "http", "settings": settings, **more})


def test_a_connection_is_made_and_its_secrets_never_come_back(api, bob, sign_in):
    client = api(bob)

    made = _create(client, sign_in)
    listed, shown = client.get(ADDRESS), client.get(f"{ADDRESS}/{made.json()['id']}")

    assert made.status_code == 201
    assert made.json()["slug"] == "the-service"
    assert made.json()["secrets_set"] == ["password"]
    assert made.json()["hosts"] == ["127.0.0.1"]
    assert shown.json()["settings"]["username"] == sign_in["username"]
    for answer in (made, listed, shown):
        assert PASSWORD not in answer.content.decode()


def test_no_secret_is_in_the_database_or_in_the_audit_trail(connection):
    row = Connection.objects.filter(id=connection.id).values().get()

    assert PASSWORD not in repr(row | {"sealed": bytes(connection.sealed)})
    assert PASSWORD not in json.dumps([entry.detail for entry in AuditEntry.objects.all()])
    assert unseal(bytes(connection.sealed), connection.place) == {"password": PASSWORD}


def test_a_secret_moved_to_another_row_does_not_open(connection, alice, sign_in, api):
    other = _create(api(alice), sign_in, slug="other").json()
    moved = Connection.objects.get(id=other["id"])

    with pytest.raises(VaultError):
        unseal(bytes(connection.sealed), moved.place)


def test_settings_that_do_not_fit_are_refused_field_by_field(api, bob):
    answer = _create(api(bob), {"base_url": "ftp://x", "sign_in": "magic", "usrname": "amara", "password": 7})

    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == {
        "/settings/base_url",
        "/settings/sign_in",
        "/settings/usrname",
        "/settings/password",
    }


def test_a_missing_field_is_named(api, bob):
    answer = _create(api(bob), {})

    assert answer.json()["errors"] == [
        {"pointer": "/settings/base_url", "code": "required", "detail": "This is missing."}
    ]


def test_what_no_schema_can_say_is_checked_too(api, bob):
    answer = _create(api(bob), {"base_url": "https://example.com", "sign_in": "basic", "username": "amara"})

    assert answer.status_code == 422
    assert "Password" in answer.json()["errors"][0]["detail"]


def test_an_error_never_repeats_a_secret(api, bob, sign_in):
    answer = _create(api(bob), {**sign_in, "password": ["hunter2-in-a-list"]})

    assert answer.status_code == 422
    assert "hunter2" not in answer.content.decode()


def test_an_unknown_connector_is_refused_with_a_suggestion(api, bob):
    answer = api(bob).post(ADDRESS, {"name": "X", "connector": "htttp", "settings": {}})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/connector"
    assert '"http"' in answer.json()["detail"]


@pytest.mark.parametrize("slug", ["Not A Slug", "-a", "a_b", "x" * 64])
def test_a_slug_that_cannot_be_is_refused(api, bob, sign_in, slug):
    answer = _create(api(bob), sign_in, slug=slug)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/slug"


def test_a_taken_slug_is_a_conflict(api, bob, connection, sign_in):
    answer = _create(api(bob), sign_in)

    assert answer.status_code == 409
    assert answer.json()["code"] == "slug-taken"


def test_a_name_without_a_latin_letter_still_makes_a_connection(api, bob, sign_in):
    assert api(bob).post(ADDRESS, {"name": "目录", "connector": "http", "settings": sign_in}).status_code == 201


def test_what_the_chosen_sign_in_lacks_is_pointed_at(api, bob):
    answer = _create(api(bob), {"base_url": "https://api.example.com", "sign_in": "oauth2", "client_id": "lockgate"})

    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/settings/token_url", "/settings/client_secret"]


def test_a_nul_character_is_refused(api, bob, sign_in):
    answer = _create(api(bob), {**sign_in, "username": "am\x00ara"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/settings"


def test_a_connection_is_tested_before_it_is_saved_when_asked(api, bob, sign_in):
    client = api(bob)

    refused = _create(client, {**sign_in, "password": "wrong"}, test=True)
    saved_before = Connection.objects.count()
    made = _create(client, sign_in, test=True)

    assert refused.status_code == 422
    assert refused.json()["code"] == "sign-in-refused"
    assert refused.json()["errors"][0]["pointer"] == "/settings/password"
    assert saved_before == 0
    assert made.json()["health"]["state"] == "well"
    assert made.json()["identity"]["name"] == "amara"


def test_a_test_says_who_the_connection_signs_in_as(api, bob, connection):
    answer = api(bob).post(f"{ADDRESS}/{connection.id}/test")

    assert answer.status_code == 200
    assert answer.json()["health"]["state"] == "well"
    assert answer.json()["identity"] | {"detail": {}} == {
        "name": "amara",
        "tenant": "127.0.0.1",
        "rights": ["may read /items"],
        "notes": ["The test path answered 200."],
        "detail": {},
    }


def test_a_sign_in_that_fails_is_kept_with_its_reason_and_then_mended(api, bob, connection):
    client, address = api(bob), f"{ADDRESS}/{connection.id}"
    client.patch(address, {"revision": 1, "settings": {**connection.settings, "password": "wrong"}})

    failing = client.post(f"{address}/test").json()
    client.patch(address, {"revision": 2, "settings": {**connection.settings, "password": PASSWORD}})
    well = client.post(f"{address}/test").json()

    assert failing["health"]["state"] == "failing"
    assert failing["health"]["code"] == "sign-in-refused"
    assert failing["health"]["field"] == "password"
    assert "wrong" not in json.dumps(failing)
    assert well["health"] | {"tested_at": None} == {
        "state": "well",
        "code": "",
        "message": "",
        "field": "",
        "tested_at": None,
    }


def test_a_private_host_is_refused_until_an_administrator_allows_it(api, alice, connection, settings):
    settings.EGRESS_ALLOW = ()
    client = api(alice)

    refused = client.post(f"{ADDRESS}/{connection.id}/test").json()
    client.post("/api/v1/egress-rules", {"target": "127.0.0.1", "note": "The service runs beside us."})
    allowed = client.post(f"{ADDRESS}/{connection.id}/test").json()

    assert refused["health"]["code"] == "misconfigured"
    assert allowed["health"]["state"] == "well"


def test_a_change_keeps_the_secrets_that_are_not_given(api, bob, connection):
    client, address = api(bob), f"{ADDRESS}/{connection.id}"

    changed = client.patch(address, {"revision": 1, "settings": {**connection.settings, "test_path": "echo"}})

    assert changed.status_code == 200
    assert changed.json()["revision"] == 2
    assert changed.json()["secrets_set"] == ["password"]
    assert changed.json()["health"]["state"] == "untested"
    assert client.post(f"{address}/test").json()["health"]["state"] == "well"


def test_a_change_names_only_what_it_changes(api, bob, connection):
    client, address = api(bob), f"{ADDRESS}/{connection.id}"

    changed = client.patch(address, {"revision": 1, "settings": {"test_path": "echo"}}).json()
    removed = client.patch(address, {"revision": 2, "settings": {"test_path": None}}).json()

    assert changed["settings"] == {**connection.settings, "test_path": "echo"}
    assert removed["settings"] == {k: v for k, v in connection.settings.items() if k != "test_path"}
    assert removed["secrets_set"] == ["password"]
    assert unseal(bytes(Connection.objects.get(id=connection.id).sealed), connection.place) == {"password": PASSWORD}


def test_a_field_that_is_needed_cannot_be_removed(api, bob, connection):
    answer = api(bob).patch(f"{ADDRESS}/{connection.id}", {"revision": 1, "settings": {"base_url": None}})

    assert [each["pointer"] for each in answer.json()["errors"]] == ["/settings/base_url"]


def test_each_missing_field_is_named_once(api, bob):
    answer = api(bob).post(ADDRESS, {"name": "X", "connector": "exstream", "settings": {}})

    pointers = [each["pointer"] for each in answer.json()["errors"]]
    assert len(pointers) > 1
    assert len(pointers) == len(set(pointers))


@pytest.mark.parametrize("nothing", ["", None])
def test_an_empty_secret_is_removed(api, bob, connection, nothing):
    plain = {"sign_in": "none", "username": None, "password": nothing}

    changed = api(bob).patch(f"{ADDRESS}/{connection.id}", {"revision": 1, "settings": plain})

    assert changed.json()["secrets_set"] == []
    assert bytes(Connection.objects.get(id=connection.id).sealed) == b""


def test_kept_secrets_are_not_sent_to_another_host(api, bob, connection):
    """Whoever may edit a connection could otherwise read its password at a server of their own."""
    stolen = {**connection.settings, "base_url": "https://collector.example"}

    refused = api(bob).patch(f"{ADDRESS}/{connection.id}", {"revision": 1, "settings": stolen})
    given_again = api(bob).patch(
        f"{ADDRESS}/{connection.id}", {"revision": 1, "settings": {**stolen, "password": "another"}}
    )

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/settings/password"
    assert refused.json()["errors"][0]["code"] == "secret-needed"
    assert given_again.status_code == 200


def test_a_stale_change_is_refused_with_the_current_revision(api, alice, bob, connection):
    address = f"{ADDRESS}/{connection.id}"
    api(alice).patch(address, {"revision": 1, "name": "Renamed by Alice"})

    answer = api(bob).patch(address, {"revision": 1, "name": "Renamed by Bob"})

    assert answer.status_code == 409
    assert answer.json()["code"] == "stale"
    assert answer.json()["revision"] == 2
    assert Connection.objects.get(id=connection.id).name == "Renamed by Alice"


def test_a_change_that_changes_nothing_leaves_the_revision(api, bob, connection):
    answer = api(bob).patch(f"{ADDRESS}/{connection.id}", {"revision": 1, "name": connection.name})

    assert answer.json()["revision"] == 1
    assert not AuditEntry.objects.filter(verb="connection.updated").exists()


def test_the_audit_trail_says_which_fields_changed_and_no_secret(api, bob, connection):
    changed = {**connection.settings, "username": "noor", "password": "her-own-secret"}

    api(bob).patch(f"{ADDRESS}/{connection.id}", {"revision": 1, "settings": changed})

    detail = AuditEntry.objects.get(verb="connection.updated").detail
    assert detail["after"]["settings"]["username"] == "noor"
    assert detail["secrets_changed"] == ["password"]
    assert "her-own-secret" not in json.dumps(detail)


def _uses(actor, connection):
    return [{"type": "workflow", "id": str(connection.id), "name": "Nightly"}]


def test_a_connection_that_is_used_cannot_be_removed(api, bob, connection, settings):
    settings.CONNECTION_USERS = [f"{__name__}._uses"]
    client = api(bob)

    refused = client.delete(f"{ADDRESS}/{connection.id}")
    settings.CONNECTION_USERS = []
    removed = client.delete(f"{ADDRESS}/{connection.id}")

    assert refused.status_code == 409
    assert refused.json()["used_by"][0]["name"] == "Nightly"
    assert removed.status_code == 204
    assert not Connection.objects.exists()


def test_watching_a_connection_costs_nothing_until_it_changes(api, bob, connection):
    client, address = api(bob), f"{ADDRESS}/{connection.id}"
    tag = client.get(address)["ETag"]

    same = client.get(address, headers={"If-None-Match": tag})
    client.patch(address, {"revision": 1, "name": "Another name"})
    changed = client.get(address, headers={"If-None-Match": tag})

    assert same.status_code == 304
    assert same.content == b""
    assert changed.status_code == 200


def test_lists_can_be_narrowed(api, bob, connection):
    client = api(bob)
    Connection.objects.update(health=Health.FAILING)

    assert len(client.get(ADDRESS, {"health": "failing", "connector": "http"}).json()["items"]) == 1
    assert client.get(ADDRESS, {"connector": "email"}).json()["items"] == []
    assert client.get(ADDRESS, {"health": "ill"}).status_code == 400
    assert client.get(ADDRESS, {"helth": "well"}).status_code == 400


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_connection_of_another_workspace_is_not_found(api, charlie, connection, method):
    given = {"revision": 1} if method == "patch" else None
    answer = getattr(api(charlie), method)(f"{ADDRESS}/{connection.id}", given)
    unknown = getattr(api(charlie), method)(f"{ADDRESS}/{uuid.uuid4()}", given)

    assert answer.status_code == unknown.status_code == 404
    assert answer.json() == unknown.json()
    assert Connection.objects.filter(id=connection.id).exists()


@pytest.mark.parametrize("name", ["test", "choices/domains"])
def test_a_connection_of_another_workspace_cannot_be_used(api, charlie, connection, name):
    assert api(charlie).post(f"{ADDRESS}/{connection.id}/{name}", {}).status_code == 404


def test_an_unknown_choice_list_is_not_found(api, bob, connection):
    answer = api(bob).post(f"{ADDRESS}/{connection.id}/choices/domains", {"values": {}})

    assert answer.status_code == 404
    assert "choice list" in answer.json()["detail"]


def test_an_identifier_that_is_none_is_not_found(api, bob):
    assert api(bob).get(f"{ADDRESS}/not-an-id").status_code == 404


def test_rules_for_private_hosts_are_checked_and_removed(api, alice):
    client = api(alice)

    wrong = client.post("/api/v1/egress-rules", {"target": "10.0.0.0/99", "note": "Everything."})
    made = client.post("/api/v1/egress-rules", {"target": "LDAP.intern:636", "note": "The directory."})
    twice = client.post("/api/v1/egress-rules", {"target": "ldap.intern:636", "note": "Again."})
    listed = client.get("/api/v1/egress-rules").json()["items"]
    removed = client.delete(f"/api/v1/egress-rules/{made.json()['id']}")

    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/target"
    assert [each["target"] for each in listed] == ["ldap.intern:636"]
    assert twice.status_code == 409
    assert removed.status_code == 204
    assert client.get("/api/v1/egress-rules").json()["items"] == []


def test_the_reason_of_a_rule_can_be_said_anew_but_not_what_it_allows(api, alice, bob):
    client = api(alice)
    made = client.post("/api/v1/egress-rules", {"target": "ldap.intern:636", "note": "The directory."}).json()
    address = f"/api/v1/egress-rules/{made['id']}"

    changed = client.patch(address, {"note": "The directory of the group."})
    refused = client.patch(address, {"note": "Everything.", "target": "10.0.0.0/8"})

    assert changed.json() == made | {"note": "The directory of the group."}
    assert refused.status_code == 422
    assert api(bob).get(address).json() == changed.json(), "a builder may look"
    assert api(bob).patch(address, {"note": "Mine."}).status_code == 403


def test_a_rule_of_another_workspace_is_not_there(api, alice, charlie):
    made = api(alice).post("/api/v1/egress-rules", {"target": "ldap.intern", "note": "The directory."}).json()
    address = f"/api/v1/egress-rules/{made['id']}"

    other = api(charlie)
    answers = [other.get(address), other.patch(address, {"note": "x"}), other.delete(address)]

    assert {each.status_code for each in answers} == {404}
