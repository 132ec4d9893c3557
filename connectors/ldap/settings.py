"""The fields of a connection to a directory."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from hub.sdk import Fields, Misfit, field

_NAME = r"^[A-Za-z0-9.;_-]*$"


class Security(StrEnum):
    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Kind(StrEnum):
    """Which product the directory is; it decides names of attributes and ways of reading."""

    FOUND = ""
    OPENLDAP = "openldap"
    DS389 = "389ds"
    ACTIVE_DIRECTORY = "active-directory"
    OPENDJ = "opendj"


class Changes(StrEnum):
    """How an event source finds out what changed."""

    FOUND = ""
    SYNC = "sync"
    DIRSYNC = "dirsync"
    USN = "usn"
    CHANGELOG = "changelog"
    TIMESTAMPS = "timestamps"
    COMPARE = "compare"


class Reader(StrEnum):
    OWN = "own"
    LDAP3 = "ldap3"


class Settings(Fields):
    host: str = field(
        "Server",
        pattern=r"^[^\s/@]+$",
        form="the name or number of a host, without port and path",
        placeholder="ldap.example.com",
    )
    port: int = field("Port", default=0, ge=0, le=65535, help="0: 636 for TLS, 389 otherwise.")
    further_servers: list[str] = field(
        "Further servers",
        default_factory=list,
        help='Tried in this order when one cannot be reached: ["ldap2.example.com", "ldap3.example.com:1636"].',
        advanced=True,
    )
    security: Security = field("Security", default=Security.TLS, help="With none, everything can be read on the way.")
    authority: str = field("Certificate authority", default="", lines=6, help="PEM text, for a private authority.")
    server_name: str = field(
        "Name in the certificate", default="", help="Empty: the name of the server.", advanced=True
    )
    username: str = field("User", default="", placeholder="cn=reader,dc=example,dc=com", help="Empty: nobody.")
    password: str = field("Password", default="", secret=True)
    base: str = field("Base", default="", placeholder="dc=example,dc=com", help="Empty: what the server names.")
    partition: str = field("Name of the partition", default="", help="Ids end with it. Empty: made from the base.")
    people_base: str = field("Base of the people", default="", help="Empty: the base.", advanced=True)
    groups_base: str = field("Base of the groups", default="", help="Empty: the base.", advanced=True)
    people_filter: str = field("Filter of the people", default="", placeholder="(objectClass=person)", advanced=True)
    groups_filter: str = field("Filter of the groups", default="", advanced=True)
    kind: Kind = field("Product", default=Kind.FOUND, help="Empty: as the server says.", advanced=True)
    identity_attribute: str = field(
        "Attribute with the stable id", default="", pattern=_NAME, form="the name of an attribute", advanced=True
    )
    login_attribute: str = field(
        "Attribute with the login", default="", pattern=_NAME, form="the name of an attribute", advanced=True
    )
    title_attribute: str = field(
        "Attribute with the job title", default="", pattern=_NAME, form="the name of an attribute", advanced=True
    )
    department_attribute: str = field(
        "Attribute with the department", default="", pattern=_NAME, form="the name of an attribute", advanced=True
    )
    country_attribute: str = field(
        "Attribute with the country", default="", pattern=_NAME, form="the name of an attribute", advanced=True
    )
    mail_attribute: str = field(
        "Attribute with the e-mail address", default="", pattern=_NAME, form="the name of an attribute", advanced=True
    )
    must_be_found: list[str] = field(
        "Logins that must be found",
        default_factory=list,
        help='A reading without one of them does not count as complete: ["amara.diallo"].',
        advanced=True,
    )
    accept_referrals: bool = field(
        "Parts on other servers may be missing",
        default=False,
        help="Referrals are never followed; without this, a reading that met one is not complete.",
        advanced=True,
    )
    page_size: int = field("Entries per page", default=1000, ge=1, le=10_000, advanced=True)
    changes: Changes = field(
        "How changes are found",
        default=Changes.FOUND,
        help="sync: the server tells (RFC 4533). dirsync, usn: Active Directory. changelog: 389 Directory Server. "
        "timestamps: changed entries and a list of all ids. compare: everything is read each time. "
        "Empty: the best that the server offers.",
        advanced=True,
    )
    reader: Reader = field("Decoder", default=Reader.OWN, help="ldap3's is about ten times slower.", advanced=True)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if bool(self.username) != bool(self.password):
            # A user with an empty password would be signed in as nobody (RFC 4513, 5.1.2), and see less.
            raise Misfit("Give user and password, or neither", "password" if self.username else "username")
        return self


def servers_of(settings: Settings) -> list[tuple[str, int]]:
    """Hosts and ports in the order in which they are tried."""
    port = settings.port or (636 if settings.security is Security.TLS else 389)
    found = [(settings.host, port)]
    for each in settings.further_servers:
        host, colon, digits = each.rpartition(":")
        found.append((host, int(digits)) if colon and digits.isdigit() and host.count(":") == 0 else (each, port))
    return found
