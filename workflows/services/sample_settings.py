"""What fits the two sandboxes: connections, and parameters of the provisioning template. Plain Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SLUG = "sample-provisioning"
TEMPLATE = "joiner-mover-leaver"
_SAMPLE = Path(__file__).parent.parent / "templates" / "joiner_mover_leaver" / "sample.json"


def parameters() -> dict[str, Any]:
    """Of the provisioning template, for the sandboxes."""
    return dict(json.loads(_SAMPLE.read_text()))


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
