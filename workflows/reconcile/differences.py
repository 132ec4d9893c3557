"""What is, against what should be. Pure, and set-wise: the target streams past what is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hub.sdk import Record


@dataclass(frozen=True)
class Wanted:
    """One object as it should be, and why."""

    body: dict[str, Any]
    cause: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Unit:
    """Where a person belongs (a department, a place in the tree), told among what is wanted."""

    subject: str
    name: str


@dataclass(frozen=True)
class Difference:
    """One change that would make one object as it should be."""

    operation: str
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    cause: dict[str, Any]


def differences(
    wanted: dict[str, Wanted], actual: Iterable[Record], *, gone: dict[str, Any] | None = None
) -> Iterator[Difference]:
    """The changes that lead from `actual` to `wanted`: updates and deletions as it streams by, then creations.

    `gone` is the cause given for what is not wanted any more. Nothing is yielded twice for one key; an object that
    the target lists twice is looked at once.
    """
    seen: set[str] = set()
    for key, body in actual:
        if key in seen:
            continue
        seen.add(key)
        should = wanted.get(key)
        if should is None:
            yield Difference("delete", key, body, None, gone or {"reason": "Nothing asks for it."})
        elif should.body != body:
            yield Difference("update", key, body, should.body, should.cause)
    for key, should in wanted.items():
        if key not in seen:
            yield Difference("create", key, None, should.body, should.cause)
