"""The states of runs and steps: a sentence for each, and the one table of allowed moves."""

from __future__ import annotations

from enum import StrEnum

from workflows.planning.approvals import APPROVAL_MOVES, APPROVAL_SENTENCES


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StepState(StrEnum):
    READY = "ready"
    RUNNING = "running"
    WAITING = "waiting"
    IN_DOUBT = "in_doubt"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


RUN_SENTENCES: dict[RunState, str] = {
    RunState.QUEUED: "Stored, and waiting for a worker.",
    RunState.RUNNING: "A worker is carrying it out.",
    RunState.WAITING: "Nothing can be done now: a step waits for a time, another try, or a person.",
    RunState.SUCCEEDED: "Every step that was to be done is done.",
    RunState.FAILED: "A step failed, and nothing caught it.",
    RunState.CANCELLED: "Somebody stopped it; no further step was started.",
}
STEP_SENTENCES: dict[StepState, str] = {
    StepState.READY: "What it needs is there; it is carried out next.",
    StepState.RUNNING: "A worker is carrying it out.",
    StepState.WAITING: "It is tried again, or goes on, at a known time or when something else has ended.",
    StepState.IN_DOUBT: "Its write may or may not have happened. A person decides, with the evidence.",
    StepState.SUCCEEDED: "It is done, and its output is stored.",
    StepState.FAILED: "It could not be done, and is not tried again.",
    StepState.SKIPPED: "No way led to it.",
    StepState.CANCELLED: "The run was stopped before it ended.",
}
RUN_MOVES: dict[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.CANCELLED}),
    RunState.RUNNING: frozenset(
        {RunState.QUEUED, RunState.WAITING, RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED}
    ),
    RunState.WAITING: frozenset({RunState.QUEUED, RunState.RUNNING, RunState.CANCELLED}),
    RunState.SUCCEEDED: frozenset(),
    RunState.FAILED: frozenset({RunState.QUEUED}),
    RunState.CANCELLED: frozenset(),
}
STEP_MOVES: dict[StepState, frozenset[StepState]] = {
    # What only computes is never seen running; nor is what an earlier run has done.
    StepState.READY: frozenset({StepState.RUNNING, StepState.SUCCEEDED, StepState.FAILED, StepState.CANCELLED}),
    StepState.RUNNING: frozenset(
        {StepState.SUCCEEDED, StepState.FAILED, StepState.WAITING, StepState.IN_DOUBT, StepState.CANCELLED}
    ),
    StepState.WAITING: frozenset({StepState.READY, StepState.SUCCEEDED, StepState.FAILED, StepState.CANCELLED}),
    StepState.IN_DOUBT: frozenset({StepState.READY, StepState.SUCCEEDED, StepState.FAILED, StepState.CANCELLED}),
    StepState.SUCCEEDED: frozenset(),
    StepState.FAILED: frozenset({StepState.READY}),
    StepState.SKIPPED: frozenset(),
    StepState.CANCELLED: frozenset(),
}
ENDED_RUNS = frozenset({RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED})
OPEN_STEPS = frozenset({StepState.READY, StepState.RUNNING, StepState.WAITING, StepState.IN_DOUBT})


def page() -> str:
    """The reference page, as `docs/reference/states.md` holds it."""
    lines = [
        "# States of runs, steps and approvals", "",
        "Printed from `workflows/planning/`; a test fails when the two differ.", "",
    ]  # fmt: skip
    tables = (
        ("Runs", RUN_SENTENCES, RUN_MOVES),
        ("Steps", STEP_SENTENCES, STEP_MOVES),
        ("Approvals", APPROVAL_SENTENCES, APPROVAL_MOVES),
    )
    for title, sentences, moves in tables:
        lines += [f"## {title}", "", "| State | Meaning | Can become |", "| --- | --- | --- |"]
        table: dict[StrEnum, frozenset[StrEnum]] = dict(moves)  # type: ignore[arg-type]
        for state, sentence in sentences.items():
            following = ", ".join(other for other in type(state) if other in table[state]) or "nothing else"
            lines.append(f"| {state} | {sentence} | {following} |")
        lines.append("")
    return "\n".join(lines)
