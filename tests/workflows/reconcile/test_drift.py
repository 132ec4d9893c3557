"""What was wanted, what was last applied, and what is: who changed it, and what becomes of that."""

from __future__ import annotations

from typing import Any

import pytest

from workflows.reconcile.differences import Difference
from workflows.reconcile.drift import CONFLICT, DRIFTED, WHOLE, Policy, settle

ADD = Difference("create", "k", None, {"is": 1}, {"rule": 1})
TAKE = Difference("delete", "k", {"is": 1}, None, {"rule": 1})


def update(wanted: dict[str, Any], actual: dict[str, Any]) -> Difference:
    return Difference("update", "k", actual, wanted, {})


@pytest.mark.parametrize(("found", "last"), [(ADD, {"is": 1}), (TAKE, None)])
def test_what_somebody_took_away_or_made_again_goes_by_the_policy(found: Difference, last: Any) -> None:
    known = {"k": last}

    enforced, held = settle(found, known, {})
    assert enforced is not None
    assert (enforced.cause, held) == ({"rule": 1, "drift": DRIFTED}, "")
    reported, held = settle(found, known, {WHOLE: Policy.REPORT})
    assert reported == enforced
    assert held.startswith(DRIFTED)
    assert settle(found, known, {WHOLE: Policy.ADOPT}) == (None, "")
    assert settle(found, known, {WHOLE: Policy.IGNORE}) == (None, "")


@pytest.mark.parametrize("policy", [Policy.ENFORCE, Policy.REPORT, Policy.ADOPT])
@pytest.mark.parametrize(("found", "known"), [(ADD, {}), (ADD, {"k": None}), (TAKE, {}), (TAKE, {"k": {"is": 1}})])
def test_what_changed_above_is_made_whatever_the_policy_about_drift(
    found: Difference, known: Any, policy: Policy
) -> None:
    assert settle(found, known, {WHOLE: policy}) == (found, "")


def test_each_attribute_goes_by_its_own_policy() -> None:
    last = {"mail": "a", "title": "b", "phone": "c", "room": "d"}
    actual = {"mail": "x", "title": "x", "phone": "x", "room": "d"}
    found = update({"mail": "a", "title": "b", "phone": "new", "room": "d"}, actual)
    policies = {"mail": Policy.ENFORCE, "title": Policy.ADOPT, "phone": Policy.IGNORE}

    left, held = settle(found, {"k": last}, policies)

    assert left is not None
    assert left.after == {"mail": "a", "title": "x", "phone": "x", "room": "d"}
    assert held == ""


def test_both_sides_changed_is_a_conflict_and_what_is_wanted_wins_over_adopting() -> None:
    left, _ = settle(update({"mail": "new"}, {"mail": "x"}), {"k": {"mail": "a"}}, {WHOLE: Policy.ADOPT})

    assert left is not None
    assert (left.after, left.cause) == ({"mail": "new"}, {"drift": CONFLICT})


def test_nothing_is_left_when_all_of_it_is_adopted() -> None:
    assert settle(update({"mail": "a"}, {"mail": "x"}), {"k": {"mail": "a"}}, {"mail": Policy.ADOPT}) == (None, "")


def test_a_reported_attribute_holds_the_change() -> None:
    _, held = settle(update({"mail": "a"}, {"mail": "x"}), {"k": {"mail": "a"}}, {"mail": Policy.REPORT})

    assert held == f"{DRIFTED} It is reported and not changed back."
