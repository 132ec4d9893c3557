"""Putting one connector together from its folder. Whatever is wrong is said, with file and key."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from pydantic import BaseModel

from hub.registry.entries import (
    ActionEntry,
    Connector,
    EventSourceEntry,
    ResourceEntry,
    StreamEntry,
)
from hub.registry.manifest import NAME, Problem, read_manifest
from hub.sdk import Action, Effect, EventSource, Resource, SignIn, Stream, schema_of, secret_names

Kind = TypeVar("Kind")
_OPERATIONS = {"create", "update", "delete"}


@dataclass(frozen=True)
class Place:
    """Where a connector was found: its folder, and the importable package that the folder is."""

    name: str
    folder: Path
    package: str
    source: str


@dataclass
class _Loading:
    """One connector being put together, and what was found wrong with it so far."""

    place: Place
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, file: str, message: str, key: str = "") -> None:
        self.problems.append(Problem(self.place.name, file, key, message))


def load(place: Place) -> tuple[Connector | None, list[Problem]]:
    """The connector of a folder, or None. One broken file breaks its connector, and no other."""
    loading = _Loading(place)
    if not NAME.match(place.name):
        loading.wrong(".", f'"{place.name}" cannot name a connector. Use lower-case letters, digits and underscores.')
        return None, loading.problems
    manifest, found = read_manifest(place.folder, place.name)
    loading.problems.extend(found)
    if manifest is None:
        return None, loading.problems
    auth = _auth(loading)
    actions = {entry.name: entry for entry in _actions(loading)}
    sources = {entry.name: entry for entry in _event_sources(loading)}
    streams = {entry.name: entry for entry in _streams(loading)}
    resources = {entry.name: entry for entry in _resources(loading)}
    if auth is not None:
        _check_choices(loading, auth, [*actions.values(), *sources.values(), *streams.values(), *resources.values()])
    if auth is None or any(problem.broken for problem in loading.problems):
        return None, loading.problems
    connector = Connector(
        name=place.name,
        manifest=manifest,
        source=place.source,
        sign_in=auth,
        settings_schema=schema_of(auth.Settings),
        secret_fields=secret_names(auth.Settings),
        actions=actions,
        event_sources=sources,
        streams=streams,
        resources=resources,
    )
    return connector, loading.problems


def _auth(loading: _Loading) -> SignIn[Any] | None:
    if not (loading.place.folder / "auth.py").is_file():
        loading.wrong("auth.py", "This file is missing. It holds the class Auth, a SignIn.")
        return None
    module = _import(loading, "auth")
    if module is None:
        return None
    auth = getattr(module, "Auth", None)
    if not (inspect.isclass(auth) and issubclass(auth, SignIn)):
        loading.wrong("auth.py", "There is no class Auth that is a SignIn.", "Auth")
        return None
    made = _instance(loading, "auth.py", auth)
    if made is not None and _schema(loading, "auth.py", auth, "Settings") is None:
        return None
    return made


def _actions(loading: _Loading) -> Iterator[ActionEntry]:
    for file, made in _each(loading, "actions", Action):
        effect = getattr(made, "effect", None)
        if not isinstance(effect, Effect):
            loading.wrong(file, "Set effect to Effect.NONE, Effect.KEYED or Effect.ONCE.", "effect")
            continue
        if (common := _common(loading, file, made)) is not None:
            yield ActionEntry(**common, implementation=made, effect=effect)


def _event_sources(loading: _Loading) -> Iterator[EventSourceEntry]:
    for file, made in _each(loading, "triggers", EventSource):
        if (common := _common(loading, file, made)) is not None:
            yield EventSourceEntry(**common, implementation=made, every_seconds=made.every_seconds)


def _streams(loading: _Loading) -> Iterator[StreamEntry]:
    for file, made in _each(loading, "streams", Stream):
        if isinstance(made, Resource):
            loading.wrong(file, "This is a Resource: move it to resources/.")
        elif (common := _common(loading, file, made)) is not None:
            yield StreamEntry(**common, implementation=made)


def _resources(loading: _Loading) -> Iterator[ResourceEntry]:
    for file, made in _each(loading, "resources", Resource):
        unknown = set(made.operations) - _OPERATIONS
        if unknown:
            loading.wrong(
                file, f"Operations are create, update and delete, not {', '.join(sorted(unknown))}.", "operations"
            )
        elif (common := _common(loading, file, made)) is not None:
            yield ResourceEntry(**common, implementation=made, operations=tuple(made.operations))


def _each(loading: _Loading, folder: str, kind: Any) -> Iterator[tuple[str, Any]]:
    """Every file of a folder with the one object of its class. A leading underscore hides a file."""
    for path in sorted((loading.place.folder / folder).glob("*.py")):
        file = f"{folder}/{path.name}"
        if path.name.startswith("_"):
            continue
        if not NAME.match(path.stem):
            loading.wrong(file, "The file's name is the action's name: lower-case letters, digits and underscores.")
            continue
        module = _import(loading, f"{folder}.{path.stem}")
        if module is None:
            continue
        classes = [
            each
            for _, each in inspect.getmembers(module, inspect.isclass)
            if issubclass(each, kind) and each.__module__ == module.__name__ and not inspect.isabstract(each)
        ]
        if len(classes) != 1:
            names = ", ".join(each.__name__ for each in classes) or "none"
            loading.wrong(file, f"There should be exactly one {kind.__name__} in this file; found: {names}.")
            continue
        made = _instance(loading, file, classes[0])
        if made is not None:
            yield file, made


def _common(loading: _Loading, file: str, made: Any) -> dict[str, Any] | None:
    """What every entry has: names, words, schemas."""
    kind = type(made)
    name = Path(file).stem
    words = inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " ").strip()
    if not words:
        loading.wrong(file, "The class has no docstring. Its first paragraph is what people read.", kind.__name__)
    input_schema, output_schema = _schema(loading, file, kind, "Input"), _schema(loading, file, kind, "Output")
    if input_schema is None or output_schema is None or not words:
        return None
    return {
        "connector": loading.place.name,
        "name": f"{loading.place.name}.{name}",
        "title": made.title or name.replace("_", " ").capitalize(),
        "description": words,
        "input_schema": input_schema,
        "output_schema": output_schema,
    }


def _schema(loading: _Loading, file: str, kind: type, attribute: str) -> dict[str, Any] | None:
    fields = getattr(kind, attribute, None)
    if not (inspect.isclass(fields) and issubclass(fields, BaseModel)):
        loading.wrong(file, f"{kind.__name__} has no class {attribute}. Derive it from Fields.", attribute)
        return None
    try:
        return schema_of(fields, mode="serialization" if attribute == "Output" else "validation")
    except Exception as trouble:
        loading.wrong(file, f"No JSON Schema can be made of it: {_said(trouble)}", attribute)
        return None


def _check_choices(loading: _Loading, auth: SignIn[Any], entries: list[Any]) -> None:
    for entry in entries:
        fields = entry.input_schema.get("properties", {})
        for name, schema in fields.items():
            where = f"{entry.name}: {name}"
            choices = schema.get("x-choices")
            if choices and choices not in auth.choices:
                loading.wrong(
                    "auth.py", f'The field uses the choice list "{choices}", which Auth.choices does not have.', where
                )
            for other in schema.get("x-depends-on", []):
                if other not in fields:
                    loading.wrong("auth.py", f'The field depends on "{other}", which is no field beside it.', where)


def _import(loading: _Loading, name: str) -> ModuleType | None:
    file = name.replace(".", "/") + ".py"
    try:
        return importlib.import_module(f"{loading.place.package}.{name}")
    except Exception as trouble:  # A third party's file may fail in any way; it must not take the hub along.
        loading.wrong(file, f"It cannot be imported: {_said(trouble)}")
        return None


def _instance(loading: _Loading, file: str, kind: type[Kind]) -> Kind | None:
    if inspect.isabstract(kind):
        missing = ", ".join(sorted(getattr(kind, "__abstractmethods__", ())))
        loading.wrong(file, f"{kind.__name__} lacks: {missing}.", kind.__name__)
        return None
    try:
        return kind()
    except Exception as trouble:
        loading.wrong(file, f"{kind.__name__}() cannot be made: {_said(trouble)}", kind.__name__)
        return None


def _said(trouble: Exception) -> str:
    text = str(trouble).strip().split("\n")[0][:300]
    return f"{type(trouble).__name__}: {text.rstrip('.')}." if text else f"{type(trouble).__name__}."
