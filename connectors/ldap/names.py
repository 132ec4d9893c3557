"""Distinguished names, as they are compared, and as they are taken apart (RFC 4514)."""

from __future__ import annotations

import re
import unicodedata

from ldap3.core.exceptions import LDAPException
from ldap3.utils.dn import parse_dn

# Where one of these is, the name may be written in several ways.
_SEVERAL_WAYS = re.compile(rb'[\\"+;#<>]|  |, | ,| =|= |[\x80-\xff]|^ | $')


def key_of(dn: bytes) -> bytes:
    """The same for all spellings of one name: case, spaces and escapes do not count."""
    if _SEVERAL_WAYS.search(dn) is None:
        return dn.lower()
    text = dn.decode("utf-8", "surrogateescape")
    try:
        found = parse_dn(text, escape=False, strip=True)
    except (LDAPException, IndexError, ValueError):
        return text.casefold().encode("utf-8", "surrogateescape")
    pieces: list[list[str]] = [[]]
    for kind, value, separator in found:
        pieces[-1].append(f"{kind.strip().lower()}={_escaped(_value(value))}")
        if separator != "+":
            pieces.append([])
    # The parts of a name of several attributes have no order.
    return ",".join("+".join(sorted(piece)) for piece in pieces if piece).encode("utf-8", "surrogateescape")


def _value(value: str) -> str:
    """A value of a name without escapes, in one case, spaces counted once."""
    raw = bytearray()
    at = 0
    while at < len(value):
        if value[at] != "\\":
            raw += value[at].encode("utf-8", "surrogateescape")
            at += 1
        elif re.fullmatch(r"[0-9A-Fa-f]{2}", value[at + 1 : at + 3]):
            raw.append(int(value[at + 1 : at + 3], 16))
            at += 3
        else:
            raw += value[at + 1 : at + 2].encode("utf-8", "surrogateescape")
            at += 2
    text = raw.decode("utf-8", "surrogateescape")
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split(" ")).strip()


def _escaped(value: str) -> str:
    return re.sub(r"([\\,+=])", r"\\\1", value) if re.search(r"[\\,+=]", value) else value


def is_below(dn: bytes, base: bytes) -> bool:
    """Whether a name is the base or below it; both as `key_of` gives them."""
    return dn == base or dn.endswith(b"," + base) or not base


def as_domain(base: str) -> str:
    """The domain that a base stands for (dc=example,dc=com is example.com), or its first value."""
    try:
        found = parse_dn(base, escape=False, strip=True)
    except (LDAPException, IndexError, ValueError):
        return base
    domain = [value for kind, value, _ in found if kind.lower() == "dc"]
    return ".".join(domain) if domain else str(found[0][1]) if found else base


def escape(text: str) -> str:
    """A text as it may stand in a filter (RFC 4515)."""
    return "".join(
        f"\\{byte:02x}" if byte in b"\\*()\0" or byte > 127 else chr(byte) for byte in text.encode("utf-8")
    )
