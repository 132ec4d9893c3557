"""The step of `benchmarks.inbox`: `python -m benchmarks.inbox_steps TASKS TIMES PID_OF_POSTGRESQL`."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django

from benchmarks.measuring import cpu_of_tree

USUAL_PART = 100
"""One in so many is asked of the second person, too."""


def main(tasks: int, times: int, postgres: int) -> int:
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.API_REQUESTS_PER_MINUTE = 0
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    ada, ben = _people()
    _ask(tasks, ada, ben)
    told = [_measured(who, name, work, times, postgres) for who, api in (("everything", ada), ("one in 100", ben))
            for name, work in _works(api, tasks).items()]  # fmt: skip
    print(json.dumps({"tasks": tasks, "steps": told}))
    return 0


def _people() -> tuple[Any, Any]:
    from rest_framework.test import APIClient

    from hub.accounts.access import Actor
    from hub.accounts.models import Membership, Person, Workspace
    from hub.accounts.tokens import make_token

    place = Workspace.objects.create(slug="benchmark", name="Benchmark")

    def client(name: str) -> Any:
        person = Person.objects.create(username=name, password="!")
        Membership.objects.create(person=person, workspace=place, roles=["approver"])
        made = APIClient()
        made.raise_request_exception = True
        _, text = make_token(Actor.member(person, place), name="benchmark", roles=("approver",), expires_at=None)
        made.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
        return made

    return client("ada"), client("ben")


def _ask(tasks: int, ada: Any, ben: Any) -> None:
    """Questions as `approvals.ask` makes them, many at a time."""
    from django.db import connection

    from hub.accounts.models import Person, Workspace
    from workflows.engine.questions import digest_of
    from workflows.models import Approval, ApprovalTask

    place = Workspace.objects.get()
    people = list(Person.objects.order_by("username"))
    stages = [
        {"name": "Legal", "need": 1, "approvers": {"people": ["ada", "ben"], "roles": [], "from": None}},
    ]
    for first in range(0, tasks, 5000):
        made = []
        for number in range(first, min(first + 5000, tasks)):
            title = f"Approve Letter {number} of customer {number * 7919 % tasks} in emea-prod"
            shown = [{"label": "Resource", "value": f"Letter {number}"}]
            made.append(
                Approval(
                    workspace=place, title=title, subject=f"emea-prod/{number}", shown=shown, stages=stages,
                    digest=digest_of(title, shown, stages), requester_name="amara.diallo@Northwind",
                )
            )  # fmt: skip
        Approval.objects.bulk_create(made)
        ApprovalTask.objects.bulk_create(
            ApprovalTask(approval=each, stage=0, person=person, is_open=True)
            for number, each in enumerate(made, first)
            for person in (people if number % USUAL_PART == 0 else people[:1])
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _works(api: Any, tasks: int) -> dict[str, Callable[[], Any]]:
    def asked(address: str) -> Any:
        answer = api.get(address)
        assert answer.status_code == 200, answer.content
        return answer.json()

    cursor = ""
    for _ in range(4):
        cursor = asked(f"/api/v1/inbox?limit=200&cursor={cursor}")["next_cursor"] or cursor

    def decide() -> None:
        row = asked("/api/v1/approvals?mine=true&limit=1")["items"][0]
        seen = asked(f"/api/v1/approvals/{row['id']}")
        body = {"approve": True, "digest": seen["digest"]}
        answer = api.post(f"/api/v1/approvals/{row['id']}/decide", body, format="json")
        assert answer.status_code == 200, answer.content

    return {
        "first page of 50": lambda: asked("/api/v1/inbox"),
        "fifth page of 200": lambda: asked(f"/api/v1/inbox?limit=200&cursor={cursor}"),
        "search, one is found": lambda: asked(f"/api/v1/inbox?search=Letter {tasks // 200 * 100} of"),
        "search, nothing is found": lambda: asked("/api/v1/inbox?search=no such letter"),
        "find the next, look, decide": decide,
    }


def _measured(who: str, what: str, work: Callable[[], Any], times: int, postgres: int) -> dict[str, Any]:
    work()
    seconds, cpu = [], time.process_time() + cpu_of_tree(postgres)
    for _ in range(times):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    spent = (time.process_time() + cpu_of_tree(postgres) - cpu) / times
    ordered = sorted(seconds)
    return {
        "who": who, "what": what, "median_ms": round(statistics.median(seconds) * 1000, 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1000, 1), "cpu_ms": round(spent * 1000, 1),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:4])))
