"""Wanted, last applied, actual: whether a difference came from above, or from somebody at the target. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from workflows.reconcile.differences import Difference

Body = dict[str, Any]
WHOLE = ""
"""In policies: the object itself, and every attribute that is not named."""
Last = Callable[[Any, str, Sequence[str]], Mapping[str, Body | None]]
"""What was last applied of objects with these keys, by connection and resource; None: that it is not there."""


class Policy(StrEnum):
    """What becomes of something that was changed at the target behind our back."""

    ENFORCE = "enforce"
    """It is changed back."""
    REPORT = "report"
    """It stands in the plan, and is not changed back."""
    ADOPT = "adopt"
    """It stays as it is, until what is wanted changes."""
    IGNORE = "ignore"
    """It stays as it is, whatever is wanted."""


DRIFTED = "It was changed at the target after it was last applied."
CONFLICT = "It was changed at the target after it was last applied, and something else is wanted now."
_REPORTED = f"{DRIFTED} It is reported and not changed back."


def nothing_known(connection: Any, resource: str, keys: Sequence[str]) -> Mapping[str, Body | None]:
    return {}


def settle(
    found: Difference, known: Mapping[str, Body | None], policies: Mapping[str, Policy]
) -> tuple[Difference | None, str]:
    """The difference that is left once the policies had their say (None: none), and why it is held, if it is.

    Of what was never applied nothing can have drifted.
    """
    if found.before is None or found.after is None:
        return _of_existence(found, known, policies.get(WHOLE, Policy.ENFORCE))
    last = known.get(found.key)
    after, reported, drifted = dict(found.after), False, False
    for name in {*found.before, *found.after}:
        wanted, actual = found.after.get(name), found.before.get(name)
        policy = policies.get(name, policies.get(WHOLE, Policy.ENFORCE))
        if wanted == actual:
            continue
        has_drifted = last is not None and actual != last.get(name)
        drifted |= has_drifted
        if policy is Policy.IGNORE or (policy is Policy.ADOPT and last is not None and wanted == last.get(name)):
            after[name] = actual
        reported |= policy is Policy.REPORT and has_drifted
    if after == found.before:
        return None, ""
    said = {"drift": DRIFTED if found.after == last else CONFLICT} if drifted else {}
    return replace(found, after=after, cause=found.cause | said), _REPORTED if reported else ""


def _of_existence(
    found: Difference, known: Mapping[str, Body | None], policy: Policy
) -> tuple[Difference | None, str]:
    """Somebody made it, or took it away: then that is what is not as it was last applied."""
    if policy is Policy.IGNORE:
        return None, ""
    drifted = found.key in known and (known[found.key] is None) != (found.before is None)
    if not drifted:
        return found, ""
    if policy is Policy.ADOPT:
        return None, ""
    return replace(found, cause=found.cause | {"drift": DRIFTED}), _REPORTED if policy is Policy.REPORT else ""
