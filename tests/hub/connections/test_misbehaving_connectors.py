"""A connector of a third party that fails in ways of its own must not take the hub along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.connections.services import create_connection
from hub.registry import forget_catalog

pytestmark = pytest.mark.django_db

MANIFEST = """
name = "Brittle"
category = "test"
description = "Signs in, and then breaks."
sign-in = ["password"]
talks-to = []
owner = "@tests"
version = "1.0"
"""
AUTH = '''
from hub.sdk import Choice, Fields, Identity, SignIn, field


class Settings(Fields):
    mood: str = field("Mood", default="calm")
    key: str = field("Key", default="", secret=True)


def pets(client, values):
    if client["mood"] == "angry":
        raise KeyError("a-secret-inside")
    return [Choice(f"{values.get('kind', 'cat')}-{n}", f"Pet {n}") for n in range(2)]


class Auth(SignIn[dict]):
    """Nothing to sign in to."""

    Settings = Settings
    choices = {"pets": pets}

    def open(self, settings, opening):
        return {"mood": settings.mood}

    def who_am_i(self, client):
        if client["mood"] == "angry":
            raise ZeroDivisionError("a-secret-inside")
        return Identity(name="somebody")
'''


@pytest.fixture
def brittle(tmp_path: Path, settings) -> Iterator[None]:
    folder = tmp_path / "brittle"
    folder.mkdir()
    (folder / "manifest.toml").write_text(MANIFEST)
    (folder / "auth.py").write_text(AUTH)
    settings.CONNECTOR_PATHS = [str(tmp_path)]
    forget_catalog()
    yield
    forget_catalog()


def test_live_choices_depend_on_the_values_of_other_fields(api, alice, bob, brittle):
    made = create_connection(alice, name="B", connector="brittle", settings={})

    answer = api(bob).post(f"/api/v1/connections/{made.id}/choices/pets", {"values": {"kind": "dog"}})

    assert answer.json()["items"] == [
        {"value": "dog-0", "label": "Pet 0", "help": ""},
        {"value": "dog-1", "label": "Pet 1", "help": ""},
    ]


def test_a_connector_that_breaks_is_reported_without_its_inside(api, alice, bob, brittle):
    made = create_connection(alice, name="B", connector="brittle", settings={"mood": "angry"})

    tested = api(bob).post(f"/api/v1/connections/{made.id}/test")
    choices = api(bob).post(f"/api/v1/connections/{made.id}/choices/pets", {})

    assert tested.json()["health"]["code"] == "unexpected-reply"
    assert "ZeroDivisionError" in tested.json()["health"]["message"]
    assert choices.status_code == 502
    assert "a-secret-inside" not in tested.content.decode() + choices.content.decode()


def test_a_connection_whose_connector_is_gone_can_still_be_seen_and_removed(api, alice, brittle, settings):
    made = create_connection(alice, name="B", connector="brittle", settings={})
    settings.CONNECTOR_PATHS = []
    forget_catalog()
    client = api(alice)

    tested = client.post(f"/api/v1/connections/{made.id}/test").json()

    assert tested["health"]["code"] == "misconfigured"
    assert "not installed" in tested["health"]["message"]
    assert client.get("/api/v1/connections").status_code == 200
    assert client.delete(f"/api/v1/connections/{made.id}").status_code == 204


def test_the_catalog_says_what_each_connector_can_do(api, bob, brittle):
    answer = api(bob).get("/api/v1/connectors").json()
    by_name = {each["name"]: each for each in answer["items"]}

    assert by_name["brittle"]["secret_fields"] == ["key"]
    assert by_name["brittle"]["choices"] == ["pets"]
    assert by_name["http"]["actions"][0]["input_schema"]["type"] == "object"
    assert any(each["connector"] == "brittle" and not each["broken"] for each in answer["problems"])
    assert api(bob).get("/api/v1/connectors/http").json()["manifest"]["name"] == "HTTP"
    assert api(bob).get("/api/v1/connectors/htttp").status_code == 404
