"""The sample: connections to the two sandboxes, and the provisioning template with parameters that fit them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from hub.accounts.access import Actor, visible
from hub.connections import egress_rules
from hub.connections import services as connections
from hub.connections.models import Connection, EgressRule
from workflows.models import Installation
from workflows.services import templates

SLUG = "sample-provisioning"
TEMPLATE = "joiner-mover-leaver"
REGIONS = {"emea": ["DE", "FR"], "uk": ["GB"], "apac": ["SG"], "americas": ["US"]}
ROLES = {"Template designer": "designer", "Compliance reviewer": "approver", "Print operator": "operator"}


def parameters(about: dict[str, Any]) -> dict[str, Any]:
    """Parameters for what `manage.py sandbox --json` says of the sandboxes."""
    otds = about["otds"]
    rules: list[dict[str, Any]] = [
        {"when": {"title": title, "country": countries}, "groups": [f"exs.{region}-prod.{role}"]}
        for title, role in ROLES.items()
        for region, countries in REGIONS.items()
    ]
    rules.append(
        {"when": {"title": "Template designer", "country": REGIONS["emea"]}, "groups": ["exs.emea-dev.designer"]}
    )
    return {
        "directory": "directory",
        "exstream": "exstream",
        "partition": otds["partition"],
        "group_prefix": "exs.",
        "attributes": {"starts": "oTExtraAttr4", "ends": "oTExtraAttr5"},
        "start_field": "starts",
        "end_field": "ends",
        "rules": rules,
        "assignments": [
            {"domain": "apac-prod", "group": f"exs.apac-prod.{role}@{otds['partition']}", "role": role}
            for role in ROLES.values()
        ],
        "seats": {"resource": otds["licence"]["resource"], "counter": otds["licence"]["counter"]},
        "needs_approval": False,
    }


def ensure(actor: Actor, about: dict[str, Any]) -> Installation:
    """Make the connections and the installation, when they are not there yet, and allow the sandboxes' addresses."""
    for address in (about["otds"]["base_url"], about["exstream"]["design_base"]):
        _allow(actor, urlsplit(address).netloc)
    _connection(actor, "Directory", "otds", about["otds"]["connection"] | {"seat_revocation": "assumed-delete"})
    exstream, client = about["exstream"], about["otds"]["oauth_client"]
    settings = {
        "design_base": exstream["design_base"],
        "orchestration_base": exstream["orchestration_base"],
        "token_url": exstream["token_url"],
        "client_id": client["id"],
        "client_secret": client["secret"],
    }
    _connection(actor, "Exstream", "exstream", settings)
    held = visible(actor, Installation).filter(slug=SLUG).exclude(workflow=None).first()
    return held or templates.install(actor, TEMPLATE, slug=SLUG, parameters=parameters(about))


def _allow(actor: Actor, host: str) -> None:
    if not visible(actor, EgressRule).filter(target=host).exists():
        egress_rules.add_rule(actor, target=host, note="A sandbox on this machine.")


def _connection(actor: Actor, name: str, connector: str, settings: dict[str, Any]) -> None:
    slug = name.lower()
    if not visible(actor, Connection).filter(slug=slug).exists():
        connections.create_connection(actor, name=name, slug=slug, connector=connector, settings=settings)
