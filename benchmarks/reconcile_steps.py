"""One step of the reconcile benchmark, alone in its process: `python -m benchmarks.reconcile_steps STEP JSON`."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import django
import requests

django.setup()

from django.core.management import call_command  # noqa: E402

from benchmarks.measuring import measure  # noqa: E402
from hub.accounts.access import Actor  # noqa: E402
from hub.accounts.models import Workspace  # noqa: E402
from hub.registry import catalog  # noqa: E402
from workflows.models import Plan  # noqa: E402
from workflows.services import plans, sample, templates  # noqa: E402

_COOKIE = re.compile(rb'"nextPageCookie":\s*"([^"]+)"')
ALL_ROWS = 1000


def install(about: dict[str, Any]) -> dict[str, Any]:
    """Not measured. The limits on removals are taken away: this is about speed."""
    call_command("prepare")
    actor = _actor()
    held = sample.ensure(actor, about)
    parameters = held.parameters | {"most_removals": None, "most_removals_percent": None}
    templates.install(actor, sample.TEMPLATE, slug=sample.SLUG, parameters=parameters)
    return {}


def read(about: dict[str, Any]) -> dict[str, Any]:
    """The limit: every page of users and groups once, not even parsed."""
    base, client = about["otds"]["base_url"], about["otds"]["oauth_client"]
    with requests.Session() as session:
        form = {"grant_type": "client_credentials", "client_id": client["id"], "client_secret": client["secret"]}
        token = session.post(about["otds"]["token_url"], data=form, timeout=30).json()["access_token"]
        session.headers["Authorization"] = f"Bearer {token}"
        pages = size = 0
        for name in ("users", "groups"):
            query: dict[str, str] | None = {"attrsAsKeys": "True", "page_size": str(ALL_ROWS)}
            while query:
                got = session.get(f"{base}/otdsws/rest/{name}", params=query, timeout=60)
                got.raise_for_status()
                pages, size = pages + 1, size + len(got.content)
                found = _COOKIE.search(got.content)
                query = {**query, "next_page_cookie": found[1].decode()} if found else None
    return {"pages": pages, "megabytes": round(size / 1e6, 1)}


def plan(about: dict[str, Any]) -> dict[str, Any]:
    made = templates.simulate(_actor(), sample.SLUG)
    return {"plan": str(made.id), "state": made.state, "changes": made.changes.count()}


def apply(about: dict[str, Any]) -> dict[str, Any]:
    newest = Plan.objects.order_by("-id").first()
    assert newest is not None
    return plans.summary(plans.apply_plan(_actor(), newest.id))


STEPS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "install": install, "read": read, "plan": plan, "apply": apply
}  # fmt: skip


def _actor() -> Actor:
    return Actor.system(Workspace.objects.get(slug="main"))


def main() -> None:
    step, given = sys.argv[1], json.loads(sys.argv[2])
    catalog()  # Loading the connectors is not part of any step.
    figures = measure(step, lambda: STEPS[step](given["about"]), given["servers"])
    print(json.dumps(asdict(figures)))


if __name__ == "__main__":
    main()
