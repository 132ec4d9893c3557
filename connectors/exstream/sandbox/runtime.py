"""Jobs, flow instances and flow steps: seen by roles with MONITOR in the domain (SPEC, HELP)."""

from __future__ import annotations

from html import escape
from typing import Any

from connectors.exstream.sandbox.advancing import ENDED, close_step, settle_job
from connectors.exstream.sandbox.envelopes import done, listed, now_ms, paged, refuse, single, sort
from connectors.exstream.sandbox.filters import asked, has, within
from connectors.exstream.sandbox.pdf import make_pdf
from connectors.exstream.sandbox.rights import need_app
from connectors.exstream.sandbox.running import add_instance
from hub.sdk.sandbox import Exchange, Reply, Routes

routes = Routes("/runtime/<domain>")
Json = dict[str, Any]
_JOB = {
    "ids": "id",
    "channel": "channel",
    "externalId": "externalId",
    "triggeredBy": "triggeredBy",
    "statuses": "status",
    "mode": "mode",
    "flowModelTypes": "flowModelType",
}
_INSTANCE = {"ids": "id", "jobId": "jobId", "statuses": "status", "flowModelId": "flowModelId"}
_STEP = {"ids": "id", "flowInstanceId": "flowInstanceId", "stepTypes": "stepType", "statuses": "status"}


def _listing(exchange: Exchange, domain: str, collection: str, names: dict[str, str]) -> list[Json]:
    need_app(exchange, domain, "MONITOR")
    wanted = asked(exchange, "orchestration_filter_style")
    rows = [
        row
        for row in exchange.data.find(collection, domainId=domain)
        if has(row, wanted, names=names)
        and all(within(row, wanted, field) for field in ("startDate", "endDate", "expirationDate"))
    ]
    return sort(exchange, rows)


def _one(exchange: Exchange, domain: str, collection: str, key: str) -> Json:
    need_app(exchange, domain, "MONITOR")
    row = exchange.data.get(collection, key)
    if row is None or row["domainId"] != domain:
        raise refuse(exchange, 404, f"There is no such object {key} in the domain {domain}.")
    return row


@routes.on("GET", "/jobs")
def jobs(exchange: Exchange, domain: str) -> Any:
    """`fetchDeleted=true` returns only deleted ones (SPEC)."""
    deleted = exchange.query.get("fetchDeleted") == "true"
    rows = _listing(exchange, domain, "jobs", _JOB)
    return paged(exchange, [row for row in rows if (row["status"] == "deleted") is deleted])


@routes.on("GET", "/jobs/<job_id>")
def job(exchange: Exchange, domain: str, job_id: str) -> Any:
    return single(exchange, _one(exchange, domain, "jobs", job_id))


@routes.on("POST", "/jobs/<job_id>/stop")
def stop_job(exchange: Exchange, domain: str, job_id: str) -> Any:
    """The reply is typed as a plain text (SPEC); which text is assumed."""
    row = _one(exchange, domain, "jobs", job_id)
    _need_running(exchange, row)
    for instance in exchange.data.find("instances", jobId=job_id):
        _cancel(exchange, instance)
    settle_job(exchange.data, job_id)
    exchange.wrote(f"jobs/{job_id}/stop")
    return "success"


@routes.on("POST", "/jobs/<job_id>/reprocessing")
def reprocess(exchange: Exchange, domain: str, job_id: str) -> Any:
    """Run an ended job again; as at the first run unless it is told otherwise (SPEC)."""
    row = _one(exchange, domain, "jobs", job_id)
    if row["status"] not in {"complete", "error", "canceled"}:
        raise refuse(exchange, 409, f"The job {job_id} is {row['status']}; only an ended job is run again.")
    row.update(status="started", endDate=None, msg=None)
    exchange.data.put("jobs", job_id, row)
    for instance in exchange.data.find("instances", jobId=job_id):
        for step in exchange.data.rows("steps", flowInstanceId=instance["id"]):
            exchange.data.delete("steps", step.key)
        exchange.data.delete("instances", instance["id"])
        plan = [name.partition("!")[0] for name in instance["_plan"]]
        source = {
            "id": instance["flowModelSnapshotId"],
            "flowModelId": instance["flowModelId"],
            "flowModelName": instance["flowModelName"],
            "_plan": plan,
        }
        made = add_instance(exchange.data, row, source, tracing=False, input=instance["_input"])
        exchange.data.put("instances", made["id"], {**made, "_traced": instance["_traced"], "startDate": now_ms()})
    exchange.wrote(f"jobs/{job_id}/reprocessing")
    return "success"


@routes.on("DELETE", "/jobs/<job_id>")
def delete_job(exchange: Exchange, domain: str, job_id: str) -> Any:
    """Finished jobs only, unless `force` (SPEC)."""
    row = _one(exchange, domain, "jobs", job_id)
    if row["status"] not in ENDED and exchange.query.get("force") != "true":
        raise refuse(exchange, 409, f"The job {job_id} is {row['status']}; only a finished job is deleted.")
    changed = row["status"] != "deleted"
    exchange.data.put("jobs", job_id, {**row, "status": "deleted"})
    exchange.wrote(f"jobs/{job_id}", changed=changed)
    return done()


