"""What a 409 says: its title fits what happened, because people read the title first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from hub.api.errors import AtWork, Changed, Conflict, Taken
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act

KINDS = (Conflict, Taken, Changed, AtWork)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_conflict_is_a_409_with_a_title_of_its_own(kind: type[Conflict]) -> None:
    assert kind("Said.").document()["status"] == 409
    assert [each.title for each in KINDS].count(kind.title) == 1


@pytest.mark.django_db
def test_titles_say_what_happened(api: Callable[..., APIClient], bob: Actor) -> None:
    client = api(bob)
    body: dict[str, Any] = {"slug": "orders", "document": drawn("a", a=act("put", "ink"))}
    client.post("/api/v1/workflows", body)

    taken = client.post("/api/v1/workflows", body).json()
    unpublished = client.post("/api/v1/workflows/orders/runs", {}).json()
    stale = client.put("/api/v1/workflows/orders", {"document": body["document"], "revision": 9}).json()

    assert [each["title"] for each in (taken, unpublished, stale)] == [
        "There is one already.",
        "This workflow is not published.",
        "Somebody else saved this workflow in the meantime.",
    ]
