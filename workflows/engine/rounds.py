"""A loop: the steps inside are done again and again, until an expression is true or the limit is reached."""

from __future__ import annotations

from typing import Any

from hub.expr import ExpressionError
from workflows.engine.items import Items
from workflows.engine.kinds import expression_error
from workflows.planning.moves import Moves
from workflows.planning.states import RunState, StepState

UNTIL, LIMIT = "until", "limit"


class Rounds(Items):
    """The rounds of one loop under way, kept as the items of a for-each are."""

    @property
    def is_full(self) -> bool:
        last = self.rows.get(len(self.rows) - 1)
        is_over = last is not None and (last.port == UNTIL or last.state == StepState.FAILED)
        return bool(self.open) or is_over or len(self.rows) >= int(self.step.settings["limit"])

    def item(self, index: int) -> Any:
        """What the round before gave; in the first one what the loop starts with."""
        return self.journal.keeper.open(self.rows[index - 1], "output") if index else self.input.get("start")

    def end(self, index: int, moves: Moves) -> None:
        inner, held = self.open[index], self.rows[index]
        if moves.outcome is RunState.FAILED:
            return super().end(index, moves)
        try:
            result = self.result_of(inner, held)
            is_met = bool(inner.evaluator(held)(self.step.settings["until"], "settings/until"))
        except ExpressionError as wrong:
            self.journal.fail(held, None, expression_error(wrong) | {"step": ""})
        else:
            self.journal.succeed(held, None, result, UNTIL if is_met else "ok")
        del self.open[index]
        return None

    def conclude(self) -> None:
        del self.frame.parts[self.step.id]
        last = self.rows[len(self.rows) - 1]
        if last.state == StepState.FAILED:
            error = last.error or {}
            message = f"Round {len(self.rows) - 1}: {error.get('message', '')}"
            return self.journal.fail(self.row, None, error | {"message": message})
        output = {"result": self.journal.keeper.open(last, "output"), "rounds": len(self.rows)}
        return self.journal.succeed(self.row, None, output, "ok" if last.port == UNTIL else LIMIT)
