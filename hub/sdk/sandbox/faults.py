"""Misbehaviour that a sandbox is told to show: which requests it hits, how often, and what happens to them."""

from __future__ import annotations

import fnmatch
import itertools
import threading
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    """What happens to a request that is hit."""

    LATENCY = "latency"
    """The answer comes `seconds` late."""

    STATUS = "status"
    """Nothing is done; the answer is `status`, with Retry-After when `retry_after` is set."""

    HANG = "hang"
    """Nothing is done and nothing is said until the client gives up or `seconds` are over."""

    EXPIRED = "expired"
    """The ticket or token of this request counts as expired."""

    DROP_BEFORE = "drop_before"
    """The connection is cut before anything was done."""

    DROP_AFTER = "drop_after"
    """It is done and kept, then the connection is cut: the answer is lost."""

    CUT_BODY = "cut_body"
    """It is done; half of the body is sent, then the connection is cut."""

    FEWER_ROWS = "fewer_rows"
    """A list comes with half of its rows while its page marks pretend that nothing is missing."""

    GARBAGE = "garbage"
    """It is done; the body is not what its content type says."""


@dataclass(frozen=True)
class Fault:
    """One rule. `method` and `path` are shell patterns, `path` is compared with the path as it was sent."""

    kind: FaultKind
    method: str = "*"
    path: str = "*"
    times: int | None = None
    """How many requests are hit; None is every one, until the rule is removed."""
    after: int = 0
    """How many matching requests pass unharmed first."""
    seconds: float = 1.0
    status: int = 503
    retry_after: int | None = None
    id: str = ""

    @classmethod
    def read(cls, given: dict[str, Any]) -> Fault:
        """Make a rule from JSON. Raises ValueError with a sentence that names what is wrong."""
        known = {field.name: field for field in fields(cls) if field.name != "id"}
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise ValueError(f"A fault has no field {', '.join(unknown)}. Its fields are {', '.join(known)}.")
        try:
            kind = FaultKind(str(given.get("kind")))
        except ValueError:
            raise ValueError(f"Choose a kind of fault: {', '.join(FaultKind)}.") from None
        try:
            made = cls(
                kind=kind,
                method=str(given.get("method") or "*").upper(),
                path=str(given.get("path") or "*"),
                times=_whole(given.get("times")),
                after=_whole(given.get("after")) or 0,
                seconds=float(given.get("seconds") or 1.0),
                status=_whole(given.get("status")) or 503,
                retry_after=_whole(given.get("retry_after")),
            )
        except (TypeError, ValueError):
            raise ValueError("times, after, seconds, status and retry_after are numbers.") from None
        if made.times is not None and made.times < 1:
            raise ValueError("times is at least 1; leave it out to hit every request.")
        if not 400 <= made.status <= 599:
            raise ValueError("status is an error code, 400 to 599.")
        if made.seconds < 0 or made.after < 0 or (made.retry_after or 0) < 0:
            raise ValueError("seconds, after and retry_after are not negative.")
        return made

    def as_json(self) -> dict[str, Any]:
        """The rule as the control API shows it."""
        return asdict(self)


@dataclass
class _Rule:
    fault: Fault
    passed: int = 0
    hits: int = 0


class Faults:
    """The rules in force. They live in memory: a sandbox that is started again behaves well."""

    def __init__(self) -> None:
        self._rules: dict[str, _Rule] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def add(self, fault: Fault | FaultKind, **settings: Any) -> str:
        """Put a rule in force and answer its id. A kind with keyword settings makes the rule here."""
        if isinstance(fault, FaultKind):
            fault = Fault(kind=fault, **settings)
        with self._lock:
            name = f"fault-{next(self._numbers)}"
            self._rules[name] = _Rule(Fault(**{**asdict(fault), "id": name}))
        return name

    def remove(self, fault_id: str) -> bool:
        """Take a rule out of force. False when there is none of that id."""
        with self._lock:
            return self._rules.pop(fault_id, None) is not None

    def clear(self) -> None:
        """Take every rule out of force."""
        with self._lock:
            self._rules.clear()

    def shown(self) -> list[dict[str, Any]]:
        """The rules with how often each was met, spent ones too."""
        with self._lock:
            return [
                {**rule.fault.as_json(), "hits": rule.hits, "spent": _is_spent(rule)} for rule in self._rules.values()
            ]

    def hit(self, method: str, path: str) -> list[Fault]:
        """The faults that this request meets, oldest rule first. Counts them as met."""
        if not self._rules:
            return []
        met = []
        with self._lock:
            for rule in self._rules.values():
                if _is_spent(rule) or not _matches(rule.fault, method, path):
                    continue
                if rule.passed < rule.fault.after:
                    rule.passed += 1
                    continue
                rule.hits += 1
                met.append(rule.fault)
        return met


def _whole(value: Any) -> int | None:
    return None if value in (None, "") else int(value)


def _is_spent(rule: _Rule) -> bool:
    return rule.fault.times is not None and rule.hits >= rule.fault.times


def _matches(fault: Fault, method: str, path: str) -> bool:
    return fnmatch.fnmatchcase(method, fault.method) and fnmatch.fnmatchcase(path, fault.path)
