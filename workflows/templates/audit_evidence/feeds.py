"""What is collected: for each feed the stream, how its records are read, and what is asked of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

OPEN = ["uninitialized", "waiting", "started", "holding"]


@dataclass(frozen=True)
class Feed:
    """One step *record*. `given` are further settings of it."""

    id: str
    title: str
    stream: str
    kind: str
    fields: dict[str, str] = field(default_factory=dict)
    input: dict[str, Any] = field(default_factory=dict)
    by_domain: bool = True
    given: dict[str, Any] = field(default_factory=dict)

    def settings(self, parameters: dict[str, Any]) -> dict[str, Any]:
        connection = parameters["directory" if self.stream.startswith("otds.") else "exstream"]
        domains = {"domains": parameters["domains"]} if self.by_domain else {}
        late = {
            "late_after_hours": parameters.get("late_after_hours", 26),
            "tell": {"mail": parameters["mail"], "to": parameters["tell"]},
        }
        made = {
            "connection": connection,
            "stream": self.stream,
            "kind": self.kind,
            "input": {**domains, **self.input},
        }
        return {**made, "fields": self.fields, **late, **self.given}


_STATE = {"state": True}


def directory(parameters: dict[str, Any]) -> list[Feed]:
    """People and groups. They are read before what people did, so that it is known who they are."""
    people = {"partition": parameters.get("partition", ""), "attributes": parameters.get("attributes", {})}
    return [
        Feed("groups", "The directory's groups", "otds.groups", "group", {"subject": "id"}, {}, by_domain=False,
             given=_STATE),
        Feed("people", "The directory's people", "otds.users", "person", {"person": "id"}, people, by_domain=False,
             given={**_STATE, "people": True, "leave_out": ["modified_at"]}),
    ]  # fmt: skip


def state() -> list[Feed]:
    """What is so in Exstream: who may do what where, and what there is."""
    return [
        Feed("domains", "Domains", "exstream.domains", "domain", {"domain": "id"}, by_domain=False, given=_STATE),
        Feed("roles", "Roles", "exstream.roles", "role", {"subject": "name"}, by_domain=False, given=_STATE),
        Feed("permissions", "What roles may do", "exstream.role_permissions", "role-permission", {"subject": "role"},
             by_domain=False, given=_STATE),
        Feed("assignments", "Which group has which role", "exstream.group_roles", "group-role",
             {"domain": "domain", "subject": "group"}, given=_STATE),
        Feed("resources", "Resources", "exstream.resources", "resource", {"domain": "domain", "subject": "id"},
             given=_STATE),
        Feed("clocks", "What runs by the clock", "exstream.cron_jobs", "cron-job", {"domain": "domain"},
             given=_STATE),
    ]  # fmt: skip


def acts(parameters: dict[str, Any]) -> list[Feed]:
    """What happened. What Exstream wipes is watched for gaps."""
    kept = {
        "kept_hours": parameters.get("kept_hours", 24),
        "wipes": "=steps.wipes.are_known ? steps.wipes.rules : null",
    }
    ended = {**kept, "since": "ended_since"}
    job = {"person": "triggeredBy", "domain": "domain", "job": "id", "at": "endDate"}
    begun = {**job, "at": "startDate"}
    instance = {"domain": "domain", "job": "jobId", "at": "endDate", "subject": "flowModelId"}
    used = {"domain": "domain", "job": "job", "subject": "id", "at": "at", "person": "approvedBy"}
    changed = {"person": "modifiedBy", "domain": "domain", "subject": "resource", "at": "modifiedDate"}
    return [
        Feed("jobs", "Jobs that ended", "exstream.jobs", "job", job, given=ended),
        Feed("open_jobs", "Jobs that are under way", "exstream.jobs", "job", begun, {"statuses": OPEN}),
        Feed("deleted_jobs", "Jobs that are marked deleted", "exstream.jobs", "job", job, {"deleted": True},
             given=ended),
        Feed("instances", "Flow instances", "exstream.flow_instances", "flow-instance", instance, given=ended),
        Feed("used", "What they used", "exstream.traced_resources", "used-resource", used, given=ended),
        Feed("histories", "What was done to resources", "exstream.histories", "history", changed,
             given={"since": "since"}),
        Feed("published", "What was published", "exstream.snapshots", "published",
             {"person": "publishedBy", "domain": "domain", "subject": "flowModelId", "at": "publishDate"}),
        Feed("imports", "Imports", "exstream.imports", "import",
             {"person": "importedBy", "domain": "domainId", "at": "importDate"}, by_domain=False),
    ]  # fmt: skip
