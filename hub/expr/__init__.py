"""Expressions (JSONata 2.2): `{{ ... }}` inside text, `=` before a whole value. Bounded and strict."""

from hub.expr.language import Expression, ExpressionError, Reads, compiled
from hub.expr.values import evaluate, expressions_in, is_expression, literal, problems

__all__ = [
    "Expression",
    "ExpressionError",
    "Reads",
    "compiled",
    "evaluate",
    "expressions_in",
    "is_expression",
    "literal",
    "problems",
]
