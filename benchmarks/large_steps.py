"""The process that `large.py` measures: one worker, one run; the shop of the tests is the service that is read."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db.models import Sum  # noqa: E402

from hub.accounts.access import Actor  # noqa: E402
from hub.accounts.models import Workspace  # noqa: E402
from hub.connections.models import Connection  # noqa: E402
from hub.vault import seal  # noqa: E402
from tests.shop_connector.service import shop  # noqa: E402
from tests.workflows.drawing import drawn  # noqa: E402
from workflows.engine import doing, executor  # noqa: E402
from workflows.engine.claiming import claim  # noqa: E402
from workflows.engine.contents import streaming  # noqa: E402
from workflows.models import Content, Run  # noqa: E402
from workflows.services.runs import start_run  # noqa: E402
from workflows.services.workflows import create_workflow, publish  # noqa: E402

_taken: list[dict[str, Any]] = []


class Shelf(dict[str, Any]):
    """As long as is asked for, made while it is read."""

    count = 0

    def items(self) -> Iterator[tuple[str, Any]]:  # type: ignore[override]
        for number in range(self.count):
            yield (
                f"{number}",
                {"name": f"customer number {number}, {'north' if number % 3 else 'south'}", "count": number},
            )


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def timed(name: str, function: Any, *given: Any, **more: Any) -> Any:
    wall, cpu = time.perf_counter(), time.process_time()
    made = function(*given, **more)
    spent = time.process_time() - cpu
    _taken.append(
        {"step": name, "wall_s": round(time.perf_counter() - wall, 1), "cpu_s": round(spent, 1), "peak_mb": peak_mb()}
    )
    return made


def main() -> None:
    count, sorts = int(sys.argv[1]), sys.argv[2] == "1"
    settings.CONNECTOR_PATHS = [str(settings.BASE / "tests" / "shop_connector")]
    shop.shelf = Shelf()
    shop.shelf.count = count
    actor = Actor.system(Workspace.objects.create(slug="large", name="Large"))
    held = Connection(workspace=actor.workspace, name="Shop", slug="shop", connector="shop")
    held.sealed = seal({"token": "t-123456"}, held.place)
    held.save()
    create_workflow(actor, slug="large", document=document(sorts))
    publish(actor, "large", revision=1)
    run = start_run(actor, "large", payload={})
    work, read = streaming.work, doing._CARRIED_OUT["read"]
    vars(streaming)["work"] = lambda step, *given, **more: timed(step.id, work, step, *given, **more)
    doing._CARRIED_OUT["read"] = lambda *given: timed("read", read, *given)
    before = peak_mb()
    for each in claim():
        executor.carry_out(each)
    run = Run.objects.get(id=run.id)
    assert run.state == "succeeded", run.error
    total: Any = run.steps.get(step="total").output
    assert sum(each["count"] for each in total) == len(range(0, count, 2)), total
    stored = Content.objects.aggregate(stored=Sum("stored_bytes"), whole=Sum("bytes"))
    print(
        json.dumps(
            {
                "items": count, "steps": _taken, "before_mb": before, "peak_mb": peak_mb(),
                "stored_mb": round(stored["stored"] / 1e6), "json_mb": round(stored["whole"] / 1e6),
            }
        )
    )  # fmt: skip


def document(sorts: bool) -> dict[str, Any]:
    value = {"id": "=item.count", "region": "=$substringAfter(item.name, ', ')", "amount": "=item.count % 100"}
    give = [{"name": "count", "of": "count"}, {"name": "sum", "of": "sum", "value": "=item.amount"}]
    steps: dict[str, Any] = {
        "read": {"kind": "read", "settings": {"connection": "shop", "stream": "shop.shelf"}},
        "some": {"kind": "filter", "settings": {"items": "=steps.read.records", "where": "=item.count % 2 = 0"}},
        "made": {"kind": "transform", "settings": {"items": "=steps.some", "value": value}},
        "once": {"kind": "distinct", "settings": {"items": "=steps.made", "by": "=item.id"}},
        "order": {
            "kind": "sort",
            "settings": {
                "items": "=steps.once",
                "by": [{"value": "=item.amount"}, {"value": "=item.id", "order": "descending"}],
            },
        },
        "total": {
            "kind": "group",
            "settings": {"items": "=steps.order" if sorts else "=steps.made", "by": "=item.region", "give": give},
        },
    }
    picture = "read -> some -> made -> once -> order -> total" if sorts else "read -> some -> made -> total"
    return drawn(picture, **steps)


if __name__ == "__main__":
    main()
