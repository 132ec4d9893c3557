"""A small Directory Services, seeded with the people of an insurer. Its README says what is confirmed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from connectors.otds.sandbox.app import OtdsSandbox
from connectors.otds.sandbox.directory import ADMIN, PARTITION, TENANT
from connectors.otds.sandbox.licences import licence_id
from connectors.otds.sandbox.northwind import NAMED, key_of, people
from connectors.otds.sandbox.seed import COUNTER, OAUTH_CLIENTS, PRODUCT, RESOURCE, SAMPLE_PEOPLE
from connectors.otds.sandbox.sessions import PASSWORD
from hub.sdk.sandbox import SandboxApp


def create(options: dict[str, Any]) -> SandboxApp:
    """Open or seed a sandbox. `data` is its folder, `size` sample or large; other names are settings."""
    settings = {name: value for name, value in options.items() if name not in {"data", "size"}}
    size = str(options.get("size") or "sample")
    return OtdsSandbox(Path(options["data"]) / f"otds-{size}.sqlite", size=size, **settings)


def describe(app: SandboxApp, base_url: str) -> dict[str, Any]:
    """All that is needed to sign in and look around."""
    secret = OAUTH_CLIENTS["lockgate"][0]
    resource = key_of("resource", RESOURCE)
    return {
        "base_url": base_url,
        "tenant": TENANT,
        "partition": PARTITION,
        "token_url": f"{base_url}/otdsws/oauth2/token",
        "jwks_url": f"{base_url}/otdsws/oauth2/jwks",
        "control_url": f"{base_url}/_sandbox",
        "people_url": f"{base_url}/_sandbox/people",
        "administrator": {"name": f"otadmin@{ADMIN}", "password": PASSWORD},
        "oauth_client": {"id": "lockgate", "secret": secret},
        "oauth_clients": [{"id": name, "secret": made[0]} for name, made in OAUTH_CLIENTS.items()],
        "password": PASSWORD,
        "people": [_person(person) for person in people(SAMPLE_PEOPLE) if _is_sample(app) or person in NAMED],
        "access_groups": [
            f"exs.{domain}.{role}@{PARTITION}"
            for domain in ("emea-dev", "emea-prod", "uk-prod", "apac-prod", "americas-prod")
            for role in ("designer", "approver", "operator")
        ],
        "licence": {
            "resource": RESOURCE,
            "resource_id": resource,
            "product": PRODUCT,
            "counter": COUNTER,
            "id": licence_id(PRODUCT, resource),
        },
        "connection": {
            "base_url": base_url,
            "tenant": TENANT,
            "sign_in": "client_credentials",
            "client_id": "lockgate",
            "client_secret": secret,
        },
    }


def _is_sample(app: SandboxApp) -> bool:
    return isinstance(app, OtdsSandbox) and app.size == "sample"


def _person(person: Any) -> dict[str, Any]:
    return {
        "login": person.login,
        "partition": PARTITION,
        "id": f"{person.login}@{PARTITION}",
        "title": person.title,
        "department": person.department,
        "country": person.country,
        "disabled": person.disabled,
        "rightful_groups": [f"{name}@{PARTITION}" for name in person.rightful_groups],
    }
