"""The steps of the audit benchmark: `python -m benchmarks.audit_steps RECORDS PEOPLE PID_OF_POSTGRESQL`."""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import django

from benchmarks.measuring import cpu_of_tree

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 120
GROUPS, DOMAINS, RESOURCES = 200, 20, 2000
ASKED = 300


def main(records: int, people: int, postgres: int) -> int:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from hub.accounts.access import Actor
    from hub.accounts.models import Workspace
    from hub.audit.chains import check_evidence
    from hub.audit.evidence import acting, context, seeing, services
    from hub.audit.evidence.appending import append

    call_command("migrate", verbosity=0)
    workspace = Workspace.objects.create(slug="benchmark", name="Benchmark")
    told: dict[str, Any] = {"records": records, "people": people}
    _directory(workspace, people)
    tenth, began, cpu = max(1, records // 10), time.perf_counter(), _cpu(postgres)
    append(workspace.id, "exstream", _jobs(0, records - tenth, people))
    last = time.perf_counter()
    append(workspace.id, "exstream", _jobs(records - tenth, records, people))
    ended = time.perf_counter()
    told["cpu_us_a_record"] = round((_cpu(postgres) - cpu) / records * 1e6)
    told["added_per_second"] = round(records / (ended - began))
    told["last_added_per_second"] = round(tenth / (ended - last))
    told["known_per_second"] = round(
        tenth / _seconds(lambda: append(workspace.id, "exstream", _jobs(0, tenth, people)))
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_evidence")
    began, cpu = time.perf_counter(), _cpu(postgres)
    verdict = check_evidence(workspace.id)
    told |= {
        "cpu_us_a_check": round((_cpu(postgres) - cpu) / verdict.count * 1e6, 1),
        "verified_per_second": round(verdict.count / (time.perf_counter() - began)),
        "whole": verdict.whole,
    }
    pick = random.Random(3)
    actor = Actor.system(workspace)

    def who() -> str:
        return f"u{pick.randrange(people)}@Northwind"

    def when() -> datetime:
        return START + timedelta(days=pick.randrange(1, DAYS), hours=12)

    told["questions"] = {
        "what somebody could see at a time, and why": _asked(
            lambda: seeing.could_see(workspace.id, who(), when()), postgres
        ),
        "who somebody was at a time": _asked(lambda: context.context_of(workspace.id, who(), when()), postgres),
        "who did what to a job": _asked(
            lambda: acting.acts_about(workspace.id, job=f"job{pick.randrange(records)}"), postgres
        ),
    }
    chosen = {"kind": "job", "since": START.isoformat(), "until": (START + timedelta(seconds=10_000)).isoformat()}
    began = time.perf_counter()
    pack = services.create_pack(actor, title="Benchmark", chosen=chosen)
    told |= {"pack_seconds": round(time.perf_counter() - began, 1), "packed": pack.manifest["records"]}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('audit_evidence'), count(*) FROM audit_evidence")
        size, count = cursor.fetchone()
    print(json.dumps({**told, "bytes_per_record": round(size / count)}))
    return 0


def _directory(workspace: Any, people: int) -> None:
    """A directory and a tenant that were read at the start and every thirty days, with a twentieth changed."""
    from hub.audit.evidence.collecting import Collection, collect
    from hub.sdk import Proof, Record

    kinds: dict[str, dict[str, Any]] = {
        "person": {"fields": {"person": "id"}, "of_people": True},
        "group": {"fields": {"subject": "id"}},
        "group-role": {"fields": {"domain": "domain", "subject": "group"}},
        "role": {"fields": {"subject": "name"}},
        "resource": {"fields": {"domain": "domain", "subject": "id"}},
    }
    for month in range(DAYS // 30):
        pick = random.Random(month)
        made: dict[str, list[Record]] = {
            "group": [
                Record(f"g{each}", {"id": f"g{each}@Northwind", "member_of": [f"g{each // 2}"]})
                for each in range(GROUPS)
            ],
            "person": [
                Record(
                    f"p{each}",
                    {
                        "id": f"u{each}@Northwind", "department": "Claims", "mail": f"u{each}@northwind.example",
                        "member_of": [f"g{(each + (month if each % 20 == 0 else 0) + step * 37) % GROUPS}"
                                      for step in range(3)],
                    },
                )
                for each in range(people)
            ],
            "group-role": [
                Record(
                    f"d{each}|g{group}|designer",
                    {"domain": f"d{each}", "group": f"g{group}@Northwind", "role": "designer"},
                )
                for each in range(DOMAINS)
                for group in {pick.randrange(GROUPS) for _ in range(5)}
            ],
            "role": [Record("designer", {"name": "designer", "appPermissions": "COMM_DESIGNER"})],
            "resource": [
                Record(
                    f"d{each % DOMAINS}|r{each}|1",
                    {"domain": f"d{each % DOMAINS}", "id": f"r{each}", "name": f"R {each}"},
                )
                for each in range(RESOURCES)
            ],
        }  # fmt: skip
        for kind, records in made.items():
            wanted = Collection(
                name=f"benchmark/{kind}", source="exstream", stream=f"exstream.{kind}", scope={}, kind=kind,
                is_state=True, **kinds[kind],
            )  # fmt: skip
            proof = Proof(complete=True, count=len(records))
            collect(workspace, wanted, records, proof, began=START + timedelta(days=30 * month))


def _jobs(first: int, last: int, people: int) -> Iterator[Any]:
    from hub.audit.evidence.facts import ACTS, Fact, parted

    for number in range(first, last):
        by, at = f"u{number % people}@Northwind", START + timedelta(seconds=number)
        domain = f"d{number % DOMAINS}"
        body = {
            "domain": domain, "id": f"job{number}", "status": "complete", "channel": "statements", "mode": "BATCH",
            "triggeredBy": by, "startDate": at.isoformat(), "endDate": at.isoformat(), "msg": None,
        }  # fmt: skip
        yield Fact("job", f"{domain}|job{number}", parted(body, ACTS, by), at, domain, "", f"job{number}")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _cpu(postgres: int) -> float:
    """Of this process and of the server."""
    return time.process_time() + cpu_of_tree(postgres)


def _asked(question: Callable[[], object], postgres: int) -> dict[str, float]:
    cpu = _cpu(postgres)
    took = sorted(_seconds(question) * 1000 for _ in range(ASKED))
    return {
        "cpu_ms": round((_cpu(postgres) - cpu) / ASKED * 1000, 1),
        "median_ms": round(took[ASKED // 2], 1),
        "p99_ms": round(took[int(ASKED * 0.99)], 1),
    }


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
