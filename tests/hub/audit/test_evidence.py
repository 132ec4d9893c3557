"""Evidence: kept once, chained, refused to be changed, and emptied only as the rules say."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from hub.api.errors import Forbidden, Invalid, NotFound
from hub.audit.chains import check_evidence
from hub.audit.evidence import holding, services
from hub.audit.evidence.appending import append
from hub.audit.evidence.collecting import Collection, collect, fact_of
from hub.audit.evidence.facts import Fact
from hub.audit.evidence.keeping import empty_old
from hub.audit.evidence.sealing import seal
from hub.audit.models import AuditEntry, Evidence, EvidenceFeed, LegalHold
from hub.sdk import Proof, UnexpectedReply
from tests.hub.audit import kept
from tests.hub.audit.kept import day, group, job, keep, person, rows, tamper

pytestmark = pytest.mark.django_db


def test_what_is_known_already_is_not_kept_again_and_what_changed_is(team):
    keep(team, "job", job(1, status="started"), job(2))
    keep(team, "job", job(1), job(2))

    assert [(each.job, (each.parts or {})["fact"]["status"]) for each in rows(team)] == [
        ("job1", "started"), ("job2", "complete"), ("job1", "complete"),
    ]  # fmt: skip
    assert keep(team, "job", job(1), job(2)).added == 0


def test_what_a_state_lists_no_more_is_kept_as_gone_once_and_as_back_when_it_is(team):
    keep(team, "group", group("a"), group("b"))
    assert keep(team, "group", group("a")).gone == 1
    assert keep(team, "group", group("a")).gone == 0
    keep(team, "group", group("a"), group("b"))

    assert [(each.key, each.gone) for each in rows(team)] == [("a", False), ("b", False), ("b", True), ("b", False)]


def test_a_reading_that_is_not_whole_says_nothing_of_what_is_gone_and_moves_no_cursor(team):
    keep(team, "group", group("a"), group("b"), at=day(1))
    wanted = Collection(
        name="audit/group", source="exstream", stream="x.group", scope={}, kind="group", is_state=True
    )

    with pytest.raises(UnexpectedReply, match="did not come whole"):
        collect(team, wanted, [group("a")], Proof(problems=["1 of 2 came."]), began=day(2))

    assert not Evidence.objects.filter(gone=True).exists()
    assert EvidenceFeed.objects.get().collected_until == day(1)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_evidence SET key = 'x'",
        "UPDATE audit_evidence SET parts = '{}'",
        "UPDATE audit_evidence SET parts = NULL, salts = NULL",
        "DELETE FROM audit_evidence",
    ],
)
def test_the_database_refuses_to_change_or_remove_a_record(team, sql):
    keep(team, "job", job(1))

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE audit_evidence SET at = at + interval '1 day' WHERE number = 2", "Record 2 was altered"),
        ("UPDATE audit_evidence SET domain = 'x' WHERE number = 2", "Record 2 was altered"),
        ("UPDATE audit_evidence SET parts = jsonb_set(parts, '{identity,person}', '\"eve\"') WHERE number = 2",
         "Record 2 was altered"),
        ("UPDATE audit_evidence SET salts = '{}' WHERE number = 2", "Record 2 was altered"),
        ("UPDATE audit_evidence SET parts = NULL, salts = NULL WHERE number = 2", "1 records are empty, but"),
        ("DELETE FROM audit_evidence WHERE number = 2", "Before record 3"),
        ("DELETE FROM audit_evidence WHERE number = 4", "should end with record 4"),
    ],
)  # fmt: skip
def test_a_record_that_somebody_changed_or_removed_is_found(team, sql, said):
    keep(team, "job", job(1), job(2), job(3))
    assert check_evidence(team.id).whole

    tamper(sql)

    assert any(said in sentence for sentence in check_evidence(team.id).breaks)


def test_a_chain_written_anew_is_found_by_a_seal(team):
    keep(team, "job", job(1), job(2))
    seal(team)
    noted = AuditEntry.objects.get(verb="evidence.sealed").detail
    tamper("DELETE FROM audit_evidence")
    tamper("DELETE FROM audit_evidencehead")
    keep(team, "job", job(1, by="eve"), job(2))

    assert check_evidence(team.id).whole
    assert not check_evidence(team.id, noted=f"{noted['number']}:{noted['digest']}").whole


def test_it_is_sealed_once_for_what_was_added(team):
    assert not seal(team)
    keep(team, "job", job(1))
    assert seal(team)
    assert not seal(team)
    assert AuditEntry.objects.filter(verb="evidence.sealed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_collectors_that_work_at_once_make_one_chain_and_keep_nothing_twice(team):
    wanted = Collection(
        name="audit/job", source="exstream", stream="x.job", scope={}, kind="job", **kept.FEEDS["job"]
    )

    def work() -> None:
        try:
            for begin in range(0, 200, 20):
                append(team.id, "exstream", [fact_of(wanted, job(number)) for number in range(begin, begin + 20)])
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert check_evidence(team.id).whole
    assert len(rows(team)) == 200


def test_records_of_two_workspaces_are_two_chains(team, elsewhere):
    keep(team, "job", job(1))
    keep(elsewhere, "job", job(1))

    assert [each.number for each in rows(team) + rows(elsewhere)] == [1, 1]
    assert check_evidence(team.id).whole
    assert check_evidence(elsewhere.id).whole


def test_one_statement_that_adds_to_two_workspaces_is_refused(team, elsewhere):
    both = [Evidence(workspace=each, at=day(1), seen_at=day(1), source="x", kind="x", key="x", parts={}) for each in
            (team, elsewhere)]  # fmt: skip
    with pytest.raises(DatabaseError, match="one workspace"), transaction.atomic():
        Evidence.objects.bulk_create(both)


# How long it is kept


def test_a_hold_keeps_what_it_names(team, alice):
    keep(team, "job", job(1, endDate="2020-01-01T00:00:00+00:00"), job(2, endDate="2020-01-01T00:00:00+00:00"))
    holding.set_rule(alice, kind="job", keep_days=30)
    holding.place_hold(alice, name="Dispute", reason="A court asks.", chosen={"job": "job2"})

    assert empty_old(team) == 1
    assert [(each.job, each.parts is None, each.person) for each in rows(team)] == [
        ("job1", True, None), ("job2", False, "amara@Northwind"),
    ]  # fmt: skip
    assert check_evidence(team.id).whole

    holding.release_hold(alice, str(LegalHold.objects.get().id))
    assert empty_old(team) == 1
    assert check_evidence(team.id).whole
    assert keep(team, "job", job(1, endDate="2020-01-01T00:00:00+00:00")).added == 0


def test_what_is_still_so_is_not_emptied_however_long_ago_it_was_read(team, alice):
    keep(team, "person", person("amara", "a"), at=day(1) - timedelta(days=900))
    keep(team, "person", person("amara", "b"), at=day(1) - timedelta(days=800))
    holding.set_rule(alice, kind="", keep_days=30)

    assert empty_old(team) == 1
    assert [each.parts is None for each in rows(team)] == [True, False]


def test_coverage_and_gaps_are_never_emptied(team, alice):
    keep(team, "job", at=day(1) - timedelta(days=900))
    holding.set_rule(alice, kind="", keep_days=1)
    empty_old(team)
    assert Evidence.objects.get(kind="coverage").parts is not None


# Who may


def test_an_auditor_reads_and_packs_and_only_an_admin_says_how_long_it_is_kept(alice, bob, charlie, team):
    keep(team, "job", job(1))
    pack = services.create_pack(alice, title="All", chosen={})

    with pytest.raises(Forbidden):
        services.list_records(bob)
    with pytest.raises(Forbidden):
        services.create_pack(bob, title="All", chosen={})
    with pytest.raises(Forbidden):
        holding.set_rule(bob, kind="", keep_days=1)
    with pytest.raises(NotFound):
        services.read_pack(charlie, str(pack.id))
    assert not services.list_records(charlie).exists()
    assert not services.could_see(charlie, person="amara@Northwind", at=day(2))["known"]


def test_a_time_without_its_zone_is_refused(alice):
    with pytest.raises(Invalid):
        services.create_pack(alice, title="All", chosen={"since": "2026-05-01T00:00:00"})


def test_a_fact_without_anything_personal_has_no_salt(team):
    append(team.id, "exstream", [Fact("x", "y", {"fact": {"a": 1}})])
    assert rows(team)[0].salts == {}
