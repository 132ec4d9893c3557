"""What every connector promises, asked of each one that is there."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hub.registry import Connector, Entry, catalog
from hub.registry.manifest import QUALITY
from hub.sdk import ConnectorError, Effect, MemoryTokens, Opening, Policy, SignInRefused
from hub.sdk.guarded import GuardedEgress
from hub.sdk.sandbox import FaultKind, SandboxApp, serve

FOLDERS = sorted(
    path.parent for path in Path(importlib.import_module("connectors").__path__[0]).glob("*/manifest.toml")
)
SECRET_NAME = re.compile(r"password|passwd|secret|token|api_?key|private_?key|credential", re.IGNORECASE)
NOT_SECRET = re.compile(r"_url$|_path$|_name$|_kind$|_header$|_in_form$|_field$|_seconds$|_endpoint$|_style$")


@pytest.fixture(params=FOLDERS, ids=lambda folder: str(folder.name))
def folder(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def connector(folder: Path) -> Connector:
    return catalog().connector(folder.name)


def _entries(connector: Connector) -> list[Entry]:
    groups: list[dict[str, Any]] = [
        connector.actions,
        connector.event_sources,
        connector.streams,
        connector.resources,
    ]
    return [entry for group in groups for entry in group.values()]


def test_it_is_found_and_nothing_is_wrong_with_it(folder: Path) -> None:
    assert [str(problem) for problem in catalog().problems if problem.connector == folder.name] == []
    assert folder.name in catalog().connectors


def test_every_quality_rule_is_answered(connector: Connector) -> None:
    assert set(connector.manifest.quality) == set(QUALITY)


def test_its_readme_says_how_to_set_it_up_and_what_it_cannot_do(folder: Path) -> None:
    headings = re.findall(r"(?m)^##? (.+)$", (folder / "README.md").read_text("utf-8"))

    assert any(re.match(r"set-?up", heading, re.IGNORECASE) for heading in headings), headings
    assert any(re.search(r"limits", heading, re.IGNORECASE) for heading in headings), headings


def test_everything_it_offers_says_what_it_is(connector: Connector) -> None:
    assert _entries(connector)
    for entry in _entries(connector):
        assert entry.description.endswith("."), f"{entry.name}: end its first sentence with a full stop."
    for action in connector.actions.values():
        assert isinstance(action.effect, Effect)


def _patterns(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield from [schema] if isinstance(schema.get("pattern"), str) else []
        for inner in schema.values():
            yield from _patterns(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _patterns(inner)


def test_no_person_is_shown_a_regular_expression(connector: Connector) -> None:
    for schema in (connector.settings_schema, *(entry.input_schema for entry in _entries(connector))):
        for field in _patterns(schema):
            assert field.get("x-form"), f"Say in words (form=...) what is right for {field.get('title')}."


def test_its_schemas_are_json_schema(connector: Connector) -> None:
    schemas = [connector.settings_schema]
    schemas += [schema for entry in _entries(connector) for schema in (entry.input_schema, entry.output_schema)]
    for schema in schemas:
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        Draft202012Validator.check_schema(schema)


def test_every_field_of_a_form_has_a_title(connector: Connector) -> None:
    for where, schema in [("settings", connector.settings_schema)] + [
        (entry.name, entry.input_schema) for entry in _entries(connector)
    ]:
        for name, field in schema.get("properties", {}).items():
            # A field whose title is the one of what it refers to does not repeat it.
            named = schema["$defs"][field["$ref"].rpartition("/")[2]] if "$ref" in field else {}
            assert field.get("title") or named.get("title"), f"{where}: {name} has no title."


def test_every_choice_list_that_a_form_names_is_there(connector: Connector) -> None:
    for entry in _entries(connector):
        for field in entry.input_schema.get("properties", {}).values():
            if "x-choices" in field:
                assert callable(connector.sign_in.choices[field["x-choices"]])


def test_fields_that_hold_secrets_are_marked(connector: Connector) -> None:
    for name, field in connector.settings_schema.get("properties", {}).items():
        if SECRET_NAME.search(name) and not NOT_SECRET.search(name) and field.get("type") == "string":
            assert name in connector.secret_fields, f'Mark "{name}" as secret.'


@contextlib.contextmanager
def _stand_in(folder: Path, data: Path) -> Iterator[tuple[dict[str, Any], Callable[[FaultKind], None]]]:
    """The settings of a connection that signs in, and how to make the service misbehave.

    The service is the connector's sandbox, or a real server that its own tests start (`standin.py` among them).
    """
    if importlib.util.find_spec(f"connectors.{folder.name}.sandbox") is not None:
        with _served(folder, data) as (app, settings):

            def misbehave(kind: FaultKind) -> None:
                app.faults.add(kind, seconds=0.2)

            yield settings, misbehave
    elif importlib.util.find_spec(f"tests.connectors.{folder.name}.standin") is not None:
        own = importlib.import_module(f"tests.connectors.{folder.name}.standin")
        with own.stand_in(data) as made:
            yield made
    else:
        pytest.skip("It has no sandbox; its manifest says why.")


@contextlib.contextmanager
def _served(folder: Path, data: Path) -> Iterator[tuple[SandboxApp, dict[str, Any]]]:
    """The connector's sandbox over HTTP, and the settings of a connection to it."""
    sandbox = importlib.import_module(f"connectors.{folder.name}.sandbox")
    options = {"data": str(data)}
    if folder.name != "exstream":
        with serve(sandbox.create(options)) as server:
            yield server.app, dict(sandbox.describe(server.app, server.base_url)["connection"])
        return
    # Nobody can sign in to Exstream alone: its tokens come from a directory.
    directory = importlib.import_module("connectors.otds.sandbox")
    with serve(directory.create(options)) as otds:
        about = directory.describe(otds.app, otds.base_url)
        trust = {"jwks_url": about["jwks_url"], "issuer": f"{otds.base_url}/otdsws", "token_url": about["token_url"]}
        with serve(sandbox.create(options | trust)) as server:
            told = sandbox.describe(server.app, server.base_url)
            settings = {name: told[name] for name in ("design_base", "orchestration_base", "token_url")}
            client = about["oauth_client"]
            yield server.app, settings | {"client_id": client["id"], "client_secret": client["secret"]}


