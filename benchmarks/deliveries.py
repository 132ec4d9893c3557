"""Telling many people once: `manage.py benchmark deliveries [--kills 5] [--size large] [--json]`.

The members of two departments are told through a real SMTP server, by two senders at a time; one is killed with
SIGKILL now and then. Counted is what the mail server took: nobody twice, and nobody missing who is not in doubt.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from typing import Any

from aiosmtpd.controller import Controller

from benchmarks.stage import ROOT, Stage, stage

STEPS = "benchmarks.deliveries_steps"
SENDERS = 2


class Sink:
    """Takes everything, and keeps who it was for."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.update(envelope.rcpt_tos)
        return "250 Taken"


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="manage.py benchmark deliveries")
    asked.add_argument("--kills", type=int, default=5)
    asked.add_argument("--size", choices=["sample", "large"], default="large")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args(arguments)
    load, sink = os.getloadavg()[0], Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with stage(given.size) as held:
            made = held.run(STEPS, "prepare", json.dumps(held.about), str(port))
            began = time.monotonic()
            killed = _send(held, sink, made["planned"], given.kills)
            seconds = time.monotonic() - began
            unknown = set(held.run(STEPS, "unknown")["addresses"])
            missing = set(made["addresses"]) - set(sink.taken)
            held.run(STEPS, "settle", json.dumps(sorted(unknown & set(sink.taken))))
    finally:
        controller.stop()
    made_up = {
        "recipients": made["planned"], "resolving_seconds": made["seconds"], "sending_seconds": round(seconds, 1),
        "by_second": round(made["planned"] / seconds), "killed": killed, "in_doubt": len(unknown),
        "missing_before_settling": len(missing), "missing_and_not_in_doubt": len(missing - unknown),
        "twice": sum(count > 1 for count in sink.taken.values()),
        "missing_after_settling": len(set(made["addresses"]) - set(sink.taken)), "load_before": load,
    }  # fmt: skip
    print(json.dumps(made_up) if given.json else "\n".join(f"{name}: {value}" for name, value in made_up.items()))
    return 1 if made_up["twice"] or made_up["missing_and_not_in_doubt"] or made_up["missing_after_settling"] else 0


def _send(held: Stage, sink: Sink, planned: int, kills: int) -> int:
    """Let senders work, and kill one each time another part of the work is done; how many were killed."""

    def sender() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", STEPS, "send"], cwd=ROOT, env=held.env, stdout=subprocess.DEVNULL
        )

    pick, killed = random.Random(3), 0
    running = [sender() for _ in range(SENDERS)]
    while any(each.poll() is None for each in running):
        if killed < kills and sink.taken.total() > planned * (killed + 1) / (kills + 2):
            chosen = pick.choice([each for each in running if each.poll() is None])
            os.kill(chosen.pid, signal.SIGKILL)
            chosen.wait()
            running[running.index(chosen)] = sender()
            killed += 1
        time.sleep(0.02)
    return killed


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
