"""What people have decided stands in a replay, or they are asked again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hub.accounts.access import Actor
from tests.workflows.approvals.conftest import decide
from tests.workflows.engine.conftest import states, work
from workflows.models import Approval, Run
from workflows.services.replays import replay

pytestmark = pytest.mark.django_db
Asked = Callable[..., tuple[Run, Approval]]


@pytest.mark.pain(1)
@pytest.mark.parametrize("step", ["", "yes"])
@pytest.mark.parametrize("approvals", ["kept", "again"])
def test_a_decision_is_kept_or_asked_for_again_by_choice(
    asked: Asked, people: dict[str, Actor], team: object, approvals: str, step: str
) -> None:
    run, approval = asked()
    decide(people["ada"], approval)
    again = replay(people["cleo"], run.id, step=step, approvals=approvals)
    work()
    if approvals == "kept":
        assert (states(again)["run"], states(again)["yes"]) == ("succeeded", "succeeded")
    else:
        assert states(again) == {"run": "waiting", "ask": "waiting"}
        decide(people["ben"], Approval.objects.get(step__run=again))
        assert states(again)["run"] == "succeeded"


def test_a_decision_about_something_else_is_not_kept(asked: Asked, people: dict[str, Actor]) -> None:
    run, approval = asked(title="Pay {{ trigger.n ? trigger.n : 0 }}")
    decide(people["ada"], approval)
    again = replay(people["cleo"], run.id, step="yes", payload={"n": 1_000_000})
    work()
    assert states(again) == {"run": "waiting", "ask": "waiting"}
