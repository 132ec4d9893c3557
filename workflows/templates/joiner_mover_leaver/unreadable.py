"""What a plan says about first and last days that cannot be read. Nobody keeps access because of one in silence."""

from __future__ import annotations

from workflows.reconcile.guards import Verdict
from workflows.reconcile.rules import Unreadable

MOST_NAMED = 20
_MEANING = {
    Unreadable.NO_ACCESS: "They have no access until it can be read; named seats and locks stay.",
    Unreadable.IGNORE: "It counts as none, so access may outlast the real last day.",
    Unreadable.REFUSE: "The plan is refused until it can be read.",
}


class UnreadableDays:
    """Collects them while people stream by."""

    def __init__(self, meaning: Unreadable) -> None:
        self._meaning = meaning
        self._named: list[str] = []
        self._people = 0

    def note(self, person: str, wrong: list[str]) -> None:
        if wrong:
            self._people += 1
            if len(self._named) < MOST_NAMED:
                self._named.append(f"{person}: {' and '.join(wrong)}")

    def verdicts(self) -> list[Verdict]:
        """One, when there is something to say."""
        if not self._people:
            return []
        more = f"; and {self._people - len(self._named)} more" if self._people > len(self._named) else ""
        who = "1 person has" if self._people == 1 else f"{self._people} people have"
        named = "; ".join(self._named) + more
        said = f"{who} a first or last day that cannot be read. {_MEANING[self._meaning]} {named}."
        return [Verdict("dates", self._meaning is not Unreadable.REFUSE, said, warning=True)]
