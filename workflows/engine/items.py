"""A for-each: items opened in order, so many at a time, each carried to its own end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hub.expr import ExpressionError
from workflows.engine.frames import Frame, evaluator, path, scope
from workflows.engine.journal import Journal
from workflows.engine.kinds import PURE, Evaluate, decide, expression_error, setting_error, values_of
from workflows.engine.overtime import Patience
from workflows.graph.graph import ERROR, Graph, Step
from workflows.models import Attempt, Run, RunStep
from workflows.planning.moves import Done, Failed, Moves, Outcome, Skipped, verdict
from workflows.planning.states import RunState, StepState

MOST_ITEMS = 10_000
"""Of a body with steps that are stored one by one."""
Error = dict[str, Any]


def only_computes(step: Step) -> bool:
    """Whether all items can be gone through here and now."""
    return step.kind == "each" and all(inner.kind in PURE for inner in step.inner.steps.values())


def begin(journal: Journal, frame: Frame, step: Step, row: RunStep, attempt: Attempt) -> None:
    """The list is known: go through it item by item."""
    items = _list(journal, row)
    if len(items) > MOST_ITEMS:
        raise ValueError(f"{len(items)} items are more than {MOST_ITEMS}. Split the list.")
    journal.await_items(row, attempt)
    frame.parts.setdefault(step.id, {})


def _list(journal: Journal, row: RunStep) -> list[Any]:
    items = (journal.keeper.open(row, "input") or {}).get("items")
    if not isinstance(items, list):
        raise TypeError("a for-each needs a list to go through.")
    return items


def compute(journal: Journal, frame: Frame, step: Step, row: RunStep, patience: Patience) -> None:
    """Go through a list whose body only computes. Nothing leaves and nothing is stored in between: a worker that dies
    has it computed again, to the same end."""
    results, errors = _computed(frame, step, frame.origin(row), _list(journal, row), patience)
    _conclude(journal, step, row, results, errors)


def _conclude(journal: Journal, step: Step, row: RunStep, results: list[Any], errors: list[Error]) -> None:
    if errors and step.settings.get("on_error", "stop") == "stop":
        first = errors[0]
        error = first["error"]
        message = f"Item {first['index']}: {error['message']}"
        return journal.fail(row, None, error | {"message": message, "detail": {"item": first["index"]}})
    return journal.succeed(row, None, {"items": results, "errors": errors})


def _computed(
    frame: Frame, step: Step, row: RunStep, items: list[Any], patience: Patience
) -> tuple[list[Any], list[Error]]:
    around = scope(frame.run, {}) | frame.names
    outer, body = frame.outputs(step.id), step.inner
    results: list[Any] = []
    errors: list[Error] = []
    for index, item in enumerate(items):
        outputs = dict(outer)
        names = around | {"steps": outputs, "item": item, "index": index}
        evaluate = patience.of(evaluator(row, names, index, keeper=frame.keeper))
        error = _run_through(body, evaluate, outputs, {})
        if error is None:
            try:
                results.append(_result(step, outputs, evaluate))
                continue
            except ExpressionError as wrong:
                error = expression_error(wrong) | {"step": ""}
        results.append(None)
        errors.append({"index": index, "error": error})
        if step.settings.get("on_error", "stop") == "stop":
            break
    return results, errors


def _run_through(
    body: Graph, evaluate: Evaluate, outputs: dict[str, Any], history: dict[str, Outcome]
) -> Error | None:
    for name in body.order:
        if verdict(body, name, history) == "skip":
            history[name] = Skipped()
            continue
        step = body.steps[name]
        try:
            output, port = decide(step, values_of(step, evaluate), evaluate)
        except ExpressionError as wrong:
            error = expression_error(wrong)
        except (TypeError, ValueError) as wrong:
            error = setting_error(step, wrong)
        else:
            history[name], outputs[name] = Done(port), output
            continue
        history[name] = Failed()
        if not any(edge.port == ERROR for edge in body.outgoing[name]):
            return {"step": name, "title": step.title} | error
    return None


@dataclass(frozen=True)
class Seen:
    """What one step did for one item of a for-each that only computes."""

    step: str
    outcome: Outcome
    input: Any = None
    output: Any = None
    error: Error | None = None


def looked_into(run: Run, step: Step, row: RunStep, outer: dict[str, Any], index: int) -> list[Seen]:
    """What the steps inside did for one item: computed again, to the same end, because it is not kept.

    What is masked stays so.
    """
    outputs = dict(outer)
    names = scope(run, outputs) | {"item": (row.input or {})["items"][index], "index": index}
    history: dict[str, Outcome] = {}
    error = _run_through(step.inner, evaluator(row, names, index), outputs, history)
    made = []
    for name in step.inner.order:
        if name in history:
            inner = step.inner.steps[name]
            failed = error if error and error["step"] == name else None
            given = _input_of(inner, evaluator(row, names, index))
            made.append(Seen(name, history[name], given, outputs.get(name), failed))
    return made


def _input_of(step: Step, evaluate: Evaluate) -> Any:
    try:
        return values_of(step, evaluate)
    except ExpressionError:
        return None


def _result(step: Step, outputs: dict[str, Any], evaluate: Any) -> Any:
    """What an item gives: the expression for it, or what the body's end steps gave."""
    if "result" in step.settings:
        return evaluate(step.settings["result"], "settings/result")
    ends = step.inner.ends
    if len(ends) == 1:
        return outputs.get(ends[0])
    return {end: outputs[end] for end in ends if end in outputs}


