"""A small Exstream: the Design and the Orchestration service of one tenant, over HTTP, with rights and runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from connectors.exstream.sandbox.app import DESIGN, ORCHESTRATION, ExstreamSandbox
from hub.sdk.sandbox import SandboxApp


def create(options: dict[str, Any]) -> SandboxApp:
    """Open the sandbox whose state lies in the folder `options["data"]`; all other options are its settings."""
    settings = {name: value for name, value in options.items() if name != "data"}
    return ExstreamSandbox(Path(options["data"]) / "exstream.sqlite", **settings)


def describe(app: SandboxApp, base_url: str) -> dict[str, Any]:
    """What a connection to it needs, and what there is to see."""
    with app.store.reading() as data:
        services = [
            {"domain": row["domainId"], "service": row["channel"], "flow_model": row["flowModelId"]}
            for row in data.find("snapshots")
            if row["unpublishDate"] is None
        ]
        domains = [row["id"] for row in data.find("domains")]
        roles = [row["name"] for row in data.find("roles")]
    return {
        "design_base": base_url + DESIGN,
        "orchestration_base": base_url + ORCHESTRATION,
        "token_url": app.setting("token_url"),
        "tenant": app.setting("tenant"),
        "external_id_header": app.setting("external_id_header"),
        "tenant_admin_group": app.setting("admin_group"),
        "domains": domains,
        "roles": roles,
        "batch_services": services,
        "control": base_url + "/_sandbox",
    }
