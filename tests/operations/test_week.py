"""The week at the insurer, played on a hub of real processes: what the sandboxes hold and show afterwards.

What is looked at is asked of the sandboxes, as far as possible with people's own tokens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.chaos.hub import HubUnderFire
from tests.e2e.sandboxes import Sandboxes, served
from tests.hub.sdk.servers import free_port
from workflows.week import cast, play
from workflows.week.hub import Member
from workflows.week.northwind import Northwind
from workflows.week.post import Letter, opened
from workflows.week.stage import Week
from workflows.week.telling import USES, Telling

pytestmark = [pytest.mark.durability, pytest.mark.timeout(900)]
PROD = "emea-prod"
PASSWORD = "a-week-in-November-2026"


@dataclass
class Played:
    """What was told, and what there is to ask afterwards."""

    week: Week
    sandboxes: Sandboxes
    letters: list[Letter] = field(default_factory=list)

    def asked(self, person: str, base: str, path: str, **query: str) -> Any:
        """What Exstream answers somebody; None when it refuses them."""
        token = self.sandboxes.token(person)
        address = f"{self.sandboxes.about['exstream'][base]}{path}"
        answer = requests.get(address, params=query, headers={"Authorization": f"Bearer {token}"}, timeout=10)
        assert answer.status_code in {200, 401, 403}, answer.text
        return answer.json()["data"] if answer.ok else None

    def letter(self, person: str) -> dict[str, Any]:
        """The storm letter, as somebody is shown it."""
        shown = self.asked(
            person, "design_base", f"/resources/{PROD}/{self.week.kept['letter']}", fetchDomains="true"
        )
        return dict(shown)

    def jobs(self, person: str, domain: str) -> dict[str, str] | None:
        rows = self.asked(person, "orchestration_base", f"/runtime/{domain}/jobs", count="500")
        return None if rows is None else {row["id"]: row["status"] for row in rows}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Played twice: what is looked at is how the second time leaves it."""
    folder: Path = tmp_path_factory.mktemp("week")
    port = free_port()
    (folder / "sandboxes").mkdir()
    with served(folder / "sandboxes") as sandboxes, opened(folder / "letters", port) as post:
        hub = HubUnderFire(folder, may_reach=[sandboxes.otds.port, sandboxes.exstream.port, port])
        try:
            for _ in range(2):
                admin = Member.signed_in(hub.url, "admin", hub.password)
                northwind, telling = Northwind(sandboxes.about), Telling(lambda line: None)
                week = Week(hub.url, admin, PASSWORD, northwind, post, port, telling)
                play.play(week)
            yield Played(week, sandboxes, post.letters)
        finally:
            hub.stop()


def test_each_use_is_told_with_what_happened_in_exstream_or_the_post_and_in_the_hub(played: Played) -> None:
    told = {use: {line.where for line in played.week.telling.lines if line.use == use} for use in USES}
    assert all("Lockgate" in places for places in told.values())
    assert all({"Exstream", "Post", "OTDS"} & places for places in told.values()), told
    assert all(any(line.link for line in played.week.telling.lines if line.use == use) for use in USES)


def test_who_joined_and_moved_and_changed_departments_sees_what_the_rules_say(played: Played) -> None:
    assert played.sandboxes.sees(cast.NORA, PROD)
    assert not played.sandboxes.sees(cast.NORA, "uk-prod")
    assert played.jobs(cast.UMAR, PROD) is None
    assert played.jobs(cast.UMAR, "apac-prod")
    assert played.jobs(cast.UMAR, "americas-prod")
    assert played.sandboxes.sees(cast.KIRA, "group-shared")
    assert not played.sandboxes.sees("liam.brandl", "group-shared")
    assert played.sandboxes.sees(cast.AMARA, "group-shared")


def test_who_left_has_no_token_no_seat_and_no_lock(played: Played) -> None:
    assert played.sandboxes.token(cast.ANNA) is None
    assert not played.week.northwind.has_seat(cast.ANNA)
    assert played.week.northwind.has_seat(cast.AMARA)
    assert not played.letter(cast.NORA)["locked"]


