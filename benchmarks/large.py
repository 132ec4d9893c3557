"""A million items through read, filter, transform, group: `manage.py benchmark large`. See README.md beside this."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="manage.py benchmark large", description=__doc__)
    asked.add_argument("--items", type=int, default=1_000_000)
    asked.add_argument("--sort", action="store_true", help="with distinct and sort in between")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args(arguments)
    from hub.operations.local.postgres import Postgres
    from hub.operations.local.valkey import Valkey

    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="lgl-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        postgres = Postgres(place / "pg", place / "r", place / "pg.log")
        valkey = Valkey(place / "vk", place / "r", place / "vk.log")
        try:
            postgres.start()
            valkey.start()
            env = dict(os.environ) | {"DATABASE_URL": postgres.url, "REDIS_URL": valkey.url, "LOCKGATE_DATA": folder}
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=env, check=True
            )
            command = [sys.executable, "-m", "benchmarks.large_steps", str(given.items), str(int(given.sort))]
            done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
        finally:
            valkey.stop()
            postgres.stop()
    told: dict[str, Any] = {"load_before": round(load_before, 1), **json.loads(done.stdout.splitlines()[-1])}
    if given.json:
        print(json.dumps(told, indent=2))
        return 0
    print(f"{told['items']:,} items; load before the start {told['load_before']}")
    for step in told["steps"]:
        spent = f"{step['wall_s']} s, {step['cpu_s']} s of our processor time"
        print(f"  {step['step']}: {spent}, peak {step['peak_mb']} MB")
    print(f"  stored {told['stored_mb']} MB for {told['json_mb']} MB of JSON")
    print(f"  peak of the process {told['peak_mb']} MB, of it {told['before_mb']} MB before the first step")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
