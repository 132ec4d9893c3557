"""Northwind Mutual's Exstream at the start: domains, roles, templates in every state, runs of every outcome."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from connectors.exstream.sandbox import advancing, catalog, flows, store
from connectors.exstream.sandbox.envelopes import now_ms
from connectors.exstream.sandbox.running import add_instance
from hub.sdk.sandbox import Documents

Json = dict[str, Any]
_SPACE = uuid.UUID("5d0c0c1e-0000-4000-8000-00000000a001")
HOUR = 3_600_000
DOMAINS: dict[str, Json] = {
    "emea-dev": {"description": "Design work, EMEA", "workflow": "SIMPLE"},
    "emea-prod": {"description": "Production, EMEA", "production": True, "jobTracing": True},
    "uk-prod": {"description": "Production, United Kingdom", "production": True},
    "apac-prod": {"description": "Production, Asia Pacific", "production": True},
    "americas-prod": {"description": "Production, Americas", "production": True},
    "group-shared": {"description": "Shared by all regions", "workflow": "ADVANCED"},
}
CHAIN = [
    {
        "resourceTypes": ["all"],
        "approvalRoles": [
            {"role": "approver", "level": 1, "email": ""},
            {"role": "tenantadmin", "level": 2, "email": ""},
        ],
    }
]
ROLES = {
    "designer": ("COMM_DESIGNER,DESIGNER_ASSET_MANAGER", {"all": "CREATE,DELETE,READ,WRITE"}),
    "author": ("CONTENT_AUTHOR", {"author": "CREATE,DELETE,READ,WRITE"}),
    "approver": ("COMM_DESIGNER", {"all": "APPROVE,READ"}),
    "operator": ("MONITOR,ORCHESTRATION_MANAGEMENT", {"orchestrator": "READ"}),
    "readonly": ("", {"all": "READ"}),
    "tenantadmin": ("ALL,MONITOR,ORCHESTRATION_MANAGEMENT,ORCHESTRATOR", {"all": "ALL"}),
}
ASSIGNED = ("emea-dev", "emea-prod", "uk-prod", "americas-prod")
REGIONAL = ("emea-dev", "emea-prod", "uk-prod", "apac-prod", "americas-prod")
NAMES = ("Renewal notice", "Claim acknowledgement", "Policy schedule", "Payment reminder", "Welcome pack")


def made_id(kind: str, name: str) -> str:
    """The same id for the same name, every time."""
    return str(uuid.uuid5(_SPACE, f"{kind}/{name}"))


def fill(data: Documents) -> None:
    """Fill an empty store."""
    at = now_ms()
    _tenancy(data)
    for domain in REGIONAL:
        _library(data, domain, at)
    _shared(data, at)
    _production(data, at)


def _tenancy(data: Documents) -> None:
    for name, extra in DOMAINS.items():
        made: Json = {
            "id": name,
            "description": "",
            "production": False,
            "jobTracing": False,
            "workflow": "NORMAL",
            "restrictApproval": name == "uk-prod",
            "parent": None,
            "children": [],
            "editable": True,
            "approvalGroups": CHAIN if name == "group-shared" else [],
            **extra,
        }
        data.add("domains", name, made)
    for name, (apps, permissions) in ROLES.items():
        role = {
            "id": made_id("role", name),
            "name": name,
            "description": "",
            "appPermissions": apps,
            "adminPermissions": "",
        }
        data.add("roles", role["id"], role)
        for kind, words in permissions.items():
            data.add(
                "role_permissions", f"{name}|{kind}", {"roleName": name, "objectType": kind, "permissions": words}
            )
    for domain in ASSIGNED:
        for name in ("designer", "approver", "operator"):
            _assign(data, domain, f"exs.{domain}.{name}@Northwind", name)
    for domain in DOMAINS:
        _assign(data, domain, "tenantadmins@Northwind", "tenantadmin")


def _assign(data: Documents, domain: str, group: str, role: str) -> None:
    row = {"domainId": domain, "group": group, "roleName": role, "roleId": made_id("role", role)}
    data.add("group_roles", f"{domain}|{group}|{role}", row)


def add(
    data: Documents,
    domain: str,
    kind: str,
    name: str,
    state: str,
    at: int,
    uses: list[str] | None = None,
    **extra: Any,
) -> str:
    """One resource with content, links and the history that led to its state."""
    designer, reviewer = _people(domain)
    row = catalog.blank(made_id(f"{domain}/{kind}", name), name, kind, domain, designer, at - 72 * HOUR)
    row.update(extra)
    store.record(data, row, "CREATE", "INSERT", designer, "", row["createdDate"])
    for step, by, comment in (
        ("REVIEW", designer, "ready for legal"),
        (state, reviewer, "ok for print" if state == "APPROVED" else "the address block is wrong"),
    ):
        if state == "DRAFT" or (step == "REVIEW" and by == reviewer):
            continue
        row["state"], row["stateComment"], row["lastModifiedBy"] = step, comment, by
        row["lastModifiedDate"] = at - (48 if by == designer else 24) * HOUR
        store.record(data, row, "STATE", "UPDATE", by, comment, row["lastModifiedDate"])
    if state == "REVIEW":
        row["_submittedBy"] = designer
    data.add("versions", store.version_key(row["id"], 1), row)
    content = {"content": base64.b64encode(f"{kind}: {name}".encode()).decode(), "mimeType": "text/plain"}
    data.add("contents", store.version_key(row["id"], 1), content)
    for target in uses or []:
        store.add_link(data, row["id"], 1, target)
    return str(row["id"])


def _people(domain: str) -> tuple[str, str]:
    if domain == "uk-prod":
        return "gwen.parry@Northwind", "henrik.olsen@Northwind"
    return "amara.diallo@Northwind", "henrik.olsen@Northwind"


def _library(data: Documents, domain: str, at: int) -> None:
    def put(kind: str, name: str, state: str, uses: list[str] | None = None, **extra: Any) -> str:
        return add(data, domain, kind, name, state, at, uses, **extra)

    logo = put("image", "Northwind logo", "APPROVED")
    output = put("exstroutput", "PDF output", "APPROVED")
    queue = put("exstroutputqueue", "PDF Queue", "APPROVED", [output])
    source = put("exstrdatasource", "Customer", "APPROVED")
    comms = put("exstrcommunicationset", "Standard letters", "APPROVED", [source, queue])
    for name, state in zip(NAMES, ("APPROVED", "REVIEW", "DRAFT", "REJECTED", "APPROVED"), strict=True):
        document = put("exstrdocument", name, state if state in {"APPROVED", "DRAFT"} else "APPROVED", [logo])
        put("exstrapplication", name, state, [document, comms])
    clause = put("exstrparagraph", "Data protection clause", "DRAFT")
    put("documentdefinition", "Complaint reply", "REVIEW", [clause])
    put("orcsettings", "Channels", "APPROVED")
    if domain == "uk-prod":
        _lock(data, made_id(f"{domain}/exstrapplication", "Policy schedule"), "marcus.webb@Northwind", at)
    if domain == "emea-prod":
        _lock(data, clause, "lena.vogt@Northwind", at)


def _lock(data: Documents, resource_id: str, by: str, at: int) -> None:
    key = store.version_key(resource_id, 1)
    row = data.get("versions", key) or {}
    data.put("versions", key, {**row, "locked": True, "lockedBy": by, "lastModifiedBy": by})


def _shared(data: Documents, at: int) -> None:
    add(data, "group-shared", "image", "Group letterhead", "APPROVED", at)
    add(data, "group-shared", "exstrparagraph", "Group imprint", "DRAFT", at)


def _production(data: Documents, at: int) -> None:
    channels = {
        "emea-prod": (
            ("Monthly statements", "statements", []),
            ("Statement archive", "statements", []),
            ("Held statements", "held-statements", ["input", "communication", "hold", "output"]),
        ),
        "uk-prod": (("UK statements", "statements", []),),
        "apac-prod": (("APAC statements", "statements", []),),
        "americas-prod": (("Americas statements", "statements", []),),
    }
    for domain, models in channels.items():
        live = []
        for name, channel, plan in models:
            metadata = {
                "displayName": name,
                "channel": channel,
                "plan": plan or ["input", "communication", "output"],
            }
            uses = [made_id(f"{domain}/exstrapplication", "Renewal notice")]
            model = add(data, domain, "flowmodel", name, "APPROVED", at, uses, metadata=metadata)
            row = store.approved_version(data, model) or {}
            live.append(
                flows.snapshot(
                    domain, row, "tessa.brandt@Northwind", at - 20 * HOUR, made_id(f"{domain}/snapshot", name)
                )
            )
            data.add("snapshots", live[-1]["id"], live[-1])
        add(data, domain, "flowmodel", "Next year's statements", "DRAFT", at, metadata={"channel": "next"})
        _jobs(data, domain, live[0], at)
        cron: Json = {
            "id": made_id(f"{domain}/cron", "sweep"),
            "domainId": domain,
            "name": "Hourly sweep",
            "cronType": "markDeleted",
            "cronExpression": "0 * * * *",
            "active": True,
            "lastTriggeredDate": None,
        }
        data.add("cron_jobs", cron["id"], cron)


def _jobs(data: Documents, domain: str, snapshot: Json, at: int) -> None:
    plans = {
        "complete": ["input", "communication", "output"],
        "error": ["input", "communication!EX001234E The data of customer 17 has no address."],
        "started": ["input", "communication", "hold", "output"],
    }
    operator = "priya.nair@Northwind" if domain == "apac-prod" else "lockgate@OAuthClients"
    for hours, outcome in ((6, "complete"), (5, "complete"), (4, "error"), (0, "started")):
        job: Json = {
            "id": made_id(f"{domain}/job", f"{outcome}{hours}"),
            "domainId": domain,
            "channel": "statements",
            "mode": "BATCH",
            "status": "started",
            "flowModelType": "COMMUNICATION",
            "msg": None,
            "externalId": f"nightly-{hours}",
            "triggeredBy": operator,
            "aggregatedFMCSnapshotId": None,
            "startDate": at - hours * HOUR,
            "endDate": None,
            "expirationDate": None,
            "traceId": made_id(f"{domain}/trace", f"{outcome}{hours}"),
            "simulation": False,
        }
        data.add("jobs", job["id"], job)
        planned = {**snapshot, "_plan": plans[outcome]}
        instance = add_instance(data, job, planned, tracing=domain == "emea-prod", input="<customers/>")
        while outcome != "started" and instance["status"] not in advancing.ENDED:
            advancing.advance_instance(data, instance)
        if outcome != "started":
            advancing.settle_job(data, job["id"])
