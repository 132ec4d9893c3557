"""Publishing flow models, what is published, and cron jobs (SPEC; rules HELP)."""

from __future__ import annotations

import re
import uuid
from typing import Any

from connectors.exstream.sandbox.envelopes import done, listed, now_ms, paged, refuse, single
from connectors.exstream.sandbox.rights import app_permissions, need, need_app, need_domain
from connectors.exstream.sandbox.store import approved_version, find
from hub.sdk.sandbox import Exchange, Reply, Routes

routes = Routes()
Json = dict[str, Any]
CRON_TYPES = (
    "markDeleted",
    "wipe",
    "startJob",
    "updateExpirationTime",
    "wipeSortingAssets",
    "expireSortingAssets",
    "sortingAndBundling",
)


@routes.on("GET", "/version", public=True)
def version(exchange: Exchange) -> Any:
    return {
        "apiIdentifier": "orchestration/v1",
        "major": 1,
        "minor": 0,
        "patch": 0,
        "versionString": "1.0.0",
        "details": "",
    }


@routes.on("GET", "/config")
def config(exchange: Exchange) -> Any:
    return single(exchange, {"baseSubscription": False, "assuredDeliveryEnabled": True})


@routes.on("POST", "/flow-models/<domain>/<model>/publish")
def publish(exchange: Exchange, domain: str, model: str) -> Any:
    """Needs an approved version and replaces the earlier published one (HELP). The right it needs is INF."""
    row = find(exchange, domain, model)
    _need_publishing(exchange, domain)
    approved = approved_version(exchange.data, model)
    if approved is None or row["type"] != "flowmodel":
        raise refuse(exchange, 409, f"{row['name']} has no approved version to publish.")
    for other in _live(exchange, domain, model):
        exchange.data.put("snapshots", other["id"], {**other, "unpublishDate": now_ms()})
    made = snapshot(domain, approved, exchange.caller.name, now_ms())
    exchange.data.add("snapshots", made["id"], made)
    exchange.wrote(f"flow-models/{domain}/{model}/publish")
    return single(exchange, made)


@routes.on("POST", "/flow-models/<domain>/<model>/unpublish")
def unpublish(exchange: Exchange, domain: str, model: str) -> Any:
    find(exchange, domain, model)
    _need_publishing(exchange, domain)
    live = _live(exchange, domain, model)
    for each in live:
        exchange.data.put("snapshots", each["id"], {**each, "unpublishDate": now_ms()})
    exchange.wrote(f"flow-models/{domain}/{model}/unpublish", changed=bool(live))
    return done()


@routes.on("GET", "/flow-models/<domain>/published")
def published(exchange: Exchange, domain: str) -> Any:
    need_domain(exchange, domain)
    return paged(exchange, [row for row in exchange.data.find("snapshots", domainId=domain) if _is_live(row)])


@routes.on("GET", "/flow-models/<domain>/<model>/deletable")
def deletable(exchange: Exchange, domain: str, model: str) -> Any:
    find(exchange, domain, model)
    return single(exchange, not any(_is_live(row) for row in exchange.data.find("snapshots", flowModelId=model)))


@routes.on("GET", "/runtime/<domain>/flow-model-snapshots")
def snapshots(exchange: Exchange, domain: str) -> Any:
    need_domain(exchange, domain)
    return paged(exchange, exchange.data.find("snapshots", domainId=domain))


@routes.on("GET", "/cron-jobs/<domain>")
def cron_jobs(exchange: Exchange, domain: str) -> Any:
    need_app(exchange, domain, "MONITOR")
    return listed(exchange, exchange.data.find("cron_jobs", domainId=domain))


@routes.on("POST", "/cron-jobs/<domain>")
def create_cron_job(exchange: Exchange, domain: str) -> Any:
    need_app(exchange, domain, "ORCHESTRATION_MANAGEMENT")
    body = exchange.json()
    if body.get("cronType") not in CRON_TYPES:
        raise refuse(exchange, 400, f"cronType is one of {', '.join(CRON_TYPES)}.")
    if not re.fullmatch(r"\S+( \S+){4}", str(body.get("cronExpression", ""))):
        raise refuse(exchange, 400, "The schedule has five fields.")
    made = {**body, "id": str(uuid.uuid4()), "domainId": domain, "lastTriggeredDate": None}
    exchange.data.add("cron_jobs", made["id"], made)
    exchange.wrote(f"cron-jobs/{made['id']}")
    return Reply(201, single(exchange, made))


@routes.on("DELETE", "/cron-jobs/<domain>/<cron>")
def delete_cron_job(exchange: Exchange, domain: str, cron: str) -> Any:
    need_app(exchange, domain, "ORCHESTRATION_MANAGEMENT")
    if not exchange.data.delete("cron_jobs", cron):
        raise refuse(exchange, 404, f"There is no cron job {cron}.")
    exchange.wrote(f"cron-jobs/{cron}")
    return done()


@routes.on("POST", "/cron-jobs/<domain>/<cron>/trigger")
def trigger_cron_job(exchange: Exchange, domain: str, cron: str) -> Any:
    need_app(exchange, domain, "ORCHESTRATION_MANAGEMENT")
    row = exchange.data.get("cron_jobs", cron)
    if row is None or row["domainId"] != domain:
        raise refuse(exchange, 404, f"There is no cron job {cron} in the domain {domain}.")
    exchange.data.put("cron_jobs", cron, {**row, "lastTriggeredDate": now_ms()})
    exchange.wrote(f"cron-jobs/{cron}/trigger")
    return done()


def snapshot(domain: str, model: Json, by: str, at: int, snapshot_id: str = "") -> Json:
    """A flow model as it was when it was published."""
    return {
        "id": snapshot_id or str(uuid.uuid4()),
        "domainId": domain,
        "flowModelId": model["id"],
        "flowModelName": model["name"],
        "version": model["version"],
        "channel": model["metadata"].get("channel", ""),
        "publishedBy": by,
        "publishDate": at,
        "unpublishDate": None,
        "_plan": model["metadata"].get("plan", ["input", "communication", "output"]),
    }


def _is_live(row: Json) -> bool:
    return row["unpublishDate"] is None


def _live(exchange: Exchange, domain: str, model: str) -> list[Json]:
    return [row for row in exchange.data.find("snapshots", domainId=domain, flowModelId=model) if _is_live(row)]


def _need_publishing(exchange: Exchange, domain: str) -> None:
    if "ORCHESTRATOR" not in app_permissions(exchange, domain):
        need(exchange, domain, "flowmodel", "APPROVE")
