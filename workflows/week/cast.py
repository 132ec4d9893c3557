"""Who plays in the week, and which groups of the directory they are in."""

from __future__ import annotations

from typing import Any

# The directory knows all of them already, but for Nora, who joins on Monday.
TESSA, AMARA, HENRIK, PRIYA = "tessa.brandt", "amara.diallo", "henrik.olsen", "priya.nair"
OTTO, LENA, MARCUS = "otto.keller", "lena.vogt", "marcus.webb"
NORA = "nora.lindqvist"
"""Joins as a template designer in Germany."""
UMAR = "umar.ibrahim"
"""A print operator who moves from Germany to Singapore."""
ANNA = "anna.abbott"
"""A template designer who leaves on Friday."""
KIRA = "kira.ueda"
"""Changes from Finance to Compliance."""
OLGA = "olga.okafor"
"""The auditor."""
IT_EMEA, IT_UK = "farid.schulz", "hugo.goh"
"""Regional administrators."""

GROUPS: dict[str, tuple[str, ...]] = {
    "approve.legal": (LENA, AMARA),
    "approve.compliance": (HENRIK,),
    "approve.operations": (PRIYA,),
    "watch.print": (PRIYA, OTTO, MARCUS),
    "admins.emea": (IT_EMEA,),
    "admins.uk": (IT_UK,),
}
MEMBERS: dict[str, list[str]] = {
    TESSA: ["operator", "approver"],
    AMARA: ["approver"],
    LENA: ["approver"],
    HENRIK: ["approver"],
    PRIYA: ["approver"],
    OLGA: ["auditor"],
    IT_EMEA: ["delegate"],
    IT_UK: ["delegate"],
}
VENDOR, DUTY, BOARD, LANES = (
    "desk@printvendor.example",
    "duty@northwind.example",
    "board@northwind.example",
    "lanes@northwind.example",
)


def mail_of(person: str) -> str:
    return f"{person}@northwind.example"


def called(person: str) -> str:
    """Otto Keller."""
    return person.replace(".", " ").title()


ACCESS: dict[str, Any] = {
    "directory": "directory",
    "exstream": "exstream",
    "partition": "Northwind",
    "domains": ["group-shared", "americas-prod"],
    "access_group": "see.{domain}.{role}",
    "kept_groups": ["tenantadmins", *(f"exs.americas-prod.{role}" for role in ("designer", "approver", "operator"))],
    "table": {
        "match": "all",
        "columns": [
            {"name": "department"},
            {"name": "title"},
            {"name": "country"},
            {"name": "in_group", "kind": "group"},
        ],
        "rows": [
            {
                "when": {"in_group": "dept.communications"},
                "give": {"domain": "group-shared", "role": "designer"},
                "note": "Also by way of comms.emea",
            },
            {
                "when": {"department": "Compliance", "country": "DE"},
                "give": {"domain": "group-shared", "role": "approver"},
            },
            {
                "when": {"title": "Print operator", "country": "SG"},
                "give": {"domain": "americas-prod", "role": "operator"},
                "note": "Singapore prints for the Americas at night",
            },
        ],
    },
    "needs_approval": False,
    "most_removals_percent": None,
    # What changes would start a run, too, and the week's own would then find nothing left to do.
    "events": False,
}
ROUTING: dict[str, Any] = {
    "directory": "directory",
    "exstream": "exstream",
    "partition": "Northwind",
    "table": {
        "columns": [{"name": "request.kind"}, {"name": "owner.country"}],
        "rows": [
            {"when": {"request.kind": "storm"}, "give": {"domain": "emea-prod", "service": "storm", "queue": "Bonn"}},
            {
                "when": {"request.kind": "old-address"},
                "give": {"domain": "emea-prod", "service": "storm-old", "queue": "Bonn"},
            },
            {
                "when": {"owner.country": "GB"},
                "give": {"domain": "uk-prod", "service": "statements", "queue": "Leeds"},
            },
        ],
    },
    "default_lane": {"name": "by-hand", "give": {"domain": "apac-prod", "service": "statements"}},
    "mail": "post",
    "alert_to": [LANES],
}
APPROVAL: dict[str, Any] = {
    "exstream": "exstream",
    "directory": "directory",
    "domains": ["emea-prod"],
    "types": ["exstrapplication", "flowmodel"],
    "stages": [
        {"name": "Legal", "group": "approve.legal@Northwind"},
        {"name": "Compliance", "group": "approve.compliance@Northwind"},
        {"name": "Operations", "group": "approve.operations@Northwind"},
    ],
    "deadline": {"business_days": 3, "country": "DE", "zone": "Europe/Berlin"},
    "mail": "post",
}
LISTS: dict[str, Any] = {
    "exstream": "exstream",
    "directory": "directory",
    "mail": "post",
    "domains": ["emea-prod"],
    "lists": [{"name": "Print", "groups": ["watch.print@Northwind"], "to": [VENDOR]}],
    "fallback": [DUTY],
}
_DESIGN, _APPROVE, _OPERATE = (f"exs.emea-prod.{role}@Northwind" for role in ("designer", "approver", "operator"))
GOVERNANCE: dict[str, Any] = {
    "exstream": "exstream",
    "directory": "directory",
    "mail": "post",
    "domains": ["emea-prod"],
    "partition": "Northwind",
    "policy": [
        {"team": _DESIGN, "may": ["create", "edit"]},
        {"team": _APPROVE, "may": ["approve", "publish"]},
        {"team": _OPERATE, "may": []},
    ],
    "exempt": ["tenantadmins@Northwind"],
    "roles": ["designer", "approver", "operator", "readonly"],
    "tell": [BOARD],
    "events": False,
}
EVIDENCE: dict[str, Any] = {
    "exstream": "exstream",
    "directory": "directory",
    "mail": "post",
    "tell": [mail_of(OLGA)],
    "domains": ["emea-prod"],
    "partition": "Northwind",
    "tracing_approvers": [],
}
DELEGATION: dict[str, Any] = {
    "directory": "directory",
    "exstream": "exstream",
    "stages": [
        {"name": "Owning region", "group": "admins.uk@Northwind"},
        {"name": "Head office", "people": ["tessa.brandt@Northwind"]},
    ],
}
SCOPE: dict[str, Any] = {
    "name": "Regions",
    "directory": "directory",
    "service": "exstream",
    "group_pattern": "admins.{region}@Northwind",
    "domains": ["{region}-*"],
}
INSTALLED = {
    "week-access": ("role-based-access", ACCESS),
    "week-routing": ("routing", ROUTING),
    "week-letters": ("secure-approval", APPROVAL),
    "week-news": ("distribution-lists", LISTS),
    "week-governance": ("governance", GOVERNANCE),
    "week-evidence": ("audit-evidence", EVIDENCE),
    "week-regions": ("delegated-administration", DELEGATION),
}
PROVISIONING = "sample-provisioning"
"""Use 4, which `manage.py up` installs already."""
