"""The benchmarks run; what they measure is for people to judge."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.repeating import said, together

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.durability, pytest.mark.timeout(400)]


def benchmark(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "benchmark", *arguments]
    return subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True)


def test_the_reconcile_benchmark_measures_each_step_beside_its_limit() -> None:
    done = benchmark("reconcile", "--size", "sample", "--json")

    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    steps = {each["step"]: each for each in told["steps"]}
    assert next(iter(steps)) == "limit: read all pages once"
    assert steps["plan, nothing changed"]["said"]["changes"] == 0
    assert steps["apply 10 changes"]["said"] == {"applied": 10}
    assert all(each["peak_mb"] > 0 and each["wall_seconds"] > 0 for each in told["steps"])


def test_the_benchmark_of_webhooks_stands_beside_what_the_machine_can_do() -> None:
    done = benchmark("webhooks", "--seconds", "1", "--json")

    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert (
        [each["connections"] for each in told["loads"]]
        == [each["connections"] for each in told["limits"]]
        == [10, 50]
    )
    assert all(each["finished_per_second"] > 0 for each in told["loads"])
    assert all(value > 0 for each in told["limits"] for value in each.values())
    assert told["answered_with_the_result"]["runs_per_second"] > 0


def test_figures_that_were_measured_several_times_have_a_median_and_a_spread() -> None:
    series = [{"a": {"p50": each}, "loads": [{"n": each * 2}], "whole": True} for each in (3, 1, 2)]
    assert together(series) == {
        "a": {"p50": {"median": 2, "least": 1, "most": 3}},
        "loads": [{"n": {"median": 4, "least": 2, "most": 6}}],
        "whole": True,
    }
    assert said(together([1100, 1000])) == "1,050 (1,000-1,100)"
    assert said(7.5) == "7.5"


def test_a_benchmark_that_does_not_exist_is_answered_with_those_that_do() -> None:
    done = benchmark("speed")

    assert done.returncode == 2
    assert "reconcile" in done.stderr


def test_the_benchmark_of_evidence_says_what_a_record_and_a_question_cost() -> None:
    done = benchmark("audit", "--records", "2000", "--people", "50", "--json")

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["whole"]
    assert told["added_per_second"] > 0
    assert len(told["questions"]) == 3


def test_the_benchmark_of_rules_says_what_a_decision_costs() -> None:
    done = benchmark("rules", "--rows", "50", "--people", "500", "--json")

    assert done.returncode == 0, done.stderr
    steps = json.loads(done.stdout)["steps"]
    assert [each["step"] for each in steps] == ["first match", "all match"]
    assert all(0 < each["without_a_row"] < 500 for each in steps)
