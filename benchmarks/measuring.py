"""Wall, processor time and memory of a piece of work: ours, and that of the servers beside us."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

MEBIBYTE = 2**20


@dataclass(frozen=True)
class Figures:
    """What one step took. `beside` is the processor time of each server meanwhile."""

    step: str
    wall_seconds: float
    cpu_seconds: float
    peak_mb: float
    rose_by_mb: float
    """How far the peak lies above what the process held before, with all code loaded."""
    beside: dict[str, float]
    said: dict[str, Any]


def measure(step: str, work: Callable[[], dict[str, Any]], servers: Mapping[str, int]) -> Figures:
    """Do the work in this process, which does nothing else, and say what it took. Servers are given by process id."""
    held, before = _memory("VmRSS"), {name: cpu_of_tree(pid) for name, pid in servers.items()}
    began, cpu = time.perf_counter(), time.process_time()
    said = work()
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    beside = {name: round(cpu_of_tree(pid) - before[name], 2) for name, pid in servers.items()}
    peak = _memory("VmHWM")
    return Figures(step, round(wall, 2), round(cpu, 2), round(peak, 1), round(peak - held, 1), beside, said)


def _memory(name: str) -> float:
    """Of this process. VmHWM is the highest VmRSS since this program began; getrusage would count our parent's."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024 / MEBIBYTE
    raise LookupError(name)


def cpu_of_tree(pid: int) -> float:
    """User and system seconds of a process, its children, and those of them that have ended."""
    root = psutil.Process(pid)
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total