def test_the_letter_is_approved_by_three_people_and_its_submitter_is_not_among_them(played: Played) -> None:
    assert played.letter(cast.HENRIK)["state"] == "APPROVED"
    path = f"/resources/{PROD}/history/{played.week.kept['letter']}"
    rows = played.asked(cast.HENRIK, "design_base", path, historyType="STATE")
    said = next(row["auditedComment"] for row in rows if row["state"] == "APPROVED")
    for person, stage in ((cast.LENA, "Legal"), (cast.HENRIK, "Compliance"), (cast.PRIYA, "Operations")):
        assert f"approved by {person}@Northwind ({stage}" in said
    assert cast.AMARA not in said


def test_the_flow_is_published_once_and_ran_for_the_request_that_named_it(played: Played) -> None:
    live = played.asked(cast.TESSA, "orchestration_base", f"/flow-models/{PROD}/published", count="500")
    storm = [row for row in live if row["channel"] == "storm"]
    assert [row["flowModelId"] for row in storm] == [played.week.kept["model"]]
    jobs = played.jobs("vera.petit", PROD)
    assert jobs is not None
    assert jobs[played.week.kept["job"]] == "complete"
    assert jobs[played.week.kept["failed_job"]] == "error"


def test_each_job_that_ended_was_told_once_to_everybody_but_who_left_or_opted_out(played: Played) -> None:
    got = Counter((each.to, each.subject) for each in played.letters if each.subject.startswith("Job "))
    assert set(got.values()) == {1}
    for job in (played.week.kept["failed_job"], played.week.kept["job"]):
        told = {each.to for each in played.letters if f"Job {job} " in each.subject}
        assert told == {cast.mail_of(cast.PRIYA), cast.VENDOR}


def test_nothing_beyond_the_border_changed_but_what_two_sides_approved(played: Played) -> None:
    query = {"filter.latestVersion": "true", "count": "500", "fetchDomains": "true"}
    rows = played.asked(cast.TESSA, "design_base", "/resources/uk-prod", **query)
    assert not any(row["lockedBy"] == "lockgate@OAuthClients" for row in rows)
    shared = {row["name"] for row in rows if {"id": PROD} in row["domains"]}
    assert shared == {f"Storm damage letter {number}" for number in (1, 2)}
    assert {each["id"] for each in played.letter(cast.TESSA)["domains"]} == {PROD, "uk-prod"}
    assert played.asked("carla.okafor", "design_base", f"/resources/uk-prod/{played.week.kept['letter']}") is not None


def test_runs_are_found_by_the_template_the_job_and_the_person_they_are_about(played: Played) -> None:
    def about(key: str, value: str) -> set[str]:
        return {run["workflow"] for run in played.week.admin.every("runs", key=key, value=value)}

    # Governance finds that nobody owns what is new.
    assert about("template", played.week.kept["letter"]) - {"week-governance"} == {"week-letters", "week-regions"}
    assert about("template", played.week.kept["model"]) - {"week-governance"} == {"week-letters", "week-regions"}
    # An item that failed gives no result, so that the routing run is not about its job.
    assert about("job", played.week.kept["failed_job"]) == {"week-news"}
    assert about("person", f"{cast.IT_EMEA}@Northwind") == {"week-regions"}


def test_the_right_that_was_given_past_the_policy_is_gone(played: Played) -> None:
    rows = played.asked(cast.TESSA, "design_base", f"/group-roles/{PROD}")
    assert {row["roleName"] for row in rows if row["group"] == f"exs.{PROD}.designer@Northwind"} == {"designer"}
    told = [each for each in played.letters if each.to == cast.BOARD]
    assert any("APPROVE on every type" in each.text for each in told)


def test_the_evidence_says_what_the_persons_own_token_shows(played: Played) -> None:
    auditor = played.week.member(cast.OLGA)
    for person in (cast.NORA, cast.AMARA, cast.UMAR, cast.ANNA, cast.OTTO):
        now = auditor.call("GET", "evidence/could-see", person=f"{person}@Northwind", at="2100-01-01T00:00:00Z")
        claimed = PROD in {each["domain"] for each in now["domains"]} and not now["context"]["disabled"]
        assert claimed == played.sandboxes.sees(person, PROD), person
