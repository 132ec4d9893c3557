"""What the registry offers: connectors and what each can do, with the JSON Schema of every input and output."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from hub.registry.manifest import Manifest, Problem
from hub.sdk import Action, Effect, EventSource, Resource, SignIn, Stream

_MOST_NAMED = 25
"""Where more than these are offered, a message does not list them."""


class UnknownEntry(LookupError):
    """No connector offers this name. The message suggests names that look like it."""


@dataclass(frozen=True)
class Entry:
    """One thing a connector offers. `name` is "<connector>.<file name>"; schemas are JSON Schema 2020-12."""

    connector: str
    name: str
    title: str
    description: str
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]


@dataclass(frozen=True)
class ActionEntry(Entry):
    implementation: Action[Any]
    effect: Effect


@dataclass(frozen=True)
class EventSourceEntry(Entry):
    implementation: EventSource[Any]
    every_seconds: int


@dataclass(frozen=True)
class StreamEntry(Entry):
    implementation: Stream[Any]


@dataclass(frozen=True)
class ResourceEntry(Entry):
    implementation: Resource[Any]
    operations: tuple[str, ...]


@dataclass(frozen=True)
class Connector:
    """A connector as found. `source` says where: a folder, or the pip package that brought it."""

    name: str
    manifest: Manifest
    source: str
    sign_in: SignIn[Any]
    settings_schema: dict[str, Any]
    secret_fields: frozenset[str]
    actions: dict[str, ActionEntry] = field(default_factory=dict)
    event_sources: dict[str, EventSourceEntry] = field(default_factory=dict)
    streams: dict[str, StreamEntry] = field(default_factory=dict)
    resources: dict[str, ResourceEntry] = field(default_factory=dict)


Found = TypeVar("Found")


@dataclass(frozen=True)
class Catalog:
    """Everything that workflows can be made of. `problems` are connectors that are broken or not quite right."""

    connectors: dict[str, Connector]
    problems: tuple[Problem, ...] = ()

    @cached_property
    def actions(self) -> dict[str, ActionEntry]:
        return {entry.name: entry for each in self.connectors.values() for entry in each.actions.values()}

    @cached_property
    def event_sources(self) -> dict[str, EventSourceEntry]:
        return {entry.name: entry for each in self.connectors.values() for entry in each.event_sources.values()}

    @cached_property
    def streams(self) -> dict[str, StreamEntry | ResourceEntry]:
        """Everything that can be read whole; a resource is a stream too."""
        only: dict[str, StreamEntry | ResourceEntry] = {
            entry.name: entry for each in self.connectors.values() for entry in each.streams.values()
        }
        return only | self.resources

    @cached_property
    def resources(self) -> dict[str, ResourceEntry]:
        return {entry.name: entry for each in self.connectors.values() for entry in each.resources.values()}

    def connector(self, name: str) -> Connector:
        return _get(self.connectors, name, "connector")

    def action(self, name: str) -> ActionEntry:
        return _get(self.actions, name, "action")

    def event_source(self, name: str) -> EventSourceEntry:
        return _get(self.event_sources, name, "event source")

    def stream(self, name: str) -> StreamEntry | ResourceEntry:
        return _get(self.streams, name, "stream")

    def resource(self, name: str) -> ResourceEntry:
        return _get(self.resources, name, "resource")


def _get(offered: dict[str, Found], name: str, kind: str) -> Found:
    if name in offered:
        return offered[name]
    close = difflib.get_close_matches(name, offered, n=1)
    if close:
        hint = f' Did you mean "{close[0]}"?'
    else:
        hint = f" There are: {', '.join(sorted(offered))}." if len(offered) <= _MOST_NAMED else ""
    raise UnknownEntry(f'No {kind} is called "{name}".{hint}')
