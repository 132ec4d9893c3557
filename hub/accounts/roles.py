"""The roles, and the one table that says what each may do."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a person is in a workspace. Somebody may have several."""

    ADMIN = "admin"
    """Runs the workspace: its people, its connections, the hosts that may be reached."""
    BUILDER = "builder"
    """Makes workflows and connections."""
    OPERATOR = "operator"
    """Starts, watches and mends runs; applies approved plans."""
    APPROVER = "approver"
    """Reads plans, and approves or refuses them."""
    AUDITOR = "auditor"
    """Reads everything, the audit trail too, and changes nothing."""
    DELEGATE = "delegate"
    """Acts in the domains within their reach, and sees nothing else. Stands alone."""


EVERYONE = frozenset(Role) - {Role.DELEGATE}
_ALSO_DELEGATES = frozenset(Role)
_ADMIN = frozenset({Role.ADMIN})
_BUILD = frozenset({Role.ADMIN, Role.BUILDER})
_OPERATE = frozenset({Role.ADMIN, Role.OPERATOR})
_RUN = frozenset({Role.ADMIN, Role.BUILDER, Role.OPERATOR})
_APPROVE = frozenset({Role.ADMIN, Role.APPROVER})
_DECIDE = _ALSO_DELEGATES - {Role.AUDITOR}
_INSPECT = frozenset({Role.ADMIN, Role.AUDITOR})

PERMISSIONS: dict[str, frozenset[Role]] = {
    # The workspace and its people
    "workspace.view": _ALSO_DELEGATES,
    "workspace.create": _ADMIN,
    "workspace.edit": _ADMIN,
    "member.view": EVERYONE,
    "member.edit": _ADMIN,
    "token.own": _ALSO_DELEGATES,
    "token.manage": _ADMIN,
    "audit.view": _INSPECT,
    # What was collected outside
    "evidence.view": _INSPECT,
    "evidence.export": _INSPECT,
    "evidence.keep": _ADMIN,
    # Connectors and connections
    "connector.view": EVERYONE,
    "connection.view": EVERYONE,
    "connection.edit": _BUILD,
    "connection.test": _RUN,
    "connection.choices": _RUN,
    "egress.view": _BUILD | _INSPECT,
    "egress.edit": _ADMIN,
    # Workflows and runs
    "workflow.view": EVERYONE,
    "workflow.edit": _BUILD,
    "workflow.publish": _BUILD,
    "workflow.pause": _RUN,
    "workflow.delete": _BUILD,
    "trigger.view": EVERYONE,
    "trigger.edit": _RUN,
    "run.view": _ALSO_DELEGATES,
    "live.follow": EVERYONE,
    "run.start": _RUN,
    "run.cancel": _RUN,
    "run.retry": _RUN,
    "run.replay": _RUN,
    "run.reveal": _OPERATE,
    "retention.view": EVERYONE - {Role.APPROVER},
    "retention.edit": _ADMIN,
    "retention.hold": _ADMIN,
    "halt.view": EVERYONE,
    "halt.make": _RUN,
    "halt.everything": _OPERATE,
    "run.settle": _OPERATE,
    # Plans and templates
    "plan.view": EVERYONE,
    "plan.create": _RUN,
    "plan.approve": _APPROVE,
    "plan.apply": _OPERATE,
    "plan.undo": _OPERATE,
    # What people are asked: a stage names who decides, whatever else they are
    "approval.view": _ALSO_DELEGATES,
    "approval.decide": _DECIDE,
    "approval.delegate": _DECIDE - {Role.DELEGATE},
    "approval.ask": _RUN,
    "approval.manage": _ADMIN,
    # What people are told
    "notice.view": EVERYONE,
    "notice.settle": _OPERATE,
    "notice.opt-out": _RUN,
    "template.view": EVERYONE,
    "template.install": _BUILD,
    # Who owns what Exstream has
    "owner.view": EVERYONE,
    "owner.edit": _BUILD,
    "access.view": _OPERATE | _INSPECT,
    # Administration of domains by delegates: what each sees and may do there, their reach says
    "delegation.act": frozenset({Role.DELEGATE}),
    "delegation.view": _INSPECT,
    "delegation.edit": _ADMIN,
}


def permitted(roles: Iterable[str], verb: str) -> bool:
    """Whether one of these roles includes the verb. A verb that is not in the table is a mistake of ours."""
    return not PERMISSIONS[verb].isdisjoint(Role(role) for role in roles)


def verbs_of(roles: Iterable[str]) -> list[str]:
    """Everything these roles may do, for a client that shows only what will work."""
    held = list(roles)
    return [verb for verb in PERMISSIONS if permitted(held, verb)]
