"""Large pages in a real browser: `manage.py benchmark pages [--steps 1000] [--changes 100000] [--times 5] [--json]`.

A flow is opened and moved about, a plan is opened, by somebody who is signed in; each time from the address to what
is asked for, with the files of the page in the cache. A browser without a graphics card draws with the processor.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

from benchmarks.stage import bare

STEPS = "benchmarks.pages_steps"


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="manage.py benchmark pages")
    asked.add_argument("--steps", type=int, default=1_000)
    asked.add_argument("--changes", type=int, default=100_000)
    asked.add_argument("--times", type=int, default=5)
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args(arguments)
    load = round(os.getloadavg()[0], 1)
    with bare() as held:
        told = held.run(STEPS, str(given.steps), str(given.changes), str(given.times))
    told = {"load_before": load, **told}
    if given.json:
        print(json.dumps(told, indent=2))
        return 0
    print(f"{given.steps} steps, {given.changes} changes; load before the start {load}")
    for what, wanted in (("flow_ms", "1,500"), ("plan_ms", "1,000")):
        figures = told[what]
        print(
            f"{what:10} median {figures['median']:6} ms, quickest {figures['least']:6} ms; wanted at most {wanted} ms"
        )
    pan = told["pan"]
    print(f"panning    {pan['fps']} frames a second, 95 of 100 within {pan['p95_ms']} ms; wanted 60 frames a second")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
