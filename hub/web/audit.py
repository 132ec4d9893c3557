"""The page of the audit trail."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from hub.accounts.access import Actor
from hub.accounts.models import Membership
from hub.audit.services import list_entries, verify_trail
from hub.web.pages import page

_SHOWN = 100
GROUPS = [  # beginnings of verbs, in words
    ("connection.", "Connections"),
    ("egress.", "Private hosts"),
    ("member.", "Members"),
    ("token.", "Tokens"),
    ("session.", "Sessions"),
    ("workflow.", "Workflows"),
    ("run.", "Runs"),
    ("plan.", "Plans"),
]


@page("audit.view")
def audit(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _show(request, actor)


@require_POST
@page("audit.view")
def check(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Recompute the chain, and show what was found above the list."""
    return _show(request, actor, verdict=verify_trail(actor, noted=request.POST.get("noted", "").strip()))


def _show(request: HttpRequest, actor: Actor, **more: Any) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip() for name in ("verb", "by", "since", "until", "before")}
    rows = list_entries(
        actor,
        verb=asked["verb"],
        by=_identifier(asked["by"]),
        since=_day(asked["since"]),
        until=_day(asked["until"], days=1),
    )
    if asked["before"].isdigit():
        rows = rows.filter(number__lt=int(asked["before"][:18]))
    found = list(rows[: _SHOWN + 1])
    entries = found[:_SHOWN]
    filters = {name: value for name, value in asked.items() if value and name != "before"}
    members = Membership.objects.filter(workspace=actor.workspace).select_related("person").order_by("id")
    shown = {
        "entries": [
            {"entry": each, "detail": json.dumps(each.detail, indent=2, ensure_ascii=False) if each.detail else ""}
            for each in entries
        ],
        "older": "?" + urlencode({**filters, "before": entries[-1].number}) if len(found) > _SHOWN else "",
        "newest": "?" + urlencode(filters) if asked["before"] else "",
        "asked": asked,
        "filtered": bool(filters),
        "people": [(str(each.person.id), str(each.person)) for each in members[:500]],
        "groups": GROUPS,
    }
    return render(request, "web/audit.html", {**shown, **more})


def _identifier(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return uuid.UUID(int=0)  # Nobody.


def _day(text: str, *, days: int = 0) -> datetime | None:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
        return datetime.combine(day, time(), UTC) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
