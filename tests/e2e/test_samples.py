"""What `manage.py template sample` prints fits the sandboxes as they come, with a mail server named post."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from hub.accounts.roles import Role
from hub.api.errors import Conflict
from hub.connections.models import Connection
from tests.e2e.news import News
from tests.e2e.stage import Stage
from tests.people import join, make_person
from tests.workflows.engine.conftest import work
from workflows.models import PlanState
from workflows.services import runs, sample, templates
from workflows.templates import gallery

STARTED_WITH = {
    "routing": {"kind": "statement", "owner": "gwen.parry", "language": "en", "data": "<customers/>"},
}


@pytest.mark.parametrize("name", sorted(gallery.templates()))
def test_what_is_printed_can_be_installed_simulated_and_run(
    name: str, stage: Stage, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    join(make_person("ada"), stage.actor.workspace, Role)
    for person in ("henrik.olsen", "priya.nair"):  # Of the departments that *Secure approval* asks.
        join(make_person(f"{person}@Northwind"), stage.actor.workspace, [Role.APPROVER])
    templates.uninstall(stage.actor, sample.SLUG)
    call_command("template", "--workspace", "north", "sample", name)
    printed = capsys.readouterr()
    given = json.loads(printed.out)
    assert ("post" in given.values()) == ('"post"' in printed.err), "what it names and is not there is said"
    if "post" in given.values():
        request.getfixturevalue("news")
        call_command("template", "--workspace", "north", "sample", name)
        assert capsys.readouterr().err == ""

    templates.install(stage.actor, name, slug="tried", parameters=given)
    if gallery.templates()[name].reconcile is not None:
        assert templates.simulate(stage.actor, "tried").state != PlanState.REFUSED
    if gallery.templates()[name].by_hand:
        started = templates.run(stage.actor, "tried", payload=STARTED_WITH.get(name))
        work()
        run = runs.get_run(stage.actor, started.id)
        assert run.state in {"succeeded", "waiting"}, run.error


def test_all_but_those_that_manage_the_same_are_installed_beside_each_other(news: News) -> None:
    """As a hub that `up` has started is, which has the sample of provisioning already."""
    assert Connection.objects.filter(slug="post").exists()
    sample.ensure(news.actor, news.stage.about)
    for name, template in gallery.templates().items():
        if name not in {sample.TEMPLATE, "role-based-access"}:
            templates.install(news.actor, name, slug=name, parameters=template.sample)
    assert templates.list_installations(news.actor).count() == len(gallery.templates()) - 1


def test_a_simulation_writes_nothing_and_where_there_is_no_plan_says_what_a_run_writes(news: News) -> None:
    before = news.stage.write_counts()
    for name, template in gallery.templates().items():
        if name == sample.TEMPLATE:
            continue
        templates.install(news.actor, name, slug=name, parameters=template.sample)
        if template.reconcile is None:
            with pytest.raises(Conflict, match=r"nothing was written\. A run writes: ") as told:
                templates.simulate(news.actor, name)
            assert all(each in told.value.detail for each in template.writes), name
        else:
            templates.simulate(news.actor, name)
        assert news.stage.write_counts() == before, name
        assert news.post.envelopes == [], name
        templates.uninstall(news.actor, name)
