"""When the database goes away under a worker that lives on, its work is free as soon as the database is back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.utils import timezone

from tests.shop_connector.service import Shop
from tests.workflows.engine.conftest import act, states, work
from workflows.engine.journal import Journal
from workflows.models import Run, giving_up
from workflows.models.giving_up import free_all, freed_when_given_up

Started = Callable[..., Run]


@pytest.mark.django_db(transaction=True)
def test_a_run_that_lost_the_database_is_carried_on_without_waiting_for_its_lease(
    started: Started, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = started("a -> b", b=act("put"))
    with monkeypatch.context() as patch:

        def away(*_: object, **__: object) -> None:
            raise OperationalError("the server closed the connection")

        patch.setattr(Journal, "begin", away)
        with pytest.raises(OperationalError):
            work()
        free_all()
        assert Run.objects.filter(id=run.id, lease_until__lt=timezone.now()).exists()

    work()

    assert states(run) == {"run": "succeeded", "a": "succeeded", "b": "succeeded"}


def test_what_was_given_up_is_tried_until_the_database_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giving_up, "PAUSE_SECONDS", 0)
    tries: list[str] = []

    def free() -> None:
        tries.append("tried")
        if len(tries) < 3:
            raise OperationalError("still starting up")

    with pytest.raises(OperationalError), freed_when_given_up(free):
        raise OperationalError("away")
    free_all()

    assert len(tries) == 3


def test_a_mistake_in_what_was_written_does_not_free_the_work_at_once() -> None:
    freed: list[str] = []

    with pytest.raises(ZeroDivisionError), freed_when_given_up(lambda: freed.append("free")):
        _ = 1 / 0
    free_all()

    assert not freed
