"""Which domains a scope gives somebody. Pure; what is not plainly given is not given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.expr import ExpressionError, compiled, evaluate

ACTS = (
    *("edit", "lock", "unlock", "promote", "publish", "unpublish"),
    *("stop", "release", "reprocess", "schedule", "trigger"),
)
REGION = "{region}"
ACROSS = "Across the border"
"""Of a question to people: the domains shown under this label are those that their approval grants."""


class ScopeError(ValueError):
    """A scope cannot be used. `field` says which part of it."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Scope:
    """Whom it means by a condition and a group, and what it gives them."""

    name: str
    condition: str
    group_pattern: str
    domains: Sequence[str]
    acts: Sequence[str]

    def check(self) -> None:
        """Raises ScopeError for what can never work, or would give everybody everything."""
        if not self.condition and not self.group_pattern:
            raise ScopeError("Say by a condition, a group or both whom this means.", "condition")
        if self.group_pattern.count(REGION) > 1:
            raise ScopeError("A group pattern has {region} once at most.", "group_pattern")
        if not self.domains:
            raise ScopeError("Name the domains.", "domains")
        if any(REGION in each for each in self.domains) and REGION not in self.group_pattern:
            raise ScopeError("Domains with {region} need a group pattern with {region}.", "domains")
        if unknown := sorted(set(self.acts) - set(ACTS)):
            raise ScopeError(f'There is no act "{unknown[0]}". There are: {", ".join(ACTS)}.', "acts")
        if self.condition:
            try:
                compiled(self.condition)
            except ExpressionError as wrong:
                raise ScopeError(f"The condition cannot be read: {wrong}", "condition") from None

    def gives(self, person: Mapping[str, Any], groups: Iterable[str], known: Iterable[str]) -> set[str]:
        """Those of the known domains that are this person's. Raises ScopeError for a condition that fails."""
        held = sorted(groups)
        if self.condition and not self._means(person, held):
            return set()
        regions = self._regions(held) if self.group_pattern else {""}
        patterns = [_pattern(each, region) for region in regions for each in self.domains]
        return {domain for domain in known if any(each.fullmatch(domain) for each in patterns)}

    def _means(self, person: Mapping[str, Any], groups: list[str]) -> bool:
        try:
            verdict = evaluate(f"={self.condition}", {**person, "groups": groups}, place="condition")
        except ExpressionError as wrong:
            raise ScopeError(f'The condition of "{self.name}" fails: {wrong}', "condition") from None
        if not isinstance(verdict, bool):
            raise ScopeError(
                f'The condition of "{self.name}" gives {verdict!r}, neither true nor false.', "condition"
            )
        return verdict

    def _regions(self, groups: list[str]) -> set[str]:
        before, found, after = self.group_pattern.partition(REGION)
        if not found:
            return {""} if self.group_pattern in groups else set()
        asked = re.compile(f"{re.escape(before)}([^@*{{}}]+){re.escape(after)}")
        return {met[1] for group in groups if (met := asked.fullmatch(group))}


def _pattern(domain: str, region: str) -> re.Pattern[str]:
    """Only the * of the scope stands for anything; one in a group's name is taken for what it is."""
    parts = re.split(r"(\*|\{region\})", domain)
    return re.compile("".join({"*": ".*", REGION: re.escape(region)}.get(part, re.escape(part)) for part in parts))
