"""The ways a message can go: by e-mail, or to a web address. A connection's connector decides."""

from __future__ import annotations

from typing import Any

from hub.accounts.models import Workspace
from hub.connections.models import Connection
from hub.sdk import Call, Effect, Misconfigured
from workflows.engine import calling

ACTIONS = {"email": "email.send", "webhook": "webhook.send"}
WANTED = {"mail": "email", "web": "webhook"}
TIMEOUT_SECONDS = 30.0


def check(workspace: Workspace, connection: str, setting: str) -> None:
    """Raises Misconfigured when the setting names no connection of the connector that it is for."""
    held = Connection.objects.filter(workspace=workspace, slug=connection).first()
    if held is None:
        raise Misconfigured(f'There is no connection "{connection}" in this workspace.')
    if held.connector != WANTED[setting]:
        raise Misconfigured(f'The connection "{connection}" is of {held.connector}, not of {WANTED[setting]}.')


def prepared(workspace: Workspace, connection: str, letter: dict[str, Any]) -> calling.Prepared:
    """Everything that sending it takes. Raises Misconfigured; makes no call."""
    held = Connection.objects.filter(workspace=workspace, slug=connection).first()
    action = ACTIONS.get(held.connector if held else "email")
    if action is None:
        raise Misconfigured(f'The connection "{connection}" cannot send messages.')
    return calling.prepare(workspace, action, connection, letter)


def send(ready: calling.Prepared, key: str, attempt: int) -> None:
    """Raises the connectors' errors."""
    call = Call(key=key, attempt=attempt, timeout_seconds=TIMEOUT_SECONDS)
    ready.entry.implementation.run(ready.input, ready.opened.client, call)


def may_repeat(ready: calling.Prepared) -> bool:
    """Whether the receiver itself sees that a message came twice."""
    return ready.entry.effect is not Effect.ONCE
