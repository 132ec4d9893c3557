"""Lets runs go on: every call moves each instance by one step. What holds, holds until it is released."""

from __future__ import annotations

import uuid
from typing import Any

from connectors.exstream.sandbox.envelopes import now_ms
from hub.sdk.sandbox import Documents

Json = dict[str, Any]
ENDED = {"complete", "error", "canceled", "deleted"}
_MOVING = {"started", "waiting", "finishing"}


def is_anything_moving(data: Documents) -> bool:
    return any(row["status"] in _MOVING for row in data.find("instances"))


def advance(data: Documents) -> int:
    """One step for all. Answers how many instances moved."""
    moved = 0
    for instance in data.find("instances"):
        if instance["status"] in _MOVING:
            advance_instance(data, instance)
            settle_job(data, instance["jobId"])
            moved += 1
    return moved


def advance_instance(data: Documents, instance: Json) -> None:
    at = now_ms()
    steps = data.find("steps", flowInstanceId=instance["id"])
    current = steps[-1] if steps and steps[-1]["status"] == "started" else None
    if current is not None:
        close_step(data, current, "complete", at)
    if len(steps) < len(instance["_plan"]):
        kind = instance["_plan"][len(steps)]
        name, _, trouble = kind.partition("!")
        status = "error" if trouble else "holding" if name == "hold" else "started"
        step = _step(instance, name, status, steps[-1]["id"] if steps else None, at)
        if trouble:
            step.update(endDate=at, msg=trouble, messageFileRetrievable=True)
            instance.update(status="error", endDate=at, msg=trouble)
        elif status == "holding":
            instance["status"] = "holding"
        data.add("steps", step["id"], step)
    elif instance["status"] == "started":
        instance["status"] = "finishing"
    else:
        instance.update(status="complete", endDate=at)
    data.put("instances", instance["id"], instance)


def close_step(data: Documents, step: Json, status: str, at: int) -> None:
    step.update(status=status, executeDate=at, endDate=at)
    if status == "complete":
        step["deliveryFileRetrievable"] = step["messageFileRetrievable"] = step["stepType"] in {
            "communication",
            "output",
        }
    data.put("steps", step["id"], step)


def settle_job(data: Documents, job_id: str) -> None:
    """A job is what its instances are."""
    job = data.get("jobs", job_id)
    states = [row["status"] for row in data.find("instances", jobId=job_id)]
    if job is None or not states or job["status"] == "deleted":
        return
    if all(state in ENDED for state in states):
        status = "error" if "error" in states else "complete" if "complete" in states else "canceled"
        ended = job["endDate"] or now_ms()
    else:
        left = [state for state in states if state not in ENDED]
        status, ended = ("holding" if all(state == "holding" for state in left) else "started"), None
    job.update(status=status, endDate=ended)
    if status == "error":
        job["msg"] = next(row["msg"] for row in data.find("instances", jobId=job_id) if row["status"] == "error")
    data.put("jobs", job_id, job)


def _step(instance: Json, kind: str, status: str, previous: str | None, at: int) -> Json:
    return {
        "id": str(uuid.uuid4()),
        "previousStepId": previous,
        "flowInstanceId": instance["id"],
        "domainId": instance["domainId"],
        "stepName": kind,
        "displayName": {"input": "Receive data", "communication": "Compose", "output": "Deliver"}.get(kind, kind),
        "stepType": kind,
        "status": status,
        "queueDate": at,
        "startDate": at,
        "executeDate": None,
        "endDate": None,
        "expirationDate": None,
        "msg": None,
        "externalId": instance["externalId"],
        "deliveryFileRetrievable": False,
        "messageFileRetrievable": False,
    }
