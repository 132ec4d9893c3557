"""What fits the two sandboxes: connections, and parameters of the provisioning template. Plain Python."""

from __future__ import annotations

from typing import Any

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


def directory_settings(about: dict[str, Any]) -> dict[str, Any]:
    """Of a connection to the Directory Services sandbox."""
    return {**about["otds"]["connection"], "seat_revocation": "assumed-delete"}


def exstream_settings(about: dict[str, Any]) -> dict[str, Any]:
    """Of a connection to the Exstream sandbox."""
    exstream, client = about["exstream"], about["otds"]["oauth_client"]
    return {
        "design_base": exstream["design_base"],
        "orchestration_base": exstream["orchestration_base"],
        "external_id_header": exstream["external_id_header"],
        "token_url": exstream["token_url"],
        "client_id": client["id"],
        "client_secret": client["secret"],
    }
