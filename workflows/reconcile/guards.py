"""What stops a plan, or a kind of change in it, before anything is written. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hub.sdk import Proof
from workflows.reconcile.thresholds import Count, Held, History, Threshold, exceeded, no_history

_HELD = " These are held, and everything else goes on."


@dataclass(frozen=True)
class Limits:
    """How much a plan may take away. None means no limit of that kind."""

    removals: int | None = 50
    removals_percent: float | None = 10
    percent_from: int = 5
    """The percentage speaks from this many removals on: one of two locks is no mass removal."""
    shrunken_percent: float | None = 20
    """How much smaller than the last complete reading a source may be."""
    thresholds: tuple[Threshold, ...] = ()
    """Further limits, by operation, by unit and over time."""


@dataclass(frozen=True)
class Verdict:
    guard: str
    passed: bool
    message: str
    warning: bool = False
    """It passed, but whoever decides about the plan should know."""
    holds: Held | None = None
    """The class of changes that is not applied; None when a verdict that did not pass refuses the whole plan."""


@dataclass(frozen=True)
class Source:
    """A reading that decides what is wanted, with the size of the last complete one (None: there was none)."""

    name: str
    proof: Proof
    last_count: int | None = None


def judge(
    sources: Iterable[Source],
    limits: Limits,
    counts: Iterable[Count],
    managed: Mapping[int, int],
    history: History = no_history,
) -> list[Verdict]:
    """What every guard says. Each target is measured by itself: many objects elsewhere excuse nothing.

    `managed` says of each target how many objects its scope holds.
    """
    believed = list(sources)
    found = [verdict for source in believed for verdict in _of_source(source, limits)]
    found += [
        Verdict("directory", True, f"{source.name}: {said}", warning=True)
        for source in believed
        for said in source.proof.warnings
    ]
    counted = list(counts)
    found += _of_removals(limits, counted, managed)
    return found + [
        Verdict("threshold", False, f"{said}{_HELD}", holds=held)
        for held, said in exceeded(limits.thresholds, counted, history)
    ]


def _of_source(source: Source, limits: Limits) -> list[Verdict]:
    proof = source.proof
    if not proof.complete:
        why = "; ".join(each.rstrip(".") for each in proof.problems) or "its end was not reached"
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


def _of_removals(limits: Limits, counts: list[Count], managed: Mapping[int, int]) -> Iterator[Verdict]:
    for target, name in dict.fromkeys((each.target, each.name) for each in counts):
        removals = sum(each.count for each in counts if (each.target, each.operation) == (target, "delete"))
        yield _removed(limits, Held(target, "delete"), name, removals, managed.get(target, 0))


def _removed(limits: Limits, removing: Held, name: str, removals: int, managed: int) -> Verdict:
    share = 100 * removals / managed if managed else 0
    said = f"{name}: {removals} of {managed} objects would be removed ({share:.0f} %)."
    if limits.removals is not None and removals > limits.removals:
        return Verdict("removals", False, f"{said} The limit is {limits.removals}.{_HELD}", holds=removing)
    if limits.removals_percent is not None and removals >= limits.percent_from and share > limits.removals_percent:
        return Verdict(
            "removals", False, f"{said} The limit is {limits.removals_percent:g} %.{_HELD}", holds=removing
        )
    return Verdict("removals", True, said)
