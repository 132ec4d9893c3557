"""What changed since a cookie, as the server tells it (RFC 4533, refreshOnly)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from connectors.ldap.client import LdapClient
from connectors.ldap.decoding import Entry, Malformed, read_controls
from connectors.ldap.dialects import SYNC_REQUEST
from connectors.ldap.encoding import elements, inside, octets, sequence
from connectors.ldap.searching import Search, Seen
from hub.sdk import Rejected, UnexpectedReply

SYNC_STATE, SYNC_DONE = "1.3.6.1.4.1.4203.1.9.1.2", "1.3.6.1.4.1.4203.1.9.1.3"
_PRESENT, _DELETE = 0, 3
_REFUSALS = {2, 12, 53, 80, 4096}
"""Result codes by which servers say that a cookie is of no use, or that they do not synchronise."""


@dataclass
class Delta:
    """Entries that are new or changed, ids of those that are gone, and the cookie for the next time."""

    cookie: bytes
    changed: list[Entry] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)


def first_cookie(client: LdapClient, base: str) -> bytes | None:
    """Where the server stands now; None when it does not synchronise."""
    asked = Search("Asking where the directory stands", base, "(!(objectClass=*))", ["1.1"])
    answer = _ask(client, asked, b"")
    return answer.cookie if answer is not None and answer.cookie else None


def changes_since(client: LdapClient, asked: Search, cookie: bytes) -> Delta | None:
    """None when the server cannot tell what is gone: then only a comparison with everything will do.

    A cookie that is too old is answered with all entries and no word about those that are gone, which must never
    pass for "nobody is gone".
    """
    answer = _ask(client, asked, cookie)
    if answer is None or answer.names_present or not answer.tells_deletes:
        return None
    if not answer.cookie:
        # OpenLDAP gives none when nothing is new, and none with all entries when it cannot read ours.
        return None if answer.changed or answer.gone else Delta(cookie)
    return Delta(answer.cookie, answer.changed, answer.gone)


@dataclass
class _Answer:
    cookie: bytes = b""
    changed: list[Entry] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    names_present: bool = False
    """Whether the server named what is still there instead of what is gone."""
    tells_deletes: bool = False


def _ask(client: LdapClient, asked: Search, cookie: bytes) -> _Answer | None:
    answer, seen = _Answer(), Seen()
    seen.intermediate = lambda value: _read_info(answer, value)
    value = b"\x0a\x01\x01" + (octets(cookie) if cookie else b"")
    wanted = replace(asked, page_size=0, controls=[*asked.controls, (SYNC_REQUEST, True, sequence(value))])
    try:
        for entry in client.search(wanted, seen):
            state, uuid = _state(entry)
            if state == _DELETE:
                answer.gone.add(uuid)
            elif state == _PRESENT:
                answer.names_present = True
            else:
                answer.changed.append(entry)
        done = seen.last.controls.get(SYNC_DONE) if seen.last else None
        if done is None:
            return None
        for tag, content in inside(done):
            if tag == 0x04:
                answer.cookie = content
            elif tag == 0x01:
                answer.tells_deletes = content != b"\0"
    except Rejected as refusal:
        if refusal.detail.get("code") in _REFUSALS:
            return None
        raise
    except UnexpectedReply as trouble:
        if trouble.detail.get("code") in _REFUSALS:
            return None
        raise
    except (Malformed, IndexError, ValueError):
        raise UnexpectedReply(f"{asked.what}: what the directory said about changes cannot be read.") from None
    return answer


def _state(entry: Entry) -> tuple[int, str]:
    value = read_controls(entry.controls, 0, len(entry.controls)).get(SYNC_STATE)
    if value is None:
        raise Malformed
    (_, state), (_, uuid), *_ = inside(value)
    return state[0], str(UUID(bytes=uuid))


def _read_info(answer: _Answer, value: bytes) -> None:
    """A Sync Info message: a new cookie, the end of a phase, or a set of ids."""
    tag = value[0]
    held = list(inside(value, tag))
    if tag == 0x80:
        answer.cookie = held[0][1] if held else answer.cookie
    elif tag == 0xA2:
        answer.names_present = True  # The end of a phase that named what is present.
    elif tag == 0xA3:
        deletes = any(kind == 0x01 and content != b"\0" for kind, content in held)
        ids = {str(UUID(bytes=content)) for kind, each in held if kind == 0x31 for _, content in elements(each)}
        if deletes:
            answer.gone |= ids
        else:
            answer.names_present = True
