"""The proof that a directory was read to its end."""

from __future__ import annotations

from connectors.ldap.client import LdapClient
from connectors.ldap.searching import Seen
from hub.sdk import Proof


def conclude(client: LdapClient, proof: Proof, seen: Seen, what: str, *, may_be_none: bool = False) -> None:
    """Called after the last page. That every page succeeded is known, because anything else was raised."""
    pages = "1 page" if seen.pages == 1 else f"{seen.pages} pages"
    proof.checks.append(f"{seen.entries} {what} in {pages}, each ended with success, the last cookie empty.")
    if not proof.count and not may_be_none:
        proof.problems.append(f"There are no {what} below the base, or this account may not see them.")
    if seen.references:
        where = f"{len(seen.references)} parts of the directory are on other servers, such as {seen.references[0]}"
        if client.settings.accept_referrals:
            proof.checks.append(f"{where}; the connection says that they may be missing.")
        else:
            proof.problems.append(f"{where}, and were not read.")
    proof.complete = not proof.problems
