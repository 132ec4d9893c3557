"""What one problem is, what a document may name, and how a schema's complaint is put into words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from jsonschema import ValidationError

from hub.sdk.schemas import limit_in_words
from hub.sdk.sentence import Sentence
from workflows.graph.graph import Step

_KINDS_OF_VALUE = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


@dataclass(frozen=True)
class Problem:
    """One thing wrong. `step` is empty for the whole document; `field` is a path such as "input/mail"."""

    code: str
    message: str
    step: str = ""
    field: str = ""
    hint: str = ""


def of_step(step: Step, code: str, said: str, field: str, hint: str = "", /, **values: Any) -> Problem:
    """A problem of one step; {step} in the sentence is what people call it."""
    return Problem(code, Sentence(said, step=step.title, **values), step.id, field, hint)


class Catalog(Protocol):
    """What a document may name."""

    @property
    def actions(self) -> Mapping[str, Mapping[str, Any]]:
        """The input's JSON Schema of every action, by "<connector>.<action>"."""

    @property
    def connections(self) -> Mapping[str, str]:
        """The connector of every connection, by slug."""

    @property
    def reconciles(self) -> Mapping[str, Mapping[str, Any]]:
        """The parameters' JSON Schema of every reconcile, by name."""

    @property
    def workflows(self) -> Mapping[str, bool]:
        """Whether it has a published version, of every workflow by slug."""

    @property
    def workflow(self) -> str:
        """The slug of the document's own workflow, or nothing."""


def close_to(name: Any, offered: Iterable[str]) -> str:
    """A hint for a misspelt name, or nothing."""
    close = difflib.get_close_matches(name, list(offered), n=1) if isinstance(name, str) and name else []
    return Sentence('Did you mean "{name}"?', name=close[0]) if close else ""


def names(steps: Iterable[str]) -> str:
    """Names in a sentence."""
    return ", ".join(f'"{step}"' for step in steps)


def complaint(error: ValidationError) -> str:
    """What a schema says against a value, as the end of a sentence. A secret is not quoted."""
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    said: Any = error.validator_value
    match error.validator:
        case "type":
            wanted = [said] if isinstance(said, str) else said
            return Sentence("must be {kinds}", kinds=_or([_KINDS_OF_VALUE.get(kind, kind) for kind in wanted]))
        case "enum":
            return Sentence("must be one of {names}", names=names(map(str, said)))
        case "additionalProperties" | "unevaluatedProperties":
            return Sentence("has fields that are not known here: {names}", names=names(unknown_fields(error)))
        case "required":
            return Sentence("lacks {names}", names=names(missing_fields(error)))
        case _ if schema.get("writeOnly"):
            return Sentence("is not as it should be")
        case "anyOf" | "oneOf":
            return Sentence("is of none of the kinds that are possible here")
        case _:
            words = limit_in_words(str(error.validator), said, schema)
            return words or Sentence(
                "is wrong: {why}", why=error.message if len(error.message) < 200 else error.message[:200] + "…"
            )


def _or(kinds: Sequence[str]) -> str:
    """One kind, or the other."""
    first, *others = map(Sentence, kinds)
    return Sentence("{first} or {other}", first=first, other=_or(others)) if others else first


def missing_fields(error: ValidationError) -> list[str]:
    """The fields that `required` complains of: those of the list that are missing."""
    wanted: Any = error.validator_value
    held: Any = error.instance
    missing = [name for name in wanted if name not in held]
    # There is one error for each of them.
    return [name for name in missing if error.message.startswith(repr(name))] or missing


def unknown_fields(error: ValidationError) -> list[str]:
    """The fields that `additionalProperties` complains of."""
    known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
    held: Any = error.instance
    return [str(name) for name in held if name not in known]
