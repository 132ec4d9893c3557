"""What a directory says of itself, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from connectors.ldap.decoding import Attributes
from connectors.ldap.paging import PAGED
from connectors.ldap.settings import Changes, Kind, Settings

SYNC_REQUEST = "1.3.6.1.4.1.4203.1.9.1.1"  # RFC 4533.
DOMAIN_SCOPE = "1.2.840.113556.1.4.1339"
DIRSYNC = "1.2.840.113556.1.4.841"
SHOW_DELETED = "1.2.840.113556.1.4.417"
WHO_AM_I = "1.3.6.1.4.1.4203.1.11.3"
_AD_CAPABILITIES = {"1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1851"}

# Of the root DSE; "+" is not known to every server, so they are named.
ROOT_ATTRIBUTES = (
    "vendorName", "vendorVersion", "objectClass", "namingContexts", "defaultNamingContext", "supportedControl",
    "supportedExtension", "supportedCapabilities", "structuralObjectClass", "dnsHostName", "dsServiceName",
    "changelog",
)  # fmt: skip


@dataclass(frozen=True)
class Dialect:
    """Names of attributes and ways of reading. What the settings say comes before what the product suggests."""

    kind: Kind
    product: str
    bases: tuple[str, ...]
    controls: frozenset[str]
    extensions: frozenset[str]
    identity: str = "entryUUID"
    people_filter: str = "(objectClass=person)"
    groups_filter: str = "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=groupOfMembers))"
    login: str = "uid"
    title: str = "title"
    department: str = "departmentNumber"
    country: str = "c"
    mail: str = "mail"
    modified: str = "modifyTimestamp"
    state: tuple[str, ...] = ()
    changes: tuple[Changes, ...] = (Changes.COMPARE,)
    """Ways of finding changes that the server seems to offer, the best one first."""
    changelog: str = ""

    @property
    def pages(self) -> bool:
        return PAGED in self.controls

    def ways(self) -> tuple[str, ...]:
        """How this directory is read, in words for the person who tests the connection."""
        return (
            f"Taken for {self.product}.",
            "Read in pages." if self.pages else "Read in one answer: the server offers no pages.",
            f'Objects are known by their {self.identity}, people by "{self.login}".',
        )


_STATES = {
    Kind.OPENLDAP: ("pwdAccountLockedTime", "shadowExpire"),
    Kind.DS389: ("nsAccountLock", "shadowExpire"),
    Kind.ACTIVE_DIRECTORY: ("userAccountControl", "accountExpires", "lockoutTime"),
    Kind.OPENDJ: ("ds-pwp-account-disabled", "ds-pwp-account-expiration-time"),
}
_PRODUCTS = {
    Kind.OPENLDAP: "OpenLDAP",
    Kind.DS389: "389 Directory Server",
    Kind.ACTIVE_DIRECTORY: "Active Directory",
    Kind.OPENDJ: "OpenDJ",
}


def dialect_of(root: Attributes, settings: Settings) -> Dialect:
    """The dialect of the server with this root DSE."""
    kind = settings.kind or _kind(root)
    contexts = _texts(root, "namingcontexts")
    default = _texts(root, "defaultnamingcontext")
    controls = frozenset(_texts(root, "supportedcontrol"))
    changelog = next(iter(_texts(root, "changelog")), "")
    made = Dialect(
        kind,
        _PRODUCTS.get(kind, "a directory of no known product"),
        tuple(default[:1] or [each for each in contexts if each and each.lower() not in {"cn=changelog"}]),
        controls,
        frozenset(_texts(root, "supportedextension")),
        state=_STATES.get(kind, ()),
        changes=(settings.changes,) if settings.changes else _ways_of_change(kind, controls, changelog),
        changelog=changelog,
    )
    if kind is Kind.ACTIVE_DIRECTORY:
        made = replace(
            made,
            identity="objectGUID",
            people_filter="(&(objectCategory=person)(objectClass=user))",
            groups_filter="(objectClass=group)",
            login="sAMAccountName",
            department="department",
            modified="whenChanged",
        )
    if kind is Kind.DS389:
        made = replace(made, identity="nsUniqueId")
    return _as_set(made, settings)


def _ways_of_change(kind: Kind, controls: frozenset[str], changelog: str) -> tuple[Changes, ...]:
    """What may be tried; whether the server is set up for it, and lets this account, only asking shows."""
    offered = {
        Changes.CHANGELOG: bool(changelog),
        Changes.SYNC: SYNC_REQUEST in controls and kind is not Kind.DS389,
        Changes.DIRSYNC: DIRSYNC in controls,
        Changes.USN: kind is Kind.ACTIVE_DIRECTORY,
        Changes.TIMESTAMPS: True,
    }
    return tuple(name for name, is_offered in offered.items() if is_offered)


def _as_set(made: Dialect, settings: Settings) -> Dialect:
    chosen = {
        "identity": settings.identity_attribute,
        "people_filter": settings.people_filter,
        "groups_filter": settings.groups_filter,
        "login": settings.login_attribute,
        "title": settings.title_attribute,
        "department": settings.department_attribute,
        "country": settings.country_attribute,
        "mail": settings.mail_attribute,
    }
    return replace(made, **{name: value for name, value in chosen.items() if value})  # type: ignore[arg-type]


def _kind(root: Attributes) -> Kind:
    if _AD_CAPABILITIES & set(_texts(root, "supportedcapabilities")):
        return Kind.ACTIVE_DIRECTORY
    vendor = " ".join(_texts(root, "vendorname") + _texts(root, "vendorversion")).lower()
    if "389" in vendor or "red hat" in vendor:
        return Kind.DS389
    if "opendj" in vendor or "forgerock" in vendor or "ping" in vendor or "wren" in vendor:
        return Kind.OPENDJ
    if "openldaprootdse" in {each.lower() for each in _texts(root, "objectclass")}:
        return Kind.OPENLDAP
    return Kind.FOUND


def _texts(root: Attributes, name: str) -> list[str]:
    return [value.decode("utf-8", "replace") for value in root.get(name, [])]
