"""The two ways to read a page of a search: by our reader, and by ldap3's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ldap3 import DEREF_NEVER
from ldap3.core.exceptions import LDAPException
from ldap3.operation.search import search_operation
from ldap3.protocol.rfc2696 import paged_search_control

from connectors.ldap.decoding import (
    CutOff,
    Entry,
    Malformed,
    Names,
    Result,
    parts,
    read_entry,
    read_head,
    read_length,
    read_result,
    texts,
)
from connectors.ldap.lines import Line, broken
from connectors.ldap.searching import PageReader, Search, Seen
from connectors.ldap.settings import Reader
from hub.sdk import ConnectorError

PAGED = "1.2.840.113556.1.4.319"
_ENTRY, _DONE, _REFERENCE, _INTERMEDIATE = 0x64, 0x65, 0x73, 0x79


def by_our_reader(
    line: Line, asked: Search, cookie: bytes, names: Names, seen: Seen, in_parts: list[Entry]
) -> Iterator[Entry]:
    """Straight from the bytes on the line."""
    number = _send(line, asked, cookie)
    # How an entry of this search begins, nearly always: number and tag in the fewest bytes.
    head = b"\x02%c%b\x64" % ((size := number.bit_length() // 8 + 1), number.to_bytes(size, "big"))
    count, new = 0, tuple.__new__  # The same as calling Entry, in half of the time.
    for buffer, at, message_end in line.replies():
        if buffer.startswith(head, at):
            tag = _ENTRY
            length, begin = read_length(buffer, at + len(head))
            end = begin + length
            if end > message_end:
                raise Malformed("An entry reaches beyond its message.")
        else:
            got, tag, begin, end = read_head(buffer, at, message_end)
            if got != number:
                raise Malformed if got else CutOff  # 0: the server says that it closes the connection.
        if tag == _ENTRY:
            dn, attributes = read_entry(buffer, begin, end, names)
            entry = new(Entry, (dn, attributes, buffer[end:message_end]))
            count += 1
            if names.ranged and any(";range=" in name for name in attributes):
                in_parts.append(entry)
            else:
                yield entry
        elif tag == _DONE:
            seen.last = read_result(buffer, begin, end, message_end)
            seen.cookie = _cookie_in(seen.last.controls.get(PAGED))
            seen.entries += count
            return
        elif tag == _REFERENCE:
            seen.references += texts(buffer, begin, end)
        elif tag == _INTERMEDIATE:
            for kind, start, stop in parts(buffer, begin, end):
                if kind == 0x81:
                    seen.intermediate(buffer[start:stop])
        else:
            raise Malformed


def by_ldap3(
    line: Line, asked: Search, cookie: bytes, names: Names, seen: Seen, in_parts: list[Entry]
) -> Iterator[Entry]:
    """Decoded by ldap3: slower, for the day when somebody suspects our reader. Keeps a page in memory."""
    try:
        line.ldap.search(
            asked.base, asked.filter, asked.scope, DEREF_NEVER, list(asked.attributes), size_limit=asked.size_limit,
            controls=list(asked.controls) or None, paged_size=asked.page_size or None, paged_criticality=True,
            paged_cookie=cookie or None,
        )  # fmt: skip
    except ConnectorError:
        raise
    except (LDAPException, OSError) as trouble:
        line.close()
        raise broken(line.name, asked.what, trouble) from None
    except Exception:  # What ldap3 raises when bytes make no sense is any Python error.
        raise Malformed from None
    for each in line.ldap.response or []:
        if each["type"] == "searchResRef":
            seen.references += each["uri"]
        elif each["type"] == "searchResEntry":
            raw = each["raw_attributes"] or {}
            attributes = {name.lower(): [bytes(value) for value in values or ()] for name, values in raw.items()}
            entry = Entry(bytes(each["raw_dn"]), attributes, b"")
            seen.entries += 1
            if any(";range=" in name for name in attributes):
                in_parts.append(entry)
            else:
                yield entry
    found: dict[str, Any] = line.ldap.result
    said, referrals = str(found["message"] or ""), tuple(found["referrals"] or ())
    seen.last = Result(int(found["result"]), str(found["dn"] or ""), said, referrals)
    seen.cookie = (found.get("controls") or {}).get(PAGED, {}).get("value", {}).get("cookie")


READERS: dict[Reader, PageReader] = {Reader.OWN: by_our_reader, Reader.LDAP3: by_ldap3}


def _send(line: Line, asked: Search, cookie: bytes) -> int:
    controls: list[Any] = list(asked.controls)
    if asked.page_size:
        controls.append(paged_search_control(True, asked.page_size, cookie))
    strategy = line.ldap.strategy
    try:
        request = search_operation(
            asked.base, asked.filter, asked.scope, DEREF_NEVER, list(asked.attributes), asked.size_limit, 0, False,
            False, None, None,
        )  # fmt: skip
        number = strategy.send("searchRequest", request, controls or None)
    except ConnectorError:
        raise
    except (LDAPException, OSError) as trouble:
        line.close()
        raise broken(line.name, asked.what, trouble) from None
    # The reply never goes through ldap3's table of what is outstanding.
    strategy._outstanding.pop(number, None)
    return int(number)


def _cookie_in(value: bytes | None) -> bytes | None:
    """The cookie in the control of a page (RFC 2696): a sequence of a number and the cookie."""
    if value is None:
        return None
    try:
        [(_, begin, end)] = parts(value, 0, len(value))
        [_, (_, start, stop)] = parts(value, begin, end)
    except ValueError:
        raise Malformed("The control of a page has another shape.") from None
    return value[start:stop]
