"""Use 8, what must be impossible: a delegate reaches across the border through a flow, a search, an export or a
guessed identifier."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from connectors.exstream.sandbox import runtime
from hub.accounts.access import Actor
from hub.accounts.models import Person, Reach
from hub.audit.models import AuditEntry
from hub.sdk.sandbox import Fault, FaultKind
from tests.e2e.delegates import SLUG, Delegates
from tests.e2e.stage import Stage
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import later, states, work
from workflows.models import Approval, Run
from workflows.services import delegation_scopes, runs, sample
from workflows.services.workflows import create_workflow, publish

FOREIGN = "uk-prod"


@pytest.fixture
def regions(stage: Stage) -> Delegates:
    return Delegates(stage)


def exstream(action: str, **given: Any) -> dict[str, Any]:
    return {"kind": "action", "action": f"exstream.{action}", "connection": "exstream", "input": given}


def flow(regions: Delegates, picture: str, **steps: Any) -> None:
    """A workflow that a builder made, which says nothing of borders."""
    create_workflow(regions.stage.actor, slug="flow", document=drawn(picture, **steps))
    publish(regions.stage.actor, "flow", revision=1)


def started(regions: Delegates, by: Actor, payload: dict[str, Any], slug: str = "flow") -> Run:
    cause = {"kind": "manual", "person": str(by.id), "by": by.name}
    run = runs.start_run(regions.stage.actor, slug, payload=payload, cause=cause, domain="exstream/emea-prod")
    work()
    return Run.objects.get(id=run.id)


# By a flow


def test_a_flow_that_takes_its_domain_from_the_input_does_not_lead_across(regions: Delegates) -> None:
    flow(regions, "lock", lock=exstream("lock_resource", domain="=trigger.domain", resource="=trigger.id"))
    own = {"domain": "emea-prod", "id": regions.resource("emea-prod")}
    beyond = {"domain": FOREIGN, "id": regions.resource(FOREIGN, "Renewal notice")}

    assert started(regions, regions.henrik, own).state == "succeeded"
    run = started(regions, regions.henrik, beyond)

    assert (run.state, (run.error or {})["code"]) == ("failed", "out-of-reach")
    assert not regions.in_exstream(FOREIGN, beyond["id"])["locked"]


def test_a_flow_that_only_reads_does_not_lead_across_either(regions: Delegates) -> None:
    flow(regions, "list", list=exstream("list_resources", domain=FOREIGN))

    run = started(regions, regions.henrik, {})

    assert (run.error or {})["code"] == "out-of-reach"
    assert run.steps.get().output is None


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("exstream.who_am_i", {}),
        ("exstream.create_role", {"name": "r"}),
        ("exstream.update_domain", {"domain": "emea-prod", "changes": {"jobTracing": True}}),
        ("otds.find_users", {"filter": "gwen"}),
        ("otds.add_to_group", {"group": "admins.uk@Northwind", "member": "henrik.olsen@Northwind", "kind": "user"}),
    ],
)
def test_a_flow_makes_no_call_for_a_delegate_that_does_not_say_which_domains_it_touches(
    regions: Delegates, action: str, given: dict[str, Any]
) -> None:
    connection = "directory" if action.startswith("otds") else "exstream"
    step = {"kind": "action", "action": action, "connection": connection, "input": given}
    flow(regions, "do", do=step)

    run = started(regions, regions.henrik, {})

    assert (run.error or {})["code"] in ("out-of-reach", "misconfigured")
    assert run.steps.get().output is None
    assert not AuditEntry.objects.filter(verb="delegation.acted").exists()


def test_a_flow_that_starts_another_flow_does_not_lead_across(regions: Delegates) -> None:
    flow(regions, "lock", lock=exstream("lock_resource", domain=FOREIGN, resource=regions.resource(FOREIGN)))
    outer = {"kind": "workflow", "settings": {"workflow": "flow", "input": {}}}
    create_workflow(regions.stage.actor, slug="outer", document=drawn("call", call=outer))
    publish(regions.stage.actor, "outer", revision=1)

    run = started(regions, regions.henrik, {}, "outer")

    assert run.state == "failed"
    assert "not within your reach" in str(run.error)


def test_a_flow_with_a_for_each_does_not_lead_across(regions: Delegates) -> None:
    body = {
        "steps": [{"id": "lock"} | exstream("lock_resource", domain="=item.domain", resource="=item.id")],
        "edges": [],
    }
    flow(regions, "all", all={"kind": "each", "settings": {"items": "=trigger.items"}, "body": body})
    items = [{"domain": each, "id": regions.resource(each, "Renewal notice")} for each in ("emea-prod", FOREIGN)]

    assert started(regions, regions.henrik, {"items": items}).state == "failed"
    assert regions.in_exstream("emea-prod", items[0]["id"])["locked"]
    assert not regions.in_exstream(FOREIGN, items[1]["id"])["locked"]


def test_a_delegates_run_makes_and_applies_no_plan(regions: Delegates) -> None:
    run = started(regions, regions.henrik, {}, sample.SLUG)

    assert (run.error or {})["code"] == "out-of-reach"
    assert not regions.writes()


def test_a_metadata_change_does_not_put_a_template_into_another_domain(regions: Delegates) -> None:
    resource = regions.resource("emea-prod")
    changes = {"domains": [{"id": "emea-prod"}, {"id": FOREIGN}]}
    flow(regions, "put", put=exstream("update_metadata", domain="emea-prod", resource=resource, changes=changes))

    assert (started(regions, regions.henrik, {}).error or {})["code"] == "out-of-reach"


# By lists, searches and exports


def test_what_is_beyond_is_in_no_list_no_search_and_no_export(regions: Delegates) -> None:
    regions.act(regions.gwen, "lock", domain=FOREIGN, object=regions.resource(FOREIGN, "Renewal notice"))
    api = regions.api(regions.henrik)

    assert api.get("/api/v1/runs").json()["items"] == []
    assert api.get(f"/api/v1/runs/{Run.objects.get().id}").status_code == 404
    for path in ("resources", "jobs", "flow-instances", "resources?search=notice", "resources?as=csv"):
        answer = api.get(f"/api/v1/delegation/domains/{FOREIGN}/{path}")
        nowhere = api.get(f"/api/v1/delegation/domains/no-such/{path}")
        assert (answer.status_code, nowhere.status_code) == (404, 404)
        assert answer.content.replace(FOREIGN.encode(), b"no-such") == nowhere.content


def test_an_enterprise_wide_template_is_not_shown_in_the_domain_it_is_in_too(regions: Delegates) -> None:
    tessa = regions.stage.token("tessa.brandt")
    assert tessa
    shared = share(regions, "Welcome pack")
    api = regions.api(regions.henrik)
    address = "/api/v1/delegation/domains/emea-prod/resources"

    assert shared not in {row["id"] for row in api.get(address).json()["items"]}
    assert shared.encode() not in api.get(address, {"as": "csv"}).content
    assert api.get(address, {"search": "welcome", "type": "exstrapplication"}).json()["items"] == []


@pytest.mark.parametrize(("path", "kind"), [("jobs", "jobs"), ("flow-instances", "instances")])
def test_what_ran_elsewhere_is_not_shown_even_when_exstream_mixes_it_in(
    regions: Delegates, monkeypatch: pytest.MonkeyPatch, path: str, kind: str
) -> None:
    api, address = regions.api(regions.henrik), f"/api/v1/delegation/domains/emea-prod/{path}"
    app: Any = regions.stage.exstream.app
    # What is shown twice stands still meanwhile.
    app.change_settings(step_seconds=0)
    app.advance(9)
    before = api.get(address).json()["items"]

    def mixed(exchange: Any, domain: str, collection: str, names: dict[str, str]) -> list[dict[str, Any]]:
        return list(exchange.data.find(collection))

    monkeypatch.setattr(runtime, "_listing", mixed)
    with app.store.reading() as data:
        assert len(data.find(kind)) > len(before)
    assert api.get(address).json()["items"] == before

    with app.store.writing() as data:
        held = data.find(kind, domainId="emea-prod")[0]
        data.put(kind, held["id"], {**held, "domainId": None})
    refused = api.get(address)
    assert refused.status_code == 502
    assert "nothing is shown" in refused.json()["detail"]


def test_a_list_that_did_not_come_whole_does_not_say_how_many_there_are(regions: Delegates) -> None:
    regions.stage.exstream.app.faults.add(Fault(kind=FaultKind.FEWER_ROWS, path="*/resources/emea-prod"))
    refused = regions.api(regions.henrik).get("/api/v1/delegation/domains/emea-prod/resources")
    assert refused.status_code == 502
    assert "did not come whole" in refused.json()["detail"]
    assert not re.search(r"\d", refused.json()["detail"])


def share(regions: Delegates, name: str) -> str:
    """Head office associates a template of EMEA with the domain of all."""
    resource = regions.resource("emea-prod", name)
    app: Any = regions.stage.exstream.app
    with app.store.writing() as data:
        for row in data.find("versions", id=resource):
            row["domains"].append({"id": "group-shared"})
            data.put("versions", f"{row['id']}|{row['version']}", row)
    return resource


def test_no_address_of_the_api_tells_a_delegate_of_what_is_beyond(regions: Delegates) -> None:
    """Every one that can be read, with the identifiers of what Gwen did."""
    regions.act(regions.gwen, "lock", domain=FOREIGN, object=regions.resource(FOREIGN, "Renewal notice"))
    regions.member("otto.keller")
    regions.put("otto.keller", "uk")
    regions.act(regions.gwen, "lock", domain="group-shared", object="x", across=True, reason="please")
    ids = {"run": Run.objects.earliest("id").id, "approval": Approval.objects.get().id, "workflow": SLUG,
           "installation": SLUG, "username": "gwen.parry@Northwind", "domain": FOREIGN,
           "scope": delegation_scopes.list_scopes(regions.stage.actor).get().id}  # fmt: skip
    schema = json.loads((Path(__file__).parents[2] / "docs/reference/api/openapi.json").read_text())
    api = regions.api(regions.henrik)
    asked = 0
    for template, methods in schema["paths"].items():
        if "get" not in methods or template == "/api/v1/schema":
            continue
        path = re.sub(r"{(\w+)}", lambda met: str(ids.get(met[1], uuid.uuid4())), template)
        answer = api.get(path)
        content = answer.content if not answer.streaming else answer.getvalue()
        shown = content.decode().replace(path.removeprefix("/api/v1/"), "").lower()
        asked += 1
        assert answer.status_code in (200, 400, 403, 404, 405, 422), (path, answer.status_code)
        # A refusal may repeat what was asked for.
        shown = shown.replace(f'"{FOREIGN}"', "").replace(f'\\"{FOREIGN}\\"', "").replace(f'\\"{SLUG}\\"', "")
        for word in ("gwen", "otto", FOREIGN, "northwind.example"):
            assert word not in shown, (path, shown[:500])
    assert asked > 50


PAGES = ("", "connections", "people", "audit", "workflows", f"workflows/{SLUG}", "runs", "templates",
         "templates/delegated-administration", "plans", "approvals", "deputies", "deliveries")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_no_page_shows_a_delegate_what_is_beyond(regions: Delegates, path: str) -> None:
    regions.act(regions.gwen, "lock", domain=FOREIGN, object=regions.resource(FOREIGN, "Renewal notice"))
    browser = Client()
    browser.force_login(Person.objects.get(username="henrik.olsen@Northwind"))

    answer = browser.get(f"/{path}", follow=True)
    shown = answer.content.decode().lower()

    assert answer.request["PATH_INFO"] != "/sign-in"
    assert "gwen" not in shown
    assert FOREIGN not in shown


def test_approvals_of_others_are_not_shown(regions: Delegates) -> None:
    regions.member("otto.keller")
    regions.put("otto.keller", "uk")
    regions.act(regions.gwen, "lock", domain="group-shared", object="x", across=True, reason="please")
    asked = Approval.objects.get()
    api = regions.api(regions.henrik)

    assert api.get("/api/v1/approvals").json()["items"] == []
    assert api.get(f"/api/v1/approvals/{asked.id}").status_code == 404


# By a guessed identifier


@pytest.mark.parametrize(
    ("act", "kind", "name"),
    [
        ("lock", "exstrapplication", "Renewal notice"),
        ("unlock", "exstrapplication", "Policy schedule"),
        ("publish", "flowmodel", "UK statements"),
        ("unpublish", "flowmodel", "UK statements"),
        ("stop", "job", "started0"),
        ("reprocess", "job", "error4"),
        ("trigger", "cron", "sweep"),
    ],
)
@pytest.mark.parametrize("domain", ["emea-prod", FOREIGN])
def test_an_identifier_of_another_region_leads_nowhere(
    regions: Delegates, act: str, kind: str, name: str, domain: str
) -> None:
    identifier = regions.resource(FOREIGN, name, kind)
    before = regions.writes()

    if domain == FOREIGN:
        said = regions.refused(regions.henrik, act, domain=domain, object=identifier)
        unknown = regions.refused(regions.henrik, act, domain="no-such", object="no-such")
        assert said["detail"].replace(FOREIGN, "no-such") == unknown["detail"]
    else:
        told = regions.act(regions.henrik, act, domain=domain, object=identifier).error or {}
        unknown = regions.act(regions.henrik, act, domain=domain, object="no-such").error or {}
        assert told["message"] == unknown["message"]
        assert told["code"] == "out-of-reach"
    assert regions.writes() == before


def test_promoting_to_another_region_and_promoting_to_nowhere_are_told_alike(regions: Delegates) -> None:
    own = regions.resource("emea-prod", "Welcome pack")

    said = regions.refused(regions.henrik, "promote", domain="emea-prod", object=own, target=FOREIGN)
    unknown = regions.refused(regions.henrik, "promote", domain="emea-prod", object=own, target="no-such")

    assert said["detail"].replace(FOREIGN, "no-such") == unknown["detail"]
    assert regions.in_exstream("emea-prod", own)["domains"] == [{"id": "emea-prod"}]


def test_an_enterprise_wide_template_is_not_changed_by_its_identifier(regions: Delegates) -> None:
    shared = share(regions, "Welcome pack")

    run = regions.act(regions.henrik, "lock", domain="emea-prod", object=shared)

    assert (run.error or {})["code"] == "out-of-reach"
    assert not regions.in_exstream("emea-prod", shared)["locked"]


def test_the_workflow_of_the_acts_is_started_by_nobody_else(regions: Delegates) -> None:
    payload = {"act": "lock", "domain": FOREIGN, "object": regions.resource(FOREIGN)}
    answer = regions.api(regions.henrik).post(f"/api/v1/workflows/{SLUG}/runs", {"payload": payload}, format="json")

    assert answer.status_code == 403


# While a run is under way


def test_whoever_leaves_the_group_after_asking_and_before_the_write_writes_nothing(regions: Delegates) -> None:
    resource = regions.resource("emea-prod")
    given = {"act": "lock", "domain": "emea-prod", "object": resource}
    answer = regions.api(regions.henrik).post("/api/v1/delegation/acts", given, format="json")
    regions.take("henrik.olsen", "emea")
    work()

    run = Run.objects.get(id=answer.json()["id"])
    assert (run.error or {})["code"] == "out-of-reach"
    assert not regions.in_exstream("emea-prod", resource)["locked"]
    assert regions.api(regions.henrik).get("/api/v1/runs").json()["items"] == []


def test_whoever_is_disabled_or_loses_the_role_acts_no_more(regions: Delegates) -> None:
    regions.stage.set_attribute("henrik.olsen", "accountDisabled", "true")
    assert regions.refused(regions.henrik, "lock", domain="emea-prod", object="x")["status"] == 404
    assert regions.api(regions.henrik).get("/api/v1/delegation/domains").json()["items"] == []


def test_a_directory_that_does_not_answer_lets_nobody_through(regions: Delegates) -> None:
    resource = regions.resource("emea-prod")
    given = {"act": "lock", "domain": "emea-prod", "object": resource}
    answer = regions.api(regions.henrik).post("/api/v1/delegation/acts", given, format="json")
    regions.stage.otds.app.faults.add(Fault(kind=FaultKind.STATUS, status=503, path="*/rest/*"))
    run = Run.objects.get(id=answer.json()["id"])
    for _ in range(6):
        work()
        later(run)

    assert states(run)["run"] == "failed"
    assert not regions.in_exstream("emea-prod", resource)["locked"]


def test_groups_that_were_not_read_whole_let_nobody_through(regions: Delegates) -> None:
    regions.stage.otds.app.faults.add(Fault(kind=FaultKind.FEWER_ROWS, path="*/groups"))

    assert regions.refused(regions.henrik, "lock", domain="emea-prod", object="x")["status"] >= 500


def test_a_reach_that_was_not_asked_for_in_a_while_shows_nothing(regions: Delegates) -> None:
    regions.act(regions.henrik, "lock", domain="emea-prod", object=regions.resource("emea-prod"))
    api = regions.api(regions.henrik)
    assert len(api.get("/api/v1/runs").json()["items"]) == 1

    Reach.objects.update(read_at=F("read_at") - Reach.LASTS)

    assert api.get("/api/v1/runs").json()["items"] == []


def test_a_narrower_scope_counts_for_the_next_act(regions: Delegates) -> None:
    scope = delegation_scopes.list_scopes(regions.stage.actor).get()
    delegation_scopes.update_scope(regions.stage.actor, scope.id, domains=["{region}-dev"])

    said = regions.refused(regions.henrik, "lock", domain="emea-prod", object=regions.resource("emea-prod"))

    assert said["status"] == 404
