"""What a step can do with Exstream, and how a lost answer is settled."""

from __future__ import annotations

import base64
import importlib
from pathlib import Path
from typing import Any

import pytest

from hub.registry.loading import Place, load
from hub.sdk import Call, Effect, Misconfigured, Rejected, Settled, TryLater
from hub.sdk.sandbox import FaultKind
from tests.connectors.exstream.conftest import Stage

ROOT = Path(__file__).parents[3] / "connectors" / "exstream"
CALL = Call(key="run-7-step-2")
EMEA = {"domain": "emea-prod"}


def _action(name: str) -> Any:
    module = importlib.import_module(f"connectors.exstream.actions.{name}")
    return getattr(module, "".join(word.capitalize() for word in name.split("_")))()


def _do(action_name: str, client: Any, /, **given: Any) -> Any:
    action = _action(action_name)
    return action.run(action.Input(**given), client, CALL)


def test_the_connector_loads_whole() -> None:
    connector, problems = load(Place("exstream", ROOT, "connectors.exstream", "tests"))

    assert problems == []
    assert connector is not None
    assert len(connector.actions) == 42
    assert connector.actions["exstream.submit_batch"].effect is Effect.ONCE


def test_a_template_is_made_submitted_approved_and_read_back(stage: Stage) -> None:
    client = stage.client()
    content = base64.b64encode(b"letter").decode()
    given = {**EMEA, "name": "Letter", "type": "exstrapplication", "content_base64": content}
    made = _do("create_resource", client, **given)
    one = {**EMEA, "resource": made.id}

    _do("update_metadata", client, **one, changes={"description": "A letter"})
    _do("change_state", client, **one, state="REVIEW", comment="please")
    approved = _do("change_state", client, **one, state="APPROVED", comment="by henrik.olsen")
    draft = _do("change_state", client, **one, state="DRAFT", comment="")

    assert (approved.version, approved.state, approved.state_comment) == (1, "APPROVED", "by henrik.olsen")
    assert draft.version == 2
    assert _do("get_resource", client, **one, version=1).state == "APPROVED"
    assert [row["state"] for row in _do("get_history", client, **one, kind="STATE").entries][:2] == [
        "REVIEW",
        "APPROVED",
    ]
    found = _do("list_resources", client, **EMEA, name="Letter", latest_only=False)
    assert ([row.version for row in found.resources], found.complete) == ([1, 2], True)
    with pytest.raises(Misconfigured):
        _do("create_resource", client, **{**given, "content_base64": "#"})


def test_the_other_deeds_on_a_resource(stage: Stage) -> None:
    client = stage.client()
    one = {**EMEA, "resource": stage.resource("emea-prod", "exstrapplication", "Renewal notice")["id"]}

    _do("lock_resource", client, **one)
    assert _do("get_resource", client, **one).locked_by == "lockgate@OAuthClients"
    _do("unlock_resource", client, **one)
    _do("promote_resource", client, **one, target="group-shared")
    _do("demote_resource", client, **one, target="group-shared")
    _do("hide_resource", client, **one)
    _do("show_resource", client, **one)
    assert _do("revert_resource", client, **one, version=1).version == 2
    assert "Standard letters" in [row.name for row in _do("get_links", client, **one).resources]
    logo = {**EMEA, "resource": stage.resource("emea-prod", "image", "Northwind logo")["id"]}
    assert len(_do("get_links", client, **logo, direction="used by").resources) == 5


def test_rights_are_managed_and_repeated_without_harm(stage: Stage) -> None:
    client = stage.client()
    assignment = {"domain": "lab", "group": "comms@Northwind", "role": "proofreader"}

    assert _do("create_domain", client, name="lab").changed
    assert not _do("create_domain", client, name="lab").changed
    assert _do("update_domain", client, domain="lab", changes={"jobTracing": True}).id == "lab"
    assert _do("create_role", client, name="proofreader", app_permissions=["MONITOR"]).changed
    assert not _do("create_role", client, name="proofreader").changed
    permission = {"role": "proofreader", "type": "image", "permissions": ["WRITE", "READ"]}
    assert _do("set_role_permission", client, **permission).changed
    assert not _do("set_role_permission", client, **permission).changed
    assert _do("assign_group_role", client, **assignment).changed
    assert not _do("assign_group_role", client, **assignment).changed
    rights = _do("get_effective_permissions", client, domain="lab", group="comms@Northwind", type="image")
    assert rights.permissions == {"image": ["READ", "WRITE"]}
    assert _do("remove_group_role", client, **assignment).changed
    assert not _do("remove_group_role", client, **assignment).changed
    assert _do("who_am_i", client).tenant_admin


