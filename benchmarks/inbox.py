"""An inbox with much in it: `manage.py benchmark inbox [--tasks 100000] [--json]`.

Somebody is asked everything, somebody else a hundredth of it. Both list, turn pages, search and decide by API, in one
process; the processor time is ours and PostgreSQL's together.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

from benchmarks.stage import bare

STEPS = "benchmarks.inbox_steps"


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="manage.py benchmark inbox")
    asked.add_argument("--tasks", type=int, default=100_000)
    asked.add_argument("--times", type=int, default=50)
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args(arguments)
    load = round(os.getloadavg()[0], 1)
    with bare() as held:
        server = str(held.servers["postgresql"])
        told = {"load_before": load, **held.run(STEPS, str(given.tasks), str(given.times), server)}
    if given.json:
        print(json.dumps(told, indent=2))
        return 0
    print(f"{told['tasks']} open tasks; load before the start {load}")
    for step in told["steps"]:
        print(
            f"{step['who']:10} {step['what']:28} median {step['median_ms']:7} ms, 95 of 100 within "
            f"{step['p95_ms']:7} ms; processor time {step['cpu_ms']:6} ms"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