@routes.on("GET", "/flow-instances")
def instances(exchange: Exchange, domain: str) -> Any:
    return paged(exchange, _listing(exchange, domain, "instances", _INSTANCE))


@routes.on("GET", "/flow-instances/<instance_id>")
def instance(exchange: Exchange, domain: str, instance_id: str) -> Any:
    return single(exchange, _one(exchange, domain, "instances", instance_id))


@routes.on("GET", "/flow-instances/<instance_id>/input")
def instance_input(exchange: Exchange, domain: str, instance_id: str) -> Any:
    row = _one(exchange, domain, "instances", instance_id)
    return Reply(200, row["_input"].encode(), {}, "application/xml")


@routes.on("GET", "/flow-instances/<instance_id>/collection-resources")
def collection_resources(exchange: Exchange, domain: str, instance_id: str) -> Any:
    """Ids, when the domain had jobTracing as the run began; otherwise nothing (SPEC, HELP)."""
    return listed(exchange, _one(exchange, domain, "instances", instance_id)["_traced"])


@routes.on("POST", "/flow-instances/<instance_id>/stop")
def stop_instance(exchange: Exchange, domain: str, instance_id: str) -> Any:
    row = _one(exchange, domain, "instances", instance_id)
    _need_running(exchange, row)
    _cancel(exchange, row)
    settle_job(exchange.data, row["jobId"])
    exchange.wrote(f"flow-instances/{instance_id}/stop")
    return "success"


@routes.on("POST", "/flow-instances/<instance_id>/release")
def release_instance(exchange: Exchange, domain: str, instance_id: str) -> Any:
    row = _one(exchange, domain, "instances", instance_id)
    if row["status"] != "holding":
        raise refuse(exchange, 409, f"The flow instance {instance_id} is {row['status']}; it does not hold.")
    for step in exchange.data.find("steps", flowInstanceId=instance_id):
        if step["status"] == "holding":
            close_step(exchange.data, step, "complete", now_ms())
    exchange.data.put("instances", instance_id, {**row, "status": "started"})
    settle_job(exchange.data, row["jobId"])
    exchange.wrote(f"flow-instances/{instance_id}/release")
    return "success"


@routes.on("GET", "/flow-steps")
def steps(exchange: Exchange, domain: str) -> Any:
    return paged(exchange, _listing(exchange, domain, "steps", _STEP))


@routes.on("GET", "/flow-steps/<step_id>")
def step(exchange: Exchange, domain: str, step_id: str) -> Any:
    return single(exchange, _one(exchange, domain, "steps", step_id))


@routes.on("GET", "/flow-steps/<step_id>/message-file")
def message_file(exchange: Exchange, domain: str, step_id: str) -> Any:
    row = _one(exchange, domain, "steps", step_id)
    if not row["messageFileRetrievable"]:
        raise refuse(exchange, 404, "This step has no message file.")
    said = row["msg"] or "Completed without errors."
    return Reply(200, f"EX000041I Engine started.\n{said}\nEX000042I Engine ended.\n".encode(), {}, "text/plain")


@routes.on("GET", "/flow-steps/<step_id>/delivery-file")
def delivery_file(exchange: Exchange, domain: str, step_id: str) -> Any:
    row = _delivered(exchange, domain, step_id)
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?><outputList customersProcessed="1"><customer number="1">'
        f'<key name="flowStep">{escape(row["id"])}</key><output queue="PDF Queue" file="out1.pdf"/>'
        "</customer></outputList>"
    )
    return Reply(200, xml.encode(), {}, "application/xml")


@routes.on("GET", "/flow-steps/<step_id>/delivery-file/outputs", "/flow-steps/<step_id>/output-files")
def outputs(exchange: Exchange, domain: str, step_id: str) -> Any:
    """The form of an entry is assumed."""
    _delivered(exchange, domain, step_id)
    return listed(exchange, [{"name": "out1.pdf", "queueName": "PDF Queue", "mimeType": "application/pdf"}])


@routes.on("GET", "/flow-steps/<step_id>/artifact/<name>")
def artifact(exchange: Exchange, domain: str, step_id: str, name: str) -> Any:
    row = _delivered(exchange, domain, step_id)
    if name != "out1.pdf":
        raise refuse(exchange, 404, f"This step has no output {name}.")
    return Reply(200, make_pdf("Output", [f"Flow step {row['id']}"]), {}, "application/pdf")


def _delivered(exchange: Exchange, domain: str, step_id: str) -> Json:
    row = _one(exchange, domain, "steps", step_id)
    if not row["deliveryFileRetrievable"]:
        raise refuse(exchange, 404, "This step has no delivery file.")
    return row


def _need_running(exchange: Exchange, row: Json) -> None:
    if row["status"] in ENDED:
        raise refuse(exchange, 409, f"{row['id']} has ended already: {row['status']}.")


def _cancel(exchange: Exchange, row: Json) -> None:
    if row["status"] in ENDED:
        return
    for each in exchange.data.find("steps", flowInstanceId=row["id"]):
        if each["status"] in {"started", "holding", "created", "waiting"}:
            close_step(exchange.data, each, "canceled", now_ms())
    exchange.data.put("instances", row["id"], {**row, "status": "canceled", "endDate": now_ms()})
