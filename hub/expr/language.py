"""The language: the only module that knows which library evaluates it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
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
LARGEST_EXACT = 2**53 - 1


class ExpressionError(Exception):
    """An expression cannot be read, or has no value. `place` is where it stands, such as "input/mail"."""

    def __init__(self, message: str, *, expression: str = "", place: str = "", position: int | None = None) -> None:
        where = f"{place}: " if place else ""
        super().__init__(f"{where}{message}")
        self.message = message
        self.expression = expression
        self.place = place
        self.position = position


@dataclass(frozen=True)
class Reads:
    """What an expression reads. `paths` are one or two names long, such as ("steps", "find"); empty when it may read
    anything. `variables` are those ($name) that nothing sets."""

    paths: frozenset[tuple[str, ...]]
    variables: frozenset[str]


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
        if value is None:
            self._refuse_nothing(scope, now, seed)
        if _is_inexact(value):
            raise ExpressionError(
                f"{self.source[:200]} gives a whole number beyond {LARGEST_EXACT}, which JSONata cannot keep. "
                "Send it as text.",
                expression=self.source,
            )
        return value

    @cached_property
    def reads(self) -> Reads:
        """What it reads of its scope, as far as the text tells."""
        said = self._compiled.reads()
        names: Any = said.get("input", {})
        # The library takes what follows a join (@$) or a parent (%) for a part of what stands before it.
        vague = names is True or said.get("everyBinding") or "@$" in self.source or "%" in self.source
        paths: set[tuple[str, ...]] = set()
        for first, inner in ({} if vague else names).items():
            paths |= {(first, second) for second in inner} if isinstance(inner, dict) and inner else {(first,)}
        return Reads(frozenset(paths), frozenset() if said.get("everyBinding") else frozenset(said["bindings"]))

    def _refuse_nothing(self, scope: dict[str, Any], now: datetime | None, seed: int | None) -> None:
        """The library gives None for null, for nothing, and for a function that was not called."""
        match self._run(_type_of(self.source), scope, now, seed):
            case None:
                message = (
                    f"{self.source} has no value here. Check the name, or write a default: {self.source} ?? null."
                )
            case "function":
                message = f"{self.source} is a function. Call it: {self.source}()."
            case _:
                return
        raise ExpressionError(message, expression=self.source)

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


def as_text(value: Any) -> str:
    """A value inside text, written as JSONata's own $string writes it; null is empty."""
    if value is None or isinstance(value, str):
        return value or ""
    return str(_STRING.evaluate(value, **BOUNDS))


_STRING = jlens.Expression("$string($$)")


@lru_cache(maxsize=2000)
def _type_of(source: str) -> Any:
    return jlens.Expression(f"$type(({source}\n))")


def _is_inexact(value: Any) -> bool:
    if isinstance(value, str | bool | float):
        return False
    waiting = [value]
    while waiting:
        match waiting.pop():
            case bool():
                pass
            case int(number) if abs(number) > LARGEST_EXACT:
                return True
            case list(items):
                waiting.extend(items)
            case dict(fields):
                waiting.extend(fields.values())
    return False
