"""Requests are routed by what the directory says of their owner, and what nobody foresaw goes to the default lane."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from connectors.exstream.sandbox.app import ExstreamSandbox
from hub.accounts.access import fetch
from hub.api.errors import Conflict, Invalid
from hub.connections import egress_rules, open_connection
from hub.connections.models import Connection
from hub.connections.services import create_connection
from hub.sdk.sandbox import Fault, FaultKind
from tests.connectors.email.test_email import Catcher
from tests.e2e.stage import Stage
from tests.hub.sdk.servers import free_port
from tests.workflows.engine.conftest import later, work
from workflows.models import Run
from workflows.services import runs, templates
from workflows.services.workflows import get_workflow

TABLE: dict[str, Any] = {
    "columns": [{"name": "owner.country"}, {"name": "request.language"}],
    "rows": [
        {"when": {"owner.country": ["DE", "FR"], "request.language": "de"},
         "give": {"domain": "emea-prod", "service": "statements", "queue": "Bonn"}},
        {"when": {"owner.country": "GB"}, "give": {"domain": "uk-prod", "service": "statements", "queue": "Leeds"}},
    ],
}  # fmt: skip
PARAMETERS: dict[str, Any] = {
    "directory": "directory",
    "exstream": "exstream",
    "partition": "Northwind",
    "table": TABLE,
    "default_lane": {"name": "by-hand", "give": {"domain": "apac-prod", "service": "statements"}},
}
GERMAN = {"owner": "amara.diallo", "language": "de", "data": "<c/>"}
BRITISH = {"owner": "gwen.parry", "language": "en", "data": "<c/>"}


@pytest.fixture(autouse=True)
def installed(stage: Stage) -> None:
    templates.install(stage.actor, "routing", slug="routing", parameters=PARAMETERS)


def routed(stage: Stage, payload: Any) -> tuple[Run, list[dict[str, Any]]]:
    """Start the workflow, let Exstream go on until its jobs have ended, and say where each request went."""
    run = runs.start_run(stage.actor, "routing", payload=payload)
    for _ in range(4):
        work()
        jobs_go_on(stage)
        later(run)
    run = runs.get_run(stage.actor, run.id)
    step = run.steps.get(step="route", item="")
    return run, (step.output or {}).get("items", [])


def jobs_go_on(stage: Stage) -> None:
    assert isinstance(stage.exstream.app, ExstreamSandbox)
    stage.exstream.app.advance(9)


def submitted(stage: Stage) -> list[str]:
    """Every batch run that was started, as often as it was."""
    rows = [row for row in stage.exstream.app.writes() if "batch/" in row["target"]]
    return [row["target"] for row in rows for _ in range(row["changes"] + row["repeats"])]


def test_one_request_goes_the_way_of_its_row_and_is_followed_to_its_end(stage: Stage) -> None:
    run, items = routed(stage, GERMAN)

    assert run.state == "succeeded", run.error
    assert items == [
        {"lane": "row 1", "rows": [1], "give": TABLE["rows"][0]["give"], "status": "complete",
         "record": {"owner.country": "DE", "request.language": "de"}, "job": items[0]["job"]}
    ]  # fmt: skip
    assert submitted(stage) == ["batch/emea-prod/statements"]


def test_a_table_of_requests_goes_each_its_own_way(stage: Stage) -> None:
    run, items = routed(stage, {"body": [GERMAN, BRITISH]})

    assert (run.state, [each["lane"] for each in items]) == ("succeeded", ["row 1", "row 2"])


def test_a_list_of_requests_in_one_call_goes_each_its_own_way(stage: Stage) -> None:
    run, items = routed(stage, {"body": {"requests": [GERMAN, BRITISH]}})

    assert (run.state, [each["lane"] for each in items]) == ("succeeded", ["row 1", "row 2"])
    assert submitted(stage) == ["batch/emea-prod/statements", "batch/uk-prod/statements"]


@pytest.mark.parametrize(
    "request_",
    [GERMAN | {"language": "tlh"}, GERMAN | {"owner": "nobody.known"}, {"owner": "amara.diallo", "data": "<c/>"}],
)
def test_an_unknown_value_never_takes_the_first_row_but_the_default_lane(
    stage: Stage, request_: dict[str, Any]
) -> None:
    _, items = routed(stage, request_)

    assert [(each["lane"], each["rows"]) for each in items] == [("by-hand", [])]
    assert submitted(stage) == ["batch/apac-prod/statements"]


@pytest.mark.parametrize("owner", [{}, {"owner": ""}, {"owner": None}])
def test_a_request_without_an_owner_goes_to_the_default_lane_and_nobody_is_looked_up(
    stage: Stage, owner: dict[str, Any]
) -> None:
    run, items = routed(stage, owner | {"language": "de", "data": "<c/>"})

    assert run.state == "succeeded", run.error
    assert [(each["lane"], each["record"]["owner.country"]) for each in items] == [("by-hand", None)]
    assert not run.steps.filter(step="found").exclude(state="skipped").exists()


def test_a_directory_that_does_not_answer_sends_nothing_to_the_default_lane(stage: Stage) -> None:
    stage.otds.app.faults.add(Fault(kind=FaultKind.STATUS, status=500, path="*/users"))
    run = runs.start_run(stage.actor, "routing", payload=GERMAN)
    for _ in range(6):
        work()
        later(run)

    assert runs.get_run(stage.actor, run.id).state == "failed"
    assert submitted(stage) == []


def test_a_table_that_cannot_route_is_refused_with_its_place(stage: Stage) -> None:
    table = {"columns": [{"name": "country"}], "rows": [{"when": {}, "give": {"domain": "emea-prod"}}], "default": {}}
    with pytest.raises(Invalid) as caught:
        templates.install(stage.actor, "routing", slug="routing", parameters=PARAMETERS | {"table": table})

    assert {each["pointer"] for each in caught.value.errors} == {
        f"/parameters/table/{place}" for place in ("columns/0/name", "default", "rows/0/give/service")
    }


def test_it_answers_to_a_webhook_and_says_that_there_is_nothing_to_simulate(stage: Stage) -> None:
    published = get_workflow(stage.actor, "routing").published
    assert published is not None
    assert [each["kind"] for each in published.document["triggers"]] == ["manual", "webhook"]
    with pytest.raises(Conflict, match="no plan"):
        templates.simulate(stage.actor, "routing")


@pytest.fixture
def post(stage: Stage) -> Iterator[Catcher]:
    """A mail server, and a connection to it."""
    catcher, port = Catcher(), free_port()
    controller = Controller(catcher, hostname="127.0.0.1", port=port)
    controller.start()
    egress_rules.add_rule(stage.actor, target=f"127.0.0.1:{port}", note="A mail server of the tests.")
    settings = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "hub@example.com"}
    create_connection(stage.actor, name="Post", slug="post", connector="email", settings=settings)
    yield catcher
    controller.stop()


def test_somebody_is_told_once_of_what_went_to_the_default_lane_and_of_nothing_else(
    stage: Stage, post: Catcher
) -> None:
    told = PARAMETERS | {"mail": "post", "alert_to": ["lanes@example.com"]}
    templates.install(stage.actor, "routing", slug="routing", parameters=told)

    run, items = routed(stage, {"requests": [GERMAN, GERMAN | {"owner": "nobody.known"}]})

    assert (run.state, [each["status"] for each in items]) == ("succeeded", ["complete", "complete"])
    assert [envelope.rcpt_tos for envelope in post.envelopes] == [["lanes@example.com"]]
    assert post.message()["Subject"] == "A request went to by-hand"
    assert items[1]["job"] in post.message().get_content()


def test_a_job_that_ends_badly_makes_the_run_fail_and_is_named(stage: Stage) -> None:
    run = runs.start_run(stage.actor, "routing", payload=GERMAN)
    work()
    job = run.steps.values_list("output__job", flat=True).get(step="submit")
    with open_connection(fetch(stage.actor, Connection, slug="exstream")) as opened:
        opened.client.orchestration.stop_job("emea-prod", job)
    later(run)
    work()

    run = runs.get_run(stage.actor, run.id)
    assert run.state == "failed"
    assert f"The job {job} ended as canceled" in str(run.error)
    assert "1 of 1 requests were not routed to the end" in str(run.error)