def _open(connector: Connector, settings: dict[str, Any], timeout_seconds: float = 10) -> Any:
    egress = GuardedEgress(Policy(("127.0.0.1", "localhost")), timeout_seconds=timeout_seconds)
    sign_in = connector.sign_in
    return sign_in.open(sign_in.Settings.model_validate(settings), Opening(egress, MemoryTokens()))


def test_the_right_sign_in_is_accepted_and_a_wrong_one_is_refused(
    folder: Path, connector: Connector, tmp_path: Path
) -> None:
    with _stand_in(folder, tmp_path) as (settings, _):
        assert connector.sign_in.who_am_i(_open(connector, settings)).name

        wrong = {
            name: "wr0ng-s3cret" if name in connector.secret_fields else value for name, value in settings.items()
        }
        with pytest.raises(SignInRefused) as caught:
            connector.sign_in.who_am_i(_open(connector, wrong))

    assert "wr0ng-s3cret" not in f"{caught.value.message}{caught.value.detail}"
    assert caught.value.field in connector.secret_fields, "Point at the field whose value was refused."


@pytest.mark.parametrize("kind", list(FaultKind))
def test_no_trouble_quotes_a_secret_or_leaves_the_five_classes(
    folder: Path, connector: Connector, tmp_path: Path, kind: FaultKind
) -> None:
    with _stand_in(folder, tmp_path) as (settings, misbehave):
        misbehave(kind)
        try:
            connector.sign_in.who_am_i(_open(connector, settings, timeout_seconds=2))
        except ConnectorError as trouble:
            said = f"{trouble.message}{trouble.detail}"
        else:
            said = ""  # Latency, and lists with fewer rows, need not stop a sign-in.

    secrets = {str(settings[name]) for name in connector.secret_fields if settings.get(name)}
    assert not [secret for secret in secrets if secret in said]
