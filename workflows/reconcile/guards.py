"""What stops a plan before anything is written. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hub.sdk import Proof


@dataclass(frozen=True)
class Limits:
    """How much a plan may take away. None means no limit of that kind."""

    removals: int | None = 50
    removals_percent: float | None = 10
    percent_from: int = 5
    """The percentage speaks from this many removals on: one of two locks is no mass removal."""
    shrunken_percent: float | None = 20
    """How much smaller than the last complete reading a source may be."""


@dataclass(frozen=True)
class Verdict:
    guard: str
    passed: bool
    message: str
    warning: bool = False
    """It passed, but whoever decides about the plan should know."""


@dataclass(frozen=True)
class Source:
    """A reading that decides what is wanted, with the size of the last complete one (None: there was none)."""

    name: str
    proof: Proof
    last_count: int | None = None


@dataclass(frozen=True)
class Removals:
    """How many objects of one target would go, of all that its scope holds."""

    name: str
    count: int
    managed: int


def judge(sources: Iterable[Source], limits: Limits, removals: Iterable[Removals]) -> list[Verdict]:
    """What every guard says. Each target is measured by itself: many objects elsewhere excuse nothing."""
    found = [verdict for source in sources for verdict in _of_source(source, limits)]
    return found + [_of_removals(limits, each) for each in removals]


def _of_source(source: Source, limits: Limits) -> list[Verdict]:
    proof = source.proof
    if not proof.complete:
        why = "; ".join(proof.problems) or "its end was not reached"
        return [
            Verdict("complete", False, f"The reading of {source.name} is not complete: {why}. Nothing is changed.")
        ]
    if proof.count == 0:
        return [
            Verdict("empty", False, f"{source.name} is empty. An empty source is never believed; check its filter.")
        ]
    verdicts = [Verdict("complete", True, f"{source.name} was read to its end: {proof.count} records.")]
    last, most = source.last_count, limits.shrunken_percent
    if last and most is not None and proof.count < last:
        lost = 100 * (last - proof.count) / last
        said = f"{source.name} has {proof.count} records, {lost:.0f} % fewer than the last complete reading ({last})."
        allowed = f" At most {most:g} % may be missing."
        verdicts.append(Verdict("shrunken", lost <= most, said + ("" if lost <= most else allowed)))
    return verdicts


def _of_removals(limits: Limits, asked: Removals) -> Verdict:
    removals = asked.count
    share = 100 * removals / asked.managed if asked.managed else 0
    said = f"{asked.name}: {removals} of {asked.managed} objects would be removed ({share:.0f} %)."
    if limits.removals is not None and removals > limits.removals:
        return Verdict("removals", False, f"{said} The limit is {limits.removals}.")
    if limits.removals_percent is not None and removals >= limits.percent_from and share > limits.removals_percent:
        return Verdict("removals", False, f"{said} The limit is {limits.removals_percent:g} %.")
    return Verdict("removals", True, said)
