"""An installation names only what is there, and nothing that another installation manages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from hub.accounts.roles import Role
from hub.api.errors import Invalid, ProblemError
from hub.connections.models import Connection
from hub.sdk.sandbox import FaultKind
from tests.e2e.stage import Stage
from tests.people import join, make_person
from workflows.models import Installation
from workflows.services import sample, templates

RULE = {"when": {"title": "Print operator"}, "groups": ["exs.emea-prod.operator"]}
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"partition": "Northwnd"}, "/parameters/partition", 'no partition "Northwnd"'),
    ({"rules": [{**RULE, "groups": ["exs.emea-prod.operater"]}]}, "/parameters/rules/0/groups/0",
     'mean "exs.emea-prod.operator"'),
    ({"rules": [{**RULE, "when": {"in_group": ["stuff"]}}]}, "/parameters/rules/0/when/in_group/0",
     'no group "stuff"'),
    ({"assignments": [{"domain": "emea-prd", "group": "exs.emea-prod.operator@Northwind", "role": "operator"}]},
     "/parameters/assignments/0/domain", 'mean "emea-prod"'),
    ({"assignments": [{"domain": "emea-prod", "group": "exs.emea-prod.operator@Northwind", "role": "printer"}]},
     "/parameters/assignments/0/role", 'no role "printer"'),
    ({"seats": {"resource": "exstrem", "counter": "NAMED_DESIGNER"}}, "/parameters/seats/resource", "no resource"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "pointer", "said"), WRONG, ids=[each[1] for each in WRONG])
def test_what_is_not_there_is_named_at_its_place_with_what_is(
    stage: Stage, changed: dict[str, Any], pointer: str, said: str
) -> None:
    with pytest.raises(Invalid) as caught:
        stage.install(**changed)

    found = {each["pointer"]: each["detail"] for each in caught.value.errors}
    assert said in found[pointer], found


def test_a_partition_that_is_not_there_is_answered_with_those_that_are(stage: Stage) -> None:
    with pytest.raises(Invalid) as caught:
        stage.install(partition="Northwnd")

    assert 'Did you mean "Northwind"?' in str(caught.value.errors)


def test_a_service_that_does_not_answer_is_said_so_and_nothing_is_installed(stage: Stage) -> None:
    before = Installation.objects.get().updated_at
    stage.otds.app.faults.add(FaultKind.STATUS, path="*/partitions*", status=503)

    with pytest.raises(ProblemError) as caught:
        stage.install(partition="Northwind")

    assert (caught.value.status, caught.value.code) == (503, "not-checked")
    assert 'The connection "Directory" does not tell its partitions' in caught.value.detail
    assert Installation.objects.get().updated_at == before
    stage.install(ask_services=False)


@pytest.mark.parametrize("prefix", ["exs.", "ex", "exs.emea-"])
def test_two_installations_never_manage_the_same_groups(stage: Stage, prefix: str) -> None:
    parameters = sample.parameters() | {"group_prefix": prefix, "rules": [RULE]}

    with pytest.raises(Invalid) as caught:
        templates.install(stage.actor, sample.TEMPLATE, slug="second", parameters=parameters)

    [wrong] = caught.value.errors
    assert wrong["pointer"] == "/parameters/group_prefix"
    assert f'The installation "{sample.SLUG}" keeps the members of groups of Northwind' in wrong["detail"]


def test_installing_again_and_another_installation_after_removal_are_no_clash(stage: Stage) -> None:
    stage.install(grace_days=2)
    templates.uninstall(stage.actor, sample.SLUG)

    made = templates.install(stage.actor, sample.TEMPLATE, slug="second", parameters=sample.parameters())

    assert made.slug == "second"


def test_a_form_finds_fitting_connections_and_where_choices_come_from(
    stage: Stage, api: Callable[..., APIClient]
) -> None:
    client = api(join(make_person("ada"), stage.actor.workspace, [Role.BUILDER]))
    shown = client.get(f"/api/v1/templates/{sample.TEMPLATE}").json()

    fitting = {name: [each["slug"] for each in held] for name, held in shown["connections"].items()}
    assert fitting == {"directory": ["directory"], "exstream": ["exstream"]}
    partition = shown["parameters"]["properties"]["partition"]
    assert (partition["x-choices"], partition["x-choices-of"]) == ("partitions", "directory")
    directory = Connection.objects.get(slug="directory")
    address = f"/api/v1/connections/{directory.id}/choices/{partition['x-choices']}"
    assert "Northwind" in [each["value"] for each in client.post(address, {}).json()["items"]]
