"""JSONata in JavaScript, beside ours: what it makes of an expression, and what we make of it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import jlens

from hub.expr import Expression, ExpressionError
from hub.operations.frontend import find_node

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ROOT / "frontend" / "node_modules"


@dataclass(frozen=True)
class Outcome:
    """A value, or why there is none. JSONata numbers its errors."""

    kind: Literal["value", "nothing", "function", "error"]
    value: Any = None
    code: str = ""


class Yardstick:
    """One Node process that answers line by line."""

    def __init__(self) -> None:
        node, _ = find_node(ROOT)
        script = Path(__file__).with_name("javascript.mjs")
        self._process = subprocess.Popen(
            [node, script, PACKAGES / "jsonata" / "package.json"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def evaluate(self, expression: str, data: Any) -> Outcome:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"expression": expression, "data": data}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return Outcome(answer["kind"], answer.get("value"), answer.get("code", ""))

    def stop(self) -> None:
        with self._process:
            self._process.terminate()


def ours(expression: str, data: Any) -> Outcome:
    """What `hub.expr` makes of it, in the same words."""
    try:
        return Outcome("value", Expression(expression).evaluate(data))
    except ExpressionError as error:
        if isinstance(error.__context__, jlens.JlensError):
            return Outcome("error", code=error.__context__.code)
        return Outcome("function" if "is a function" in error.message else "nothing")
