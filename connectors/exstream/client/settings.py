"""What a connection to Exstream needs to know."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from hub.sdk import Fields, Misfit, field


class Settings(Fields):
    """Addresses, sign-in, and the spots where installations differ."""

    design_base: str = field(
        "Design address",
        placeholder="https://exstream.example.com/design/api/v1",
        pattern=r"^https?://",
        form="an address that begins with https:// or http://",
    )
    orchestration_base: str = field(
        "Orchestration address",
        default="",
        placeholder="https://exstream.example.com/orchestration/api/v1",
        help="Leave it empty where the subscription has no Orchestration.",
    )
    token_url: str = field(
        "Token address of OTDS",
        placeholder="https://otds.example.com/otdsws/oauth2/token",
        help="The whole address: the order of its parts differs between installations.",
        pattern=r"^https?://",
        form="an address that begins with https:// or http://",
    )
    tenant: str = field("Tenant", default="", help="Checked against what the service says. Empty: not checked.")
    client_id: str = field("OAuth client")
    client_secret: str = field("Client secret", secret=True)
    user: str = field("User", default="", help="Empty: the OAuth client signs in as itself.")
    password: str = field("Password", default="", secret=True)
    scope: str = field("Scope", default="otds:groups", advanced=True)
    design_filter_style: Literal["dotted", "packed"] = field("Filters of Design", default="dotted", advanced=True)
    orchestration_filter_style: Literal["dotted", "packed"] = field(
        "Filters of Orchestration", default="packed", advanced=True
    )
    paging_style: Literal["items", "pages"] = field(
        "What offset counts", default="items", help="The vendor's sources disagree.", advanced=True
    )
    page_size: int = field("Objects per page", default=100, ge=1, le=1000, advanced=True)
    flow_variable_header_prefix: str = field(
        "Prefix of flow variable headers", default="", help="Assumed; set what the installation uses.", advanced=True
    )
    external_id_header: str = field(
        "Header that sets the external id of a job",
        default="",
        help="Assumed. With it, a batch submit whose reply was lost can be found again.",
        advanced=True,
    )
    csrf_mode: Literal["off", "cookie"] = field(
        "CSRF token on submit", default="off", help="Some installations ask for a csrfToken cookie.", advanced=True
    )

    @model_validator(mode="after")
    def _has_credentials(self) -> Self:
        if self.user and not self.password:
            raise Misfit("A user needs a password. Without a user, the OAuth client signs in as itself", "password")
        return self
