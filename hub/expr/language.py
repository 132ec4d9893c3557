"""The language: the only module that knows which library evaluates it."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

import jlens

# Steps, not only time, so that the same expression fails alike on a fast and on a slow machine.
BOUNDS: dict[str, Any] = {
    "timeout": 0.5,
    "max_depth": 200,
    "max_steps": 5_000_000,
    "max_string_length": 1_000_000,
    "max_array_length": 100_000,
    "max_result_size": 2_000_000,
}
LONGEST_SOURCE = 20_000


class ExpressionError(Exception):
    """An expression cannot be read, or has no value. `place` is where it stands, such as "input/mail"."""

    def __init__(self, message: str, *, expression: str = "", place: str = "", position: int | None = None) -> None:
        where = f"{place}: " if place else ""
        super().__init__(f"{where}{message}")
        self.message = message
        self.expression = expression
        self.place = place
        self.position = position


class Expression:
    """One expression, read once. May be shared by threads."""

    def __init__(self, source: str) -> None:
        """Raises ExpressionError when this is not JSONata."""
        self.source = source.strip()
        if not self.source:
            raise ExpressionError("The expression is empty. Write one, or remove the braces.", expression=source)
        if len(self.source) > LONGEST_SOURCE:
            raise ExpressionError(f"The expression is longer than {LONGEST_SOURCE} characters.")
        try:
            self._compiled = jlens.Expression(self.source)
        except jlens.JlensError as error:
            raise self._trouble(error) from None

    def evaluate(self, scope: dict[str, Any], *, now: datetime | None = None, seed: int | None = None) -> Any:
        """The value. `now` and `seed` make a run repeatable.

        Raises ExpressionError when the evaluation fails, hits a bound, or finds nothing: a value that is not there
        is never silently empty. `a ?? "default"` says what to take instead; an explicit null is a value.
        """
        value = self._run(self._compiled, scope, now, seed)
        if value is None and self._run(_in_brackets(self.source), scope, now, seed) == []:
            raise ExpressionError(
                f"{self.source} has no value here. Check the name, or write a default: {self.source} ?? null.",
                expression=self.source,
            )
        return value

    def _run(self, compiled: Any, scope: dict[str, Any], now: datetime | None, seed: int | None) -> Any:
        try:
            return compiled.evaluate(scope, now=now, seed=seed, **BOUNDS)
        except jlens.JlensError as error:
            raise self._trouble(error) from None
        except (TypeError, ValueError) as error:
            raise ExpressionError(f"{self.source} cannot be evaluated: {error}.", expression=self.source) from None

    def _trouble(self, error: Any) -> ExpressionError:
        position = getattr(error, "position", None)
        text = str(error).strip().rstrip(".")
        return ExpressionError(f"{self.source[:200]}: {text}.", expression=self.source, position=position)


@lru_cache(maxsize=2000)
def compiled(source: str) -> Expression:
    """The expression, read once per process. Raises ExpressionError."""
    return Expression(source)


@lru_cache(maxsize=2000)
def _in_brackets(source: str) -> Any:
    # An array of an absent value is empty, an array of null is not.
    return jlens.Expression(f"[({source}\n)]")
