"""What somebody could see at a time, and why; who did what, with what authority."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.audit.evidence import services
from hub.audit.models import AuditEntry
from hub.sdk import Record
from tests.hub.audit.kept import assigned, day, group, job, keep, person, resource

pytestmark = pytest.mark.django_db
AMARA = "amara@Northwind"


def role(name: str, apps: str = "") -> Record:
    return Record(name, {"name": name, "appPermissions": apps})


def right(name: str, kind: str, *words: str) -> Record:
    return Record(f"{name}|{kind}", {"role": name, "type": kind, "permissions": list(words)})


@pytest.fixture
def may(team):
    """Amara is in "letters", which is in "design", which is designer of emea from 2 May to 4 May."""
    for each in (1, 2, 3, 4, 5):
        keep(team, "person", person("amara", "letters"), person("otto"), at=day(each))
        keep(team, "group", group("letters", "design"), group("design", "letters"), at=day(each))
        keep(team, "role", role("designer", "COMM_DESIGNER"), role("operator", "MONITOR"), at=day(each))
        keep(team, "role-permission", right("designer", "image", "READ", "WRITE"), at=day(each))
        keep(team, "resource", resource("emea", "logo"), resource("uk", "seal"), at=day(each))
        held = [assigned("emea", "design", "designer")] if 2 <= each < 4 else []
        keep(team, "group-role", *held, at=day(each))
    return team


def seen(alice, at, person=AMARA, **more):
    return services.could_see(alice, person=person, at=at, **more)


def test_it_is_told_what_somebody_could_see_then_and_by_which_way(alice, may):
    told = seen(alice, day(3))

    (domain,) = told["domains"]
    assert (domain["domain"], domain["may"], domain["sees_jobs"]) == ("emea", {"image": ["READ", "WRITE"]}, False)
    (why,) = domain["because"]
    assert (why["role"], why["group"], why["way"]) == (
        "designer",
        "design@Northwind",
        ["letters@Northwind", "design@Northwind"],
    )
    assert [each["name"] for each in domain["resources"]["listed"]] == ["logo"]
    assert told["read_at"]["group-role"] == day(3).isoformat()
    assert told["not_read"] == []


@pytest.mark.parametrize("at", [1, 4, 5])
def test_before_it_was_granted_and_after_it_was_taken_away_they_could_not(alice, may, at):
    assert seen(alice, day(at))["domains"] == []


def test_who_was_in_no_group_saw_nothing(alice, may):
    told = seen(alice, day(3), person="otto@Northwind")
    assert (told["known"], told["domains"]) == (True, [])


def test_of_a_time_before_anything_was_read_nothing_is_known(alice, may):
    told = seen(alice, day(1) - timedelta(days=1))
    assert not told["known"]
    assert "person" in told["not_read"]


def test_it_can_be_asked_about_one_template(alice, may):
    assert seen(alice, day(3), subject="logo")["domains"][0]["resources"]["count"] == 1
    assert seen(alice, day(3), subject="seal")["domains"] == []


def test_a_resource_that_came_later_was_not_to_be_seen(alice, may):
    keep(may, "resource", resource("emea", "logo"), resource("emea", "new"), at=day(6))
    keep(may, "group-role", assigned("emea", "letters", "operator"), at=day(6))
    assert seen(alice, day(3))["domains"][0]["resources"]["count"] == 1
    now = seen(alice, day(6))["domains"][0]
    assert (now["resources"]["count"], now["sees_jobs"]) == (2, True)


def test_who_left_the_directory_is_told_as_gone_and_saw_nothing(alice, may):
    keep(may, "person", person("otto"), at=day(6))
    keep(may, "group-role", assigned("emea", "letters", "operator"), at=day(6))
    told = seen(alice, day(6))
    assert (told["context"]["gone"], told["domains"]) == (True, [])


def test_that_it_was_asked_is_in_the_trail(alice, may):
    seen(alice, day(3))
    assert AuditEntry.objects.get(verb="evidence.asked").target_id == AMARA


def test_who_did_what_to_a_job_is_told_with_who_they_were_then_and_their_authority(alice, may):
    at = (day(3) + timedelta(hours=2)).isoformat()
    keep(may, "job", job(1, endDate=at), job(2, by="otto", endDate=at), at=day(5))
    (act,) = services.acts_about(alice, job="job1")

    assert act["person"] == AMARA
    assert act["context"]["department"] == "Claims"
    assert [each["group"] for each in act["context"]["groups"]] == ["design@Northwind", "letters@Northwind"]
    assert [(each["role"], each["domain"]) for each in act["authority"]] == [("designer", "emea")]
    (of_otto,) = services.acts_about(alice, person="otto@Northwind")
    assert of_otto["authority"] == []


def test_it_is_asked_by_api(api, alice, may):
    client = api(alice)
    told = client.get("/api/v1/evidence/could-see", {"person": AMARA, "at": "2026-05-03T12:00:00Z"})
    assert told.json()["domains"][0]["domain"] == "emea"
    assert client.get("/api/v1/evidence/acts").status_code == 422
    assert client.get("/api/v1/evidence", {"kind": "group-role"}).json()["items"][0]["gone"]
    assert client.get("/api/v1/evidence/feeds").json()["items"][0]["is_late"] is False