# Item by item


class Items:
    """The items of one for-each under way."""

    def __init__(self, journal: Journal, frame: Frame, step: Step, row: RunStep) -> None:
        self.journal, self.frame, self.step, self.row = journal, frame, step, row
        self.rows = journal.item_rows(row)
        self._has_failed = any(held.state == StepState.FAILED for held in self.rows.values())
        self.open = frame.parts.setdefault(step.id, {})
        self.input = journal.keeper.open(row, "input") or {}
        for index, held in self.rows.items():
            if held.state == StepState.WAITING:
                rows = journal.steps_at(held.item, step.inner.steps)
                self.open[index] = frame.part(step, index, self.item(index), rows)

    def item(self, index: int) -> Any:
        """What the steps inside see as item."""
        return self.input["items"][index]

    @property
    def is_full(self) -> bool:
        """Whether no further item may begin now."""
        stops = self.step.settings.get("on_error", "stop") == "stop"
        return (
            len(self.open) >= int(self.step.settings.get("concurrency", 1))
            or len(self.rows) >= len(self.input["items"])
            or (stops and self._has_failed)
        )

    def begin_next(self) -> int:
        index = len(self.rows)
        self.rows[index] = self.journal.open_item(self.row, path(self.row.item, index))
        self.open[index] = self.frame.part(self.step, index, self.item(index), {})
        return index

    def end(self, index: int, moves: Moves) -> None:
        """An item has come to its end: note what it gave, or why it failed."""
        inner, held = self.open.pop(index), self.rows[index]
        if moves.outcome is RunState.FAILED:
            failed = inner.rows[moves.failed_step]
            title = inner.graph.steps[moves.failed_step].title
            self._has_failed = True
            return self.journal.fail(held, None, {"step": moves.failed_step, "title": title} | (failed.error or {}))
        try:
            result = self.result_of(inner, held)
        except ExpressionError as wrong:
            error = expression_error(wrong) | {"step": ""}
            self._has_failed = True
            return self.journal.fail(held, None, error)
        return self.journal.succeed(held, None, result)

    def result_of(self, inner: Frame, held: RunStep) -> Any:
        """What an item gives. Raises ExpressionError."""
        return _result(self.step, inner.outputs(), inner.evaluator(held))

    def conclude(self) -> None:
        """Every item has ended, or one failed and no further one begins."""
        rows = [self.rows[index] for index in sorted(self.rows)]
        errors = [
            {"index": index, "error": held.error} for index, held in enumerate(rows) if held.state == StepState.FAILED
        ]
        del self.frame.parts[self.step.id]
        outputs = [self.journal.keeper.open(held, "output") for held in rows]
        _conclude(self.journal, self.step, self.row, outputs, errors)
