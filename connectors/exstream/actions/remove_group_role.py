"""Take a role in a domain from a group."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Assignment, Done
from hub.sdk import Action, Call, Effect


class RemoveGroupRole(Action[ExstreamClient]):
    """Take a role in a domain from a group."""

    effect = Effect.KEYED

    Input = Assignment

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        return Done(changed=client.design.remove_group_role(input.domain, input.group, input.role))
