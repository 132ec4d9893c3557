"""What a decision costs: `manage.py benchmark rules [--rows 1000] [--people 100000] [--json]`.

One process, no database: the table is made ready once, then asked about one person after another.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

from workflows.rules import Rules, analyse, parse
from workflows.rules.evaluation import NoRow

COUNTRIES, GROUPS = 30, 200


def table(rows: int, match: str) -> dict[str, Any]:
    """Business units, countries, groups, amounts and dates, as a routing table of an insurer has them."""
    pick = random.Random(1)
    made = [
        {
            "when": {
                "unit": f"unit-{number % max(1, rows // 10)}",
                "country": [f"c{pick.randrange(COUNTRIES)}" for _ in range(5)],
                "groups": [f"g{pick.randrange(GROUPS)}" for _ in range(10)],
                "amount": {"min": pick.randrange(5) * 1000},
                "since": {"min": f"20{pick.randrange(10, 26)}-01-01"},
            },
            "give": {"queue": f"q{number % 40}"},
        }
        for number in range(rows)
    ]
    columns = [{"name": "unit"}, {"name": "country"}, {"name": "groups", "kind": "group"},
               {"name": "amount", "kind": "number"}, {"name": "since", "kind": "date"}]  # fmt: skip
    return {"match": match, "columns": columns, "rows": made}


def people(count: int, rows: int) -> Iterator[dict[str, Any]]:
    pick = random.Random(2)
    for _ in range(count):
        yield {
            "unit": f"unit-{pick.randrange(max(1, rows // 10))}",
            "country": f"c{pick.randrange(COUNTRIES)}",
            "groups": [f"g{pick.randrange(GROUPS)}" for _ in range(15)],
            "amount": pick.randrange(10_000),
            "since": f"20{pick.randrange(10, 26)}-{pick.randrange(1, 13):02}-15",
        }


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="manage.py benchmark rules")
    asked.add_argument("--rows", type=int, default=1000)
    asked.add_argument("--people", type=int, default=100_000)
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args(arguments)
    held = list(people(given.people, given.rows))
    told: dict[str, Any] = {"rows": given.rows, "people": given.people, "load_before": round(os.getloadavg()[0], 1)}
    told["steps"] = [_measured(f"{match} match", table(given.rows, match), held) for match in ("first", "all")]
    if given.json:
        print(json.dumps(told, indent=2))
        return 0
    print(f"{told['rows']} rows, {told['people']} people; load before the start {told['load_before']}")
    for each in told["steps"]:
        print(
            f"{each['step']}: {each['wall_seconds']} s, {each['cpu_seconds']} s CPU, "
            f"{each['decisions_per_second']} decisions a second of CPU, {each['without_a_row']} without a row; "
            f"made ready in {each['ready_seconds']} s, looked through in {each['analysed_seconds']} s"
        )
    return 0


def _measured(step: str, given: dict[str, Any], held: list[dict[str, Any]]) -> dict[str, Any]:
    began = time.process_time()
    parsed = parse(given)
    rules = Rules(parsed)
    ready = time.process_time()
    analyse(parsed)
    analysed = time.process_time()
    wall, without = time.perf_counter(), 0
    for person in held:
        try:
            rules.decide(person)
        except NoRow:
            without += 1
    cpu, wall = time.process_time() - analysed, time.perf_counter() - wall
    return {
        "step": step,
        "wall_seconds": round(wall, 2),
        "cpu_seconds": round(cpu, 2),
        "decisions_per_second": round(len(held) / cpu) if cpu else None,
        "without_a_row": without,
        "ready_seconds": round(ready - began, 3),
        "analysed_seconds": round(analysed - ready, 3),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
