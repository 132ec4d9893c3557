"""The audit trail: written once, chained, read by API."""

from __future__ import annotations

import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from hub.audit import record
from hub.audit.chains import check_trail
from hub.audit.models import AuditEntry
from hub.audit.recording import Ref, without_secrets
from hub.watch.masks import HIDDEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(alice):
    for number in range(6):
        record(alice, "thing.changed" if number % 2 else "thing.made", Ref("thing", str(number), f"Thing {number}"))
    return alice.workspace


def _tamper(sql: str, *values: uuid.UUID) -> None:
    """As somebody with the database's own rights would: the triggers are switched off first."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_an_untouched_trail_is_whole(trail):
    verdict = check_trail(trail.id)

    assert verdict.whole
    assert verdict.count == 6


@pytest.mark.parametrize("how", ["update", "delete"])
def test_the_database_refuses_to_change_or_remove_an_entry(trail, how):
    entries = AuditEntry.objects.filter(number=2)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        _ = entries.update(verb="x") if how == "update" else entries.delete()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE audit_auditentry SET actor_name = 'Mallory' WHERE number = 3", "Entry 3 was altered"),
        ("UPDATE audit_auditentry SET at = at + interval '1 day' WHERE number = 3", "Entry 3 was altered"),
        ("UPDATE audit_auditentry SET detail = '{\"a\": 1}' WHERE number = 3", "Entry 3 was altered"),
        ("DELETE FROM audit_auditentry WHERE number = 3", "Before entry 4"),
        ("DELETE FROM audit_auditentry WHERE number = 6", "should end with entry 6"),
        ("DELETE FROM audit_auditentry WHERE number > 0", "should end with entry 6"),
    ],
)
def test_tampering_is_found(trail, sql, said):
    _tamper(sql)

    verdict = check_trail(trail.id)

    assert not verdict.whole
    assert any(said in sentence for sentence in verdict.breaks)


def test_a_chain_written_anew_is_found_by_a_head_noted_elsewhere(trail, alice):
    noted = check_trail(trail.id).head
    _tamper("DELETE FROM audit_auditentry WHERE workspace_id = %s", trail.id)
    _tamper("DELETE FROM audit_audithead WHERE workspace_id = %s", trail.id)
    for number in range(6):
        record(alice, "thing.invented", Ref("thing", str(number)))

    assert check_trail(trail.id).whole
    assert not check_trail(trail.id, noted=noted).whole


def test_the_command_fails_when_a_chain_is_broken(trail, capsys):
    call_command("audit", "verify")
    _tamper("UPDATE audit_auditentry SET verb = 'nothing' WHERE number = 2")

    with pytest.raises(CommandError, match="1 workspace"):
        call_command("audit", "verify")

    assert "Entry 2 was altered" in capsys.readouterr().out


def test_the_trail_is_read_in_pages_and_by_filters(api, alice, trail):
    client = api(alice)

    first = client.get("/api/v1/audit", {"limit": 4}).json()
    second = client.get("/api/v1/audit", {"limit": 4, "cursor": first["next_cursor"]}).json()
    made = client.get("/api/v1/audit", {"verb": "thing.made"}).json()
    about = client.get("/api/v1/audit", {"verb": "thing.", "target_type": "thing", "target": "3"}).json()
    by_alice = client.get("/api/v1/audit", {"by": str(alice.id)}).json()
    later = client.get("/api/v1/audit", {"since": "2999-01-01T00:00:00Z"}).json()

    assert [each["number"] for each in first["items"] + second["items"]] == [6, 5, 4, 3, 2, 1]
    assert second["next_cursor"] is None
    assert [each["verb"] for each in made["items"]] == ["thing.made"] * 3
    assert [each["target"]["name"] for each in about["items"]] == ["Thing 3"]
    assert len(by_alice["items"]) == 6
    assert later["items"] == []


def test_a_filter_that_is_none_is_refused(api, alice):
    assert api(alice).get("/api/v1/audit", {"verbs": "x"}).status_code == 400
    assert api(alice).get("/api/v1/audit", {"since": "yesterday"}).status_code == 400


def test_the_chain_is_checked_by_api(api, alice, trail):
    client = api(alice)
    whole = client.post("/api/v1/audit/verify", {}).json()
    _tamper("UPDATE audit_auditentry SET verb = 'nothing' WHERE number = 2")

    broken = client.post("/api/v1/audit/verify", {"noted": whole["head"]}).json()

    assert whole["whole"]
    assert not broken["whole"]
    assert broken["breaks"] == ["Entry 2 was altered after it was written."]


def test_what_sounds_secret_is_hidden_wherever_it_is():
    shown = without_secrets(
        {"password": "a", "nested": [{"api_key": "b", "name": "c"}], "secrets_set": ["x"], "token_id": "d"}
    )

    assert shown == {
        "password": HIDDEN,
        "nested": [{"api_key": HIDDEN, "name": "c"}],
        "secrets_set": ["x"],
        "token_id": "d",
    }
