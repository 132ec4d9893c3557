"""Who may decide about what is asked, and what the decisions come to. Pure.

A stage needs so many of its people. Stages are asked one after the other, or all at once. One no in an open stage
ends it all. A deputy decides in somebody's place: the place is taken, and the deputy is who decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class ApprovalState(StrEnum):
    """What became of a question to people."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


APPROVAL_SENTENCES = {
    ApprovalState.OPEN: "It waits for decisions.",
    ApprovalState.APPROVED: "Every stage has the decisions that it needs.",
    ApprovalState.REJECTED: "Somebody said no.",
    ApprovalState.EXPIRED: "The deadline passed before it was decided.",
    ApprovalState.WITHDRAWN: "It is not asked any more: its run ended, or something newer took its place.",
}
APPROVAL_MOVES = {
    state: frozenset(ApprovalState) - {state} if state is ApprovalState.OPEN else frozenset()
    for state in ApprovalState
}


@dataclass(frozen=True)
class Stage:
    """`places` are the people who may decide, themselves or by a deputy."""

    name: str
    need: int
    places: frozenset[str]


@dataclass(frozen=True)
class Rules:
    """What was asked, of whom."""

    stages: Sequence[Stage]
    parallel: bool = False
    requester: str = ""
    allow_same_person: bool = False


@dataclass(frozen=True)
class Decision:
    """One decision: `person` decided, in the place of `place` (their own, or one they are deputy of)."""

    stage: int
    person: str
    place: str
    approve: bool


@dataclass(frozen=True)
class Standing:
    """What the decisions come to. `missing` counts, for each stage, the decisions that it still needs."""

    state: ApprovalState
    open_stages: tuple[int, ...]
    missing: tuple[int, ...]


@dataclass(frozen=True)
class May:
    """Whether somebody may decide in a stage: in whose place, or why not."""

    stage: int
    place: str = ""
    reason: str = ""

    @property
    def allowed(self) -> bool:
        return not self.reason


def standing(rules: Rules, decisions: Iterable[Decision], *, late: bool = False) -> Standing:
    """The state after these decisions. A deadline that passed ends only what is not decided."""
    made = list(decisions)
    missing = tuple(
        max(0, stage.need - sum(each.approve and each.stage == number for each in made))
        for number, stage in enumerate(rules.stages)
    )
    if any(not each.approve for each in made):
        return Standing(ApprovalState.REJECTED, (), missing)
    wanting = [number for number, count in enumerate(missing) if count]
    if not wanting:
        return Standing(ApprovalState.APPROVED, (), missing)
    if late:
        return Standing(ApprovalState.EXPIRED, (), missing)
    return Standing(ApprovalState.OPEN, tuple(wanting if rules.parallel else wanting[:1]), missing)


def may_decide(
    rules: Rules, decisions: Iterable[Decision], person: str, stands_in_for: Iterable[str] = (), *, late: bool = False
) -> list[May]:
    """For each stage, whether this person may decide in it now. `stands_in_for` are those they are deputy of."""
    made = list(decisions)
    now = standing(rules, made, late=late)
    others = sorted(set(stands_in_for) - {person})
    return [_may(rules, made, now, number, person, others) for number in range(len(rules.stages))]


def _may(rules: Rules, made: list[Decision], now: Standing, number: int, person: str, others: Sequence[str]) -> May:
    stage = rules.stages[number]
    if now.state is not ApprovalState.OPEN:
        return May(number, reason=f"This was decided: it is {now.state}.")
    if person == rules.requester:
        return May(number, reason="You asked for this, so somebody else decides.")
    if any(each.person == person and each.stage == number for each in made):
        return May(number, reason=f'You have decided in the stage "{stage.name}" already.')
    if number not in now.open_stages:
        waits = bool(now.missing[number])
        first = rules.stages[now.open_stages[0]].name
        said = f'waits for the stage "{first}"' if waits else "has the decisions that it needs"
        return May(number, reason=f'The stage "{stage.name}" {said}.')
    taken = {each.place for each in made if each.stage == number}
    if not rules.allow_same_person:
        taken |= {each.place for each in made}
    offered = [place for place in (person, *others) if place in stage.places and place != rules.requester]
    if not offered:
        return May(number, reason=f'You are not asked in the stage "{stage.name}", and nobody\'s deputy in it.')
    if not rules.allow_same_person and any(each.person == person for each in made):
        return May(number, reason="You have decided in another stage: nobody fills two.")
    free = [place for place in offered if place not in taken]
    if not free:
        return May(number, reason=f'Whoever you would decide for in the stage "{stage.name}" has decided already.')
    return May(number, free[0])


def lacking(rules: Rules) -> str:
    """Why there are not enough people for all stages, in a sentence; empty when there are."""
    for stage in rules.stages:
        able = stage.places - {rules.requester}
        if len(able) < stage.need:
            return (
                f'The stage "{stage.name}" needs {stage.need}, but only {len(able)} can decide in it'
                f"{' (whoever asks is not counted)' if rules.requester in stage.places else ''}."
            )
    if not rules.allow_same_person and not _can_be_filled(rules):
        return "Nobody fills two stages, and there are not enough different people for all of them."
    return ""


def _can_be_filled(rules: Rules) -> bool:
    """Whether every needed decision finds a person of its own (augmenting paths)."""
    wanted = [number for number, stage in enumerate(rules.stages) for _ in range(stage.need)]
    held: dict[str, int] = {}

    def place(slot: int, seen: set[str]) -> bool:
        for person in rules.stages[wanted[slot]].places - {rules.requester}:
            if person not in seen:
                seen.add(person)
                if person not in held or place(held[person], seen):
                    held[person] = slot
                    return True
        return False

    return all(place(slot, set()) for slot in range(len(wanted)))


def digest_parts(title: str, shown: Sequence[Mapping[str, object]], stages: Sequence[Mapping[str, object]]) -> object:
    """What the digest of a question covers: all that a person sees when they decide."""
    return [title, list(shown), [[stage.get("name"), stage.get("need")] for stage in stages]]