def test_a_batch_is_submitted_watched_and_its_output_fetched(stage: Stage) -> None:
    client = stage.client()
    made = _do("submit_batch", client, **EMEA, service="statements", data="<c/>", variables={"region": "emea"})
    job = {**EMEA, "job": made.job}
    with pytest.raises(TryLater, match="has not ended"):
        _do("await_job", client, **job)
    stage.app.advance(9)

    assert _do("await_job", client, **job).status == "complete"
    assert _do("get_job", client, **job).status == "complete"
    assert made.job in [row.id for row in _do("list_jobs", client, **EMEA, statuses=["complete"]).jobs]
    instance = _do("list_flow_instances", client, **job).instances[0]
    step = _do("list_flow_steps", client, **EMEA, instance=instance.id, types=["output"]).steps[0]["id"]
    output = _do("get_output", client, **EMEA, step=step, name="out1.pdf")
    assert base64.b64decode(output.content_base64).startswith(b"%PDF")
    assert "Engine" in _do("get_message_file", client, **EMEA, step=step).text
    _do("reprocess_job", client, **job)
    _do("stop_job", client, **job)
    assert not _do("stop_job", client, **job).changed
    assert _do("delete_job", client, **job).changed


def test_a_batch_whose_answer_was_lost_is_found_by_its_external_id(stage: Stage) -> None:
    client = stage.client(external_id_header="externalId")
    action = _action("submit_batch")
    given = action.Input(**EMEA, service="statements", data="<c/>")
    assert action.settle(given, client, CALL)[0] is Settled.NOT_DONE
    stage.app.faults.add(FaultKind.DROP_AFTER, path="*/inputs/batch/*", times=1)

    with pytest.raises(TryLater) as caught:
        action.run(given, client, CALL)

    assert caught.value.sent
    verdict, evidence = action.settle(given, client, CALL)
    assert (verdict, bool(evidence["job"])) == (Settled.DONE, True)
    assert action.settle(given, stage.client(), CALL)[0] is Settled.UNKNOWN


def test_a_lost_change_of_state_is_settled_by_reading(stage: Stage) -> None:
    client, action = stage.client(), _action("change_state")
    draft = stage.resource("emea-prod", "exstrapplication", "Policy schedule")["id"]
    given = action.Input(**EMEA, resource=draft, state="REVIEW", comment="please")

    assert action.settle(given, client, CALL)[0] is Settled.NOT_DONE
    stage.app.faults.add(FaultKind.DROP_AFTER, method="PUT", times=1)
    with pytest.raises(TryLater):
        action.run(given, client, CALL)
    assert action.settle(given, client, CALL)[0] is Settled.DONE


def test_a_lost_creation_is_not_done_when_nothing_has_that_name(stage: Stage) -> None:
    client, action = stage.client(), _action("create_resource")
    given = action.Input(**EMEA, name="Letter", type="image", content_base64="")

    assert action.settle(given, client, CALL)[0] is Settled.NOT_DONE
    action.run(given, client, CALL)
    assert action.settle(given, client, CALL)[0] is Settled.UNKNOWN


def test_a_held_instance_is_released_or_stopped(stage: Stage) -> None:
    client, action = stage.client(), _action("release_instance")
    made = _do("submit_batch", client, **EMEA, service="held-statements", data="<c/>")
    stage.app.advance(5)
    one = {**EMEA, "instance": made.instances[0].id}

    assert action.settle(action.Input(**one), client, CALL)[0] is Settled.UNKNOWN
    _do("release_instance", client, **one)
    assert action.settle(action.Input(**one), client, CALL)[0] is Settled.DONE
    _do("stop_instance", client, **one)
    assert not _do("stop_instance", client, **one).changed


def test_flow_models_and_scheduled_jobs(stage: Stage) -> None:
    client = stage.client()
    model = {**EMEA, "model": stage.resource("emea-prod", "flowmodel", "Monthly statements")["id"]}

    _do("unpublish_flow_model", client, **model)
    assert len(_do("submit_batch", client, **EMEA, service="statements", data="<c/>").instances) == 1
    _do("publish_flow_model", client, **model)
    cron = _do("create_cron_job", client, **EMEA, name="Wipe", type="wipe", schedule="0 3 * * *").id
    _do("trigger_cron_job", client, **EMEA, cron_job=cron)
    found = {row["id"]: row for row in _do("list_cron_jobs", client, **EMEA).cron_jobs}
    assert found[cron]["lastTriggeredDate"].endswith("+00:00")


def test_a_communication_is_composed_or_the_engine_s_word_is_passed_on(stage: Stage) -> None:
    client = stage.client()
    given = {
        **EMEA,
        "communication": stage.resource("emea-prod", "exstrapplication", "Renewal notice")["id"],
        "data_source": "CUSTOMER",
    }

    made = _do("generate", client, **given, data="<customer name='A. Example'/>")
    with pytest.raises(Rejected, match="no driver data"):
        _do("generate", client, **given, data=" ")

    assert made.documents[0]["mimeType"] == "application/pdf"


def test_without_orchestration_the_connection_says_which_address_is_missing(stage: Stage) -> None:
    with pytest.raises(Misconfigured) as caught:
        _do("list_jobs", stage.client(orchestration_base=""), **EMEA)

    assert caught.value.field == "orchestration_base"
