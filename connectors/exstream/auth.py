"""Signing in to Exstream with a token of OTDS, and asking who that is."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from connectors.exstream import choices
from connectors.exstream.client import ExstreamClient
from connectors.exstream.client import Settings as ConnectionSettings
from hub.sdk import Identity, Misconfigured, Opening, SignIn
from hub.sdk.connectors import ChoiceList


class Auth(SignIn[ExstreamClient]):
    """OAuth client credentials, or a person through an OAuth client."""

    Settings = ConnectionSettings
    choices: ClassVar[dict[str, ChoiceList]] = {
        "domains": choices.domains,
        "roles": choices.roles,
        "resources": choices.resources,
        "flow_models": choices.flow_models,
        "batch_services": choices.batch_services,
        "cron_jobs": choices.cron_jobs,
    }

    def open(self, settings: Any, opening: Opening) -> ExstreamClient:
        return ExstreamClient(settings, opening)

    def who_am_i(self, client: ExstreamClient) -> Identity:
        user = client.design.current_user()
        tenant = str(user.get("tenantName") or "")
        wanted = client.settings.tenant
        if wanted and tenant and wanted != tenant:
            raise Misconfigured(f"The token belongs to the tenant {tenant}, not to {wanted}.", field="tenant")
        rights = ["tenant administrator"] if user.get("isTenantAdmin") else []
        rights += [f"role {role.get('name')}" for role in user.get("roles") or []]
        notes = () if rights else ("This sign-in has no role in any domain, so it sees nothing.",)
        return Identity(
            str(user.get("name") or ""), tenant, tuple(rights), notes, {"groups": list(user.get("groups") or [])}
        )

    def hosts(self, settings: Any) -> list[str]:
        addresses = (settings.token_url, settings.design_base, settings.orchestration_base)
        return sorted({host for address in addresses if (host := urlsplit(address).hostname)})
