"""Starts a process of the hub whose clock is wrong: `python -m tests.chaos.skewed 600 manage.py scheduler`.

Everything in it that asks what time it is gets an answer that is so many seconds ahead; less than none is behind.
"""

from __future__ import annotations

import runpy
import sys
import time
from datetime import datetime, timedelta

from django.utils import timezone


def main() -> None:
    _, seconds, program, *arguments = sys.argv
    ahead, of_day, right = float(seconds), time.time, timezone.now

    def now() -> datetime:
        return right() + timedelta(seconds=ahead)

    time.time = lambda: of_day() + ahead
    timezone.now = now
    sys.argv = [program, *arguments]
    if program.endswith(".py"):
        runpy.run_path(program, run_name="__main__")
    else:
        runpy.run_module(program, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
