"""The ways a message can go: by e-mail, to a web address, into a chat. A connection's connector decides."""

from __future__ import annotations

from hub.accounts.models import Workspace
from hub.connections.models import Connection
from hub.registry import catalog
from hub.sdk import Call, Effect, Misconfigured
from workflows.engine import calling, letters
from workflows.models import Delivery

ACTIONS = {
    "email": ("email.send", letters.mail),
    "webhook": ("webhook.send", letters.signed),
    "slack": ("slack.post_message", letters.posting),
    "teams": ("teams.post_message", letters.posting),
}
WANTED = {"mail": ("email",), "web": ("webhook",), "chat": ("slack", "teams")}
TIMEOUT_SECONDS = 30.0


def check(workspace: Workspace, connection: str, setting: str) -> None:
    """Raises Misconfigured when the setting names no connection of a connector that it is for."""
    held = Connection.objects.filter(workspace=workspace, slug=connection).first()
    if held is None:
        raise Misconfigured(f'There is no connection "{connection}" in this workspace.')
    if held.connector not in WANTED[setting]:
        wanted = " or ".join(WANTED[setting])
        raise Misconfigured(f'The connection "{connection}" is of {held.connector}, not of {wanted}.')


def prepared(workspace: Workspace, taken: list[Delivery]) -> calling.Prepared:
    """Everything that sending these as one message takes. Raises Misconfigured; makes no call."""
    connection = taken[0].connection
    held = Connection.objects.filter(workspace=workspace, slug=connection).first()
    connector = held.connector if held else "email"
    if connector not in ACTIONS:
        raise Misconfigured(f'The connection "{connection}" cannot send messages.')
    action, written = ACTIONS[connector]
    return calling.prepare(workspace, action, connection, written(taken))


def send(ready: calling.Prepared, key: str, attempt: int) -> None:
    """Raises the connectors' errors."""
    call = Call(key=key, attempt=attempt, timeout_seconds=TIMEOUT_SECONDS)
    ready.entry.implementation.run(ready.input, ready.opened.client, call)


def may_repeat(ready: calling.Prepared) -> bool:
    """Whether the receiver itself sees that a message came twice."""
    return ready.entry.effect is not Effect.ONCE


def repeatable() -> list[str]:
    """The connectors whose receivers see that themselves."""
    actions = catalog().actions
    return [name for name, (action, _) in ACTIONS.items() if actions[action].effect is not Effect.ONCE]
