"""The main job ends the same, with no write twice and no call lost, whatever is killed in whichever phase of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.killing import Moment
from tests.chaos.provisioning import AFTER, BEFORE, told

pytestmark = [pytest.mark.durability, pytest.mark.timeout(600)]


def test_the_main_job_ends_the_same_when_processes_are_killed_in_every_phase_of_it(tmp_path: Path) -> None:
    with told(tmp_path) as story:
        story.install([Moment("web")])

        simulated = story.simulate([Moment("web", seconds=0.2), Moment("valkey", seconds=0.5, loses_data=True)])
        assert simulated["state"] == "approved"
        assert story.written() == (0, 0)

        story.run([Moment("worker", writes=6), Moment("postgres", writes=15)])
        assert story.sees() == BEFORE
        first = story.written()[0]
        assert (first, 0) == (sum(simulated["counts"].values()), story.written()[1])

        story.people_change(
            moments=[Moment("web"), Moment("valkey", seconds=0.5, loses_data=True), Moment("worker", writes=2)]
        )
        assert story.sees() == AFTER
        assert story.sandboxes.token("amara.diallo") is None
        changed = next(plan for plan in story.plans() if plan["applied_at"])
        written = story.written()

        story.run([Moment("worker", seconds=0.3)])
        assert story.plans()[0]["counts"] == {}
        assert story.written() == written

        nobody = [person for person in story.sandboxes.about["otds"]["people"] if not person["rightful_groups"]]
        gone = [person["id"] for person in nobody if person["login"] not in BEFORE][:22]
        story.leave(gone, [Moment("scheduler"), Moment("postgres", seconds=1)])
        stopped = story.runs()[0]
        assert stopped["state"] == "failed"
        assert "fewer than the last complete reading" in stopped["error"]["message"]
        assert story.simulate()["state"] == "refused"
        assert story.written() == written

        story.undo(changed["id"], [Moment("web", writes=1), Moment("valkey", loses_data=True)])
        assert story.sees() == BEFORE | {"amara.diallo": (False, False, False)}, "a disabled person has no token"
        undone = story.written()

        story.hub.call("POST", "workflows/access/switch", {"on": True})
        left = [person["id"] for person in story.sandboxes.about["otds"]["people"] if person["id"] not in gone]
        story.leave(left, [Moment("worker", seconds=0.5)])
        assert "is empty" in story.runs()[0]["error"]["message"]
        assert story.written() == undone

        applied, unknown = story.said_applied()
        assert applied <= undone[0] <= applied + unknown
        assert undone[1] == 0, "nothing was written twice"
        assert story.unheard() == []
        assert set(story.killer.kills) == {"worker", "web", "valkey", "postgres", "scheduler"}
