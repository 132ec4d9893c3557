"""What evidence costs: `manage.py benchmark audit [--records 1000000] [--people 10000] [--json]`.

A PostgreSQL of its own, as `manage.py up` starts it, with every commit kept. Jobs are added by the batch, by one
process; then the chain is recomputed, and questions about a time are asked of a directory that changed meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from hub.operations.local.postgres import Postgres

ROOT = Path(__file__).resolve().parents[1]
STEPS = "benchmarks.audit_steps"


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="manage.py benchmark audit")
    asked.add_argument("--records", type=int, default=1_000_000)
    asked.add_argument("--people", type=int, default=10_000)
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args(arguments)
    load = round(os.getloadavg()[0], 1)
    with tempfile.TemporaryDirectory(prefix="lgb-", ignore_cleanup_errors=True) as folder:
        postgres = Postgres(Path(folder) / "pg", Path(folder) / "r", Path(folder) / "postgres.log")
        postgres.start()
        try:
            env = dict(os.environ) | {
                "DATABASE_URL": postgres.url,
                "LOCKGATE_DATA": str(Path(folder) / "data"),
                "LOCKGATE_SECRET_KEY": "benchmark",
                "DJANGO_SETTINGS_MODULE": "hub.settings",
            }
            server = postgres.child.pid if postgres.child else 0
            command = [sys.executable, "-m", STEPS, str(given.records), str(given.people), str(server)]
            done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        finally:
            postgres.stop()
    if done.returncode != 0:
        return 1
    told = {"load_before": load, **json.loads(done.stdout.splitlines()[-1])}
    if given.json:
        print(json.dumps(told, indent=2))
        return 0
    print(f"{told['records']} records, {told['people']} people; load before the start {load}")
    print(f"added: {told['added_per_second']} a second, the last tenth {told['last_added_per_second']} a second")
    print(f"processor time of a record, ours and PostgreSQL's: {told['cpu_us_a_record']} us")
    print(f"nothing new: {told['known_per_second']} a second looked at")
    print(f"recomputing a record takes {told['cpu_us_a_check']} us of PostgreSQL's processor time")
    print(f"recomputed: {told['verified_per_second']} a second, whole: {told['whole']}")
    print(f"packed: {told['packed']} records in {told['pack_seconds']} s")
    for name, figures in told["questions"].items():
        print(
            f"{name}: median {figures['median_ms']} ms, 99 of 100 within {figures['p99_ms']} ms; "
            f"processor time {figures['cpu_ms']} ms"
        )
    print(f"on disk: {told['bytes_per_record']} bytes a record, with its indexes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
