"""What stands behind the question mark of an address: checked everywhere, never passed over in silence."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from hub.api.views import ApiView

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]

WRONG = [
    ("runs?state=foo", "/state", "running"),
    ("runs?workflow=nowhere", "/workflow", 'no workflow "nowhere"'),
    ("runs?limit=0", "/limit", "from 1 to 200"),
    ("runs?limit=many", "/limit", "from 1 to 200"),
    ("runs?cursor=yesterday", "/cursor", "next_cursor"),
    ("runs?colour=red", "/colour", "limit, cursor, workflow, state"),
    ("runs?state=failed&state=running", "/state", "more than once"),
    ("plans?state=foo", "/state", "proposed"),
    ("approvals?state=foo", "/state", "open"),
    ("approvals?mine=perhaps", "/mine", "boolean"),
    ("deliveries?state=foo", "/state", "withheld"),
    ("deliveries?notice=foo", "/notice", "UUID"),
    ("installations?template=joiner-mover-leavr", "/template", 'mean "joiner-mover-leaver"'),
    ("connections?health=ill", "/health", "failing"),
    ("connections?connector=htp", "/connector", 'mean "http"'),
    ("audit?since=yesterday", "/since", "2026-03-31"),
    ("audit?by=alice", "/by", "UUID"),
    ("audit?cursor=x", "/cursor", "next_cursor"),
]


@pytest.mark.parametrize(("address", "pointer", "said"), WRONG)
def test_a_value_that_a_parameter_cannot_have_is_refused_at_its_place(
    api: Api, alice: Actor, address: str, pointer: str, said: str
) -> None:
    answer = api(alice).get(f"/api/v1/{address}")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-query"), answer.json()
    [wrong] = answer.json()["errors"]
    assert wrong["pointer"] == pointer
    assert said in wrong["detail"]


@pytest.mark.parametrize("address", ["runs?state=", "audit?since=2026-03-31", "audit?since=2026-03-31T09:00:00Z"])
def test_an_empty_value_counts_as_none_and_days_and_times_are_read(api: Api, alice: Actor, address: str) -> None:
    assert api(alice).get(f"/api/v1/{address}").status_code == 200


def _lists() -> list[str]:
    """Every address without a variable part that answers to GET."""

    def within(patterns: list[URLPattern | URLResolver], before: str) -> list[str]:
        found = []
        for each in patterns:
            path = before + str(each.pattern)
            if isinstance(each, URLResolver):
                found += within(each.url_patterns, path)
            elif (view := getattr(each.callback, "view_class", None)) and issubclass(view, ApiView):
                found += [path] if hasattr(view, "get") and "<" not in path else []
        return found

    return within(get_resolver().url_patterns, "/")


@pytest.mark.parametrize("address", _lists())
def test_no_address_passes_over_a_parameter_that_it_does_not_know(api: Api, alice: Actor, address: str) -> None:
    answer = api(alice).get(f"{address}?colour=red")

    assert answer.status_code == 400, address
    assert "/colour" in [each["pointer"] for each in answer.json()["errors"]]
