"""Distinguished names, as they are compared, and as they are taken apart (RFC 4514)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

# Where one of these is, the name may be written in several ways.
_SEVERAL_WAYS = re.compile(rb'[\\"+;#<>]|  |, | ,| =|= |[\x80-\xff]|^ | $')
# A first part that is written in one way whoever writes it, but for the case.
_PLAIN_PART = re.compile(rb"[A-Za-z0-9.-]+=[\w.@/()*&!-]+(?: [\w.@/()*&!-]+)*\Z")
_MOST_KNOWN = 1000
_known_parents: dict[bytes, bytes] = {}
_FIRST_PART = re.compile(rb"(?:[^,\\]|\\.)*,", re.DOTALL)
_HEX = re.compile(r"[0-9A-Fa-f]{2}")


def key_of(dn: bytes) -> bytes:
    """The same for all spellings of one name: case, spaces and escapes do not count."""
    own, comma, rest = dn.partition(b",")
    if not comma or _PLAIN_PART.match(own) is None:
        return _key_of(dn)
    above = _known_parents.get(rest)  # Thousands have one parent.
    if above is None:
        if len(_known_parents) >= _MOST_KNOWN:
            _known_parents.clear()
        above = _known_parents[rest] = _key_of(rest)
    return own.lower() + b"," + above


def _key_of(dn: bytes) -> bytes:
    if _SEVERAL_WAYS.search(dn) is None:
        return dn.lower()
    names: list[list[str]] = [[]]
    for kind, value, end in _parts(dn.decode("utf-8", "surrogateescape")):
        names[-1].append(f"{kind.strip().lower()}={_escaped(_folded(value))}")
        if end != "+":
            names.append([])
    # The parts of a name of several attributes have no order.
    return ",".join("+".join(sorted(name)) for name in names if name).encode("utf-8", "surrogateescape")


def keys_among(dns: list[bytes], wanted: Mapping[bytes, object]) -> Iterable[bytes]:
    """Those of these names that are wanted, by their keys; quick where all are written in one way."""
    together = b"\n".join(dns)
    if together.count(b"\n") == len(dns) - 1 and _SEVERAL_WAYS.search(together) is None:
        return wanted.keys() & set(together.lower().split(b"\n"))
    return wanted.keys() & {key_of(dn) for dn in dns}


def parent_of(key: bytes) -> bytes:
    """The key of the name above; empty at the top."""
    found = _FIRST_PART.match(key)
    return key[found.end() :] if found else b""


def as_domain(base: str) -> str:
    """The domain that a base stands for (dc=example,dc=com is example.com), or its first value."""
    found = [(kind.strip().lower(), value.decode("utf-8", "replace").strip()) for kind, value, _ in _parts(base)]
    domain = [value for kind, value in found if kind == "dc"]
    return ".".join(domain) if domain else found[0][1] if found else base


def escape(text: str) -> str:
    """A text as it may stand in a filter (RFC 4515)."""
    special = b"\\*()\0"
    raw = text.encode("utf-8")
    return "".join(f"\\{byte:02x}" if byte in special or byte > 127 else chr(byte) for byte in raw)


def _parts(text: str) -> Iterator[tuple[str, bytes, str]]:
    """Type and value of each part of a name, escapes taken away, and what ends it: a comma, a plus, or nothing."""
    at, size = 0, len(text)
    while at < size:
        equals = text.find("=", at)
        kind = text[at:equals] if equals >= 0 else ""
        at = equals + 1 if equals >= 0 else at
        value, quoted = bytearray(), False
        while at < size and (quoted or text[at] not in ",;+"):
            if text[at] == '"':
                quoted = not quoted
                at += 1
            elif text[at] != "\\":
                value += text[at].encode("utf-8", "surrogateescape")
                at += 1
            elif _HEX.match(text, at + 1):
                value.append(int(text[at + 1 : at + 3], 16))
                at += 3
            else:
                value += text[at + 1 : at + 2].encode("utf-8", "surrogateescape")
                at += 2
        yield kind, bytes(value), "+" if text[at : at + 1] == "+" else text[at : at + 1] and ","
        at += 1


def _folded(value: bytes) -> str:
    """A value in one case; spaces at its ends do not count, and several between two words count as one (RFC 4518)."""
    text = unicodedata.normalize("NFKC", value.decode("utf-8", "surrogateescape")).casefold()
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _escaped(value: str) -> str:
    return re.sub(r"([\\,;+=\"])", r"\\\1", value)
