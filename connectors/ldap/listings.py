"""The listing of people that streams and event sources are made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.grouping import Grouping, read_grouping
from connectors.ldap.names import key_of
from connectors.ldap.proving import conclude
from connectors.ldap.searching import Seen
from connectors.ldap.shapes import first, person_attributes, person_maker
from connectors.ldap.warnings import of_groups, of_strangers
from hub.sdk import Misconfigured, Proof
from hub.sdk.fingerprints import Fingerprints


def read_people(
    client: LdapClient,
    proof: Proof,
    *,
    partition: str = "",
    state: str = "",
    aliases: Mapping[str, str] | None = None,
    with_groups: bool = True,
) -> Iterator[dict[str, Any]]:
    """All people as bodies, with the groups they are directly in."""
    client.check_partition(partition)
    if not with_groups:
        yield from people_in(client, Grouping(), proof, state=state, aliases=aliases)
        return
    groups_proof = Proof()
    grouping = read_grouping(client, groups_proof)
    met = 0
    for body in people_in(client, grouping, proof, aliases=aliases):
        met += bool(body["member_of"])
        if not state or body["disabled"] == (state == "disabled"):
            yield body
    absorb(proof, groups_proof, "Groups")
    proof.warnings += [*of_groups(client, grouping), *of_strangers(grouping, met)]


def people_in(
    client: LdapClient,
    grouping: Grouping,
    proof: Proof,
    *,
    state: str = "",
    aliases: Mapping[str, str] | None = None,
    must_exist: bool = True,
) -> Iterator[dict[str, Any]]:
    """The same with groups that were read before. `must_exist`: an attribute that nobody has is a mistake."""
    dialect, seen = client.dialect, Seen()
    named = dict(aliases or {})
    make = person_maker(dialect, client.partition, named)
    attributes = person_attributes(dialect, named)
    missing = _to_be_seen(client, named)
    absent = set(client.settings.must_be_found)
    logins, mails = Fingerprints(), Fingerprints()
    nameless = 0
    login, known_as = dialect.login.lower(), dialect.identity.lower()
    for entry in client.pages("Reading people", client.people_base, dialect.people_filter, attributes, seen):
        found = entry.attributes
        if login not in found or known_as not in found:
            nameless += 1
            continue
        if missing:
            for name in [name for name in missing if name in found]:
                del missing[name]
        body = make(entry, grouping.ids_of(key_of(entry.dn)))
        proof.count += 1
        logins.add(body["name"].casefold())
        if body["mail"]:
            mails.add(body["mail"].casefold())
        if absent:
            absent.discard(body["name"])
        if not state or body["disabled"] == (state == "disabled"):
            yield body
    if nameless:
        proof.problems.append(f'{nameless} people came without "{dialect.login}" or "{dialect.identity}".')
    if twice := logins.repeated():
        names = _named_so(client, twice)
        proof.problems.append(f"{len(twice)} logins are used by several people, such as {names or 'one'}.")
    if absent:
        proof.problems.append(f"{', '.join(sorted(absent))} must be found, and was not.")
    if shared := len(mails.repeated()):
        proof.warnings.append(f"{shared} e-mail addresses are used by several people.")
    conclude(client, proof, seen, "people")
    if missing and must_exist and proof.count:
        names = ", ".join(missing)
        proof.complete = False
        proof.problems.append(f"Nobody has the attribute {names}.")
        raise Misconfigured(
            f"None of {proof.count} people has the attribute {names}. Check its spelling and the right to read it.",
            field=next(iter(missing.values())),
        )


def _named_so(client: LdapClient, numbers: set[int]) -> str:
    """A login with one of these fingerprints. Everybody is read again, for this has to be mended."""
    dialect = client.dialect
    entries = client.pages("Reading logins", client.people_base, dialect.people_filter, [dialect.login])
    logins = (first(entry.attributes, dialect.login.lower()) for entry in entries)
    return min((login for login in logins if hash(login.casefold()) in numbers), default="")


def _to_be_seen(client: LdapClient, aliases: Mapping[str, str]) -> dict[str, str]:
    """Attributes that somebody chose, so that at least one person must have them, with the field that names each."""
    settings = client.settings
    missing = {name.lower(): "attributes" for name in aliases.values()}
    for field in ("title_attribute", "department_attribute", "country_attribute", "mail_attribute"):
        if name := getattr(settings, field):
            missing[name.lower()] = field
    return missing


def absorb(whole: Proof, part: Proof, what: str) -> None:
    """Take over what a part of a reading proved. The whole is complete only when every part is."""
    whole.checks += [f"{what}: {check}" for check in part.checks]
    whole.problems += [f"{what}: {problem}" for problem in part.problems]
    whole.complete = not whole.problems
