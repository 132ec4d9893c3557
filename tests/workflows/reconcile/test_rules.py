"""Who gets what, and because of which row."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.reconcile.rules import Rules, Terms, Unreadable, day_of, rules_of, standing, unreadable_days

WORDS = st.sampled_from("abc")
PEOPLE = st.fixed_dictionaries(
    {"title": st.one_of(st.none(), WORDS, st.lists(WORDS)), "attributes": st.dictionaries(st.just("shift"), WORDS)}
)
ROWS = st.fixed_dictionaries(
    {
        "when": st.dictionaries(st.sampled_from(["title", "shift"]), st.one_of(WORDS, st.lists(WORDS, min_size=1))),
        "groups": st.lists(st.sampled_from("xyz"), min_size=1),
    }
)


def numbers(rules: Rules, person: dict[str, Any]) -> dict[str, int]:
    return {group: row.number for group, row in rules.grants(person)}


def test_the_first_row_that_gives_a_group_is_its_cause() -> None:
    rules = rules_of(
        [{"when": {"title": "designer"}, "groups": ["x"]}, {"when": {"country": ["DE"]}, "groups": ["x", "y"]}]
    )

    assert numbers(rules, {"title": "designer", "country": "DE"}) == {"x": 1, "y": 2}
    assert numbers(rules, {"title": "clerk", "country": "DE"}) == {"x": 2, "y": 2}
    assert numbers(rules, {"title": "clerk", "country": "FR"}) == {}


@given(st.lists(ROWS, max_size=5), st.lists(PEOPLE, max_size=8))
def test_people_get_what_every_row_gives_by_itself_whoever_was_asked_before(
    rows: list[dict[str, Any]], people: list[dict[str, Any]]
) -> None:
    together = rules_of(rows)

    for person in people:
        alone = [set(numbers(rules_of([row]), person)) for row in rows]
        found = numbers(together, person)
        assert set(found) == set().union(*alone)
        assert all(group in alone[number - 1] for group, number in found.items())
        assert all(group not in each for group, number in found.items() for each in alone[: number - 1])


DAYS = Terms("first", "last")
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("2026-12-31T23:59:59Z", date(2026, 12, 31)),
        ("20261231235959Z", date(2026, 12, 31)),
        ("20261231", date(2026, 12, 31)),
        (["2026-12-31"], date(2026, 12, 31)),
        ("31.12.2026", None),
        ("2026-02-30", None),
        ("soon", None),
        (["2026-12-31", "2027-12-31"], None),
        (20261231, date(2026, 12, 31)),
        ("134432352000000000", date(2026, 12, 31)),  # As Active Directory counts; midnight of 1 January.
    ],
)
def test_a_day_is_read_or_it_is_not_but_never_guessed(text: Any, day: date | None) -> None:
    person = {"last": text}

    assert day_of(person, "last") == day
    assert bool(unreadable_days(person, DAYS)) == (day is None)


@pytest.mark.parametrize("never", ["0", "9223372036854775807", ["9223372036854775807"], "", None])
def test_an_account_that_never_expires_has_no_last_day(never: Any) -> None:
    assert day_of({"last": never}, "last") is None
    assert not unreadable_days({"last": never}, DAYS)


def test_nobody_has_access_because_a_day_cannot_be_read() -> None:
    for wrong in ({"last": "31.12.2025"}, {"first": "next week"}):
        stands, why = standing(wrong, DAYS, today=TODAY, left_on=None)
        assert not stands
        assert next(iter(wrong.values())) in why
    ignoring = Terms("first", "last", unreadable=Unreadable.IGNORE)
    assert standing({"last": "31.12.2025"}, ignoring, today=TODAY, left_on=None) == (True, "")
    assert standing({"last": ""}, DAYS, today=TODAY, left_on=None) == (True, "")
