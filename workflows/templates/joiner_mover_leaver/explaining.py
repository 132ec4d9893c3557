"""Why one person gets what they get: each step from the directory to what is wanted, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.reconcile.rules import Row, Terms, value_of


class Explanation:
    """Sentences in the order in which things are decided."""

    def __init__(self) -> None:
        self.steps: list[dict[str, str]] = []

    def say(self, step: str, said: str) -> None:
        self.steps.append({"step": step, "said": said})

    def found(self, person: Mapping[str, Any]) -> None:
        name = f", {person['display_name']}" if person["display_name"] else ""
        self.say("found", f"{person['id']}{name}, is in the directory: {person['location']}.")

    def not_found(self, name: str) -> None:
        self.say("found", f"There is nobody {name} in the directory. Nothing is wanted for them.")

    def stands(self, person: Mapping[str, Any], terms: Terms, counts: bool, why: str) -> None:
        dates = [f"{name} is {value_of(person, name) or 'empty'}" for name in (terms.start_field, terms.end_field)
                 if name]  # fmt: skip
        state = "disabled" if person["disabled"] else "enabled"
        said = f"The account is {state}{'; ' if dates else ''}{', '.join(dates)}."
        self.say("standing", f"{said} {why or ('They count.' if counts else 'They do not count.')}")

    def rule(self, row: Row, person: Mapping[str, Any], ways: Mapping[str, tuple[str, ...]]) -> None:
        if row.matches(person):
            because = "; ".join(f"{name} is {_shown(value_of(person, name), ways)}" for name in row.when)
            self.say("rule", f"Rule {row.number} fits ({because}): it gives {', '.join(row.groups)}.")
            return
        failing = (
            f"{name} is {_shown(value_of(person, name), {})}, not {' or '.join(values)}"
            for name, values in row.when.items()
            if not Row(row.number, {name: values}, ()).matches(person)
        )
        self.say("rule", f"Rule {row.number} does not fit: {'; '.join(failing)}.")


def _shown(value: Any, ways: Mapping[str, Sequence[str]]) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(" > ".join(ways.get(each, (each,))) for each in value) or "empty"
    return str(value) if value else "empty"
