"""How a run is made: a job, an instance per published flow model, and the steps still to come."""

from __future__ import annotations

import uuid
from typing import Any

from connectors.exstream.sandbox.envelopes import now_ms
from connectors.exstream.sandbox.store import approved_version, children
from hub.sdk.sandbox import Documents

Json = dict[str, Any]


def start(
    data: Documents,
    domain: Json,
    channel: str,
    snapshots: list[Json],
    *,
    by: str,
    external_id: str | None,
    input: str,
) -> tuple[Json, list[Json]]:
    """One submit makes one job and one flow instance per published model (LIVE)."""
    at = now_ms()
    job: Json = {
        "id": str(uuid.uuid4()),
        "domainId": domain["id"],
        "channel": channel,
        "mode": "BATCH",
        "status": "started",
        "flowModelType": "COMMUNICATION",
        "msg": None,
        "externalId": external_id,
        "triggeredBy": by,
        "aggregatedFMCSnapshotId": None,
        "startDate": at,
        "endDate": None,
        "expirationDate": None,
        "traceId": uuid.uuid4().hex,
        "simulation": False,
    }
    data.add("jobs", job["id"], job)
    return job, [
        add_instance(data, job, snapshot, tracing=domain["jobTracing"], input=input) for snapshot in snapshots
    ]


def add_instance(data: Documents, job: Json, snapshot: Json, *, tracing: bool, input: str) -> Json:
    instance: Json = {
        "id": str(uuid.uuid4()),
        "jobId": job["id"],
        "flowModelId": snapshot["flowModelId"],
        "flowModelSnapshotId": snapshot["id"],
        "domainId": job["domainId"],
        "status": "started",
        "startDate": job["startDate"],
        "endDate": None,
        "expirationDate": None,
        "msg": None,
        "externalId": job["externalId"],
        "flowModelType": "COMMUNICATION",
        "inputRetrievable": True,
        "executingLongRunningOp": False,
        "flowModelName": snapshot["flowModelName"],
        "_plan": list(snapshot["_plan"]),
        "_input": input,
        "_traced": traced(data, snapshot["flowModelId"]) if tracing else [],
    }
    data.add("instances", instance["id"], instance)
    return instance


def traced(data: Documents, model: str) -> list[str]:
    """The ids of what a run of this model uses, as `id|version`."""
    row = approved_version(data, model)
    if row is None:
        return []
    used = [each for child in children(data, row) if (each := approved_version(data, child)) is not None]
    return [f"{each['id']}|{each['version']}" for each in [row, *used]]
