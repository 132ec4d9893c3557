"""Steps of `benchmarks.deliveries`, each in a process of its own. The last line printed is JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

GROUPS = ("dept.finance@Northwind", "dept.hr@Northwind")


def prepare(about: str, port: str) -> dict[str, Any]:
    """Connections, a workflow that tells both departments, and its run: the deliveries are stored."""
    from django.core.management import call_command
    from django.db.models import F

    from hub.accounts.access import Actor
    from hub.accounts.models import Workspace
    from hub.connections import egress_rules
    from hub.connections.services import create_connection
    from workflows.engine import executor
    from workflows.engine.claiming import claim
    from workflows.models import Delivery
    from workflows.services import runs, sample, workflows

    call_command("migrate", verbosity=0)
    actor = Actor.system(Workspace.objects.create(slug="benchmark", name="Benchmark"))
    sample.ensure(actor, json.loads(about))
    egress_rules.add_rule(actor, target=f"127.0.0.1:{port}", note="The benchmark's mail server.")
    settings = {"host": "127.0.0.1", "port": int(port), "security": "none", "sender": "hub@example.com"}
    create_connection(actor, name="Mail", slug="mail", connector="email", settings=settings)
    members = [
        {"action": "otds.list_group_members", "connection": "directory", "people": "people",
         "input": {"group": group, "nested": True}}
        for group in GROUPS
    ]  # fmt: skip
    told = {"topic": "job/benchmark", "subject": "Job 1 ended", "text": "It went well.", "mail": "mail",
            "members": members}  # fmt: skip
    step = {"id": "tell", "kind": "notify", "settings": told, "timeout_seconds": 600}
    document = {"format": 1, "name": "Tell", "triggers": [{"id": "by_hand", "kind": "manual"}], "steps": [step]}
    workflows.create_workflow(actor, slug="tell", document=document)
    workflows.publish(actor, "tell", revision=1)
    run = runs.start_run(actor, "tell", payload={})
    began = time.monotonic()
    for claimed in claim():
        executor.carry_out(claimed)
    seconds = round(time.monotonic() - began, 1)
    run.refresh_from_db()
    if run.state != "succeeded":
        raise SystemExit(f"The run failed: {run.error}")
    planned = Delivery.objects.filter(state="planned").annotate(to=F("address"))
    addresses = list(planned.values_list("to", flat=True))
    return {"planned": len(addresses), "addresses": addresses, "seconds": seconds}


def send() -> dict[str, Any]:
    """What a worker does, until nothing is to be sent."""
    from workflows.engine import delivering
    from workflows.models import Delivery

    while Delivery.objects.filter(state="planned").exists():
        delivering.send_due()
    return {}


def unknown() -> dict[str, Any]:
    """The leases of those who were killed lapse."""
    from django.db.models import F

    from workflows.engine import delivering
    from workflows.models import Delivery

    Delivery.objects.filter(state="sending").update(due_at=F("due_at") - timedelta(hours=1))
    delivering.send_due()
    return {"addresses": list(Delivery.objects.filter(state="unknown").values_list("address", flat=True))}


def settle(taken: str) -> dict[str, Any]:
    """A person looks at what arrived, and has the rest sent again."""
    from hub.accounts.access import Actor
    from workflows.engine import delivering
    from workflows.models import Delivery
    from workflows.services import notices

    arrived = set(json.loads(taken))
    for held in Delivery.objects.filter(state="unknown").select_related("workspace"):
        notices.settle(Actor.system(held.workspace), held.id, arrived=held.address in arrived)
    delivering.send_due()
    return {}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    django.setup()
    steps: list[Callable[..., dict[str, Any]]] = [prepare, send, unknown, settle]
    print(json.dumps({step.__name__: step for step in steps}[sys.argv[1]](*sys.argv[2:])))
