"""What traces say of runs and steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hub.watch.traces import HEADER, RunTrace, current, is_on
from workflows.graph.graph import Step
from workflows.models import Run, RunStep


def trace_of(run: Run) -> RunTrace | None:
    """None while traces are off."""
    if not is_on():
        return None
    about = {
        "lockgate.run.id": str(run.id),
        "lockgate.workflow": run.workflow.slug,
        "lockgate.workspace.id": str(run.workspace_id),
    }
    return RunTrace(run.id, str(run.cause.get(HEADER, "")), about)


def begun(trace: RunTrace | None, step: Step, row: RunStep) -> RunTrace | None:
    """The step begins, and is traced until `ended`."""
    return None if trace is None else trace.begin(step.title, _about(step, row))


def ended(trace: RunTrace | None, row: RunStep) -> None:
    """The step has ended, or waits."""
    if trace is not None:
        trace.end(row.state, str((row.error or {}).get("code", "")))


@contextmanager
def seen(trace: RunTrace | None) -> Iterator[None]:
    """What is called in the block belongs to this trace."""
    if trace is None:
        yield
        return
    token = current.set(trace)
    try:
        yield
    finally:
        current.reset(token)


@contextmanager
def step(trace: RunTrace | None, step: Step, row: RunStep) -> Iterator[None]:
    """A step that is carried out in the block."""
    made = begun(trace, step, row)
    try:
        with seen(made):
            yield
    finally:
        ended(made, row)


def _about(step: Step, row: RunStep) -> dict[str, Any]:
    made = {"lockgate.step.id": step.id, "lockgate.step.kind": step.kind}
    for name, value in (("action", step.action), ("connection", step.connection), ("item", row.item)):
        if value:
            made[f"lockgate.step.{name}"] = value
    return made
