"""Parameters that are wrong, of each template: each fault has its place, and is said in the words of people."""

from __future__ import annotations

from typing import Any

import pytest

from hub.api.errors import Invalid
from tests.e2e.news import News
from workflows.reconcile.contract import connections_in
from workflows.services import templates
from workflows.templates import gallery

NAMES = sorted(gallery.templates())
INTERNAL = ("group_members", "otds.", "exstream.", "Traceback", "None", "KeyError")


def refused(news: News, name: str, parameters: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Invalid) as told:
        templates.install(news.actor, name, slug="tried", parameters=parameters)
    assert not templates.list_installations(news.actor).filter(slug="tried").exists()
    said = {each["pointer"]: each["detail"] for each in told.value.errors}
    for detail in said.values():
        assert not [each for each in INTERNAL if each in detail], detail
    return said


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_field_hides_no_unknown_connection(name: str, news: News) -> None:
    template = gallery.templates()[name]
    named = [each for each, _ in connections_in(template.parameters) if template.sample.get(each)]
    wrong = template.sample | {each: f"no-{each}" for each in named} | {"colour": "green"}
    said = refused(news, name, wrong)
    assert "colour" in " ".join(said) + " ".join(said.values())
    for each in named:
        assert said[f"/parameters/{each}"].startswith(f'There is no connection "no-{each}" to '), said


@pytest.mark.parametrize("name", NAMES)
def test_a_connection_of_another_service_will_not_do(name: str, news: News) -> None:
    template = gallery.templates()[name]
    named = [each for each, _ in connections_in(template.parameters) if each == "directory"]
    for each in named:
        said = refused(news, name, template.sample | {each: "post"})
        assert "Directory Services" in said[f"/parameters/{each}"]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_needed_and_missing_is_told_at_its_own_place(name: str, news: News) -> None:
    template = gallery.templates()[name]
    said = refused(news, name, {})
    for each in template.given.parameters["required"]:
        assert said[f"/parameters/{each}"] == "This is needed."


@pytest.mark.parametrize("name", NAMES)
def test_a_parameter_of_the_wrong_kind_is_told_at_its_place(name: str, news: News) -> None:
    template = gallery.templates()[name]
    for each, schema in template.parameters["properties"].items():
        kind = schema.get("type")
        if kind is None:
            continue
        wrong: Any = {"odd": 1} if kind in ("string", "boolean", "integer", "number", "array") else "odd"
        said = refused(news, name, template.sample | {each: wrong})
        assert any(place.startswith(f"/parameters/{each}") for place in said), (each, said)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_of_the_clock_that_is_none_is_told_at_its_place(name: str, news: News) -> None:
    said = refused(news, name, gallery.templates()[name].sample | {"schedule": {"cron": "whenever", "zone": "UTC"}})
    assert list(said) == ["/parameters/schedule/cron"]
