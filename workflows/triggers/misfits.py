"""What a trigger's schema says against what it was given, as errors of the API."""

from __future__ import annotations

from collections.abc import Iterable

from jsonschema import ValidationError

from hub.api.errors import FieldProblem
from hub.sdk.sentence import Sentence
from workflows.graph.problem import complaint, missing_fields


def misfits(wrong: Iterable[ValidationError], base: str = "") -> list[FieldProblem]:
    """Each at its field; `base` is the JSON pointer of the value."""
    found: list[FieldProblem] = []
    for error in wrong:
        code = str(error.validator)
        if error.validator == "required":
            for name in missing_fields(error):
                where = _pointer(base, [*error.absolute_path, name])
                found.append({"pointer": where, "code": code, "detail": Sentence("This is missing.")})
        else:
            where = _pointer(base, error.absolute_path)
            found.append(
                {
                    "pointer": where,
                    "code": code,
                    "detail": Sentence("The value {complaint}.", complaint=complaint(error)),
                }
            )
    return found


def _pointer(base: str, path: Iterable[str | int]) -> str:
    return base + "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
