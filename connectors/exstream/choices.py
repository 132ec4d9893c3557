"""The live lists that form fields offer."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from hub.sdk import Choice


def domains(client: ExstreamClient, values: dict[str, Any]) -> list[Choice]:
    return [Choice(row["id"], row["id"], str(row.get("description") or "")) for row in client.design.domains()]


def roles(client: ExstreamClient, values: dict[str, Any]) -> list[Choice]:
    return [Choice(row["name"], row["name"], str(row.get("description") or "")) for row in client.design.roles()]


def resources(client: ExstreamClient, values: dict[str, Any]) -> list[Choice]:
    return _resources(client, values, [])


def flow_models(client: ExstreamClient, values: dict[str, Any]) -> list[Choice]:
    return _resources(client, values, ["flowmodel"])


def batch_services(client: ExstreamClient, values: dict[str, Any]) -> list[Choice]:
    """The channels of what is published. That a published model names its channel is assumed."""
    if not values.get("domain"):
        return []
    rows = client.orchestration.published(values["domain"])
    return [Choice(name, name) for name in sorted({str(row["channel"]) for row in rows if row.get("channel")})]


def cron_jobs(client: ExstreamClient, values: dict[str, Any]) -> list[Choice]:
    if not values.get("domain"):
        return []
    rows = client.orchestration.cron_jobs(values["domain"])
    return [
        Choice(row["id"], str(row.get("name") or row.get("cronType") or row["id"]), str(row.get("cronType") or ""))
        for row in rows
    ]


def _resources(client: ExstreamClient, values: dict[str, Any], types: list[str]) -> list[Choice]:
    if not values.get("domain"):
        return []
    listing = client.design.resources(values["domain"], {"types": types, "latestVersion": True})
    rows = listing.items(lambda row: f"{row.get('id')}|{row.get('version')}")
    return [Choice(row["id"], row["name"], f"{row['type']}, {row['state']}") for row in rows]
