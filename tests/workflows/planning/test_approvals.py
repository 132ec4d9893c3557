"""Who may decide, and what the decisions come to."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from workflows.planning.approvals import (
    ApprovalState,
    Decision,
    Rules,
    Stage,
    lacking,
    may_decide,
    standing,
)

PEOPLE = ["ada", "ben", "cleo", "dan", "eve"]


def stage(name: str, *places: str, need: int = 1) -> Stage:
    return Stage(name, need, frozenset(places))


def yes(number: int, person: str, place: str = "") -> Decision:
    return Decision(number, person, place or person, True)


def reasons(rules: Rules, decisions: list[Decision], person: str, *places: str) -> list[str]:
    return [may.reason for may in may_decide(rules, decisions, person, places)]


THREE = Rules([stage("legal", "ada", "ben", need=2), stage("compliance", "cleo"), stage("operations", "ada", "dan")])


def test_stages_are_asked_one_after_the_other() -> None:
    assert standing(THREE, []).open_stages == (0,)
    assert standing(THREE, [yes(0, "ada")]).missing == (1, 1, 1)
    assert standing(THREE, [yes(0, "ada"), yes(0, "ben")]).open_stages == (1,)
    done = [yes(0, "ada"), yes(0, "ben"), yes(1, "cleo"), yes(2, "dan")]
    assert standing(THREE, done).state is ApprovalState.APPROVED
    assert "waits for the stage" in reasons(THREE, [], "cleo")[1]


def test_parallel_stages_are_asked_all_at_once() -> None:
    rules = Rules(THREE.stages, parallel=True)
    assert standing(rules, []).open_stages == (0, 1, 2)
    assert reasons(rules, [], "cleo")[1] == ""


def test_one_no_ends_it_all_and_nobody_decides_after_that() -> None:
    decisions = [yes(0, "ada"), Decision(0, "ben", "ben", False)]
    assert standing(THREE, decisions, late=True).state is ApprovalState.REJECTED
    assert all("rejected" in reason for reason in reasons(THREE, decisions, "cleo"))


def test_whoever_asks_does_not_decide_not_even_as_a_deputy_or_by_one() -> None:
    rules = Rules([stage("legal", "ada", "ben")], requester="ada")
    assert "You asked for this" in reasons(rules, [], "ada", "ben")[0]
    assert "not asked" in reasons(rules, [], "dan", "ada")[0]


def test_nobody_fills_two_stages_unless_that_is_allowed() -> None:
    made = [yes(0, "ada"), yes(0, "ben"), yes(1, "cleo")]
    assert "nobody fills two" in reasons(THREE, made, "ada")[2]
    assert reasons(Rules(THREE.stages, allow_same_person=True), made, "ada")[2] == ""


def test_a_deputy_takes_the_place_and_has_decided_themselves() -> None:
    [first, *_] = may_decide(THREE, [], "dan", ["ben"])
    assert (first.allowed, first.place) == (True, "ben")
    made = [yes(0, "dan", "ben")]
    assert "nobody fills two" in reasons(THREE, [*made, yes(0, "ada"), yes(1, "cleo")], "dan")[2]
    assert "has decided already" in reasons(THREE, made, "ben")[0]


def test_a_deadline_ends_what_is_not_decided_and_nothing_else() -> None:
    rules = Rules([stage("legal", "ada")])
    assert standing(rules, [], late=True).state is ApprovalState.EXPIRED
    assert standing(rules, [yes(0, "ada")], late=True).state is ApprovalState.APPROVED
    assert not may_decide(rules, [], "ada", late=True)[0].allowed


def test_too_few_people_are_noticed_before_anybody_is_asked() -> None:
    assert "only 1 can decide" in lacking(Rules([stage("legal", "ada", "ben", need=2)], requester="ben"))
    twice = [stage("legal", "ada"), stage("print", "ada")]
    assert "not enough different people" in lacking(Rules(twice))
    assert lacking(Rules(twice, allow_same_person=True)) == ""
    assert lacking(THREE) == ""


@st.composite
def asked(draw: Any) -> Rules:
    stages = []
    for number in range(draw(st.integers(1, 3))):
        places = draw(st.sets(st.sampled_from(PEOPLE), min_size=1))
        stages.append(Stage(f"stage {number}", draw(st.integers(1, 3)), frozenset(places)))
    requester = draw(st.sampled_from(["", *PEOPLE]))
    return Rules(stages, draw(st.booleans()), requester, draw(st.booleans()))


def played(rules: Rules, data: Any, deputies: dict[str, list[str]]) -> list[Decision]:
    """Let people who may decide do so, in any order, until nobody may."""
    made: list[Decision] = []
    while True:
        able = [
            (person, may)
            for person in PEOPLE
            for may in may_decide(rules, made, person, deputies.get(person, []))
            if may.allowed
        ]
        if not able:
            return made
        person, may = data.draw(st.sampled_from(able))
        made.append(Decision(may.stage, person, may.place, data.draw(st.integers(0, 9)) > 0))


@given(asked(), st.dictionaries(st.sampled_from(PEOPLE), st.lists(st.sampled_from(PEOPLE))), st.data())
def test_whoever_may_decide_was_asked_and_no_rule_is_ever_broken(
    rules: Rules, deputies: dict[str, list[str]], data: Any
) -> None:
    made = played(rules, data, deputies)
    state = standing(rules, made).state
    for each in made:
        assert each.person != rules.requester
        assert each.place != rules.requester
        assert each.place in rules.stages[each.stage].places
        assert each.place == each.person or each.place in deputies[each.person]
    slots = [(each.person, each.stage if rules.allow_same_person else 0) for each in made]
    places = [(each.place, each.stage if rules.allow_same_person else 0) for each in made]
    assert len(set(slots)) == len(slots)
    assert len(set(places)) == len(places)
    for number, held in enumerate(rules.stages):
        count = sum(each.stage == number and each.approve for each in made)
        assert count <= held.need
        assert (count == held.need) or state is not ApprovalState.APPROVED
    if state is ApprovalState.APPROVED:
        assert lacking(Rules([*rules.stages], rules.parallel, rules.requester, rules.allow_same_person)) == ""


@given(asked())
def test_what_lacks_nobody_can_be_approved_by_somebody(rules: Rules) -> None:
    """There are people for it; whether they are found depends on who decides where."""
    if lacking(rules):
        return
    assert _reachable(rules, [])


def _reachable(rules: Rules, made: list[Decision]) -> bool:
    now = standing(rules, made)
    if now.state is ApprovalState.APPROVED:
        return True
    number = now.open_stages[0]
    return any(
        _reachable(rules, [*made, yes(number, person)])
        for person in PEOPLE
        if may_decide(rules, made, person)[number].allowed
    )
